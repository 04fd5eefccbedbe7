//! Trying a method out: which variables it needs, what people type as their samples,
//! what its output variables find in a response, and which paths that response offers.
//!
//! All of it is for the eyes of whoever writes the method; a run decides by
//! [`crate::request`] and [`crate::engine`] alone.

mod examples;
mod finding;
mod needs;
mod sample;

pub use examples::{Example, examples, output_name};
pub use finding::{Finding, NotFound, find};
pub use needs::{Need, needs};
pub use sample::{Sample, read_sample, skeleton};
