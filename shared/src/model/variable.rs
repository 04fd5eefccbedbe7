//! Variables: what a request's output, an input or a mapping is called and may be.

use serde::{Deserialize, Deserializer, Serialize};

use super::RawJson;

/// The type that a variable's value must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableType {
    Object,
    Array,
    String,
    Integer,
    Decimal,
    Boolean,
    /// An RFC 3339 date-time in a string.
    #[serde(alias = "date_time")]
    DateTime,
}

/// An output variable: a name for a part of a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    pub name: String,
    /// A path such as `response^choices[0]^text!`, or `response@status` and its kin.
    pub value: String,
    /// Used when the path finds nothing; `null` is a default like others.
    #[serde(
        default,
        deserialize_with = "there",
        skip_serializing_if = "Option::is_none"
    )]
    pub default: Option<RawJson>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub variable_type: Option<VariableType>,
    /// The first row whose `from` equals the value's text replaces it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<ValueMapping>,
    /// Appends the value to the array that the variable holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub add_to_array: bool,
    /// Masked wherever people read it, and never part of an answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// A value that is there, also where it is `null`: serde takes that for none.
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RawJson>, D::Error> {
    RawJson::deserialize(deserializer).map(Some)
}

/// A variable that a *set variables* step sets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetRow {
    pub name: String,
    /// A mapping: one token alone gives its JSON value, anything else is text.
    pub value: String,
    /// The first row whose `from` equals the value's text replaces it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mappings: Vec<ValueMapping>,
    /// Appends the value to the array that the variable holds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub add_to_array: bool,
}

/// One row of a table of value mappings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueMapping {
    pub from: String,
    pub to: String,
}

/// A variable and the template that fills it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedTemplate {
    pub name: String,
    pub value: String,
}
