//! The embedded service desk.

pub mod http;

use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

/// The embedded service desk.
#[durable_object]
#[derive(Debug)]
pub struct Desk;

impl DurableObject for Desk {
    fn new(_state: State, _env: Env) -> Self {
        Self
    }

    async fn fetch(&self, _request: Request) -> Result<Response> {
        Response::error("Not found", 404)
    }
}
