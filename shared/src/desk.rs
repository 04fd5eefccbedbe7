//! The service desk in Halo's words: what its resources are called, what they hold, who may
//! read and change them, and what its answers look like.
//!
//! All of it is decided here, over [`Records`] that a shell keeps. A new resource is one
//! module under [`resource`], an entry in [`RESOURCES`](resource::RESOURCES), and one table of the shell's.

mod access;
mod answer;
pub mod authorize;
mod body;
mod changes;
mod elsewhere;
mod error;
mod fold;
pub mod form;
mod html;
pub(crate) mod instant;
mod label;
mod list;
mod look;
pub mod openapi;
pub mod operation;
mod protocol;
pub mod rate;
mod record;
mod records;
pub mod redirect_uri;
pub mod resource;
mod route;
pub mod rule;
mod scope;
pub mod seed;
pub mod service_level;
pub mod sheet;
pub mod sql;
mod tell;
#[cfg(test)]
mod tests;
mod ticket_rules;
mod ticket_workflows;
pub mod token;
mod write;

pub use access::{Access, Grant};
pub use answer::{Answer, Desk};
pub use error::{DeskError, StorageError};
pub use html::{BLOCKS, CELLS, Html, breaks_lines, from_text, has_formatting, to_text};
pub use label::{custom_name, label, name_of};
pub use list::ListQuery;
pub use protocol::{Caller, DeskEvent, DeskRequest, DeskResponse, EventSource, Renamed, States};
pub use record::{Record, Stored};
pub use records::{Page, Records};
pub use resource::Resource;
pub use scope::{Area, Scopes};
pub use ticket_workflows::{Counting, KnownAction, Placed};
pub use write::Completion;
