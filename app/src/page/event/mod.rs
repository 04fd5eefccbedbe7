//! Events of the desk: what starts a runbook when something happens, and what came of it.

mod by_hand;
pub mod conditions;
mod draft;
mod editor;
mod list;
mod log;
pub mod mapping;

pub use editor::{EventTrigger, NewEventTrigger};
pub use list::EventTriggers;
pub use log::EventLog;

use shared::model::EventKind;

use crate::frame::Crumb;
use crate::route::Route;
use crate::ui::field::Choice;

/// The kinds of events, as they are offered.
fn kinds() -> Vec<Choice> {
    EventKind::all()
        .map(|kind| Choice::new(kind.as_str(), kind.title()))
        .collect()
}

fn to_settings() -> Crumb {
    Crumb::new("Settings".to_owned(), Route::Settings)
}
