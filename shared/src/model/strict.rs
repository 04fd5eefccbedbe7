//! Reading documents from outside: strict about names, exact about places.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;

use super::RawJson;

/// Why a document was refused: a place such as `integrations[0].methods[1].body` and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentError {
    /// The path to the refused field; `.` for the document itself.
    pub at: String,
    pub message: String,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.at == "." {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.at, self.message)
        }
    }
}

impl std::error::Error for DocumentError {}

/// Reads a document from JSON bytes.
pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<T, DocumentError> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let document = serde_path_to_error::deserialize(&mut reader).map_err(|e| located(&e))?;
    reader.end().map_err(|e| DocumentError {
        at: ".".to_owned(),
        message: e.to_string(),
    })?;
    Ok(document)
}

/// Reads a document from a JSON value.
pub fn from_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, DocumentError> {
    serde_path_to_error::deserialize(value).map_err(|e| located(&e))
}

/// The fields of a document, each as it was sent: to look at some of them before the
/// document is read.
pub type Fields = BTreeMap<String, RawJson>;

/// Reads a document from its fields.
pub fn from_fields<T: DeserializeOwned>(fields: &Fields) -> Result<T, DocumentError> {
    let body = RawJson::of_fields(fields);
    let mut reader = serde_json::Deserializer::from_str(body.as_str());
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let mut located = located(&error);
        // Where it stands in text that nobody has seen.
        let inner = error.inner();
        let place = format!(" at line {} column {}", inner.line(), inner.column());
        if let Some(sentence) = located.message.strip_suffix(&place) {
            located.message.truncate(sentence.len());
        }
        located
    })
}

fn located(error: &serde_path_to_error::Error<serde_json::Error>) -> DocumentError {
    DocumentError {
        at: error.path().to_string(),
        message: error.inner().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Output;

    #[test]
    fn a_document_is_read_from_its_fields_as_they_were_sent() {
        let sent = r#"{"name":"X","value":"response^x","default":{"b": 1.50, "a": 1e400}}"#;
        let fields: Fields = from_slice(sent.as_bytes()).unwrap();
        let output: Output = from_fields(&fields).unwrap();
        assert_eq!(
            output.default.unwrap().as_str(),
            r#"{"b": 1.50, "a": 1e400}"#
        );
        let fields: Fields = from_slice(br#"{"name":"X","value":1}"#).unwrap();
        let error = from_fields::<Output>(&fields).unwrap_err();
        assert_eq!(
            error.to_string(),
            "value: invalid type: integer `1`, expected a string"
        );
    }
}
