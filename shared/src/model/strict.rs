//! Reading documents from outside: strict about names, exact about places.

use std::fmt;

use serde::de::DeserializeOwned;

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

fn located(error: &serde_path_to_error::Error<serde_json::Error>) -> DocumentError {
    DocumentError {
        at: error.path().to_string(),
        message: error.inner().to_string(),
    }
}
