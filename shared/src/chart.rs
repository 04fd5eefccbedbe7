//! The flow chart of a runbook, without a screen: what an edit does to a draft, how it
//! is undone, where cards and links lie, and the chart's twin as an outline.

pub mod edit;
pub mod geometry;
pub mod history;
pub mod link;
pub mod navigate;
pub mod outline;
pub mod tidy;

pub use geometry::{Point, Rect};
pub use history::History;
