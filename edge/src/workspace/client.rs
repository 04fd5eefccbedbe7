//! How the rest of the deployment asks the workspace.

use std::cell::RefCell;
use std::collections::HashSet;

use serde::de::DeserializeOwned;
use shared::desk::DeskEvent;
use shared::model::RunbookId;
use worker::Env;

use super::protocol::{Call, RunNote};
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

/// Ids that are remembered in one isolate.
const KNOWN_LIMIT: usize = 10_000;

thread_local! {
    static STARTABLE: RefCell<HashSet<RunbookId>> = RefCell::default();
}

/// Whether a public start may be for this runbook. An id that was once good costs nothing and is not
/// asked for again: the Runner of one that no longer is refuses by itself. Any other is asked for, so
/// that guessing makes no objects.
pub async fn startable(env: &Env, id: &RunbookId) -> Result<bool, Failure> {
    if STARTABLE.with_borrow(|known| known.contains(id)) {
        return Ok(true);
    }
    let is_startable = call(env, &Call::Startable { id: id.clone() }).await?;
    if is_startable {
        STARTABLE.with_borrow_mut(|known| {
            if known.len() >= KNOWN_LIMIT {
                known.clear();
            }
            known.insert(id.clone());
        });
    }
    Ok(is_startable)
}

/// Takes note of how runs stand, in one commit. Saying it again does no harm, and neither does saying
/// something older: the higher `sequence` of a run counts.
pub async fn record_runs(env: &Env, notes: Vec<RunNote>) -> Result<(), Failure> {
    call(env, &Call::RecordRuns { notes }).await
}

/// Takes note of what happened at the desk; what it starts has been accepted when this is answered.
/// Saying it again does no harm.
pub async fn desk_event(env: &Env, event: &DeskEvent) -> Result<(), Failure> {
    let event = Box::new(event.clone());
    call(env, &Call::DeskEvent { event }).await
}
