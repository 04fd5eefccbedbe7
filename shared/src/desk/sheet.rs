//! Records as rows of a sheet, out of the desk and into it.

mod check;
mod formula;
mod head;
mod read;

pub use check::{Known, Row, Verdict, check};
pub use formula::{guarded, unguarded};
pub use head::{
    guess, missing_columns, name_statuses, named_in, named_targets, new_custom_field, table,
    targets,
};
pub use read::{Names, Reader, Refusal};
