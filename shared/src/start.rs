//! What a run starts with.

use serde::{Deserialize, Serialize};

use crate::engine::StartedBy;

/// What started a run, and the values that it brings along.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    pub started_by: StartedBy,
    pub inputs: StartInputs,
}

/// The values that a run starts with. All of them are JSON text, as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartInputs {
    /// The input variables, in their order. One that is not required and was not sent is not here.
    pub variables: Vec<StartVariable>,
    /// The whole payload of a public start: `<<request>>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The ticket of a start from the desk: `<<ticket>>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The action that was taken on the ticket: `<<action>>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
}

/// An input variable's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartVariable {
    pub name: String,
    /// JSON text.
    pub value: String,
    /// Stands in text without quotes: its path ended with `!`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bare: bool,
}
