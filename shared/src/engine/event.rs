//! What happened: the events of a run, and the journal that keeps them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::effect::EffectId;
use super::view::{Headers, RunStatus};
use crate::model::{HttpMethod, RunId, Timestamp};
use crate::problem::ErrorDetail;
use crate::request::Request;

/// A row of a run's journal. The rows of a run, in order, are the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub effect: EffectId,
    pub event: Event,
    pub at: Timestamp,
}

/// What became of an effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It is about to be carried out. Journalled before the first effect of a run, where
    /// accepting the run was a commit of its own: a run without it has sent nothing.
    /// Later effects need none, because the event before them says as much.
    Begun,
    /// An answer came, whatever its status.
    Answered {
        /// All sendings, the one that was answered last.
        attempts: Vec<Sending>,
        response: Response,
    },
    /// No usable answer came.
    NoAnswer {
        attempts: Vec<Sending>,
        error: ErrorDetail,
    },
    /// How far the run is that was started or looked at.
    Child(Box<Child>),
    /// What the run answers is settled.
    Responded,
    /// What was slept for has come.
    Woken,
    /// The process stopped while it was in flight, and it goes out again.
    Repeated,
    /// The process stopped while it was in flight, and it must not go out again.
    Interrupted,
    /// Somebody ended the run; comes with the id of any outstanding effect and ends them all.
    Cancelled,
}

/// A run that another one started, as far as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Child {
    pub run_id: RunId,
    pub status: RunStatus,
    /// Its answer, once it has succeeded: the JSON text of an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs: Option<String>,
    /// Why it failed, secrets masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorDetail>,
}

/// One sending of a request: an answer of 401 that a new token cures, and each redirect,
/// make one more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    pub sent_at: Timestamp,
    /// The method that it went with, where a redirect made it another than the step's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<HttpMethod>,
    /// As sent, but for a login in its query; see [`Request::shown_url`].
    pub url: String,
    /// Missing where no answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// From sending to the last byte, or to giving up.
    pub time_ms: u32,
    /// Why there is no usable answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorDetail>,
}

impl Sending {
    /// A sending of this request that has not been answered; `time_ms` is still zero.
    pub fn of(request: &Request, sent_at: Timestamp) -> Self {
        Self {
            sent_at,
            method: Some(request.method()),
            url: request.shown_url(),
            status: None,
            time_ms: 0,
            error: None,
        }
    }

    /// One of which nothing is known but that it went out, and why its answer did not come; `time_ms` is still
    /// zero.
    pub(super) fn cut_short(sent_at: Timestamp, error: ErrorDetail) -> Self {
        Self {
            sent_at,
            method: None,
            url: String::new(),
            status: None,
            time_ms: 0,
            error: Some(error),
        }
    }
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub status: u16,
    pub headers: Headers,
    pub body: ResponseBody,
    pub time_ms: u32,
}

impl Response {
    /// The first value of a header; names are compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// The bytes of a body; `{"text": "…"}` in a journal, or `{"base64": "…"}` where they are not UTF-8.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredBody", into = "StoredBody")]
pub struct ResponseBody(pub Vec<u8>);

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResponseBody({} bytes)", self.0.len())
    }
}

impl From<Vec<u8>> for ResponseBody {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum StoredBody {
    Text(String),
    Base64(String),
}

impl From<ResponseBody> for StoredBody {
    fn from(body: ResponseBody) -> Self {
        match String::from_utf8(body.0) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Base64(STANDARD.encode(error.as_bytes())),
        }
    }
}

impl TryFrom<StoredBody> for ResponseBody {
    type Error = base64::DecodeError;

    fn try_from(stored: StoredBody) -> Result<Self, Self::Error> {
        match stored {
            StoredBody::Text(text) => Ok(Self(text.into_bytes())),
            StoredBody::Base64(text) => STANDARD.decode(text).map(Self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Journals outlive the program that wrote them.
    #[test]
    fn a_journal_keeps_its_names() {
        for row in [
            r#"{"effect":0,"event":{"event":"begun"},"at":1}"#,
            r#"{"effect":0,"event":{"event":"responded"},"at":1}"#,
            r#"{"effect":0,"event":{"event":"answered","attempts":[{"sent_at":1,"method":"GET","url":"https://a.example/","status":200,"time_ms":2}],"response":{"status":200,"headers":[["a","b"]],"body":{"text":"{}"},"time_ms":2}},"at":3}"#,
            r#"{"effect":1,"event":{"event":"answered","attempts":[],"response":{"status":204,"headers":[],"body":{"base64":"/w=="},"time_ms":2}},"at":3}"#,
            r#"{"effect":2,"event":{"event":"no_answer","attempts":[{"sent_at":1,"url":"https://a.example/","time_ms":2,"error":{"code":"timeout","message":"late"}}],"error":{"code":"timeout","message":"late","at":{"step":"s","field":"f","offset":1}}},"at":3}"#,
            r#"{"effect":3,"event":{"event":"child","run_id":"rb.0.1","status":"succeeded","outputs":"{\"a\":1}"},"at":4}"#,
            r#"{"effect":3,"event":{"event":"woken"},"at":4}"#,
            r#"{"effect":3,"event":{"event":"repeated"},"at":4}"#,
            r#"{"effect":3,"event":{"event":"interrupted"},"at":5}"#,
            r#"{"effect":3,"event":{"event":"cancelled"},"at":6}"#,
        ] {
            let entry: Entry = serde_json::from_str(row).unwrap();
            assert_eq!(serde_json::to_string(&entry).unwrap(), row);
        }
    }
}
