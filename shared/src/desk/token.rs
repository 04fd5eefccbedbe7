//! `POST /auth/token` and `/auth/revoke`: client credentials, authorization codes and refresh tokens (RFC 6749), and
//! the answers that clients expect.

mod exchange;
mod request;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::scope::{Scopes, UnknownScopes};

pub use exchange::{
    Client, Given, Presented, StoredCode, StoredRefresh, authenticate, may_revoke, own_grant,
    redeem, renew, secret_hash,
};
pub use request::{ClientLogin, GrantRequest, RevocationRequest, TokenRequest};

/// How long an access token is good, in seconds.
pub const LIFETIME_S: u64 = 3600;

/// How long an authorization code is good, in milliseconds.
pub const CODE_LIFETIME_MS: u64 = 60 * 1000;

/// How long a refresh token is good, in milliseconds.
pub const REFRESH_LIFETIME_MS: u64 = 30 * 24 * 3600 * 1000;

/// Why no token is given. [`code`](Self::code) gives OAuth's name for it (RFC 6749, 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "problem", rename_all = "snake_case")]
pub enum TokenError {
    /// The request is no form, or lacks a parameter, or has one twice.
    InvalidRequest(String),
    /// No client has that id and secret.
    InvalidClient,
    /// The code or refresh token is not good, or not this client's.
    InvalidGrant(String),
    /// The application is not set up for that login.
    UnauthorizedClient,
    /// A grant that the desk does not know.
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

    /// What was presented is not good; the sentence says why.
    pub fn invalid_grant(problem: &str) -> Self {
        Self::InvalidGrant(problem.to_owned())
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant(_) => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
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
            Self::InvalidRequest(problem) | Self::InvalidGrant(problem) => problem.clone(),
            Self::InvalidClient => {
                "The client id or the client secret is wrong, or the application is switched off: check them".to_owned()
            }
            Self::UnauthorizedClient => {
                "This application is not set up for that login: change it under Settings".to_owned()
            }
            Self::UnsupportedGrant => {
                "Send grant_type=client_credentials, authorization_code or refresh_token".to_owned()
            }
            Self::InvalidScope => format!("This scope cannot be given. Ask for {UnknownScopes}"),
        };
        json!({ "error": self.code(), "error_description": description }).to_string()
    }
}

/// The answer that carries tokens. There is nothing to refresh with client credentials and nobody is identified,
/// but Halo's clients look for the fields.
pub fn granted(access_token: &str, refresh_token: Option<&str>, scopes: Scopes) -> String {
    json!({
        "scope": scopes.to_string(),
        "token_type": "Bearer",
        "access_token": access_token,
        "expires_in": LIFETIME_S,
        "refresh_token": refresh_token,
        "id_token": null,
    })
    .to_string()
}

/// The answer of `GET /api/authinfo`, from which clients learn where tokens are given.
pub fn authinfo(public_url: &str) -> String {
    json!({
        "auth_url": format!("{public_url}/auth"),
        "api_url": format!("{public_url}/api"),
        "authorize_url": format!("{public_url}/auth/authorize"),
        "token_url": format!("{public_url}/auth/token"),
        "revoke_url": format!("{public_url}/auth/revoke"),
        "tenant_id": "nimbus",
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_the_shape_that_clients_expect() {
        let read = |body: String| serde_json::from_str::<serde_json::Value>(&body).unwrap();
        let answer = read(granted("t", None, Scopes::ALL));
        assert_eq!(answer["token_type"], "Bearer");
        assert_eq!(
            (&answer["scope"], &answer["expires_in"]),
            (&json!("all"), &json!(3600))
        );
        assert_eq!(answer["refresh_token"], json!(null));
        assert_eq!(
            read(granted("t", Some("r"), Scopes::ALL))["refresh_token"],
            "r"
        );
        let answer = read(TokenError::InvalidScope.body());
        assert_eq!(answer["error"], "invalid_scope");
        let info = read(authinfo("https://desk.example"));
        assert_eq!(info["auth_url"], "https://desk.example/auth");
        assert_eq!(info["token_url"], "https://desk.example/auth/token");
        assert_eq!(info["authorize_url"], "https://desk.example/auth/authorize");
    }
}
