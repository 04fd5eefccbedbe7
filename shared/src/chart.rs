//! The flow chart of a runbook or a workflow, without a screen: what an edit does to a draft, how it
//! is undone, where cards and links lie, and the chart's twin as an outline.

mod document;
pub mod edit;
pub mod geometry;
pub mod history;
pub mod link;
pub mod navigate;
pub mod outline;
mod runbook;
#[cfg(test)]
mod tests;
pub mod tidy;
mod workflow;

pub use document::{ChartStep, Charted, Exit, GONE, Kind};
pub use geometry::{Point, Rect};
pub use history::History;
pub use workflow::ActionExit;
