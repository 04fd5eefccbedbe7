//! `POST /auth/token`: client credentials (RFC 6749, 4.4) and the answers that its clients expect.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::form_urlencoded;

use super::scope::{Scopes, UnknownScopes};
use crate::authorization;

/// How long an access token is good, in seconds.
pub const LIFETIME_S: u64 = 3600;

/// A token request that says all it must.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest {
    pub client_id: String,
    pub client_secret: String,
    /// What is asked for; the client may be allowed less.
    pub scopes: Scopes,
}

/// Why no token is given. [`code`](Self::code) gives OAuth's name for it (RFC 6749, 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "problem", rename_all = "snake_case")]
pub enum TokenError {
    /// The request is no form, or lacks a parameter, or has one twice.
    InvalidRequest(String),
    /// No client has that id and secret.
    InvalidClient,
    /// Another grant than client credentials.
    UnsupportedGrant,
    /// No scope that the desk knows, or none that the client may have.
    InvalidScope,
}

impl From<UnknownScopes> for TokenError {
    fn from(_: UnknownScopes) -> Self {
        Self::InvalidScope
    }
}

impl TokenError {
    /// The request cannot be understood; the sentence says what to do.
    pub fn invalid_request(problem: &str) -> Self {
        Self::InvalidRequest(problem.to_owned())
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::UnsupportedGrant => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
        }
    }

    pub fn status(&self) -> u16 {
        match self {
            Self::InvalidClient => 401,
            _ => 400,
        }
    }

    pub fn body(&self) -> String {
        let description = match self {
            Self::InvalidRequest(problem) => problem.clone(),
            Self::InvalidClient => {
                "The client id or the client secret is wrong: check both".to_owned()
            }
            Self::UnsupportedGrant => "Send grant_type=client_credentials".to_owned(),
            Self::InvalidScope => format!("This scope cannot be given: {UnknownScopes}"),
        };
        json!({ "error": self.code(), "error_description": description }).to_string()
    }
}

/// The secret is left out.
impl fmt::Debug for TokenRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest")
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

impl TokenRequest {
    /// Reads the form, and the credentials from the `Authorization` header where the form
    /// has none. Parameters are known in any case.
    pub fn parse(body: &str, authorization: Option<&str>) -> Result<Self, TokenError> {
        let mut grant_type = None;
        let mut client_id = None;
        let mut client_secret = None;
        let mut scope = None;
        for (name, value) in form_urlencoded::parse(body.as_bytes()) {
            let place = match name.to_ascii_lowercase().as_str() {
                "grant_type" => &mut grant_type,
                "client_id" => &mut client_id,
                "client_secret" => &mut client_secret,
                "scope" => &mut scope,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(TokenError::invalid_request(
                    "A parameter is there more than once: send each once",
                ));
            }
        }
        match grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(_) => return Err(TokenError::UnsupportedGrant),
            None => {
                return Err(TokenError::invalid_request(
                    "Send a form with grant_type, client_id and client_secret",
                ));
            }
        }
        let (client_id, client_secret) = match (client_id, client_secret) {
            (Some(id), Some(secret)) => (id, secret),
            (_, None) if authorization.is_some() => credentials(authorization)?,
            _ => {
                return Err(TokenError::invalid_request(
                    "Send both client_id and client_secret",
                ));
            }
        };
        Ok(Self {
            client_id,
            client_secret,
            scopes: Scopes::parse(scope.as_deref().unwrap_or_default())?,
        })
    }
}

/// The client's credentials from the header, where they are form-encoded first (RFC 6749, 2.3.1).
fn credentials(authorization: Option<&str>) -> Result<(String, String), TokenError> {
    let decode = |encoded: Vec<u8>| {
        let encoded = String::from_utf8(encoded).ok()?.replace('+', " ");
        let decoded = percent_decode_str(&encoded).decode_utf8().ok()?;
        Some(decoded.into_owned())
    };
    let (id, secret) =
        authorization::read_basic(authorization).map_err(|_| TokenError::InvalidClient)?;
    decode(id)
        .zip(decode(secret))
        .ok_or(TokenError::InvalidClient)
}

/// The answer that carries an access token. There is nothing to refresh and nobody to identify
/// with client credentials, but Halo's clients look for the fields.
pub fn granted(access_token: &str, scopes: Scopes) -> String {
    json!({
        "scope": scopes.to_string(),
        "token_type": "Bearer",
        "access_token": access_token,
        "expires_in": LIFETIME_S,
        "refresh_token": null,
        "id_token": null,
    })
    .to_string()
}

/// The answer of `GET /api/authinfo`, from which clients learn where tokens are given.
pub fn authinfo(public_url: &str) -> String {
    json!({
        "auth_url": format!("{public_url}/auth"),
        "api_url": format!("{public_url}/api"),
        "tenant_id": "nimbus",
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "grant_type=client_credentials";

    fn parse(
        body: &str,
        authorization: Option<&str>,
    ) -> Result<(String, String, String), &'static str> {
        TokenRequest::parse(body, authorization)
            .map(|read| (read.client_id, read.client_secret, read.scopes.to_string()))
            .map_err(|error| error.code())
    }

    #[test]
    fn credentials_come_in_the_form_or_in_the_header() {
        let granted = |scope: &str| Ok(("app".to_owned(), "s e+c".to_owned(), scope.to_owned()));
        let header = authorization::basic("app", "s%20e%2Bc");
        for (rest, header, expected) in [
            (
                "&client_id=app&client_secret=s+e%2Bc&scope=all",
                None,
                granted("all"),
            ),
            (
                "&CLIENT_ID=app&client_secret=s%20e%2Bc&tenant=x",
                None,
                granted("all"),
            ),
            (
                "&scope=read%3Atickets+openid",
                Some(header.as_str()),
                granted("read:tickets"),
            ),
            (
                "&client_id=app&client_secret=",
                Some(header.as_str()),
                Ok(("app".to_owned(), String::new(), "all".to_owned())),
            ),
            ("&client_id=app", None, Err("invalid_request")),
            ("&client_id=app", Some("Bearer x"), Err("invalid_client")),
            (
                "&client_id=a&client_id=b&client_secret=c",
                None,
                Err("invalid_request"),
            ),
            (
                "&client_id=a&client_secret=c&scope=write:everything",
                None,
                Err("invalid_scope"),
            ),
        ] {
            assert_eq!(parse(&format!("{FORM}{rest}"), header), expected, "{rest}");
        }
        assert_eq!(parse("", None), Err("invalid_request"));
        assert_eq!(parse("{\"grant_type\": 1}", None), Err("invalid_request"));
        assert_eq!(
            parse("grant_type=password&client_id=a&client_secret=c", None),
            Err("unsupported_grant_type")
        );
    }

    #[test]
    fn answers_have_the_shape_that_clients_expect() {
        let answer: serde_json::Value = serde_json::from_str(&granted("t", Scopes::ALL)).unwrap();
        assert_eq!(answer["token_type"], "Bearer");
        assert_eq!(
            (&answer["scope"], &answer["expires_in"]),
            (&json!("all"), &json!(3600))
        );
        let answer: serde_json::Value =
            serde_json::from_str(&TokenError::InvalidScope.body()).unwrap();
        assert_eq!(answer["error"], "invalid_scope");
        assert!(authinfo("https://desk.example").contains("\"https://desk.example/auth\""));
    }
}
