//! Summaries of runs go to the workspace, which shows all runs of all runbooks. They wait in a
//! table until they are acknowledged.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Shared};
use shared::engine::{Run, RunStatus};
use worker::wasm_bindgen_futures::spawn_local;

use super::room::Room;
use super::tables::Waiting;
use crate::error::Failure;
use crate::workspace;

/// The delivery that is under way.
#[derive(Default)]
pub(super) struct Outbox {
    delivery: RefCell<Option<Shared<LocalBoxFuture<'static, ()>>>>,
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
            while room.deliver_some().await.unwrap_or(false) {}
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
        let mut secrets = self.secrets(run.plan())?;
        secrets.extend_from_slice(tokens);
        Ok(Some(run.searched(&secrets)))
    }

    /// Whether there may be more. What cannot be delivered waits for the alarm.
    async fn deliver_some(&self) -> Result<bool, Failure> {
        let waiting = self.tables.waiting()?;
        if waiting.is_empty() {
            return Ok(false);
        }
        let mut taken = Vec::with_capacity(waiting.len());
        let mut failed = None;
        for Waiting {
            summary,
            sequence,
            searched,
        } in waiting
        {
            let told = workspace::client::record_run(&self.env, &summary, sequence, searched).await;
            if let Err(failure) = told {
                failed = Some(failure);
                break;
            }
            taken.push((summary.run_id, sequence));
        }
        self.commits
            .write(move |tables| {
                taken
                    .iter()
                    .try_for_each(|(id, sequence)| tables.acknowledge(id, *sequence))
            })
            .await?;
        failed.map_or(Ok(true), Err)
    }
}
