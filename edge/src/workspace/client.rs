//! How the rest of the deployment asks the workspace.

use serde::de::DeserializeOwned;
use worker::Env;

use super::protocol::Call;
use crate::error::Failure;
use crate::object::{self, Address};

/// Asks the workspace; the call's documentation names the answer's type.
pub async fn call<A: DeserializeOwned>(env: &Env, call: &Call) -> Result<A, Failure> {
    object::call(env, &Address::workspace(), call).await
}

/// Whether a cookie's token is that of a session.
pub async fn session(env: &Env, token: &str) -> Result<bool, Failure> {
    let token = token.to_owned();
    call(env, &Call::Session { token }).await
}
