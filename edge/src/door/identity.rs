//! Who asks.

use subtle::ConstantTimeEq as _;
use worker::{Env, Request};

use super::{cookie, host, origin};
use crate::config::Config;
use crate::error::Failure;
use crate::workspace;

/// Whoever made a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    Nobody,
    /// Holds the admin token.
    Admin,
    /// A person who signed in, by their cookie; what they change comes from a page of our own.
    Console,
    /// Sent some other bearer token, which the console does not know.
    Token(String),
}

/// Identifies who asks. A cookie counts only where no bearer token is sent, and a request that
/// rests on it is refused when it did not come from a page of our own.
pub async fn identify(request: &Request, env: &Env) -> Result<Identity, Failure> {
    let config = Config::read(env)?;
    let headers = request.headers();
    if let Some(authorization) = headers.get("Authorization")?
        && let Some(token) = bearer(&authorization)
    {
        let is_admin = bool::from(token.as_bytes().ct_eq(config.admin_token.as_bytes()));
        return Ok(if is_admin {
            Identity::Admin
        } else {
            Identity::Token(token.to_owned())
        });
    }
    let cookies = headers.get("Cookie")?.unwrap_or_default();
    let Some(token) = cookie::token(&config, &cookies) else {
        return Ok(Identity::Nobody);
    };
    if origin::matters(
        request.method().as_ref(),
        headers.get("Upgrade")?.as_deref(),
    ) {
        let host = host::check(request, &config)?;
        origin::check(request, &config, &host)?;
    }
    if workspace::client::session(env, &token).await? {
        Ok(Identity::Console)
    } else {
        Ok(Identity::Nobody)
    }
}

/// The token of an `Authorization: Bearer …`; schemes are compared without case (RFC 9110, 11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.trim().split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_token_is_read_whatever_its_case() {
        for (header, expected) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc ", Some("abc")),
            ("Basic abc", None),
            ("Bearer", None),
            ("abc", None),
        ] {
            assert_eq!(bearer(header), expected, "{header}");
        }
    }
}
