//! How the rest of the deployment speaks with the Runners.

use std::net::IpAddr;

use shared::api::{Replay, ReplayPoint, StartAnswer, StartsReport};
use shared::engine::spread::Spread;
use shared::engine::{RunStatus, RunView, StepVisit};
use shared::model::{RunId, RunbookId, StepId};
use worker::Env;

use super::protocol::{
    ChildStart, Installation, PublicAnswer, PublicPoll, PublicStart, RunnerCall, Start,
};
use crate::error::Failure;
use crate::object::{self, Address, Reply};
use crate::{random, workspace};

/// Where drafts are tested, and what belongs to no other is noted.
const FIRST_SHARD: u16 = 0;

/// Where a Runner takes what came from outside, which is not JSON throughout.
pub(super) const PUBLIC_START: &str = "/public-start";

/// Has runs that start from now on execute this, in as many objects as are told.
pub async fn install(
    env: &Env,
    mut installation: Installation,
    shards: u16,
) -> Result<(), Failure> {
    let runbook = installation.document.runbook.id.clone();
    for shard in 0..shards {
        installation.shard = shard;
        let installation = Box::new(installation.clone());
        ask::<()>(env, &runbook, shard, &RunnerCall::Install { installation }).await?;
    }
    Ok(())
}

/// Lets nothing start any more. Runs under way go on, and all can still be read.
pub async fn remove(env: &Env, runbook: &RunbookId, shards: u16) -> Result<(), Failure> {
    for shard in 0..shards {
        ask::<()>(env, runbook, shard, &RunnerCall::Remove {}).await?;
    }
    Ok(())
}

/// Starts a run. Refused are: what is not published (404), and what is switched off (409).
/// Whether a run that was waited for succeeded is in the answer.
pub async fn start(
    env: &Env,
    runbook: &RunbookId,
    spread: &Spread,
    start: Start,
) -> Result<StartAnswer, Failure> {
    let shard = match start.draft {
        Some(_) => FIRST_SHARD,
        None => spread.shard(start.key.as_deref(), random::number()?),
    };
    let start = Box::new(start);
    ask(env, runbook, shard, &RunnerCall::Start { start }).await
}

/// Starts a run for a step of another one; refused is what [`start`] refuses, and variables that do not fit (400).
pub async fn start_child(
    env: &Env,
    runbook: &RunbookId,
    start: ChildStart,
) -> Result<StartAnswer, Failure> {
    let spread = workspace::client::startable(env, runbook).await?;
    let shard = spread.map_or(FIRST_SHARD, |spread| spread.shard(Some(&start.key), 0));
    let start = Box::new(start);
    ask(env, runbook, shard, &RunnerCall::StartChild { start }).await
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
    spread: &Spread,
    start: &PublicStart,
) -> Result<PublicAnswer, Failure> {
    let shard = spread.public_shard(&start.sent.headers, &start.body, random::number()?);
    let body = start
        .to_bytes()
        .map_err(|error| Failure::internal("public start", &error))?;
    object::send(env, &Address::runner(runbook, shard), PUBLIC_START, &body).await
}

/// Lists for the owner of a runbook that a start was larger than any runbook takes.
pub async fn note_too_large(
    env: &Env,
    runbook: &RunbookId,
    from: Option<IpAddr>,
) -> Result<(), Failure> {
    ask(env, runbook, FIRST_SHARD, &RunnerCall::TooLarge { from }).await
}

/// Says how a run from outside went, to whoever may start such runs.
pub async fn public_poll(env: &Env, poll: &PublicPoll) -> Result<PublicAnswer, Failure> {
    let home = home(&poll.run_id);
    let poll = Box::new(poll.clone());
    object::call(env, &home, &RunnerCall::Poll { poll }).await
}

/// What is known of the starts from outside beside their runs.
pub async fn starts(env: &Env, runbook: &RunbookId, shards: u16) -> Result<StartsReport, Failure> {
    let mut all = StartsReport::default();
    for shard in 0..shards {
        all.join(ask(env, runbook, shard, &RunnerCall::Starts {}).await?);
    }
    Ok(all)
}

/// A run with all that happened in it, secrets masked; where it is to be `short`, long values are cut.
pub async fn view(env: &Env, run_id: &RunId, short: bool) -> Result<RunView, Failure> {
    let call = RunnerCall::View {
        run_id: run_id.clone(),
        short,
    };
    object::call(env, &home(run_id), &call).await
}

/// One passage of a run through a step, whole, by its place among the visits of [`view`].
pub async fn visit(env: &Env, run_id: &RunId, number: usize) -> Result<StepVisit, Failure> {
    let call = RunnerCall::Visit {
        run_id: run_id.clone(),
        number,
    };
    object::call(env, &home(run_id), &call).await
}

/// What a run executes, without secrets: also of one that is a test of a draft, or has light logs.
pub async fn plan(env: &Env, run_id: &RunId) -> Result<Reply, Failure> {
    let call = RunnerCall::Plan {
        run_id: run_id.clone(),
    };
    object::call(env, &home(run_id), &call).await
}

/// Has a run done again, with the published version of its runbook; a test of a draft with that draft. What is
/// wrong with the request is told (400), and that nothing is left of a run's values (409).
pub async fn replay(env: &Env, run_id: &RunId, replay: Replay) -> Result<StartAnswer, Failure> {
    let call = RunnerCall::Replay {
        run_id: run_id.clone(),
        replay: Box::new(replay),
    };
    object::call(env, &home(run_id), &call).await
}

/// Says how a run that does one again would begin; refused is what [`replay`] refuses.
pub async fn replay_point(
    env: &Env,
    run_id: &RunId,
    from_step: Option<StepId>,
) -> Result<ReplayPoint, Failure> {
    let call = RunnerCall::ReplayPoint {
        run_id: run_id.clone(),
        from_step,
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
    shard: u16,
    call: &RunnerCall,
) -> Result<A, Failure> {
    object::call(env, &Address::runner(runbook, shard), call).await
}

fn home(run_id: &RunId) -> Address {
    Address::runner(run_id.runbook(), run_id.shard())
}
