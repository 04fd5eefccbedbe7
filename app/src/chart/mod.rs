//! The flow chart: cards, links and the gestures that change them.
//!
//! What an edit does, where links run and how a change is undone is decided in
//! `shared::chart`; here it is only shown, and gestures are turned into edits.

mod canvas;
mod card;
mod links;
mod outline;
mod palette;
mod state;
mod toolbar;

pub use canvas::FlowChart;
pub use card::operator_name;
pub use outline::Outline;
pub use state::{Chart, Selection};
