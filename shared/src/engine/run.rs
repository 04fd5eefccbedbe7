//! A run: fed with events, it says what to do next.

mod advance;
mod settle;
mod turns;
pub(in crate::engine) mod variables;
mod wait;

use std::collections::VecDeque;
use std::sync::Arc;

use super::RunContext;
use super::branch::{BranchId, Branches, Known};
use super::effect::{Effect, EffectId, Outcome};
use super::event::{Entry, Event};
use super::limits::MAX_REPEATS;
use super::plan::Plan;
use super::reply::Reply;
use super::state::{ApplyError, Detail, State};
use super::steps::Answer;
use super::view::RunStatus;
use crate::json;
use crate::model::{RawJson, Timestamp};
use crate::start::Trigger;
use crate::template::Variables;

/// One execution of a plan. It does nothing by itself: [`Run::next`] says what is to be
/// done, [`Run::apply`] takes what came of it, and a journal of all that was applied is
/// the run, because [`Run::replay`] makes the same of it anywhere.
#[derive(Debug, Clone)]
pub struct Run {
    pub(super) plan: Arc<Plan>,
    pub(super) trigger: Trigger,
    pub(super) context: RunContext,
    pub(super) detail: Detail,
    pub(super) state: State,
    /// What has not been handed out by [`Run::next`].
    pending: VecDeque<(EffectId, Effect)>,
    /// The first effect that came up with the event that is applied now: from there on, nothing was carried out.
    first_of_now: EffectId,
    /// What [`Detail::Before`] asks for.
    pub(super) before: Option<Before>,
    /// Where the main branch was last outside of all loops, as far as that is asked for.
    outside: Option<Before>,
}

/// What was known when a step began.
#[derive(Debug, Clone)]
pub(super) struct Before {
    /// The step's place in the plan.
    pub(super) place: usize,
    pub(super) known: Known,
}

/// Two runs are equal when all that happened to them is.
impl PartialEq for Run {
    fn eq(&self, other: &Self) -> bool {
        self.plan == other.plan
            && self.trigger == other.trigger
            && self.context == other.context
            && self.state == other.state
    }
}

impl Run {
    /// Starts a run. Steps that need nothing from outside are passed at once.
    pub fn new(
        plan: Arc<Plan>,
        trigger: Trigger,
        context: RunContext,
        detail: Detail,
        now: Timestamp,
    ) -> Self {
        let begins_at = context.begins_at.unwrap_or(now);
        let known = Known::at_start(&plan, &trigger, &context, begins_at);
        let first = trigger.first_step(&plan);
        let secret_values = trigger.secret_values();
        let mut run = Self {
            plan,
            trigger,
            context,
            detail,
            state: State {
                started_at: now,
                ended_at: None,
                begun: false,
                branches: Branches::new(known),
                secret_values,
                visits: Vec::new(),
                outstanding: Vec::new(),
                next_effect: 0,
                restarts: 0,
                reply: None,
                outcome: None,
            },
            pending: VecDeque::new(),
            first_of_now: EffectId(0),
            before: None,
            outside: None,
        };
        run.advance(BranchId::MAIN, first, begins_at);
        run
    }

    /// Makes a run of its journal; the journal may end anywhere. What it waits for is handed
    /// out again: after a restart, ask [`Run::resume`] first.
    pub fn replay(
        plan: Arc<Plan>,
        trigger: Trigger,
        context: RunContext,
        detail: Detail,
        started_at: Timestamp,
        journal: impl IntoIterator<Item = Entry>,
    ) -> Result<Self, ApplyError> {
        let mut run = Self::new(plan, trigger, context, detail, started_at);
        for entry in journal {
            run.apply(entry.effect, entry.event, entry.at)?;
        }
        Ok(run)
    }

    /// What is to be done next, each effect once, until nothing is left to do but to wait.
    /// The last of a run is [`Effect::Finished`].
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator that goes on after its end, because events were applied, would mislead"
    )]
    pub fn next(&mut self) -> Option<(EffectId, Effect)> {
        self.pending.pop_front()
    }

    /// Takes what came of an effect. It is to be journalled before the effects that follow
    /// are carried out; an event that is refused is not journalled.
    pub fn apply(&mut self, id: EffectId, event: Event, now: Timestamp) -> Result<(), ApplyError> {
        if self.state.outcome.is_some() {
            return Err(ApplyError::Ended);
        }
        let place = self
            .state
            .outstanding
            .iter()
            .position(|outstanding| outstanding.id == id)
            .ok_or(ApplyError::UnknownEffect(id))?;
        self.first_of_now = EffectId(self.state.next_effect);
        let sleeps = self.waits_until(place).is_some();
        match &event {
            Event::Begun | Event::Cancelled => {}
            Event::Woken if sleeps => {}
            Event::Woken => return Err(ApplyError::WrongEvent(id)),
            _ if sleeps => return Err(ApplyError::WrongEvent(id)),
            _ => {}
        }
        match event {
            Event::Begun => self.begin(place, now),
            Event::Repeated => self.note_repeat(place),
            Event::Child(child) => {
                let settled = self.settle(place, Vec::new());
                if let Some(visit) = self.state.visits.get_mut(settled.visit) {
                    visit.started_run = Some(child.run_id.clone());
                }
                self.answer(settled, Answer::Child(&child), now);
            }
            Event::Responded => self.respond(place, now),
            Event::Woken => self.wake(place, now),
            Event::Answered { attempts, response } => {
                let settled = self.settle(place, attempts);
                let visit = settled.visit;
                self.answer(settled, Answer::Response(&response), now);
                self.keep_response(visit, response);
            }
            Event::NoAnswer { attempts, error } => {
                let settled = self.settle(place, attempts);
                self.answer(settled, Answer::Nothing(&error), now);
            }
            Event::Interrupted => {
                let error = settle::interrupted(self.state.outstanding.get(place));
                let attempts = self.cut_short(place, &error);
                let settled = self.settle(place, attempts);
                self.answer(settled, Answer::Nothing(&error), now);
            }
            Event::Cancelled => self.end(Outcome::Cancelled, now),
        }
        Ok(())
    }

    /// Ends the run, whatever it waits for; what comes back is to be journalled.
    pub fn cancel(&mut self, now: Timestamp) -> Result<Entry, ApplyError> {
        let effect = self.state.outstanding.first().ok_or(ApplyError::Ended)?.id;
        self.settled(effect, Event::Cancelled, now)
    }

    /// Decides after a restart, once, for each effect that was in flight: one that may be
    /// repeated stays to be handed out, another has failed. What comes back is to be
    /// journalled, in this order, before anything is sent.
    pub fn resume(&mut self, now: Timestamp) -> Vec<Entry> {
        if !self.state.begun {
            return Vec::new();
        }
        let in_flight = self.state.outstanding.clone();
        in_flight
            .into_iter()
            // Who slept goes on sleeping.
            .filter(|outstanding| outstanding.waits_for.until().is_none())
            .filter_map(|outstanding| {
                let event = if outstanding.repeatable && outstanding.repeats < MAX_REPEATS {
                    Event::Repeated
                } else {
                    Event::Interrupted
                };
                self.settled(outstanding.id, event, now).ok()
            })
            .collect()
    }

    fn settled(
        &mut self,
        effect: EffectId,
        event: Event,
        now: Timestamp,
    ) -> Result<Entry, ApplyError> {
        self.apply(effect, event.clone(), now)?;
        Ok(Entry {
            effect,
            event,
            at: now,
        })
    }

    fn waits_until(&self, place: usize) -> Option<Timestamp> {
        self.state.outstanding.get(place)?.waits_for.until()
    }

    /// When the first of what it sleeps for is over, where it waits for nothing else: until then it
    /// need not be in memory.
    pub fn wakes_at(&self) -> Option<Timestamp> {
        let untils = self
            .state
            .outstanding
            .iter()
            .map(|outstanding| outstanding.waits_for.until());
        untils.collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// Whether anything may have been sent: before that, a run may be executed freely.
    pub fn has_begun(&self) -> bool {
        self.state.begun
    }

    pub fn status(&self) -> RunStatus {
        match &self.state.outcome {
            None if !self.state.begun => RunStatus::Queued,
            None if self.wakes_at().is_some() => RunStatus::Waiting,
            None => RunStatus::Running,
            Some(Outcome::Succeeded) => RunStatus::Succeeded,
            Some(Outcome::Failed { .. }) => RunStatus::Failed,
            Some(Outcome::Cancelled) => RunStatus::Cancelled,
        }
    }

    /// How it ended; nothing while it has not.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.state.outcome.as_ref()
    }

    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// How many runs stand above this one.
    pub fn depth(&self) -> u8 {
        self.trigger.started_by.depth()
    }

    pub fn context(&self) -> &RunContext {
        &self.context
    }

    /// Whether it waits for what becomes of this effect: not any more, where elements had their turns
    /// side by side and one of them has ended the run or begun it anew.
    pub fn waits_for(&self, effect: EffectId) -> bool {
        let mut outstanding = self.state.outstanding.iter();
        outstanding.any(|outstanding| outstanding.id == effect)
    }

    /// What a step answered the caller with; from then on, this is the answer to the run's start.
    pub fn reply(&self) -> Option<&Reply> {
        self.state.reply.as_deref()
    }

    /// The variables as they are now; those that elements set whose turns go on side by side are not
    /// among them yet.
    pub fn variables(&self) -> &Variables {
        &self.state.branches.main().known.variables
    }

    /// The variables that the runbook marks as its answer, as a JSON object, once the run has ended
    /// well; never secret ones. Values are as they were sent, digit for digit.
    pub fn outputs(&self) -> Option<RawJson> {
        if self.state.outcome != Some(Outcome::Succeeded) {
            return None;
        }
        let mut object = String::from("{");
        for (name, value) in self.answers() {
            if object.len() > 1 {
                object.push(',');
            }
            object.push_str(&json::quote(name));
            object.push(':');
            object.push_str(value);
        }
        object.push('}');
        RawJson::parse(&object).ok()
    }

    pub(super) fn answers(&self) -> impl Iterator<Item = (&str, &str)> {
        let known = &self.state.branches.main().known;
        let names = &self.plan.document().runbook.start.answer.outputs;
        names
            .iter()
            .filter(|name| !known.secret_names.contains(*name))
            .filter_map(|name| Some((name.as_str(), known.variables.get(name)?.json())))
    }
}
