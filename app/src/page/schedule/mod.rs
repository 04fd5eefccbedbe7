//! Schedules: runbooks that start at times of the clock, or by dates of tickets.

mod by_clock;
mod by_date;
mod draft;
mod editor;
mod list;
mod preset;
mod report;

pub use editor::{NewSchedule, Schedule};
pub use list::Schedules;

use crate::frame::Crumb;
use crate::route::Route;

fn to_settings() -> Crumb {
    Crumb::new("Settings".to_owned(), Route::Settings)
}
