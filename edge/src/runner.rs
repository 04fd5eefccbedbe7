//! Executes the runs of one runbook.

pub mod client;
pub mod protocol;

use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

/// Executes the runs of one runbook.
#[durable_object]
#[derive(Debug)]
pub struct Runner;

impl DurableObject for Runner {
    fn new(_state: State, _env: Env) -> Self {
        Self
    }

    async fn fetch(&self, _request: Request) -> Result<Response> {
        Response::error("Not found", 404)
    }
}
