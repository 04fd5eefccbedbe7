//! How a token is asked for.

use shared::model::IntegrationId;
use shared::problem::ErrorDetail;
use worker::Env;

use super::protocol::{LoginCall, TokenRequest};
use crate::error::Failure;
use crate::object::{self, Address};

/// A token for an integration, or why there is none.
pub async fn token(
    env: &Env,
    integration: &IntegrationId,
    wanted: TokenRequest,
) -> Result<Result<String, ErrorDetail>, Failure> {
    object::call(env, &Address::login(integration), &LoginCall::Token(wanted)).await
}
