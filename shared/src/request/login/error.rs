//! Why a login cannot be added.

use std::fmt;

use crate::problem::ErrorDetail;
use crate::request::origin::AddressSyntaxError;

/// Why a login cannot be added, or a token not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginError {
    /// No value is stored for a secret; its place, such as `auth.token`.
    SecretMissing(&'static str),
    /// A header's name or value cannot be sent; its place.
    Header(&'static str),
    /// The name of a query parameter is empty.
    ParameterName,
    /// A desk login, but the base URL is not written `<<halo_url>>…`.
    NotTheDesk,
    /// No token was given for an OAuth 2.0 login.
    NoToken,
    /// The authorization is not of type `oauth2`.
    NotOAuth,
    /// The token URL is not one.
    TokenUrl(AddressSyntaxError),
    /// The token service refused: its status, and its own words where it gave some.
    TokenRefused { status: u16, words: Option<String> },
    /// The token service's answer is not JSON.
    TokenNotJson,
    /// The token service's answer lacks the property that holds the token.
    TokenNotNamed(String),
}

impl LoginError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::SecretMissing(_) => "secret_missing",
            Self::Header(_) => "login_header",
            Self::ParameterName => "login_parameter",
            Self::NotTheDesk => "not_the_desk",
            Self::NoToken => "no_token",
            Self::NotOAuth => "not_oauth2",
            Self::TokenUrl(_) => "token_url",
            Self::TokenRefused { .. } => "token_refused",
            Self::TokenNotJson | Self::TokenNotNamed(_) => "token_unreadable",
        }
    }

    /// The field of the authorization.
    pub fn field(&self) -> &'static str {
        match self {
            Self::SecretMissing(field) | Self::Header(field) => field,
            Self::ParameterName => "auth.name",
            Self::TokenUrl(_) => "auth.token_url",
            Self::TokenNotNamed(_) => "auth.token_name",
            _ => "auth",
        }
    }
}

impl fmt::Display for LoginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretMissing(field) => write!(
                f,
                "nothing is stored for `{field}` of the authorization: enter it in the integration"
            ),
            Self::Header(field) => write!(
                f,
                "`{field}` of the authorization cannot stand in a header: remove line breaks and special characters"
            ),
            Self::ParameterName => f.write_str(
                "the authorization's query parameter has no name: enter one in the integration",
            ),
            Self::NotTheDesk => f.write_str(
                "a desk login works at one's own desk only: write the base URL as `<<halo_url>>`, or choose another authorization",
            ),
            Self::NoToken => f.write_str("there is no token to sign in with: check the integration's authorization"),
            Self::NotOAuth => f.write_str("only an OAuth 2.0 authorization has tokens: choose it in the integration"),
            Self::TokenUrl(error) => write!(f, "the token URL cannot be used: {error}"),
            Self::TokenRefused { status, words } => {
                write!(f, "the token service answered {status}")?;
                if let Some(words) = words {
                    write!(f, " ({words})")?;
                }
                f.write_str(": check client id, secret and scope in the integration")
            }
            Self::TokenNotJson => f.write_str(
                "the token service's answer is not JSON: check the token URL in the integration",
            ),
            Self::TokenNotNamed(name) => write!(
                f,
                "the token service's answer has no text `{name}`: check the token's name in the integration"
            ),
        }
    }
}

impl std::error::Error for LoginError {}

impl From<LoginError> for ErrorDetail {
    fn from(error: LoginError) -> Self {
        Self::new(error.code(), error.to_string()).at_field(error.field())
    }
}
