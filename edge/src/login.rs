//! Keeps the OAuth 2.0 tokens of one integration: all runs share them, and one is fetched at a time.

pub mod client;
pub mod protocol;
mod tokens;

use std::rc::Rc;

use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::error::Failure;
use crate::object;
use protocol::LoginCall;
use tokens::Tokens;

/// Keeps the OAuth 2.0 tokens of one integration.
#[durable_object]
#[derive(Debug)]
pub struct Login {
    tokens: Result<Rc<Tokens>, Failure>,
}

impl DurableObject for Login {
    fn new(state: State, env: Env) -> Self {
        Self {
            tokens: Tokens::open(&state, env).map(Rc::new),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let tokens = self.tokens.clone();
        object::answer(request, async |call: LoginCall| match call {
            LoginCall::Token(wanted) => Ok(tokens?.token(wanted).await),
        })
        .await
    }
}
