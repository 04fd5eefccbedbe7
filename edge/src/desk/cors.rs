//! What pages of other origins may ask of the desk: everything for which they hold a token, as other programs may.
//!
//! Applications that run in a browser get their tokens at `/auth/token` with PKCE and use them under `/api`. A cookie is of
//! no use to them: no answer allows credentials, so that a browser hands out nothing that rests on them, and what
//! changes something by a cookie must come from a page of our own in any case ([`crate::door::origin`]).

use worker::Headers;

/// What every answer of the desk carries. It does not depend on who asks, so that a cache may not mix it up.
const ALWAYS: [(&str, &str); 2] = [
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "WWW-Authenticate, Retry-After",
    ),
];

/// What a preflight is answered with beside that. `*` would not stand for `Authorization`.
const PREFLIGHT: [(&str, &str); 3] = [
    ("Access-Control-Allow-Methods", "GET, POST, DELETE"),
    (
        "Access-Control-Allow-Headers",
        "Authorization, Content-Type, Idempotency-Key",
    ),
    ("Access-Control-Max-Age", "3600"),
];

/// Whether a browser asks what a page of another origin may do.
pub(super) fn is_preflight(method: &str, headers: &Headers) -> worker::Result<bool> {
    Ok(method == "OPTIONS"
        && headers.has("Origin")?
        && headers.has("Access-Control-Request-Method")?)
}

/// Adds what every answer carries, and what a preflight is told.
pub(super) fn add(headers: &mut Headers, is_preflight: bool) -> worker::Result<()> {
    let preflight = PREFLIGHT.iter().filter(|_| is_preflight);
    for (name, value) in ALWAYS.iter().chain(preflight) {
        headers.set(name, value)?;
    }
    Ok(())
}
