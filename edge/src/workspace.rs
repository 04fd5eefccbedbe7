//! What the deployment is configured to do.

use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

/// What the deployment is configured to do.
#[durable_object]
#[derive(Debug)]
pub struct Workspace;

impl DurableObject for Workspace {
    fn new(_state: State, _env: Env) -> Self {
        Self
    }

    async fn fetch(&self, _request: Request) -> Result<Response> {
        Response::error("Not found", 404)
    }
}
