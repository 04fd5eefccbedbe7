//! Errors as people and programs see them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::StepId;

/// The body of every error answer outside Halo's and OAuth's own surfaces:
/// `{"error": {"code", "message", "at"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    pub error: ErrorDetail,
}

/// What went wrong, for programs (`code`), for people (`message`), and where (`at`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// Stable, in `snake_case`.
    pub code: String,
    /// One sentence that says what happened and what to do.
    pub message: String,
    #[serde(default, skip_serializing_if = "Place::is_empty")]
    pub at: Place,
}

impl ErrorDetail {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            at: Place::default(),
        }
    }

    #[must_use]
    pub fn at_field(mut self, field: impl Into<String>) -> Self {
        self.at.field = Some(field.into());
        self
    }

    /// The same with its message as a sentence, for whoever reads nothing beside it.
    #[must_use]
    pub fn as_sentence(self) -> Self {
        Self {
            message: sentence(&self.message),
            ..self
        }
    }
}

/// The text as a sentence: with a capital first and a stop last.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut sentence: String = first.to_uppercase().collect();
    sentence.push_str(letters.as_str());
    if !sentence.ends_with(['.', '?', ':', '…']) {
        sentence.push('.');
    }
    sentence
}

/// A text for where no font can tell code: what stands between backticks is quoted in its place. A backtick without
/// its partner stays.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`')
        && let Some((code, after)) = after.split_once('`')
    {
        quoted.push_str(before);
        quoted.push('“');
        quoted.push_str(code);
        quoted.push('”');
        rest = after;
    }
    quoted.push_str(rest);
    quoted
}

impl fmt::Display for ErrorDetail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Where something is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// Such as `inputs[0].value` or `start.auth.secrets[0]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// In characters of the field, or bytes of a body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<usize>,
}

impl Place {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Something that keeps a draft from being published, or that one should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FlatProblem")]
pub struct Problem {
    pub severity: Severity,
    #[serde(flatten)]
    pub detail: ErrorDetail,
}

/// A problem as it is read: the code that `flatten` makes for that is many times larger, and the app loads it first.
#[derive(Deserialize)]
struct FlatProblem {
    severity: Severity,
    code: String,
    message: String,
    #[serde(default)]
    at: Place,
}

impl From<FlatProblem> for Problem {
    fn from(flat: FlatProblem) -> Self {
        Self {
            severity: flat.severity,
            detail: ErrorDetail {
                code: flat.code,
                message: flat.message,
                at: flat.at,
            },
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Publishing is refused.
    Error,
    /// Publishing goes on, and says so.
    Warning,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_quoted_where_no_font_tells_it() {
        for (text, expected) in [
            ("", ""),
            ("it `is`", "it “is”"),
            (
                "the input variable `Num` must be a number, but it is `a`",
                "the input variable “Num” must be a number, but it is “a”",
            ),
            ("a ` alone, and `b`", "a “ alone, and ”b`"),
            ("one ` stays", "one ` stays"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn a_problem_is_read_as_it_is_told() {
        let everywhere = Problem {
            severity: Severity::Warning,
            detail: ErrorDetail::new("unused", "Nothing uses it."),
        };
        let at_a_field = Problem {
            severity: Severity::Error,
            detail: ErrorDetail::new("missing", "It is missing.").at_field("inputs[0]"),
        };
        for problem in [everywhere, at_a_field] {
            let told = serde_json::to_string(&problem).unwrap();
            assert_eq!(
                serde_json::from_str::<Problem>(&told).unwrap(),
                problem,
                "{told}"
            );
        }
    }

    #[test]
    fn a_message_becomes_a_sentence() {
        for (message, expected) in [
            ("", ""),
            ("the path is empty", "The path is empty."),
            ("Already one.", "Already one."),
            ("`a` is not there", "`a` is not there."),
            ("éclair", "Éclair."),
        ] {
            assert_eq!(sentence(message), expected);
        }
    }

    #[test]
    fn an_error_that_becomes_a_sentence_keeps_its_place() {
        let error = ErrorDetail::new("input_missing", "it is missing").at_field("X");
        let told = error.clone().as_sentence();
        assert_eq!(told.message, "It is missing.");
        assert_eq!((told.code, told.at), (error.code, error.at));
    }
}
