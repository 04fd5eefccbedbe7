//! The flow chart of a runbook or a workflow: cards, links and the gestures that change them. One that is only looked
//! at has none of these gestures; what a run made of it can be laid over it.
//!
//! What an edit does, where links run and how a change is undone is decided in
//! `shared::chart`; here it is only shown, and gestures are turned into edits.

mod canvas;
mod card;
mod chooser;
mod drawn;
mod frame;
mod links;
mod outline;
mod over;
mod palette;
mod runbook;
mod state;
mod toolbar;
mod words;
mod workflow;

pub use canvas::FlowChart;
pub use drawn::Drawn;
pub use frame::{ChartFrame, chart_to_come};
pub use outline::Outline;
pub use over::{Mark, Over, Taken};
pub use runbook::known_of;
pub use state::{Chart, Selection};
pub use words::operator_name;
pub use workflow::DeskNames;
