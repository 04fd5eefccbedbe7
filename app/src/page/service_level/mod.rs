//! Service levels: how soon tickets are to be answered and solved.

mod choices;
mod draft;
mod editor;
mod holidays;
mod hours;
mod list;
mod preview;
mod targets;

pub use editor::{NewServiceLevel, ServiceLevel};
pub use list::ServiceLevels;

use crate::frame::Crumb;
use crate::page::pending;
use crate::route::Route;

fn crumbs() -> Vec<Crumb> {
    vec![
        Crumb::new("Settings".to_owned(), Route::Settings),
        Crumb::new("Service levels".to_owned(), Route::ServiceLevels),
    ]
}

/// Names one among what was deleted here just now.
fn key(id: u64) -> String {
    pending::key("service-levels", id)
}
