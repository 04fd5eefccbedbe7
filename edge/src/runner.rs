//! Executes the runs of one runbook.

mod accept;
mod aftermath;
mod alarm;
mod answer;
pub mod client;
mod commit;
mod credentials;
mod drive;
mod heartbeat;
mod install;
mod live;
mod outbox;
mod poll;
pub mod protocol;
mod public;
mod read;
mod refused;
mod replay;
mod retention;
mod room;
mod starts;
mod tables;
mod turns;

use std::rc::Rc;

use worker::{DurableObject, Env, Request, Response, State, durable_object};

use crate::error::Failure;
use crate::object;
use protocol::{PublicStart, RunnerCall};
use room::Room;

/// Executes the runs of one runbook.
#[durable_object]
#[derive(Debug)]
pub struct Runner {
    room: Result<Rc<Room>, Failure>,
}

impl DurableObject for Runner {
    fn new(state: State, env: Env) -> Self {
        Self {
            room: Room::open(&state, env).map(Rc::new),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let room = self.room.clone();
        if request.path() == client::PUBLIC_START {
            return object::receive(request, async |body| {
                let start = PublicStart::from_bytes(&body)
                    .ok_or_else(|| Failure::internal("public start", &"it is not one"))?;
                room?.start_from_outside(start).await
            })
            .await;
        }
        object::answer(request, async |call: RunnerCall| {
            carry_out(&room?, call).await
        })
        .await
    }

    async fn alarm(&self) -> worker::Result<Response> {
        match &self.room {
            Ok(room) => Rc::clone(room).beat().await,
            // The runtime tries again, some time later each time.
            Err(failure) => return Err(worker::Error::RustError(failure.detail.to_string())),
        }
        Response::empty()
    }
}

async fn carry_out(room: &Rc<Room>, call: RunnerCall) -> Result<object::Reply, Failure> {
    match call {
        RunnerCall::Install { installation } => object::reply(&room.install(*installation).await?),
        RunnerCall::Remove {} => object::reply(&room.remove().await?),
        RunnerCall::Start { start } => object::reply(&room.start(*start).await?),
        RunnerCall::StartChild { start } => object::reply(&room.start_child(*start).await?),
        RunnerCall::Await { run_id, wait_ms } => {
            object::reply(&room.wait_for(run_id, wait_ms).await?)
        }
        RunnerCall::View { run_id, short } => {
            let view = room.view(&run_id)?;
            object::reply(&if short { view.shortened() } else { view })
        }
        RunnerCall::Visit { run_id, number } => object::reply(&room.visit(&run_id, number)?),
        RunnerCall::Plan { run_id } => object::reply(&room.plan_of(&run_id)?),
        RunnerCall::Replay { run_id, replay } => {
            object::reply(&room.replay_again(&run_id, *replay).await?)
        }
        RunnerCall::ReplayPoint { run_id, from_step } => {
            object::reply(&room.replay_point(&run_id, from_step.as_ref())?)
        }
        RunnerCall::Cancel { run_id } => object::reply(&room.cancel(&run_id).await?),
        RunnerCall::Poll { poll } => object::reply(&room.poll(&poll)?),
        RunnerCall::Starts {} => object::reply(&room.starts()?),
        RunnerCall::TooLarge { from } => {
            room.note_too_large(from);
            object::reply(&())
        }
    }
}
