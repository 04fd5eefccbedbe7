//! How the rest of the deployment speaks with the Runners.

use shared::api::{StartAnswer, StartsReport};
use shared::engine::{RunStatus, RunView};
use shared::model::{RunId, RunbookId};
use worker::Env;

use super::protocol::{
    ChildStart, Installation, PublicAnswer, PublicPoll, PublicStart, RunnerCall, Start,
};
use crate::error::Failure;
use crate::object::{self, Address};

/// Runbooks are not spread over several objects yet; run ids say already which one it is.
pub const SHARD: u16 = 0;

/// Where a Runner takes what came from outside, which is not JSON throughout.
pub(super) const PUBLIC_START: &str = "/public-start";

/// Has runs that start from now on execute this.
pub async fn install(env: &Env, installation: Installation) -> Result<(), Failure> {
    let runbook = installation.document.runbook.id.clone();
    let installation = Box::new(installation);
    ask(env, &runbook, &RunnerCall::Install { installation }).await
}

/// Says whether what is installed may start.
pub async fn switch(env: &Env, runbook: &RunbookId, enabled: bool) -> Result<(), Failure> {
    ask(env, runbook, &RunnerCall::Switch { enabled }).await
}

/// Lets nothing start any more. Runs under way go on, and all can still be read.
pub async fn remove(env: &Env, runbook: &RunbookId) -> Result<(), Failure> {
    ask(env, runbook, &RunnerCall::Remove {}).await
}

/// Starts a run. Refused are: what is not published (404), and what is switched off (409).
/// Whether a run that was waited for succeeded is in the answer.
pub async fn start(env: &Env, runbook: &RunbookId, start: Start) -> Result<StartAnswer, Failure> {
    let start = Box::new(start);
    ask(env, runbook, &RunnerCall::Start { start }).await
}

/// Starts a run for a step of another one; refused is what [`start`] refuses, and variables that do not fit (400).
pub async fn start_child(
    env: &Env,
    runbook: &RunbookId,
    start: ChildStart,
) -> Result<StartAnswer, Failure> {
    let start = Box::new(start);
    ask(env, runbook, &RunnerCall::StartChild { start }).await
}

/// Waits for the end of a run, at most so long; says where it stands then.
pub async fn wait_for(env: &Env, run_id: &RunId, wait_ms: u32) -> Result<StartAnswer, Failure> {
    let call = RunnerCall::Await {
        run_id: run_id.clone(),
        wait_ms,
    };
    object::call(env, &home(run_id), &call).await
}

/// Starts a run from outside; checks everything but method and size.
pub async fn public_start(
    env: &Env,
    runbook: &RunbookId,
    start: &PublicStart,
) -> Result<PublicAnswer, Failure> {
    let body = start
        .to_bytes()
        .map_err(|error| Failure::internal("public start", &error))?;
    object::send(env, &Address::runner(runbook, SHARD), PUBLIC_START, &body).await
}

/// Says how a run from outside went, to whoever may start such runs.
pub async fn public_poll(env: &Env, poll: &PublicPoll) -> Result<PublicAnswer, Failure> {
    let home = home(&poll.run_id);
    let poll = Box::new(poll.clone());
    object::call(env, &home, &RunnerCall::Poll { poll }).await
}

/// What is known of the starts from outside beside their runs.
pub async fn starts(env: &Env, runbook: &RunbookId) -> Result<StartsReport, Failure> {
    ask(env, runbook, &RunnerCall::Starts {}).await
}

/// A run with all that happened in it, secrets masked.
pub async fn view(env: &Env, run_id: &RunId) -> Result<RunView, Failure> {
    let call = RunnerCall::View {
        run_id: run_id.clone(),
    };
    object::call(env, &home(run_id), &call).await
}

/// Ends a run that is under way (409 where it has ended already); gives where it stands now.
pub async fn cancel(env: &Env, run_id: &RunId) -> Result<RunStatus, Failure> {
    let call = RunnerCall::Cancel {
        run_id: run_id.clone(),
    };
    object::call(env, &home(run_id), &call).await
}

async fn ask<A: serde::de::DeserializeOwned>(
    env: &Env,
    runbook: &RunbookId,
    call: &RunnerCall,
) -> Result<A, Failure> {
    object::call(env, &Address::runner(runbook, SHARD), call).await
}

fn home(run_id: &RunId) -> Address {
    Address::runner(run_id.runbook(), run_id.shard())
}
