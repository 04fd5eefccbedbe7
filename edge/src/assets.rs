//! The app's files.

use worker::{Env, Request, Response};

use crate::error::Failure;

/// Answers with one of the app's files.
#[expect(clippy::unused_async, reason = "its work is yet to come")]
pub async fn answer(_request: Request, _env: &Env) -> Result<Response, Failure> {
    Err(Failure::not_found("The page"))
}
