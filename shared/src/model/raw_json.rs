//! A JSON value that passes through as it is.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::json::{self, InvalidJson, Limits};

/// JSON text inside a document: numbers keep their digits, strings their escapes. It is
/// refused in what goes through serde's `flatten`, or through enums that are untagged or have
/// their tag among their fields: those would take it apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawJson(String);

impl RawJson {
    /// Takes a text that is JSON. It may be nested more deeply than what comes from outside,
    /// because such values stand in it.
    pub fn parse(text: &str) -> Result<Self, InvalidJson> {
        let limits = Limits::with_depth(Limits::MAX_DEPTH);
        json::validate(text.as_bytes(), limits).map(|text| Self(text.to_owned()))
    }

    /// The JSON string of a text.
    pub fn of_text(text: &str) -> Self {
        Self(json::quote(text))
    }

    /// The JSON object with these fields.
    pub fn of_fields(fields: &BTreeMap<String, Self>) -> Self {
        let members: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}:{value}", json::quote(name)))
            .collect();
        Self(format!("{{{}}}", members.join(",")))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<serde_json::Value> for RawJson {
    fn from(value: serde_json::Value) -> Self {
        Self(value.to_string())
    }
}

impl fmt::Display for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone())
            .map_err(S::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse(raw.get()).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_out_of_a_document_as_it_went_in() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Document {
            outputs: Option<RawJson>,
        }
        let text = r#"{"outputs":{"a": 123456789012345678901234567890, "b":"\u0041", "c": 0.10}}"#;
        let document: Document = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&document).unwrap(), text);
        let through_value = serde_json::to_value(&document).unwrap();
        assert!(through_value["outputs"]["b"] == "A");
        assert!(serde_json::from_value::<Document>(through_value).is_ok());
        assert!(RawJson::parse("{").is_err());
    }
}
