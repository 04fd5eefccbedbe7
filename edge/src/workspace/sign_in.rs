//! Signing in: a one-time token, known to whoever started Nimbus, becomes a session.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use shared::model::Timestamp;

use crate::door::cookie;
use crate::error::Failure;
use crate::store::Store;
use crate::{bind, clock, random};

/// How long a link is good.
const LINK_LIFETIME_MS: Timestamp = 10 * 60 * 1000;

/// Makes a token that is good once.
pub(super) fn make_link(store: &Store) -> Result<String, Failure> {
    let token = random::token()?;
    let now = clock::now();
    store.run(
        "DELETE FROM sign_in_links WHERE expires_at <= ?",
        bind![now],
    )?;
    store.run(
        "INSERT INTO sign_in_links (hash, expires_at) VALUES (?, ?)",
        bind![hash(&token), now + LINK_LIFETIME_MS],
    )?;
    Ok(token)
}

/// Spends a one-time token on a session.
pub(super) fn sign_in(store: &Store, token: &str) -> Result<String, Failure> {
    let now = clock::now();
    let spent: Option<Expiry> = store.first(
        "DELETE FROM sign_in_links WHERE hash = ? RETURNING expires_at",
        bind![hash(token)],
    )?;
    if !spent.is_some_and(|link| link.is_good(now)) {
        return Err(Failure::unauthorized(
            "This sign-in link has been used or is older than ten minutes. Start Nimbus again for a fresh one.",
        ));
    }
    let session = random::token()?;
    store.run("DELETE FROM sessions WHERE expires_at <= ?", bind![now])?;
    store.run(
        "INSERT INTO sessions (hash, expires_at) VALUES (?, ?)",
        bind![hash(&session), now + cookie::LIFETIME_S * 1000],
    )?;
    Ok(session)
}

pub(super) fn sign_out(store: &Store, token: &str) -> Result<(), Failure> {
    store.run("DELETE FROM sessions WHERE hash = ?", bind![hash(token)])?;
    Ok(())
}

pub(super) fn is_signed_in(store: &Store, token: &str) -> Result<bool, Failure> {
    let session: Option<Expiry> = store.first(
        "SELECT expires_at FROM sessions WHERE hash = ?",
        bind![hash(token)],
    )?;
    Ok(session.is_some_and(|session| session.is_good(clock::now())))
}

#[derive(serde::Deserialize)]
struct Expiry {
    expires_at: Timestamp,
}

impl Expiry {
    fn is_good(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// Tokens have 256 random bits, so a plain hash is enough.
pub(super) fn hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_expired_is_good_for_nothing() {
        let made_at = 1_750_000_000_000;
        let link = Expiry {
            expires_at: made_at + LINK_LIFETIME_MS,
        };
        for (minutes, expected) in [(0, true), (9, true), (10, false), (11, false)] {
            assert_eq!(
                link.is_good(made_at + minutes * 60_000),
                expected,
                "{minutes}"
            );
        }
    }

    #[test]
    fn a_token_is_not_what_is_stored_of_it() {
        assert_eq!(hash("token"), hash("token"));
        assert_ne!(hash("token"), hash("Token"));
        assert!(!hash("token").contains("token"));
    }
}
