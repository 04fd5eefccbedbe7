//! Accepting a start: it is in the journal before anybody is told.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{Either, select};
use shared::api::{IgnoredStart, StartAnswer};
use shared::engine::queue::{self, Admission, Turns};
use shared::engine::{Detail, Effect, Entry, Event, Plan, PlanDocument, Run, RunStatus};
use shared::model::RunId;
use shared::start::{Trigger, from_console};
use worker::Delay;

use super::drive::Ready;
use super::live::Ended;
use super::protocol::{ChildStart, Start};
use super::room::{Room, compile};
use super::tables::{KeyRow, Line, NewRun, Tables};
use super::turns;
use crate::error::Failure;
use crate::{clock, random};

/// How long an idempotency key counts.
const KEY_LIFE_MS: u64 = 24 * 60 * 60 * 1000;

/// When whoever found the queue full may try again, in seconds.
const QUEUE_RETRY_S: &str = "60";

/// A start that has been let in.
pub(super) struct Candidate {
    pub(super) plan: Arc<Plan>,
    /// Which of the runbook's objects this is.
    pub(super) shard: u16,
    pub(super) origin: Origin,
    pub(super) key: Option<Key>,
    /// What the caller signed: whoever sends the same again starts nothing.
    pub(super) replay: Option<String>,
    /// What it starts with, or what is wrong with that: a key that is known counts first.
    pub(super) trigger: Result<Intake, Failure>,
    /// Whether the caller waits for the end of the run. Then nobody is told in between that the
    /// run was accepted, and it may begin with the same commit.
    pub(super) is_waited_for: bool,
}

/// What becomes of a start that was read.
pub(super) enum Intake {
    Start(Box<Trigger>),
    /// It is not wanted, for this reason.
    Ignore {
        explanation: String,
    },
}

/// Where the plan comes from.
pub(super) enum Origin {
    Stored(i64),
    /// It is stored together with the run.
    Draft(Box<PlanDocument>),
}

/// An idempotency key.
pub(super) struct Key {
    pub(super) text: String,
    /// Tells bodies apart.
    pub(super) body: String,
}

impl Room {
    /// Starts a run from within.
    pub(super) async fn start(self: &Rc<Self>, start: Start) -> Result<StartAnswer, Failure> {
        let (plan, shard, origin) = if let Some(draft) = start.draft {
            let plan = compile(draft.document.clone()).map_err(|error| Failure::of(422, error))?;
            self.add_credentials(draft.credentials).await?;
            (plan, draft.shard, Origin::Draft(Box::new(draft.document)))
        } else {
            let installed = self.installed()?.ok_or_else(not_published)?;
            if !installed.is_enabled {
                return Err(switched_off());
            }
            let plan = Arc::clone(&installed.plan);
            (plan, installed.shard, Origin::Stored(installed.id))
        };
        let run_id = self
            .accept(Candidate {
                plan,
                shard,
                origin,
                key: start.key.map(|key| Key {
                    text: format!("internal/{key}"),
                    body: String::new(),
                }),
                replay: None,
                trigger: Ok(Intake::Start(Box::new(Trigger {
                    started_by: start.started_by,
                    inputs: start.inputs,
                    from: None,
                }))),
                is_waited_for: start.wait_ms.is_some(),
            })
            .await?;
        match start.wait_ms {
            Some(wait_ms) => self.wait_for(run_id, wait_ms).await,
            None => Ok(queued(run_id)),
        }
    }

    /// Starts a run for a step of another one.
    pub(super) async fn start_child(
        self: &Rc<Self>,
        start: ChildStart,
    ) -> Result<StartAnswer, Failure> {
        let installed = self.installed()?.ok_or_else(not_published)?;
        let runbook = &installed.plan.document().runbook;
        // It is read in the run that starts this one, where "this runbook" would be another.
        let named = |mut failure: Failure| {
            failure.detail.message = format!("“{}”: {}", runbook.name, failure.detail.message);
            failure
        };
        let inputs = from_console(&runbook.start.inputs, &start.variables)
            .map_err(|error| named(Failure::of(400, error)))?;
        self.start(Start {
            key: Some(start.key),
            started_by: start.started_by,
            inputs,
            draft: None,
            wait_ms: start.wait_ms,
        })
        .await
        .map_err(named)
    }

    /// Journals a start and has it executed; a key that is known leads to its first run.
    pub(super) async fn accept(self: &Rc<Self>, candidate: Candidate) -> Result<RunId, Failure> {
        let run_id = self.accept_or_ignore(candidate).await?;
        run_id.ok_or_else(|| Failure::internal("start", &"starts from within are not ignored"))
    }

    /// The same, of what may not be wanted: then there is no run.
    pub(super) async fn accept_or_ignore(
        self: &Rc<Self>,
        candidate: Candidate,
    ) -> Result<Option<RunId>, Failure> {
        let room = Rc::clone(self);
        let run_id = self
            .commits
            .write(move |tables| room.accept_now(tables, candidate))
            .await?;
        drop(self.deliver());
        Ok(run_id)
    }

    fn accept_now(
        self: &Rc<Self>,
        tables: &Tables,
        candidate: Candidate,
    ) -> Result<Option<RunId>, Failure> {
        let now = clock::now();
        let since = now.saturating_sub(KEY_LIFE_MS);
        if let Some(key) = &candidate.key
            && let Some(known) = tables.key(&key.text, since)?
        {
            return if known.body == key.body {
                Ok(Some(known.run))
            } else {
                Err(another_body())
            };
        }
        if let Some(replay) = &candidate.replay
            && let Some(known) = tables.key(replay, since)?
        {
            return Ok(Some(known.run));
        }
        let trigger = match candidate.trigger? {
            Intake::Start(trigger) => *trigger,
            Intake::Ignore { explanation } => {
                tables.add_ignored(&IgnoredStart {
                    at: now,
                    explanation,
                })?;
                return Ok(None);
            }
        };
        let runbook = candidate.plan.document().runbook.id.clone();
        let run_id = RunId::new(runbook, candidate.shard, now, random::number()?);
        let context = self.context(run_id.clone(), None);
        let plan = &candidate.plan;
        let running_key = queue::running_key(plan, &trigger, &context, now)
            .map_err(|error| Failure::of(400, error))?;
        let is_queued = must_wait(tables, plan, running_key.as_deref())?;
        let mut run = Run::new(candidate.plan, trigger.clone(), context, Detail::Lean, now);
        let plan = match candidate.origin {
            Origin::Stored(id) => id,
            Origin::Draft(document) => tables.add_plan(&document)?,
        };
        let ready: Ready = std::iter::from_fn(|| run.next()).collect();
        let begun = (candidate.is_waited_for && !is_queued)
            .then(|| begun(&mut run, &ready, now))
            .flatten()
            .map(|entry| Line::of(&entry))
            .transpose()?;
        let mut summary = run.summary();
        if run.plan().document().runbook.light_logs {
            summary = summary.without_content();
        }
        if is_queued {
            self.may_have_queue.set(true);
            summary = turns::not_begun(summary);
        }
        tables.add_run(&NewRun {
            summary: &summary,
            plan,
            trigger: &trigger,
            begun,
            is_queued,
            running_key: running_key.as_deref(),
            start_key: candidate.key.as_ref().map(|key| key.text.as_str()),
        })?;
        if summary.status.has_ended() {
            self.after_end(tables, run.plan(), &summary)?;
        }
        if let Some(Key { text, body }) = candidate.key {
            let run = run_id.clone();
            tables.put_key(&text, &KeyRow { run, body }, now, since)?;
        }
        if let Some(replay) = candidate.replay {
            let row = KeyRow {
                run: run_id.clone(),
                body: String::new(),
            };
            tables.put_key(&replay, &row, now, since)?;
        }
        self.alarm.rouse(now);
        self.retention.one_more();
        if !is_queued {
            self.execute(run, ready, Vec::new());
        }
        Ok(Some(run_id))
    }

    /// Waits for the end of a run, at most so long.
    pub(super) async fn wait_for(
        &self,
        run_id: RunId,
        wait_ms: u32,
    ) -> Result<StartAnswer, Failure> {
        let ended = match self.live.wait_for(&run_id) {
            Some(ended) => ended,
            None if self.is_in_queue(&run_id)? => self.live.wait_for_queued(run_id.clone()),
            None => return self.stands(run_id),
        };
        let limit = Delay::from(Duration::from_millis(wait_ms.into()));
        match select(ended, limit).await {
            Either::Left((Ok(ended), _)) => Ok(answer(run_id, ended)),
            _ => self.stands(run_id),
        }
    }

    /// Where a run stands that is not waited for any more, or never was.
    pub(super) fn stands(&self, run_id: RunId) -> Result<StartAnswer, Failure> {
        let Some(row) = self.tables.run(&run_id)? else {
            // Its key has outlived it.
            let status = self.tables.outcome(&run_id)?;
            return Ok(StartAnswer {
                status: status.ok_or_else(|| Failure::not_found("The run"))?,
                run_id,
                outputs: None,
                error: None,
            });
        };
        if row.is_light()
            && let Some(ended) = self.tables.light(&run_id)?.ended
        {
            return Ok(answer(run_id, ended));
        }
        if row.has_ended()
            && !row.is_light()
            && !row.is_queued()
            && let Ok(run) = self.replay(&row, Detail::Lean)?
            && run.status().has_ended()
        {
            return Ok(answer(run_id, self.ended(&run)?));
        }
        let summary = self.tables.summary(&run_id)?;
        Ok(StartAnswer {
            run_id,
            status: summary.status,
            outputs: None,
            error: summary.error,
        })
    }
}

/// Whether a start has to wait for its turn, or why it is refused.
fn must_wait(tables: &Tables, plan: &Plan, key: Option<&str>) -> Result<bool, Failure> {
    let turns = Turns::of(&plan.document().runbook);
    // A test of a draft is watched by somebody.
    if turns.are_free() || plan.document().version.is_none() {
        return Ok(false);
    }
    match turns.admit(tables.traffic(key)?) {
        Admission::Begins => Ok(false),
        Admission::Waits => Ok(true),
        Admission::Refused => Err(Failure::conflict(
            "already_running",
            "This runbook is running already, and is set to refuse a start meanwhile. Start it when that run has ended.",
        )),
        Admission::Full => Err(Failure::new(
            429,
            "queue_full",
            "Too many starts of this runbook wait for their turn already. Start it again later.",
        )
        .with_header("Retry-After", QUEUE_RETRY_S)),
    }
}

/// Notes that the first effect of a run is about to be carried out.
fn begun(run: &mut Run, ready: &Ready, at: u64) -> Option<Entry> {
    let (effect, first) = ready.front()?;
    if matches!(first, Effect::Finished(_)) {
        return None;
    }
    run.apply(*effect, Event::Begun, at).ok()?;
    Some(Entry {
        effect: *effect,
        event: Event::Begun,
        at,
    })
}

/// The answer to a start that nobody waits for.
pub(super) fn queued(run_id: RunId) -> StartAnswer {
    StartAnswer {
        run_id,
        status: RunStatus::Queued,
        outputs: None,
        error: None,
    }
}

pub(super) fn answer(run_id: RunId, ended: Ended) -> StartAnswer {
    StartAnswer {
        run_id,
        status: ended.status,
        outputs: ended.outputs,
        error: ended.error,
    }
}

fn not_published() -> Failure {
    Failure::new(
        404,
        "not_published",
        "This runbook is not published. Publish it, then start it.",
    )
}

pub(super) fn switched_off() -> Failure {
    Failure::conflict(
        "switched_off",
        "This runbook is switched off. Switch it on in its settings, then start it.",
    )
}

pub(super) fn not_kept() -> Failure {
    Failure::conflict(
        "light_logs",
        "This runbook keeps light logs: of a run that has ended, no values are left to start it again with. Start the runbook anew.",
    )
}

fn another_body() -> Failure {
    Failure::new(
        422,
        "idempotency_key_reused",
        "This idempotency key came with another body before. Send each new request with a key of its own.",
    )
}
