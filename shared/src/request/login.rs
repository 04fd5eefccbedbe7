//! Logins: added to a request at the moment of sending, so that no credential is
//! stored with a run.

mod error;
mod oauth;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use error::LoginError;
pub use oauth::{Renewal, Token, after, read_token, token_request};

use super::base_url::BaseUrl;
use super::header;
use super::{AppliedLogin, Destination, Request};
use crate::authorization;
use crate::mask::MASK;
use crate::model::{ApiKeyPlace, Authorization, HttpMethod, Secret};

/// Stands in for the desk's address where that does not matter.
const SOME_DESK: &str = "http://desk.invalid";

/// Adds the login to a request that is about to be sent. `authorization` holds its
/// secrets; `token` is the one that was fetched for OAuth 2.0. To sign in anew with another
/// token, take the request as it was before.
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
