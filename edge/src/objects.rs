//! The Durable Objects; their class names are in the worker's configuration.

use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

macro_rules! object {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        #[durable_object]
        #[derive(Debug)]
        pub struct $name;

        impl DurableObject for $name {
            fn new(_state: State, _env: Env) -> Self {
                Self
            }

            async fn fetch(&self, _request: Request) -> Result<Response> {
                Response::error("Not found", 404)
            }
        }
    };
}

object!(Workspace, "What the deployment is configured to do.");
object!(Runner, "Executes the runs of one runbook.");
object!(Login, "Keeps the OAuth tokens of one integration.");
object!(Desk, "The embedded service desk.");
