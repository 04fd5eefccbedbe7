//! Why a request cannot be built.

use std::fmt;

use super::base_url::JoinError;
use super::header::HeaderError;
use super::origin::AddressSyntaxError;
use super::path::PathError;
use crate::problem::ErrorDetail;
use crate::template::RenderError;

/// What is wrong, and in which field of the method.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestError {
    pub cause: RequestErrorCause,
    /// Such as `path`, `headers[1].value` or `body.text`.
    pub field: String,
}

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RequestErrorCause {
    /// A token has no value, or one that cannot stand where it is.
    Render(RenderError),
    Path(PathError),
    Header(HeaderError),
    /// The deployment's own address is not one.
    HaloUrl(AddressSyntaxError),
}

impl RequestError {
    pub(super) fn new(cause: impl Into<RequestErrorCause>, field: impl Into<String>) -> Self {
        Self {
            cause: cause.into(),
            field: field.into(),
        }
    }

    pub fn code(&self) -> &'static str {
        match &self.cause {
            RequestErrorCause::Render(error) => error.kind(),
            RequestErrorCause::Path(error) => error.code(),
            RequestErrorCause::Header(error) => error.code(),
            RequestErrorCause::HaloUrl(_) => "public_url",
        }
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            RequestErrorCause::Render(error) => error.fmt(f),
            RequestErrorCause::Path(error) => error.fmt(f),
            RequestErrorCause::Header(error) => error.fmt(f),
            RequestErrorCause::HaloUrl(error) => write!(
                f,
                "the deployment's own address is not set properly: start it with `--public-url` ({error})"
            ),
        }
    }
}

impl std::error::Error for RequestError {}

impl From<RenderError> for RequestErrorCause {
    fn from(error: RenderError) -> Self {
        Self::Render(error)
    }
}

impl From<HeaderError> for RequestErrorCause {
    fn from(error: HeaderError) -> Self {
        Self::Header(error)
    }
}

impl From<PathError> for RequestErrorCause {
    fn from(error: PathError) -> Self {
        Self::Path(error)
    }
}

impl From<JoinError> for RequestErrorCause {
    fn from(error: JoinError) -> Self {
        match error {
            JoinError::Path(error) => Self::Path(error),
            JoinError::HaloUrl(error) => Self::HaloUrl(error),
        }
    }
}

impl From<RequestError> for ErrorDetail {
    fn from(error: RequestError) -> Self {
        let mut detail = Self::new(error.code(), error.to_string()).at_field(&error.field);
        if let RequestErrorCause::Render(render) = &error.cause {
            detail.at.offset = render.token().map(|token| token.at);
        }
        detail
    }
}
