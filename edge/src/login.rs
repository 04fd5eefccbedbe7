//! Keeps the OAuth tokens of one integration.

use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

/// Keeps the OAuth tokens of one integration.
#[durable_object]
#[derive(Debug)]
pub struct Login;

impl DurableObject for Login {
    fn new(_state: State, _env: Env) -> Self {
        Self
    }

    async fn fetch(&self, _request: Request) -> Result<Response> {
        Response::error("Not found", 404)
    }
}
