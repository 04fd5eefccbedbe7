//! OAuth 2.0 (RFC 6749): asking for a token, reading the answer, and knowing when to ask again.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::form_urlencoded;

use super::LoginError;
use crate::model::{Authorization, HttpMethod, OAuthGrant, Timestamp};
use crate::request::Request;
use crate::request::base_url::BaseUrl;

/// How long a token is taken to live where nobody says (RFC 6749, 5.1, leaves it open): a
/// token that dies sooner is found out by its first 401.
const UNSTATED_LIFETIME_S: u64 = 3600;

/// How long before its end a token is not used any more, at most.
const MARGIN_MS: u64 = 60_000;

/// The token service's own words are shown, but not a page of them.
const MAX_WORDS: usize = 300;

/// A token that was fetched.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub value: String,
    pub fetched_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Token {
    /// Whether it can be used: until a minute before its end, or a tenth of a short life.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let lifetime = self.expires_at.saturating_sub(self.fetched_at);
        now.saturating_add(MARGIN_MS.min(lifetime / 10)) < self.expires_at
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("fetched_at", &self.fetched_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What to do about the token after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// Fetch a new one and send the request once more.
    Renew,
    /// Take the answer as it is.
    Keep,
}

/// A 401 means that the token has died before its time; it is renewed once per request.
pub fn after(status: u16, renewed_already: bool) -> Renewal {
    if status == 401 && !renewed_already {
        Renewal::Renew
    } else {
        Renewal::Keep
    }
}

/// The request that asks for a token. Its redirects are not to be followed: it carries
/// the client's secret. `halo_url` is the desk's own address.
pub fn token_request(authorization: &Authorization, halo_url: &str) -> Result<Request, LoginError> {
    let Authorization::OAuth2 {
        grant,
        token_url,
        client_id,
        client_secret,
        scope,
        username,
        password,
        ..
    } = authorization
    else {
        return Err(LoginError::NotOAuth);
    };
    let mut form = form_urlencoded::Serializer::new(String::new());
    match grant {
        OAuthGrant::ClientCredentials => {
            form.append_pair("grant_type", "client_credentials");
        }
        OAuthGrant::Password => {
            form.append_pair("grant_type", "password")
                .append_pair("username", username)
                .append_pair("password", super::held(password, "auth.password")?);
        }
    }
    form.append_pair("client_id", client_id);
    match client_secret.reveal() {
        // A public client has none, but only a person's password can stand in for it.
        "" if *grant == OAuthGrant::ClientCredentials => {
            return Err(LoginError::SecretMissing("auth.client_secret"));
        }
        "" => {}
        secret => {
            form.append_pair("client_secret", secret);
        }
    }
    if !scope.is_empty() {
        form.append_pair("scope", scope);
    }
    let (destination, url) =
        BaseUrl::token_url(token_url, halo_url).map_err(LoginError::TokenUrl)?;
    Ok(Request {
        destination,
        method: HttpMethod::Post,
        url,
        headers: vec![
            ("Accept".to_owned(), "application/json".to_owned()),
            (
                "Content-Type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            ),
        ],
        body: Some(form.finish().into_bytes()),
        login: None,
    })
}

/// Reads the token service's answer (RFC 6749, sections 5.1 and 5.2).
pub fn read_token(
    status: u16,
    body: &[u8],
    authorization: &Authorization,
    now: Timestamp,
) -> Result<Token, LoginError> {
    let Authorization::OAuth2 {
        token_name,
        lifetime_minutes,
        ..
    } = authorization
    else {
        return Err(LoginError::NotOAuth);
    };
    let answer: Option<Value> = serde_json::from_slice(body).ok();
    if !(200..300).contains(&status) {
        return Err(LoginError::TokenRefused {
            status,
            words: answer.as_ref().and_then(words),
        });
    }
    let answer = answer.ok_or(LoginError::TokenNotJson)?;
    let value = match answer.get(token_name).and_then(Value::as_str) {
        Some(value) if !value.trim().is_empty() => value.to_owned(),
        // Some services answer 200 with an error in the body.
        _ if answer.get("error").is_some() => {
            return Err(LoginError::TokenRefused {
                status,
                words: words(&answer),
            });
        }
        _ => return Err(LoginError::TokenNotNamed(token_name.clone())),
    };
    let lifetime_s = lifetime_minutes
        .map(|minutes| u64::from(minutes) * 60)
        .or_else(|| seconds(answer.get("expires_in")?))
        .unwrap_or(UNSTATED_LIFETIME_S);
    Ok(Token {
        value,
        fetched_at: now,
        expires_at: now.saturating_add(lifetime_s.saturating_mul(1000)),
    })
}

/// A number, or one in quotes, as some services send it.
fn seconds(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()))
}

fn words(answer: &Value) -> Option<String> {
    let text = |name| {
        answer
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    let words = match (text("error"), text("error_description")) {
        (Some(error), Some(description)) => format!("{error}: {description}"),
        (Some(words), None) | (None, Some(words)) => words.to_owned(),
        (None, None) => return None,
    };
    Some(words.chars().take(MAX_WORDS).collect())
}
