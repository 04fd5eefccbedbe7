//! What goes wrong, as callers are told it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::model::strict::DocumentError;
use shared::problem::ErrorDetail;
use worker::{Headers, Response, ResponseBuilder};

/// An answer that is an error: `{"error": {"code", "message", "at"}}` with a status.
///
/// It travels from object to caller as it is, so it must hold nothing that the outside must not read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub status: u16,
    pub detail: ErrorDetail,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Fields beside `error`, such as `used_by`.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub beside: Map<String, Value>,
}

impl Failure {
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self::of(status, ErrorDetail::new(code, message))
    }

    /// An error that was described elsewhere.
    pub fn of(status: u16, detail: ErrorDetail) -> Self {
        Self {
            status,
            detail,
            headers: Vec::new(),
            beside: Map::new(),
        }
    }

    /// 400: what was sent does not mean anything.
    pub fn bad_request(code: &str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    /// 401: who asks is not known.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "unauthorized", message)
    }

    /// 403: who asks may not.
    pub fn forbidden(code: &str, message: impl Into<String>) -> Self {
        Self::new(403, code, message)
    }

    /// 404; `what` begins the sentence, such as `The runbook`.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            404,
            "not_found",
            format!("{what} does not exist. It may have been deleted."),
        )
    }

    /// 409: it does not go together with what is there.
    pub fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::new(409, code, message)
    }

    /// 500. The cause goes to the log and nowhere else; `place` says what was being done.
    pub fn internal(place: &str, cause: &dyn fmt::Display) -> Self {
        log(&format!("{place}: {cause}"));
        Self::new(
            500,
            "internal_error",
            "Something went wrong inside Nimbus. Try again; if it happens again, the log of the worker says why.",
        )
    }

    #[must_use]
    pub fn at_field(mut self, field: impl Into<String>) -> Self {
        self.detail.at.field = Some(field.into());
        self
    }

    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a field beside `error`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.beside.insert(name.to_owned(), value.into());
        self
    }

    /// The body of the answer.
    pub fn body(&self) -> Value {
        let mut body = self.beside.clone();
        body.insert("error".to_owned(), serde_json::json!(self.detail));
        Value::Object(body)
    }

    pub fn into_response(self) -> worker::Result<Response> {
        let headers = Headers::new();
        for (name, value) in &self.headers {
            headers.append(name, value)?;
        }
        headers.set("Cache-Control", "no-store")?;
        ResponseBuilder::new()
            .with_status(self.status)
            .with_headers(headers)
            .from_json(&self.body())
    }
}

/// Writes a line to the worker's log.
pub fn log(line: &str) {
    #[cfg(target_arch = "wasm32")]
    worker::console_error!("{line}");
    // Native builds run pure parts in tests only, which have no console of the runtime.
    #[cfg(not(target_arch = "wasm32"))]
    let _ = line;
}

impl From<worker::Error> for Failure {
    fn from(error: worker::Error) -> Self {
        Self::internal("runtime", &error)
    }
}

/// A document from outside that was refused.
impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        let failure = Self::bad_request("invalid_document", error.to_string());
        if error.at == "." {
            failure
        } else {
            failure.at_field(error.at)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_the_error_and_what_stands_beside_it() {
        let failure = Failure::conflict("in_use", "It is used by one runbook.")
            .at_field("id")
            .with("used_by", vec!["Ask"]);
        assert_eq!(
            failure.body(),
            serde_json::json!({
                "error": {"code": "in_use", "message": "It is used by one runbook.", "at": {"field": "id"}},
                "used_by": ["Ask"],
            })
        );
        let sent = serde_json::to_string(&failure).unwrap();
        assert_eq!(serde_json::from_str::<Failure>(&sent).unwrap(), failure);
    }

    #[test]
    fn internal_causes_are_not_told() {
        let failure = Failure::internal("store", &"no such table: secrets");
        assert!(!failure.body().to_string().contains("secrets"));
        assert_eq!(failure.status, 500);
    }
}
