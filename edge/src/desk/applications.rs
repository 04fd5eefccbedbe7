//! Programs that may ask for access tokens.

use shared::desk::Grant;
use shared::desk::token::TokenRequest;
use subtle::ConstantTimeEq as _;

use crate::config::Config;

/// Whoever holds the admin token may ask for narrower tokens with it.
const ADMIN: &str = "admin";

/// What the client of a token request may do; `None` where its id or secret is wrong.
pub(super) fn find(config: &Config, request: &TokenRequest) -> Option<Grant> {
    let given = request.client_secret.as_bytes();
    let fits = bool::from(given.ct_eq(config.admin_token.as_bytes()));
    (fits && request.client_id == ADMIN).then(|| Grant {
        application: ADMIN.to_owned(),
        scopes: request.scopes,
    })
}
