//! Records as rows of a sheet, out of the desk and into it.

mod check;
mod formula;
mod head;
mod read;

pub use check::{Known, Row, Verdict, check};
pub use formula::{guarded, unguarded};
pub use head::{guess, table, targets};
pub use read::{Names, Reader, Refusal};
