//! Summaries of runs go to the workspace, which shows all runs of all runbooks. They wait in a
//! table until they are acknowledged.
//!
//! Each delivery costs both objects a commit. So one waits a little first, and takes along all that
//! has come in by then: of a run that is short, only how it ended.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Shared};
use shared::engine::{Run, RunStatus};
use shared::model::Timestamp;
use worker::Delay;
use worker::wasm_bindgen_futures::spawn_local;

use super::room::Room;
use crate::error::Failure;
use crate::{clock, workspace};

/// How long a delivery waits for others to join it, where one follows the other: people who look at a run do not notice.
const PAUSE_MS: u64 = 100;

/// So many may follow one another before the next ones wait.
const AT_ONCE: u32 = 20;

/// The delivery that is under way.
#[derive(Default)]
pub(super) struct Outbox {
    delivery: RefCell<Option<Shared<LocalBoxFuture<'static, ()>>>>,
    /// When the last one was over.
    last: Cell<Timestamp>,
    /// How many have followed one another.
    in_a_row: Cell<u32>,
}

impl Outbox {
    /// How long the next delivery waits: not at all where little happens.
    fn pause(&self) -> Duration {
        // From its end: where much happens, a delivery itself takes long.
        let follows = clock::now().saturating_sub(self.last.get()) < 2 * PAUSE_MS;
        let in_a_row = if follows { self.in_a_row.get() + 1 } else { 0 };
        self.in_a_row.set(in_a_row.min(AT_ONCE));
        let pause = if in_a_row < AT_ONCE { 0 } else { PAUSE_MS };
        Duration::from_millis(pause)
    }
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox").finish_non_exhaustive()
    }
}

impl Room {
    /// Delivers what waits; may be left alone, or awaited. One delivery is under way at a time,
    /// and takes along what comes in meanwhile.
    pub(super) fn deliver(self: &Rc<Self>) -> Shared<LocalBoxFuture<'static, ()>> {
        if let Some(delivery) = self.outbox.delivery.borrow().as_ref() {
            return delivery.clone();
        }
        let room = Rc::clone(self);
        let delivery = async move {
            loop {
                Delay::from(room.outbox.pause()).await;
                let is_more = room.deliver_some().await.unwrap_or(false);
                room.outbox.last.set(clock::now());
                if !is_more {
                    break;
                }
            }
            while room.tell_notices().await.unwrap_or(false) {}
            room.outbox.delivery.take();
        };
        let delivery = delivery.boxed_local().shared();
        *self.outbox.delivery.borrow_mut() = Some(delivery.clone());
        spawn_local(delivery.clone());
        delivery
    }

    /// What a run is found by. Made when it has ended or begins to wait, and not with every step:
    /// it takes all credentials to know what may not be read. `tokens` are those that are not stored yet.
    pub(super) fn searched(&self, run: &Run, tokens: &[String]) -> Result<Option<String>, Failure> {
        let status = run.status();
        let is_light = run.plan().document().runbook.light_logs;
        if is_light || !status.has_ended() && status != RunStatus::Waiting {
            return Ok(None);
        }
        let hidden = self.hidden(run.plan())?;
        let secrets = [&*hidden.secrets, tokens].concat();
        Ok(Some(run.searched(&secrets)))
    }

    /// Whether there may be more. What cannot be delivered waits for the alarm.
    async fn deliver_some(&self) -> Result<bool, Failure> {
        let waiting = self.tables.waiting()?;
        if waiting.is_empty() {
            return Ok(false);
        }
        let taken: Vec<_> = waiting
            .iter()
            .map(|note| (note.summary.run_id.clone(), note.sequence))
            .collect();
        workspace::client::record_runs(&self.env, waiting).await?;
        self.commits
            .write(move |tables| tables.acknowledge(&taken))
            .await?;
        Ok(true)
    }
}
