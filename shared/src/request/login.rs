//! Logins: added to a request at the moment of sending, so that no credential is
//! stored with a run.

mod oauth;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use oauth::{Renewal, Token, after, read_token, token_request};

use super::base_url::BaseUrl;
use super::header;
use super::origin::AddressSyntaxError;
use super::{AppliedLogin, Destination, Request};
use crate::authorization;
use crate::mask::MASK;
use crate::model::{ApiKeyPlace, Authorization, HttpMethod, Secret};
use crate::problem::ErrorDetail;

/// Stands in for the desk's address where that does not matter.
const SOME_DESK: &str = "http://desk.invalid";

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

/// Adds the login to a request that is about to be sent. `authorization` holds its
/// secrets; `token` is the one that was fetched for OAuth 2.0.
pub fn apply(
    authorization: &Authorization,
    token: Option<&str>,
    request: &mut Request,
) -> Result<(), LoginError> {
    match authorization {
        Authorization::None {} => Ok(()),
        Authorization::Desk { .. } if request.destination == Destination::Own => Ok(()),
        Authorization::Desk { .. } => Err(LoginError::NotTheDesk),
        Authorization::ApiKey {
            r#in: ApiKeyPlace::Header,
            name,
            prefix,
            key,
        } => {
            let key = held(key, "auth.key")?;
            in_header(request, name, &prefixed(prefix, key), key, "auth.key")
        }
        Authorization::ApiKey {
            r#in: ApiKeyPlace::Query,
            name,
            prefix,
            key,
        } => {
            let key = held(key, "auth.key")?;
            in_query(request, name, &format!("{prefix}{key}"), key)
        }
        Authorization::Bearer {
            token,
            r#in: ApiKeyPlace::Header,
            name,
            prefix,
        } => {
            let token = held(token, "auth.token")?;
            in_header(request, name, &prefixed(prefix, token), token, "auth.token")
        }
        // In a query a token stands alone (RFC 6750, section 2.3).
        Authorization::Bearer {
            token,
            r#in: ApiKeyPlace::Query,
            name,
            ..
        } => {
            let token = held(token, "auth.token")?;
            in_query(request, name, token, token)
        }
        Authorization::Basic { username, password } => {
            // RFC 7617 permits an empty password, and services that take a key as user name want one.
            let password = password.reveal();
            let value = authorization::basic(username, password);
            in_header(request, "Authorization", &value, password, "auth.password")
        }
        Authorization::OAuth2 { header, prefix, .. } => {
            let token = token.ok_or(LoginError::NoToken)?;
            in_header(
                request,
                header,
                &prefixed(prefix, token),
                token,
                "auth.header",
            )
        }
    }
}

/// The same login with a mask in place of its secrets: for showing what a request looks like.
pub fn preview(authorization: &Authorization, request: &mut Request) -> Result<(), LoginError> {
    let mask = Secret::new(MASK);
    let mut shown = authorization.clone();
    match &mut shown {
        Authorization::ApiKey { key, .. } => *key = mask,
        Authorization::Bearer { token, .. } => *token = mask,
        Authorization::Basic { .. } => {
            let value = format!("Basic {MASK}");
            return in_header(request, "Authorization", &value, MASK, "auth.password");
        }
        Authorization::None {} | Authorization::Desk { .. } | Authorization::OAuth2 { .. } => {}
    }
    apply(&shown, Some(MASK), request)
}

/// What can be told of a login without its secrets: names, addresses, and whether it fits where
/// the integration's requests go.
pub fn check(authorization: &Authorization, base: &BaseUrl) -> Result<(), LoginError> {
    if let Ok(url) = base.join(SOME_DESK, "") {
        let mut never_sent = Request {
            destination: base.destination(),
            method: HttpMethod::Get,
            url,
            headers: Vec::new(),
            body: None,
            login: None,
        };
        preview(authorization, &mut never_sent)?;
    }
    let Authorization::OAuth2 { token_url, .. } = authorization else {
        return Ok(());
    };
    BaseUrl::token_url(token_url, SOME_DESK).map_err(LoginError::TokenUrl)?;
    Ok(())
}

/// Everything about a login that must not be read back: for masking.
pub fn secret_values(authorization: &Authorization, token: Option<&str>) -> Vec<String> {
    let mut values: Vec<String> = match authorization {
        Authorization::None {} | Authorization::Desk { .. } => Vec::new(),
        Authorization::ApiKey { key: secret, .. } | Authorization::Bearer { token: secret, .. } => {
            vec![secret.reveal().to_owned()]
        }
        Authorization::Basic { username, password } => {
            let password = password.reveal();
            // A short password is not masked wherever it occurs by chance, but the pair is.
            let pair = STANDARD.encode(format!("{username}:{password}"));
            vec![password.to_owned(), pair]
        }
        Authorization::OAuth2 {
            client_secret,
            password,
            ..
        } => vec![
            client_secret.reveal().to_owned(),
            password.reveal().to_owned(),
        ],
    };
    values.extend(token.map(str::to_owned));
    values.retain(|value| !value.is_empty());
    values
}

fn held<'a>(secret: &'a Secret, place: &'static str) -> Result<&'a str, LoginError> {
    match secret.reveal().trim() {
        "" => Err(LoginError::SecretMissing(place)),
        value => Ok(value),
    }
}

/// `Bearer abc`, but `token=abc`: a word needs a space behind it, other prefixes bring what they need.
fn prefixed(prefix: &str, value: &str) -> String {
    let is_word = prefix.ends_with(|last: char| last.is_ascii_alphanumeric());
    format!("{prefix}{}{value}", if is_word { " " } else { "" })
}

fn in_header(
    request: &mut Request,
    name: &str,
    value: &str,
    secret: &str,
    place: &'static str,
) -> Result<(), LoginError> {
    header::check_name(name).map_err(|_| LoginError::Header("auth.name"))?;
    header::check_value(value).map_err(|_| LoginError::Header(place))?;
    request
        .headers
        .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    request.headers.push((name.to_owned(), value.to_owned()));
    request.login = Some(AppliedLogin {
        query: None,
        secret: secret.to_owned(),
    });
    Ok(())
}

fn in_query(
    request: &mut Request,
    name: &str,
    value: &str,
    secret: &str,
) -> Result<(), LoginError> {
    if name.is_empty() {
        return Err(LoginError::ParameterName);
    }
    request.url.query_pairs_mut().append_pair(name, value);
    request.login = Some(AppliedLogin {
        query: Some((name.to_owned(), value.to_owned())),
        secret: secret.to_owned(),
    });
    Ok(())
}
