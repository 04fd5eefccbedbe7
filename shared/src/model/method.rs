//! A method: one HTTP request of an integration, as a template.

use serde::{Deserialize, Serialize};

use super::MethodId;
use super::integration::Authorization;
use super::retry::Retry;
use super::variable::{NamedTemplate, Output};

/// One request, and what to keep of its response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub id: MethodId,
    pub name: String,
    pub http_method: HttpMethod,
    /// Appended to the integration's base URL, not resolved against it.
    pub path: String,
    #[serde(default)]
    pub query: Vec<Pair>,
    #[serde(default)]
    pub headers: Vec<Pair>,
    #[serde(default)]
    pub body: Body,
    #[serde(default)]
    pub outputs: Vec<Output>,
    /// Overrides the integration's authorization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<Authorization>,
    /// How long to wait for the whole answer; 30 s where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// Whether sending it twice does no harm; GET, PUT and DELETE are by default (RFC 9110, 9.2.2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeatable: Option<bool>,
    /// Sends an `Idempotency-Key`, the same with each try of a passage through a step, by which the service tells a
    /// repeat: then sending it twice does no harm.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub idempotency_key: bool,
    /// How it is sent again after a failure; not at all where it is not set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
}

impl Method {
    /// The default time limit of a request, in milliseconds.
    pub const DEFAULT_TIMEOUT_MS: u32 = 30_000;

    pub fn is_repeatable(&self) -> bool {
        self.repeatable
            .unwrap_or_else(|| self.http_method.is_idempotent() || self.idempotency_key)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl HttpMethod {
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// RFC 9110, section 9.2.2.
    pub fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Put | Self::Delete)
    }

    /// Whether a body means something; GET has none.
    pub fn permits_body(self) -> bool {
        self != Self::Get
    }
}

/// A query parameter or header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    pub name: String,
    /// A template.
    pub value: String,
    /// Rows can be switched off without deleting them.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub on: bool,
}

fn yes() -> bool {
    true
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde's skip_serializing_if passes a reference"
)]
fn is_true(on: &bool) -> bool {
    *on
}

/// What a request carries. All texts are templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    #[serde(rename = "none")]
    Empty {},
    Json {
        text: String,
    },
    Xml {
        text: String,
    },
    Text {
        text: String,
        content_type: String,
    },
    /// `application/x-www-form-urlencoded`.
    Form {
        fields: Vec<NamedTemplate>,
    },
}

impl Default for Body {
    fn default() -> Self {
        Self::Empty {}
    }
}
