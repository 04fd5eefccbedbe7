//! `POST /api/automation/{id}`: the public start.

use worker::{Env, Request, Response};

use crate::error::Failure;

/// Answers a request for `/api/automation/{id}`; `id` is as it stands in the path.
#[expect(clippy::unused_async, reason = "its work is yet to come")]
pub async fn start(_request: Request, _env: &Env, _id: &str) -> Result<Response, Failure> {
    Err(Failure::not_found("The runbook"))
}
