//! Records as rows of a sheet, out of the desk and into it.

mod head;
mod read;

pub use head::{cells, guess, heads, targets};
pub use read::{Names, Reader, Refusal};
