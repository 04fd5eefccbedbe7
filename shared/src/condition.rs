//! Conditions: rows in groups that choose a way.

use serde::{Deserialize, Serialize};

/// A condition as people write it: all or any of its rows; groups nest once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    All(Vec<Term>),
    Any(Vec<Term>),
}

impl Default for When {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// A row, or a group of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Term {
    Row(Row),
    Group(When),
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
