//! How the rest of the deployment asks the workspace.

use serde::de::DeserializeOwned;
use serde_json::json;
use shared::desk::DeskEvent;
use shared::engine::RunSummary;
use shared::model::RunbookId;
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

/// Whether a public start may be for this runbook.
pub async fn startable(env: &Env, id: &RunbookId) -> Result<bool, Failure> {
    object::call(
        env,
        &Address::workspace(),
        &json!({ "startable": { "id": id } }),
    )
    .await
}

/// Takes note of how a run stands; an older note than what is known changes nothing.
pub async fn record_run(env: &Env, summary: &RunSummary, sequence: u64) -> Result<(), Failure> {
    let call = json!({ "record_run": { "summary": summary, "sequence": sequence } });
    object::call(env, &Address::workspace(), &call).await
}

/// Takes note of what happened at the desk; the same event twice is one.
pub async fn desk_event(env: &Env, event: &DeskEvent) -> Result<(), Failure> {
    let call = json!({ "desk_event": { "event": event } });
    object::call(env, &Address::workspace(), &call).await
}
