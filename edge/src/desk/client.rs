//! How the rest of the deployment asks the desk.

use shared::desk::token::{TokenError, TokenRequest};
use shared::desk::{DeskRequest, DeskResponse};
use worker::Env;

use super::protocol::DeskCall;
use crate::error::Failure;
use crate::object::{self, Address};

/// Carries out a request under `/api`. What the desk refuses is an answer, too; a failure means
/// that the desk could not be asked.
pub async fn request(env: &Env, request: DeskRequest) -> Result<DeskResponse, Failure> {
    object::call(env, &Address::desk(), &DeskCall::Request { request }).await
}

/// Asks for an access token; gives the body of the answer.
pub async fn token(
    env: &Env,
    request: TokenRequest,
) -> Result<Result<String, TokenError>, Failure> {
    object::call(env, &Address::desk(), &DeskCall::Token { request }).await
}
