//! A run: fed with events, it says what to do next.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::RunContext;
use super::effect::{Effect, EffectId, Outcome};
use super::event::{Entry, Event, Response, Sending};
use super::limits::{MAX_REPEATS, MAX_STEPS};
use super::plan::Plan;
use super::state::{ApplyError, Detail, Failure, Outstanding, State, Visit};
use super::steps::{Answer, Began, Exit, LastFailure, Left, ResponseVariables, Scope};
use super::view::{RunStatus, VisitState};
use crate::json;
use crate::model::{RawJson, Timestamp};
use crate::problem::ErrorDetail;
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
        let variables = first_variables(&plan, &trigger, &context, now);
        let first = plan.first();
        let mut run = Self {
            plan,
            trigger,
            context,
            detail,
            state: State {
                started_at: now,
                ended_at: None,
                begun: false,
                variables,
                secret_names: BTreeSet::new(),
                secret_values: Vec::new(),
                visits: Vec::new(),
                outstanding: Vec::new(),
                next_effect: 0,
                failure: None,
                outcome: None,
            },
            pending: VecDeque::new(),
        };
        run.advance(first, now);
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
        match event {
            Event::Begun => self.begin(place, now),
            Event::Repeated => self.note_repeat(place),
            Event::Answered { attempts, response } => {
                let visit = self.settle(place, attempts);
                self.answer(visit, Answer::Response(&response), now);
                self.keep_response(visit, response);
            }
            Event::NoAnswer { attempts, error } => {
                let visit = self.settle(place, attempts);
                self.answer(visit, Answer::Nothing(&error), now);
            }
            Event::Interrupted => {
                let error = interrupted(self.state.outstanding.get(place));
                let visit = self.settle(place, Vec::new());
                self.answer(visit, Answer::Nothing(&error), now);
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

    /// Whether anything may have been sent: before that, a run may be executed freely.
    pub fn has_begun(&self) -> bool {
        self.state.begun
    }

    pub fn status(&self) -> RunStatus {
        match &self.state.outcome {
            None if !self.state.begun => RunStatus::Queued,
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

    pub fn context(&self) -> &RunContext {
        &self.context
    }

    /// The variables as they are now.
    pub fn variables(&self) -> &Variables {
        &self.state.variables
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
        let state = &self.state;
        let names = &self.plan.document().runbook.start.answer.outputs;
        names
            .iter()
            .filter(|name| !state.secret_names.contains(*name))
            .filter_map(|name| Some((name.as_str(), state.variables.get(name)?.json())))
    }

    fn begin(&mut self, place: usize, now: Timestamp) {
        self.state.begun = true;
        let visit = self
            .state
            .outstanding
            .get(place)
            .map(|outstanding| outstanding.visit);
        if let Some(visit) = visit.and_then(|visit| self.state.visits.get_mut(visit)) {
            visit.started_at = now;
        }
    }

    fn note_repeat(&mut self, place: usize) {
        self.state.begun = true;
        let Some(outstanding) = self.state.outstanding.get_mut(place) else {
            return;
        };
        outstanding.repeats = outstanding.repeats.saturating_add(1);
        let is_full = self.detail == Detail::Full;
        if let Some(visit) = self
            .state
            .visits
            .get_mut(outstanding.visit)
            .filter(|_| is_full)
        {
            visit
                .record
                .sendings
                .push(Sending::cut_short(visit.started_at));
        }
    }

    /// Takes an effect out of those that are waited for; gives its visit.
    fn settle(&mut self, place: usize, attempts: Vec<Sending>) -> usize {
        self.state.begun = true;
        let outstanding = self.state.outstanding.remove(place);
        self.pending.retain(|(id, _)| *id != outstanding.id);
        if self.detail == Detail::Full
            && let Some(visit) = self.state.visits.get_mut(outstanding.visit)
        {
            visit.record.sendings.extend(attempts);
        }
        outstanding.visit
    }

    fn keep_response(&mut self, visit: usize, response: Response) {
        if self.detail == Detail::Full
            && let Some(visit) = self.state.visits.get_mut(visit)
        {
            visit.record.response = Some(response);
        }
    }

    /// Goes on with a step that has waited.
    fn answer(&mut self, visit: usize, answer: Answer<'_>, now: Timestamp) {
        let plan = Arc::clone(&self.plan);
        let step = self
            .state
            .visits
            .get(visit)
            .and_then(|visit| plan.step(visit.step));
        let Some(step) = step else { return };
        let mut scope = Scope {
            variables: &mut self.state.variables,
            context: &self.context,
            key: String::new(),
            failure: None,
        };
        let left = step.behaviour.resume(&mut scope, answer);
        if let Some(next) = self.leave(visit, left, now) {
            self.advance(next, now);
        }
    }

    /// Passes through steps until one waits or the run ends.
    fn advance(&mut self, first: usize, now: Timestamp) {
        let plan = Arc::clone(&self.plan);
        let mut next = Some(first);
        while let Some(place) = next.take() {
            let Some(step) = plan.step(place) else { return };
            let visit = self.state.visits.len();
            if visit >= MAX_STEPS {
                let mut error = ErrorDetail::new(
                    "too_many_steps",
                    format!(
                        "the run passed through {MAX_STEPS} steps and was stopped: check whether the flow goes in circles"
                    ),
                );
                error.at.step = Some(step.id.clone());
                self.end(Outcome::Failed { error }, now);
                return;
            }
            self.state.visits.push(Visit::begun(place, now));
            let failure = self.state.failure.clone();
            let mut scope = Scope {
                variables: &mut self.state.variables,
                context: &self.context,
                key: format!("{}/{}/{visit}", self.context.run_id, step.id),
                failure: failure.as_ref().map(|failure| LastFailure {
                    error: &failure.error,
                    step_name: &failure.step_name,
                    is_direct: failure.after == visit,
                }),
            };
            match step.behaviour.begin(&mut scope) {
                Began::Waits(effect) => self.wait_for(effect, visit),
                Began::Left(left) => next = self.leave(visit, left, now),
                Began::Ends(outcome) => {
                    if let Some(visit) = self.state.visits.get_mut(visit) {
                        visit.state = VisitState::Succeeded;
                        visit.ended_at = Some(now);
                    }
                    self.end(outcome, now);
                }
            }
        }
    }

    fn wait_for(&mut self, effect: Effect, visit: usize) {
        let id = self.next_effect_id();
        let repeatable = match &effect {
            Effect::Http(call) => call.repeatable,
            Effect::Desk(_) | Effect::Finished(_) => true,
        };
        if self.detail == Detail::Full
            && let Some(visit) = self.state.visits.get_mut(visit)
        {
            visit.record.effect = Some(effect.clone());
        }
        self.state.outstanding.push(Outstanding {
            id,
            visit,
            repeatable,
            repeats: 0,
        });
        self.pending.push_back((id, effect));
    }

    fn next_effect_id(&mut self) -> EffectId {
        let id = EffectId(self.state.next_effect);
        self.state.next_effect = self.state.next_effect.saturating_add(1);
        id
    }

    /// Leaves a step; gives the next one, unless the run ends here.
    fn leave(&mut self, visit: usize, left: Left, now: Timestamp) -> Option<usize> {
        let place = self.state.visits.get(visit)?.step;
        let plan = Arc::clone(&self.plan);
        let step = plan.step(place)?;
        let (way, error) = match left.exit {
            Exit::Way(way) => (Some(way), None),
            Exit::Failure(way, error) => (Some(way), Some(error)),
            Exit::Fails(error) => (None, Some(error)),
        };
        let error = error.map(|mut error| {
            error.at.step = Some(step.id.clone());
            error
        });
        if let Some(response) = left.response {
            set_response(&mut self.state.variables, response);
        }
        for set in &left.set {
            let variables = &mut self.state.variables;
            // What is set was cut out of JSON that had been checked.
            let _ = if set.bare {
                variables.insert_bare(set.name.as_str(), set.json.as_str())
            } else {
                variables.insert(set.name.as_str(), set.json.as_str())
            };
            if set.secret {
                self.state.secret_names.insert(set.name.clone());
            }
        }
        let is_full = self.detail == Detail::Full;
        if is_full {
            let secret = left.set.iter().filter(|set| set.secret);
            self.state
                .secret_values
                .extend(secret.map(|set| set.json.clone()));
        }
        let visits = self.state.visits.len();
        let record = self.state.visits.get_mut(visit)?;
        record.state = if error.is_none() {
            VisitState::Succeeded
        } else {
            VisitState::Failed
        };
        record.ended_at = Some(now);
        record.way = way;
        record.explanation = left.explanation;
        record.error.clone_from(&error);
        if is_full {
            record.record.set = left.set;
        }
        if let Some(error) = &error {
            self.state.failure = Some(Failure {
                error: error.clone(),
                step_name: step.name.clone(),
                after: visits,
            });
        }
        let next = way.and_then(|way| step.next(way));
        if next.is_none() {
            let error = error.unwrap_or_else(|| {
                ErrorDetail::new(
                    "way_leads_nowhere",
                    format!(
                        "`{}` leads nowhere: connect it to a step, and publish again",
                        step.name
                    ),
                )
            });
            self.end(Outcome::Failed { error }, now);
        }
        next
    }

    fn end(&mut self, outcome: Outcome, now: Timestamp) {
        for outstanding in self.state.outstanding.drain(..) {
            if let Some(visit) = self.state.visits.get_mut(outstanding.visit) {
                visit.state = VisitState::Failed;
                visit.ended_at = Some(now);
                visit.error = Some(ErrorDetail::new(
                    "cancelled",
                    "the run was cancelled while this step was under way",
                ));
            }
        }
        self.pending.clear();
        self.state.ended_at = Some(now);
        self.state.outcome = Some(outcome.clone());
        let id = self.next_effect_id();
        self.pending.push_back((id, Effect::Finished(outcome)));
    }
}

fn interrupted(outstanding: Option<&Outstanding>) -> ErrorDetail {
    let was_repeated = outstanding.is_some_and(|outstanding| outstanding.repeatable);
    ErrorDetail::new(
        "interrupted",
        if was_repeated {
            "Nimbus stopped again and again while this request was under way, so it is not sent once more: \
             look whether it did what it should, and start the runbook again if it did not"
        } else {
            "Nimbus stopped while this request was under way, and it is not known whether it arrived; it is not \
             sent again because the method is not marked as safe to repeat: look whether it did what it should, \
             and start the runbook again if it did not"
        },
    )
}

/// What is known before the first step.
fn first_variables(
    plan: &Plan,
    trigger: &Trigger,
    context: &RunContext,
    now: Timestamp,
) -> Variables {
    let mut variables = Variables::new();
    // All of these are JSON: they are quoted here, or were checked at the door.
    let mut set = |name: &str, value: &str, bare: bool| {
        let _ = if bare {
            variables.insert_bare(name, value)
        } else {
            variables.insert(name, value)
        };
    };
    set("halo_url", &json::quote(&context.halo_url), true);
    let runbook = &plan.document().runbook;
    let started_at = instant(now);
    set(
        "run",
        &format!(
            r#"{{"id":{},"started_at":{},"runbook":{{"id":{},"name":{}}}}}"#,
            json::quote(&context.run_id.to_string()),
            json::quote(&started_at),
            json::quote(runbook.id.as_str()),
            json::quote(&runbook.name),
        ),
        false,
    );
    for (name, value) in trigger.inputs.documents() {
        set(name, value, false);
    }
    for input in &trigger.inputs.variables {
        set(&input.name, &input.value, input.bare);
    }
    variables
}

fn instant(timestamp: Timestamp) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(timestamp) * 1_000_000)
        .ok()
        .and_then(|instant| instant.format(&Rfc3339).ok())
        .unwrap_or_default()
}

/// `<<response>>` and what stands beside it; what the step has none of is not left over from an earlier one.
fn set_response(variables: &mut Variables, response: ResponseVariables) {
    for (name, value) in [
        ("response", response.body),
        (
            "response@status",
            response.status.map(|status| status.to_string()),
        ),
        ("response@header", response.headers),
        (
            "response@time_ms",
            response.time_ms.map(|time| time.to_string()),
        ),
    ] {
        match value {
            // Checked when the answer came, or made here.
            Some(value) => {
                let _ = variables.insert(name, value);
            }
            None => {
                variables.remove(name);
            }
        }
    }
}
