//! Events of the desk as triggers see them: what kind of event a change is, what of it can be looked at, and whether it
//! is one that starts a runbook.

mod check;
mod field;
mod kinds;
mod subject;
#[cfg(test)]
mod tests;
mod watch;

pub use check::{known, problems, unfilled};
pub use field::{EventField, FieldTest, Test, fields, name_of, names_in};
pub use kinds::kinds;
pub use subject::Subject;
pub use watch::{Watch, Watched};

/// How many runs may stand above one that an event starts: runs whose changes start one another end here.
pub const MOST_DEPTH: u8 = 5;
