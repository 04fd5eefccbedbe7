//! What is wrong with a condition as written, and what goes wrong when it is evaluated.

use std::error::Error;
use std::fmt;

use crate::template::{RenderError, TemplateError};

/// Something that keeps a condition from being published.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionProblem {
    /// Such as `all[1].any[0].right`.
    pub field: String,
    /// In characters of the field, where that is known.
    pub at: Option<usize>,
    pub kind: ProblemKind,
}

#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A side is no template.
    Template(TemplateError),
    /// There is nothing to compare.
    NoLeft,
    /// A group within a group within the condition.
    NestedTooDeeply,
    /// No regular expression.
    Pattern { message: String },
}

impl ConditionProblem {
    pub fn code(&self) -> &'static str {
        match &self.kind {
            ProblemKind::Template(error) => error.kind(),
            ProblemKind::NoLeft => "no_left_side",
            ProblemKind::NestedTooDeeply => "nested_too_deeply",
            ProblemKind::Pattern { .. } => "pattern",
        }
    }
}

impl fmt::Display for ConditionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ProblemKind::Template(error) => error.fmt(f),
            ProblemKind::NoLeft => f.write_str("This row compares nothing: choose a value for its left side."),
            ProblemKind::NestedTooDeeply => {
                f.write_str("Groups nest once: move the rows of this group into the one around it, or use another condition step.")
            }
            ProblemKind::Pattern { message } => write!(f, "This is not a regular expression: {message}."),
        }
    }
}

impl Error for ConditionProblem {}

/// Why a row could not be evaluated; the step takes its failure way.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionError {
    /// Such as `all[1].any[0]`.
    pub row: String,
    pub error: RowError,
}

#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RowError {
    /// A side could not be rendered.
    Render(RenderError),
    /// The values make no regular expression.
    Pattern { message: String },
    /// The text is longer than a pattern of that size looks through.
    TooLong { bytes: usize, most_bytes: usize },
}

impl From<RenderError> for RowError {
    fn from(error: RenderError) -> Self {
        Self::Render(error)
    }
}

impl ConditionError {
    pub fn code(&self) -> &'static str {
        match &self.error {
            RowError::Render(error) => error.kind(),
            RowError::Pattern { .. } => "pattern",
            RowError::TooLong { .. } => "text_too_long",
        }
    }
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error {
            RowError::Render(error) => error.fmt(f),
            RowError::Pattern { message } => {
                write!(
                    f,
                    "With its values the right side is not a regular expression: {message}."
                )
            }
            RowError::TooLong { bytes, most_bytes } => write!(
                f,
                "This pattern looks through at most {most_bytes} bytes, and the left side has {bytes}: use `contains`, a path to a smaller part, or a pattern with fewer repetitions."
            ),
        }
    }
}

impl Error for ConditionError {}
