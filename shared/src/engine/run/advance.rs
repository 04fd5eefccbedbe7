//! Passing through steps: what an event changes.

use std::sync::Arc;

use super::{Run, variables};
use crate::engine::effect::{Effect, EffectId, Outcome};
use crate::engine::event::{Response, Sending};
use crate::engine::plan::PlannedStep;
use crate::engine::retry;
use crate::engine::state::{Detail, Failure, Outstanding, Visit, WaitsFor};
use crate::engine::steps::{Answer, Began, Exit, LastFailure, Left, Resumed, Scope};
use crate::engine::view::VisitState;
use crate::model::Timestamp;
use crate::problem::ErrorDetail;

impl Run {
    pub(super) fn begin(&mut self, place: usize, now: Timestamp) {
        self.state.begun = true;
        let visit = self
            .state
            .outstanding
            .get(place)
            .map(|outstanding| outstanding.visit);
        if let Some(visit) = visit.and_then(|visit| self.state.visits.get_mut(visit)) {
            visit.started_at = now;
            visit.record.sent_at = now;
        }
    }

    pub(super) fn note_repeat(&mut self, place: usize) {
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
                .push(Sending::cut_short(visit.record.sent_at));
        }
    }

    /// Takes an effect out of those that are waited for.
    pub(super) fn settle(&mut self, place: usize, attempts: Vec<Sending>) -> Outstanding {
        self.state.begun = true;
        let outstanding = self.state.outstanding.remove(place);
        self.pending.retain(|(id, _)| *id != outstanding.id);
        if self.detail == Detail::Full
            && let Some(visit) = self.state.visits.get_mut(outstanding.visit)
        {
            visit.record.sendings.extend(attempts);
        }
        outstanding
    }

    /// Goes on with what has been slept for.
    pub(super) fn wake(&mut self, place: usize, now: Timestamp) {
        let slept = self.settle(place, Vec::new());
        let visit = slept.visit;
        match slept.waits_for {
            WaitsFor::Retry(_, effect) => {
                self.wait_for(effect, visit, slept.tries);
                if let Some(visit) = self.state.visits.get_mut(visit) {
                    visit.record.sent_at = now;
                }
            }
            WaitsFor::Step(_) => self.go_on(visit, Answer::Woken, slept.tries, now),
            WaitsFor::Restart(_) => self.restart(now),
            WaitsFor::Answer(_) => {}
        }
    }

    /// Begins once more, with what the run began with.
    fn restart(&mut self, now: Timestamp) {
        self.state.restarts = self.state.restarts.saturating_add(1);
        self.state.failure = None;
        self.state.secret_names.clear();
        self.state.loops.clear();
        self.state.variables =
            variables::first_variables(&self.plan, &self.trigger, &self.context, now);
        self.advance(self.plan.first(), now);
    }

    pub(super) fn keep_response(&mut self, visit: usize, response: Response) {
        if self.detail == Detail::Full
            && let Some(visit) = self.state.visits.get_mut(visit)
        {
            let sending = visit.record.sendings.len().saturating_sub(1);
            visit.record.responses.push((sending, response));
        }
    }

    /// Goes on with a step whose effect is done, or has that carried out once more.
    pub(super) fn answer(&mut self, settled: Outstanding, answer: Answer<'_>, now: Timestamp) {
        let visit = settled.visit;
        let WaitsFor::Answer(Some(effect)) = settled.waits_for else {
            self.go_on(visit, answer, settled.tries, now);
            return;
        };
        let plan = Arc::clone(&self.plan);
        let step = self
            .state
            .visits
            .get(visit)
            .and_then(|visit| plan.step(visit.step));
        let next = step.and_then(|step| {
            let key = self.key(step, visit);
            let retry = step.behaviour.retry()?;
            Some(retry::after(
                retry,
                &effect,
                answer,
                settled.tries,
                &key,
                now,
            ))
        });
        match next {
            Some(retry::Next::Again(until)) => {
                let tries = settled.tries.saturating_add(1);
                self.sleep(WaitsFor::Retry(until, effect), until, visit, tries);
            }
            Some(retry::Next::TooLong(error)) => {
                self.go_on(visit, Answer::Nothing(&error), settled.tries, now);
            }
            Some(retry::Next::Failure) | None => self.go_on(visit, answer, settled.tries, now),
        }
    }

    /// `run/step/visit`.
    fn key(&self, step: &PlannedStep, visit: usize) -> String {
        format!("{}/{}/{visit}", self.context.run_id, step.id)
    }

    fn go_on(&mut self, visit: usize, answer: Answer<'_>, tries: u8, now: Timestamp) {
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
            now,
            depth: self.trigger.started_by.depth(),
            tries,
            restarts: self.state.restarts,
            secret_names: &self.state.secret_names,
            elements: &mut None,
            failure: None,
        };
        match step.behaviour.resume(&mut scope, answer) {
            Resumed::Left(left) => {
                if let Some(next) = self.leave(visit, left, now) {
                    self.advance(next, now);
                }
            }
            Resumed::Sleeps { until, then } => {
                let tries = tries.saturating_add(1);
                self.sleep(WaitsFor::Retry(until, then), until, visit, tries);
            }
        }
    }

    /// Passes through steps until one waits or the run ends.
    pub(super) fn advance(&mut self, first: usize, now: Timestamp) {
        let plan = Arc::clone(&self.plan);
        let mut next = Some(first);
        while let Some(place) = next.take() {
            let Some(step) = plan.step(place) else { return };
            let visit = self.state.visits.len();
            if visit >= plan.max_steps() {
                let mut error = ErrorDetail::new(
                    "too_many_steps",
                    format!(
                        "the run passed through {visit} steps and was stopped: check whether the flow goes in circles, or allow more steps on the Details tab"
                    ),
                );
                error.at.step = Some(step.id.clone());
                self.end(Outcome::Failed { error }, now);
                return;
            }
            self.state.visits.push(Visit::begun(place, now));
            let failure = self.state.failure.clone();
            let key = self.key(step, visit);
            let mut elements = self.state.loops.remove(&place);
            let mut scope = Scope {
                variables: &mut self.state.variables,
                context: &self.context,
                key,
                now,
                depth: self.trigger.started_by.depth(),
                tries: 0,
                restarts: self.state.restarts,
                secret_names: &self.state.secret_names,
                elements: &mut elements,
                failure: failure.as_ref().map(|failure| LastFailure {
                    error: &failure.error,
                    step_name: &failure.step_name,
                    is_direct: failure.after == visit,
                }),
            };
            let began = step.behaviour.begin(&mut scope);
            if let Some(elements) = elements {
                self.state.loops.insert(place, elements);
            }
            match began {
                Began::Waits(effect) => self.wait_for(effect, visit, 0),
                Began::Sleeps(until) => {
                    self.sleep(WaitsFor::Step(until), until, visit, 0);
                }
                Began::Restarts { until, error } => {
                    if let Some(visit) = self.state.visits.get_mut(visit) {
                        visit.state = VisitState::Failed;
                        visit.ended_at = Some(now);
                        visit.error = Some(error);
                    }
                    self.sleep(WaitsFor::Restart(until), until, visit, 0);
                }
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

    fn sleep(&mut self, waits_for: WaitsFor, until: Timestamp, visit: usize, tries: u8) {
        let id = self.next_effect_id();
        if let Some(visit) = self.state.visits.get_mut(visit)
            && visit.state == VisitState::Running
        {
            visit.state = VisitState::Waiting;
            visit.waits_until = Some(until);
        }
        self.state.outstanding.push(Outstanding {
            id,
            visit,
            repeatable: true,
            repeats: 0,
            tries,
            waits_for,
        });
        self.pending.push_back((id, Effect::Sleep { until }));
    }

    pub(super) fn wait_for(&mut self, effect: Effect, visit: usize, tries: u8) {
        let id = self.next_effect_id();
        let repeatable = match &effect {
            Effect::Http(call) => call.repeatable,
            Effect::Desk(_) | Effect::Child(_) | Effect::Sleep { .. } | Effect::Finished(_) => true,
        };
        let place = self.state.visits.get(visit).map(|visit| visit.step);
        let step = place.and_then(|place| self.plan.step(place));
        let may_retry = step.is_some_and(|step| step.behaviour.retry().is_some());
        let kept = (may_retry && repeatable).then(|| effect.clone());
        if let Some(visit) = self.state.visits.get_mut(visit) {
            visit.state = VisitState::Running;
            visit.waits_until = None;
        }
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
            tries,
            waits_for: WaitsFor::Answer(kept),
        });
        self.pending.push_back((id, effect));
    }

    pub(super) fn next_effect_id(&mut self) -> EffectId {
        let id = EffectId(self.state.next_effect);
        self.state.next_effect = self.state.next_effect.saturating_add(1);
        id
    }

    /// Leaves a step; gives the next one, unless the run ends here.
    pub(super) fn leave(&mut self, visit: usize, left: Left, now: Timestamp) -> Option<usize> {
        let place = self.state.visits.get(visit)?.step;
        let plan = Arc::clone(&self.plan);
        let step = plan.step(place)?;
        let mut ends = None;
        let (way, error) = match left.exit {
            Exit::Ends(outcome) => {
                ends = Some(outcome);
                (None, None)
            }
            Exit::Way(way) => (Some(way), None),
            Exit::Failure(way, error) => (Some(way), Some(error)),
            Exit::Fails(error) => (None, Some(error)),
        };
        let error = error.map(|mut error| {
            error.at.step = Some(step.id.clone());
            error
        });
        if let Some(response) = left.response {
            if response.secret {
                self.state.secret_names.insert("response".to_owned());
            } else {
                self.state.secret_names.remove("response");
            }
            variables::set_response(&mut self.state.variables, response);
        }
        for set in &left.set {
            variables::set(&mut self.state.variables, set);
            if set.secret {
                self.state.secret_names.insert(set.name.clone());
            }
        }
        for set in left.set.iter().filter(|set| set.secret) {
            if !self.state.secret_values.contains(&set.json) {
                self.state.secret_values.push(set.json.clone());
            }
        }
        let is_full = self.detail == Detail::Full;
        let visits = self.state.visits.len();
        let record = self.state.visits.get_mut(visit)?;
        record.state = if error.is_none() {
            VisitState::Succeeded
        } else {
            VisitState::Failed
        };
        record.ended_at = Some(now);
        record.waits_until = None;
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
        if let Some(outcome) = ends {
            self.end(outcome, now);
        } else if next.is_none() {
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

    pub(super) fn end(&mut self, outcome: Outcome, now: Timestamp) {
        for outstanding in self.state.outstanding.drain(..) {
            if let Some(visit) = self.state.visits.get_mut(outstanding.visit)
                && visit.ended_at.is_none()
            {
                visit.state = VisitState::Failed;
                visit.waits_until = None;
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

pub(super) fn interrupted(outstanding: Option<&Outstanding>) -> ErrorDetail {
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
