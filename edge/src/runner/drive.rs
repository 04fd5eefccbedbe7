//! Executes runs: carries out what a run asks for, journals what came of it, and goes on.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, LocalBoxFuture, select};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use shared::engine::{
    ApplyError, Child, ChildCall, DeskCall, Effect, EffectId, Entry, Event, HttpCall, Plan, Run,
    RunContext, StartedBy,
};
use shared::model::Timestamp;
use shared::problem::ErrorDetail;
use worker::Delay;
use worker::wasm_bindgen_futures::spawn_local;

use super::client;
use super::live::Ended;
use super::protocol::ChildStart;
use super::room::Room;
use super::tables::{Line, Notice};
use crate::carry_out::{self, Sender};
use crate::clock;
use crate::egress::{Exchange, Place};
use crate::error::{Failure, log};

/// Effects that are to be carried out.
pub(super) type Ready = VecDeque<(EffectId, Effect)>;

/// A run that sleeps longer than this leaves the memory, and an alarm brings it back. It is longer than any
/// caller waits for an answer.
const LONGEST_NAP_MS: u64 = 60_000;

/// Where a run stands that is not driven any more.
enum Driven {
    Ended,
    Sleeps,
}

/// What came of an effect.
struct Done {
    effect: EffectId,
    event: Event,
    /// Tokens that were sent along: whatever shows the run has to mask them.
    tokens: Vec<String>,
    /// Held by its body until that is in the journal.
    _place: Option<Place>,
}

impl Room {
    /// Has a run executed from now on, once `noted` is in its journal. To be called without a
    /// wait after the run was stored or found: so the alarm takes none for abandoned that is not.
    pub(super) fn execute(self: &Rc<Self>, run: Run, ready: Ready, noted: Vec<Entry>) {
        let id = run.context().run_id.clone();
        let cancelled = self.live.enter(id, run.reply().cloned());
        spawn_local(Rc::clone(self).drive(run, ready, noted, cancelled));
    }

    async fn drive(
        self: Rc<Self>,
        mut run: Run,
        ready: Ready,
        noted: Vec<Entry>,
        cancelled: oneshot::Receiver<()>,
    ) {
        let id = run.context().run_id.clone();
        let driven = self.drive_to_end(&mut run, ready, noted, cancelled).await;
        let ended = driven.and_then(|driven| match driven {
            Driven::Ended => self.ended(&run).map(Some),
            Driven::Sleeps => Ok(None),
        });
        if let Err(failure) = &ended {
            // The alarm tries again, with what is in the journal.
            log(&format!("the run {id} stopped: {}", failure.detail));
        }
        self.live.leave(&id, ended.ok().flatten().as_ref());
        self.call_up().await;
        self.tidy_up();
    }

    async fn drive_to_end(
        self: &Rc<Self>,
        run: &mut Run,
        mut ready: Ready,
        noted: Vec<Entry>,
        mut cancelled: oneshot::Receiver<()>,
    ) -> Result<Driven, Failure> {
        // Whether its end is in the journal by what was noted here.
        let mut end_is_noted = false;
        if !noted.is_empty() {
            let lines = noted.iter().map(Line::of).collect::<Result<_, _>>()?;
            self.record(run, lines, Vec::new()).await?;
            end_is_noted = run.status().has_ended();
        }
        let mut under_way = FuturesUnordered::new();
        let mut is_cancelled = false;
        let depth = run.depth().saturating_add(1);
        loop {
            ready.extend(std::iter::from_fn(|| run.next()));
            while let Some((id, effect)) = ready.pop_front() {
                let work = match effect {
                    Effect::Finished(_) => {
                        if !end_is_noted {
                            self.finish(run).await?;
                        }
                        return Ok(Driven::Ended);
                    }
                    Effect::Http(call) => self.send(run.plan(), id, *call, depth),
                    Effect::Desk(call) => self.ask_desk(run.plan(), id, call, depth),
                    Effect::Child(call) => self.call_child(run.plan(), run.context(), id, call),
                    Effect::Respond(_) => responded(id),
                    Effect::Sleep { until } => sleep(id, until),
                };
                if !run.has_begun() {
                    self.note(run, id, Event::Begun, Vec::new()).await?;
                }
                under_way.push(work);
            }
            let naps_until = clock::now().saturating_add(LONGEST_NAP_MS);
            is_cancelled |= matches!(cancelled.try_recv(), Ok(Some(())));
            // One that is just being started has to be known, to be cancelled as well.
            if is_cancelled && !run.is_starting_another() {
                self.cancel_now(run).await?;
                continue;
            }
            if !is_cancelled && run.wakes_at().is_some_and(|at| at > naps_until) {
                return Ok(Driven::Sleeps);
            }
            let done = if is_cancelled {
                under_way.next().await
            } else {
                match select(under_way.next(), &mut cancelled).await {
                    Either::Left((done, _)) => done,
                    Either::Right(_) => {
                        is_cancelled = true;
                        continue;
                    }
                }
            };
            let Some(Done {
                effect,
                event,
                tokens,
                _place,
            }) = done
            else {
                return Err(Failure::internal("run", &"it waits for nothing"));
            };
            // The turn of another element may have ended the run meanwhile, or begun it anew.
            if run.waits_for(effect) {
                self.note(run, effect, event, tokens).await?;
                end_is_noted = run.status().has_ended();
            }
        }
    }

    async fn cancel_now(self: &Rc<Self>, run: &mut Run) -> Result<(), Failure> {
        let children = run.runs_waited_for();
        let entry = run.cancel(clock::now()).map_err(refused)?;
        let lines = vec![Line::of(&entry)?];
        if children.is_empty() {
            return self.record(run, lines, Vec::new()).await;
        }
        // Told until it has worked, and in the same commit: so a crash in between leaves none running.
        let notice = Notice::Cancelled { runs: children };
        self.record_with(run, lines, Vec::new(), Some(notice)).await
    }

    /// Applies an event and journals it.
    async fn note(
        self: &Rc<Self>,
        run: &mut Run,
        effect: EffectId,
        event: Event,
        tokens: Vec<String>,
    ) -> Result<(), Failure> {
        let at = clock::now();
        let entry = Entry { effect, event, at };
        let line = Line::of(&entry)?;
        let had_reply = run.reply().is_some();
        run.apply(effect, entry.event, at).map_err(refused)?;
        self.record(run, vec![line], tokens).await?;
        // It is in the journal by now, so that nobody is ever told something else.
        if !had_reply && let Some(reply) = run.reply() {
            self.live.reply(&run.context().run_id, reply);
        }
        Ok(())
    }

    /// Journals what was applied, together with where the run stands now.
    async fn record(
        self: &Rc<Self>,
        run: &Run,
        lines: Vec<Line>,
        tokens: Vec<String>,
    ) -> Result<(), Failure> {
        self.record_with(run, lines, tokens, None).await
    }

    async fn record_with(
        self: &Rc<Self>,
        run: &Run,
        lines: Vec<Line>,
        tokens: Vec<String>,
        notice: Option<Notice>,
    ) -> Result<(), Failure> {
        let mut summary = run.summary();
        summary.error = self.masked(run.plan(), summary.error, &tokens)?;
        if run.plan().document().runbook.light_logs {
            summary = summary.without_content();
        }
        let (room, plan) = (Rc::clone(self), Arc::clone(run.plan()));
        let searched = self.searched(run, &tokens)?;
        self.commits
            .write(move |tables| {
                for token in &tokens {
                    tables.add_token(token)?;
                    room.hide_more();
                }
                if let Some(notice) = &notice {
                    tables.note(notice)?;
                }
                // A run that asked for nothing had ended when it was accepted, and nothing happens after an end.
                let had_ended = || {
                    let row = tables.run(&summary.run_id)?;
                    Ok::<_, Failure>(row.is_none_or(|row| row.has_ended()))
                };
                let ends = summary.status.has_ended() && (!lines.is_empty() || !had_ended()?);
                tables.post_with(&summary, &lines, searched.as_deref())?;
                if ends {
                    room.after_end(tables, &plan, &summary)?;
                }
                Ok(())
            })
            .await?;
        drop(self.deliver());
        Ok(())
    }

    /// A run that asked for nothing has not been journalled as ended yet, or has nothing to be found by.
    async fn finish(self: &Rc<Self>, run: &Run) -> Result<(), Failure> {
        let row = self.tables.run(&run.context().run_id)?;
        if row.is_some_and(|row| !row.has_ended() || !run.has_begun()) {
            self.record(run, Vec::new(), Vec::new()).await?;
        }
        Ok(())
    }

    /// How a run ended, as callers are told it.
    pub(super) fn ended(&self, run: &Run) -> Result<Ended, Failure> {
        let error = run.summary().error;
        Ok(Ended {
            status: run.status(),
            outputs: run.outputs(),
            error: self.masked(run.plan(), error, &[])?,
        })
    }

    fn send(
        self: &Rc<Self>,
        plan: &Arc<Plan>,
        effect: EffectId,
        call: HttpCall,
        depth: u8,
    ) -> LocalBoxFuture<'static, Done> {
        let (room, plan) = (Rc::clone(self), Arc::clone(plan));
        async move {
            // Read at the last moment: a changed credential counts at once.
            let authorization = room
                .credentials()
                .ok()
                .and_then(|credentials| credentials.authorization(&plan, &call.auth_from));
            let Some(authorization) = authorization else {
                let error = ErrorDetail::new(
                    "no_authorization",
                    "the integration's authorization is not known: publish the runbook again",
                );
                let nothing = Exchange {
                    sendings: Vec::new(),
                    outcome: Err(error),
                    place: None,
                };
                return done(effect, nothing, Vec::new());
            };
            let sender = Sender {
                authorization: &authorization,
                integration: &call.integration,
                name: &plan.document().runbook.name,
                key: Some(&call.key),
                timeout_ms: call.timeout_ms,
                depth,
            };
            let sent = carry_out::send(&room.env, &room.config, &call.request, &sender).await;
            done(effect, sent.exchange, sent.tokens)
        }
        .boxed_local()
    }

    fn call_child(
        self: &Rc<Self>,
        plan: &Arc<Plan>,
        context: &RunContext,
        effect: EffectId,
        call: ChildCall,
    ) -> LocalBoxFuture<'static, Done> {
        let room = Rc::clone(self);
        let (run_id, name) = (context.run_id.clone(), plan.document().runbook.name.clone());
        async move {
            let answer = match call {
                ChildCall::Start {
                    runbook,
                    variables,
                    key,
                    depth,
                    wait_ms,
                } => {
                    let started_by = StartedBy::Runbook {
                        run_id,
                        name,
                        depth,
                    };
                    let start = ChildStart {
                        key,
                        started_by,
                        variables,
                        wait_ms,
                    };
                    client::start_child(&room.env, &runbook, start).await
                }
                ChildCall::Await { run_id, wait_ms } => {
                    client::wait_for(&room.env, &run_id, wait_ms).await
                }
            };
            let event = match answer {
                Ok(answer) => Event::Child(Box::new(Child {
                    run_id: answer.run_id,
                    status: answer.status,
                    outputs: answer.outputs.map(|outputs| outputs.to_string()),
                    error: answer.error,
                })),
                Err(failure) => Event::NoAnswer {
                    attempts: Vec::new(),
                    error: failure.detail,
                },
            };
            quietly(effect, event)
        }
        .boxed_local()
    }

    fn ask_desk(
        self: &Rc<Self>,
        plan: &Arc<Plan>,
        effect: EffectId,
        call: DeskCall,
        depth: u8,
    ) -> LocalBoxFuture<'static, Done> {
        let (room, plan) = (Rc::clone(self), Arc::clone(plan));
        async move {
            let name = &plan.document().runbook.name;
            let exchange = carry_out::ask_desk(&room.env, &room.config, call, name, depth).await;
            done(effect, exchange, Vec::new())
        }
        .boxed_local()
    }
}

fn sleep(effect: EffectId, until: Timestamp) -> LocalBoxFuture<'static, Done> {
    async move {
        // A run that only sleeps leaves the memory before long; one that does something else beside it stays.
        while let left @ 1.. = until.saturating_sub(clock::now()) {
            Delay::from(Duration::from_millis(left.min(LONGEST_NAP_MS))).await;
        }
        quietly(effect, Event::Woken)
    }
    .boxed_local()
}

/// The reply goes out once this is in the journal.
fn responded(effect: EffectId) -> LocalBoxFuture<'static, Done> {
    async move { quietly(effect, Event::Responded) }.boxed_local()
}

/// What came of an effect that sent nothing.
fn quietly(effect: EffectId, event: Event) -> Done {
    Done {
        effect,
        event,
        tokens: Vec::new(),
        _place: None,
    }
}

fn done(effect: EffectId, exchange: Exchange, tokens: Vec<String>) -> Done {
    let attempts = exchange.sendings;
    let event = match exchange.outcome {
        Ok(response) => Event::Answered { attempts, response },
        Err(error) => Event::NoAnswer { attempts, error },
    };
    Done {
        effect,
        event,
        tokens,
        _place: exchange.place,
    }
}

/// The run and what drives it disagree: a mistake of ours.
fn refused(error: ApplyError) -> Failure {
    Failure::internal("run", &error)
}
