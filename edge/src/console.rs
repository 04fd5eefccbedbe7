//! The console's routes, `/console/…`: each reads what was sent, asks the workspace, and answers.

use worker::{Env, Request, Response};

use crate::config::Config;
use crate::error::Failure;

/// Answers a request under `/console/`.
#[expect(clippy::unused_async, reason = "its work is yet to come")]
pub async fn answer(request: Request, env: &Env) -> Result<Response, Failure> {
    match request.path().as_str() {
        "/console/health" => {
            let version = &Config::read(env)?.version;
            let health = serde_json::json!({ "status": "ok", "version": version });
            Ok(Response::from_json(&health)?)
        }
        _ => Err(Failure::not_found("The page")),
    }
}
