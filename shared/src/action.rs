//! Actions and custom buttons: what is wrong with one, where it is offered and why not elsewhere, what its dialog
//! asks, and whether it gives its runbook what that needs.

mod allowed;
mod check;
mod dialog;
mod mapping;
mod offer;
mod press;

pub use allowed::{allowed_names, allowing, allows, renamed_in, restricted};
pub use check::{check, is_own_name, unknown_names};
pub use dialog::{
    PLAIN_NOTE, complete, default_text, entered, is_note_optional, read, record_variables,
};
pub use mapping::{button_refusal, problems, start_problems};
pub use offer::{NotOffered, OnTicket, Place, reasons, runbook_reason, step_reason};
pub use press::{pressed, resource_of};
