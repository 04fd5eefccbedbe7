//! What a client gets for what it presents. Storage is the shell's; it says what it holds, and does what is decided.

#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{ClientLogin, TokenError};
use crate::desk::scope::Scopes;
use crate::model::{Application, GrantType, Timestamp};

/// A client as it is stored: an application without its secret, and the secret's hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub application: Application,
    pub secret_hash: Option<String>,
}

/// What a token is to stand for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub scopes: Scopes,
    /// The agent in whose name it acts; an application acts in its own where there is none.
    pub agent: Option<u64>,
}

/// A code as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCode {
    pub client_id: String,
    /// As the authorization request had it.
    pub redirect_uri: Option<String>,
    pub challenge: Option<String>,
    pub given: Given,
    pub expires_at: Timestamp,
    pub used: bool,
}

/// A refresh token as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRefresh {
    pub client_id: String,
    pub given: Given,
    pub expires_at: Timestamp,
    pub used: bool,
}

/// What becomes of a code or refresh token that a client presents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// It is used up, and tokens are given.
    Good(Given),
    /// It was used before, so somebody else may hold what it gave: all of that is made worthless.
    Stolen(TokenError),
    Refused(TokenError),
}

/// The hash under which secrets and tokens are kept. They are 256 random bits, so nothing slower is needed.
pub fn secret_hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret))
}

/// Whether the client is who it says. `client` is the stored one of that id, if there is one.
///
/// A secret is compared in constant time, also where no client or no secret is there.
pub fn authenticate(client: Option<&Client>, login: &ClientLogin) -> Result<(), TokenError> {
    let stored = client.and_then(|client| client.secret_hash.as_deref());
    let given = secret_hash(login.client_secret.as_deref().unwrap_or_default());
    let same = bool::from(given.as_bytes().ct_eq(stored.unwrap_or(&given).as_bytes()));
    match client {
        Some(client) if !client.application.active => Err(TokenError::InvalidClient),
        Some(client) if client.application.public => {
            // Some programs send an empty secret where they have none.
            let has_none = login.client_secret.as_deref().is_none_or(str::is_empty);
            has_none.then_some(()).ok_or(TokenError::InvalidClient)
        }
        Some(_) if stored.is_some() && login.client_secret.is_some() && same => Ok(()),
        _ => Err(TokenError::InvalidClient),
    }
}

/// What client credentials give: what is asked for, as far as the application may have it.
pub fn own_grant(application: &Application, asked: Scopes) -> Result<Given, TokenError> {
    if !application.allows(GrantType::ClientCredentials) {
        return Err(TokenError::UnauthorizedClient);
    }
    let scopes = application.scopes.and(asked);
    if scopes.is_empty() {
        return Err(TokenError::InvalidScope);
    }
    Ok(Given {
        scopes,
        agent: None,
    })
}

/// What a code gives (RFC 6749, 4.1.3; RFC 7636, 4.6).
pub fn redeem(
    application: &Application,
    code: Option<&StoredCode>,
    redirect_uri: Option<&str>,
    verifier: Option<&str>,
    now: Timestamp,
) -> Presented {
    let refused = |problem| Presented::Refused(TokenError::invalid_grant(problem));
    if !application.allows(GrantType::AuthorizationCode) {
        return Presented::Refused(TokenError::UnauthorizedClient);
    }
    let Some(code) = code.filter(|code| code.client_id == application.client_id) else {
        return refused("This code is not good: ask for a new one");
    };
    if code.used {
        let problem =
            "This code was used before. Everything that it gave is revoked: ask for a new one";
        return Presented::Stolen(TokenError::invalid_grant(problem));
    }
    if code.expires_at <= now {
        return refused("This code has expired: ask for a new one");
    }
    if code.redirect_uri.as_deref() != redirect_uri {
        return refused("The redirect_uri is another one than the code was asked for with");
    }
    let proven = match (&code.challenge, verifier) {
        (Some(challenge), Some(verifier)) => {
            let computed = secret_hash(verifier);
            bool::from(computed.as_bytes().ct_eq(challenge.as_bytes()))
        }
        (None, None) => !application.public,
        // A verifier without a challenge: somebody took the challenge away (RFC 9700, 4.8.2).
        _ => false,
    };
    if !proven {
        return refused("The code_verifier does not fit the code_challenge");
    }
    limited(application, &code.given)
}

/// What a refresh token gives: all that was given then, or what of it is asked for. The next refresh token keeps all.
pub fn renew(
    application: &Application,
    token: Option<&StoredRefresh>,
    asked: Option<Scopes>,
    now: Timestamp,
) -> Presented {
    let refused = |problem| Presented::Refused(TokenError::invalid_grant(problem));
    if !application.allows(GrantType::AuthorizationCode) {
        return Presented::Refused(TokenError::UnauthorizedClient);
    }
    let Some(token) = token.filter(|token| token.client_id == application.client_id) else {
        return refused("This refresh token is not good: ask the person again");
    };
    if token.used {
        let problem = "This refresh token was used before. It is revoked with all that came of it: ask the person again";
        return Presented::Stolen(TokenError::invalid_grant(problem));
    }
    if token.expires_at <= now {
        return refused("This refresh token has expired: ask the person again");
    }
    let mut given = token.given.clone();
    given.scopes = given.scopes.and(asked.unwrap_or(Scopes::ALL));
    limited(application, &given)
}

/// What was given once, as far as the application may still have it.
fn limited(application: &Application, given: &Given) -> Presented {
    let scopes = application.scopes.and(given.scopes);
    if scopes.is_empty() {
        return Presented::Refused(TokenError::InvalidScope);
    }
    Presented::Good(Given {
        scopes,
        ..given.clone()
    })
}

/// Refuses to revoke what was given to somebody else (RFC 7009, 2.1).
pub fn may_revoke(client_id: &str, given_to: &str) -> Result<(), TokenError> {
    if client_id == given_to {
        Ok(())
    } else {
        Err(TokenError::invalid_grant(
            "This token was given to another application",
        ))
    }
}
