//! Conditions: rows in groups that choose a way.
//!
//! [`When`] is what people write, [`Condition`] what a run evaluates. Values are
//! compared decoded: two that read as numbers as numbers, two RFC 3339 date-times
//! as instants, anything else as text, in which case does not count unless asked for.

pub(crate) mod compare;
mod compile;
mod error;
mod evaluate;
mod explain;
mod pattern;
#[cfg(test)]
mod tests;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

pub use compile::Condition;
pub use error::{ConditionError, ConditionProblem, ProblemKind, RowError};
pub use evaluate::Verdict;
pub use explain::NameOf;

use crate::model::strict;

/// A condition as people write it: all or any of its rows; groups nest once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    All(Vec<Term>),
    Any(Vec<Term>),
}

impl When {
    /// Whether it has no rows, so that it is always met.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::All(terms) | Self::Any(terms) => terms.is_empty(),
        }
    }
}

impl Default for When {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// A row, or a group of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Term {
    Row(Row),
    Group(When),
}

/// By hand: what serde makes of an untagged enum cannot name the field that it refused.
impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = serde_json::Map::deserialize(deserializer)?;
        let term = if fields.contains_key("all") || fields.contains_key("any") {
            strict::from_value(fields.into()).map(Self::Group)
        } else {
            strict::from_value(fields.into()).map(Self::Row)
        };
        term.map_err(D::Error::custom)
    }
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// A template, usually one token.
    pub left: String,
    pub op: Operator,
    /// A template; not looked at by `has_value` and `has_no_value`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub right: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub match_case: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    Equals,
    NotEquals,
    Contains,
    NotContains,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Includes,
    NotIncludes,
    HasValue,
    HasNoValue,
    StartsWith,
    EndsWith,
    Matches,
}
