//! How the rest of the deployment asks the workspace.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde::de::DeserializeOwned;
use shared::api::EventsQuery;
use shared::desk::DeskEvent;
use shared::engine::RunSummary;
use shared::engine::spread::Spread;
use shared::model::{RunId, RunbookId, Timestamp};
use worker::Env;

use super::protocol::{Call, RunNote, RunsCall};
use crate::clock;
use crate::error::Failure;
use crate::object::{self, Address, Reply};

/// Asks the workspace; the call's documentation names the answer's type.
pub async fn call<A: DeserializeOwned>(env: &Env, call: &Call) -> Result<A, Failure> {
    object::call(env, &Address::workspace(), call).await
}

/// Has it deal with what is due, as its alarm does.
pub async fn look(env: &Env) -> Result<(), Failure> {
    call(env, &Call::Look {}).await
}

/// Asks about runs.
pub async fn about_runs<A: DeserializeOwned>(env: &Env, about: RunsCall) -> Result<A, Failure> {
    call(env, &Call::OfRuns { call: about }).await
}

/// Whether a cookie's token is that of a session.
pub async fn session(env: &Env, token: &str) -> Result<bool, Failure> {
    let token = token.to_owned();
    call(env, &Call::Session { token }).await
}

/// Ids that are remembered in one isolate.
const KNOWN_LIMIT: usize = 10_000;

/// How long is remembered how the runs of a runbook are spread, in milliseconds.
const REMEMBERED_MS: Timestamp = 60_000;

thread_local! {
    static STARTABLE: RefCell<HashMap<RunbookId, (Timestamp, Rc<Spread>)>> = RefCell::default();
}

/// How the runs of a runbook are spread that may be started; nothing for what nobody may start. What was once good
/// is not asked for again for a while: the Runner of one that no longer is refuses by itself. Any other is asked
/// for, so that guessing makes no objects.
pub async fn startable(env: &Env, id: &RunbookId) -> Result<Option<Rc<Spread>>, Failure> {
    let now = clock::now();
    let known = STARTABLE.with_borrow(|known| known.get(id).cloned());
    if let Some((at, spread)) = known
        && now.saturating_sub(at) < REMEMBERED_MS
    {
        return Ok(Some(spread));
    }
    let spread: Option<Spread> = call(env, &Call::Startable { id: id.clone() }).await?;
    let spread = spread.map(Rc::new);
    STARTABLE.with_borrow_mut(|known| {
        if known.len() >= KNOWN_LIMIT {
            known.clear();
        }
        match &spread {
            Some(spread) => known.insert(id.clone(), (now, Rc::clone(spread))),
            None => known.remove(id),
        };
    });
    Ok(spread)
}

/// Takes note of how runs stand, in one commit. Saying it again does no harm, and neither does saying
/// something older: the higher `sequence` of a run counts.
pub async fn record_runs(env: &Env, notes: Vec<RunNote>) -> Result<(), Failure> {
    about_runs(env, RunsCall::Record { notes }).await
}

/// Takes note that a runbook switched itself off when this run failed. Saying it again does no harm.
pub async fn switched_off(env: &Env, run: RunSummary, failures: u32) -> Result<(), Failure> {
    let run = Box::new(run);
    about_runs(env, RunsCall::SwitchedOff { run, failures }).await
}

/// Drops runs from the index.
pub async fn forget_runs(env: &Env, runs: Vec<RunId>) -> Result<(), Failure> {
    about_runs(env, RunsCall::Forget { runs }).await
}

/// Takes note of what happened at the desk; what it starts has been accepted when this is answered. Gives the ids of
/// the events that could not be dealt with yet. Saying it again does no harm.
pub async fn desk_events(env: &Env, events: Vec<DeskEvent>) -> Result<Vec<String>, Failure> {
    call(env, &Call::DeskEvents { events }).await
}

/// Asks about the events log.
pub async fn events(env: &Env, query: EventsQuery) -> Result<Reply, Failure> {
    call(env, &Call::Events { query }).await
}
