//! The demo completions service, so that the worked example runs without a key.

use worker::{Env, Request, Response};

use crate::error::Failure;

/// Answers a request under `/demo/`.
#[expect(clippy::unused_async, reason = "its work is yet to come")]
pub async fn answer(_request: Request, _env: &Env) -> Result<Response, Failure> {
    Err(Failure::not_found("The page"))
}
