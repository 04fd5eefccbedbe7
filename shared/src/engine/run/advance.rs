//! Passing through steps: what an event changes.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Before, Run};
use crate::engine::branch::BranchId;
use crate::engine::effect::Outcome;
use crate::engine::plan::PlannedStep;
use crate::engine::state::{Detail, Failure, Visit, WaitsFor};
use crate::engine::steps::{Answer, Began, Elements, Exit, LastFailure, Left, Resumed, Scope};
use crate::engine::view::VisitState;
use crate::model::{Timestamp, Way};
use crate::problem::ErrorDetail;

/// The steps that come next, each in its branch.
pub(super) type Queue = VecDeque<(BranchId, usize)>;

impl Run {
    /// `run/step/visit`.
    pub(super) fn key(&self, step: &PlannedStep, visit: usize) -> String {
        format!("{}/{}/{visit}", self.context.run_id, step.id)
    }

    /// What a step works with that is passed through by this visit.
    fn scope<'r>(
        &'r mut self,
        step: &PlannedStep,
        visit: usize,
        tries: u8,
        elements: &'r mut Option<Elements>,
        now: Timestamp,
    ) -> Option<Scope<'r>> {
        let key = self.key(step, visit);
        let caller = self.caller(now);
        let here = self.state.visits.get(visit)?;
        let (id, since) = (here.branch, here.started_at);
        let elsewhere = self.state.branches.bytes_beside(id);
        let known = &mut self.state.branches.get_mut(id)?.known;
        Some(Scope {
            variables: &mut known.variables,
            context: &self.context,
            key,
            now,
            since,
            depth: self.trigger.started_by.depth(),
            tries,
            restarts: self.state.restarts,
            secret_names: &known.secret_names,
            elsewhere,
            caller,
            elements,
            failure: known.failure.as_ref().map(|failure| LastFailure {
                error: &failure.error,
                step_name: &failure.step_name,
                is_direct: failure.after == visit,
            }),
        })
    }

    /// Goes on with a step that has waited.
    pub(super) fn go_on(&mut self, visit: usize, answer: Answer<'_>, tries: u8, now: Timestamp) {
        let plan = Arc::clone(&self.plan);
        let here = self.state.visits.get(visit);
        let Some((branch, place)) = here.map(|visit| (visit.branch, visit.step)) else {
            return;
        };
        let Some(step) = plan.step(place) else { return };
        let mut none = None;
        let Some(mut scope) = self.scope(step, visit, tries, &mut none, now) else {
            return;
        };
        match step.behaviour.resume(&mut scope, answer) {
            Resumed::Left(left) => {
                if let Some(next) = self.leave(visit, left, now) {
                    self.advance(branch, next, now);
                }
            }
            Resumed::Sleeps { until, then } => {
                let tries = tries.saturating_add(1);
                self.sleep(WaitsFor::Retry(until, then), until, visit, tries);
            }
        }
    }

    /// Passes through steps until all branches wait or the run ends.
    pub(super) fn advance(&mut self, branch: BranchId, first: usize, now: Timestamp) {
        let mut queue = Queue::from([(branch, first)]);
        while let Some((branch, place)) = queue.pop_front() {
            if self.state.outcome.is_some() {
                return;
            }
            if self.state.branches.ends_turn(branch, place) {
                self.end_turn(branch, &mut queue, now);
            } else if let Some(next) = self.enter(branch, place, &mut queue, now) {
                // A branch goes on before others do: so a failure is known to lie directly behind.
                queue.push_front((branch, next));
            }
        }
    }

    /// Passes through one step, and gives the next of the same branch.
    fn enter(
        &mut self,
        branch: BranchId,
        place: usize,
        queue: &mut Queue,
        now: Timestamp,
    ) -> Option<usize> {
        let plan = Arc::clone(&self.plan);
        let step = plan.step(place)?;
        self.note_before(branch, place);
        let visit = self.visit(branch, place, now)?;
        let mut elements = self.state.branches.get_mut(branch)?.take_elements(place);
        let mut scope = self.scope(step, visit, 0, &mut elements, now)?;
        let began = step.behaviour.begin(&mut scope);
        if let Some(elements) = elements {
            let branch = self.state.branches.get_mut(branch)?;
            branch.put_elements(place, elements);
        }
        match began {
            Began::Waits(effect) => self.wait_for(effect, visit, 0),
            Began::Sleeps(until) => self.sleep(WaitsFor::Step(until), until, visit, 0),
            Began::Spreads(elements) => {
                self.state.branches.spread(branch, place, elements);
                self.go_on_spreading(branch, Some(visit), queue, now);
            }
            Began::Restarts { until, error } => {
                self.settle_visit(visit, None, Some(error), now);
                let why = "the run starts again, because the turn of another element asked for it";
                self.drop_outstanding(&ErrorDetail::new("cancelled", why), now);
                self.state.branches.end_with(branch);
                self.sleep(WaitsFor::Restart(until), until, visit, 0);
                if let Some(visit) = self.state.visits.get_mut(visit) {
                    visit.restarts_at = Some(until);
                }
            }
            Began::Left(left) => return self.leave(visit, left, now),
            Began::Ends(outcome) => {
                self.settle_visit(visit, None, None, now);
                self.end_in(branch, outcome, now);
            }
        }
        None
    }

    /// Keeps what is known, where it is asked for. Inside a loop that is half of what counts: there it is what was
    /// known when the run came to the outermost loop.
    fn note_before(&mut self, branch: BranchId, place: usize) {
        let Detail::Before(wanted) = self.detail else {
            return;
        };
        // A loop that was left early, and that no way leads back to, is over.
        let is_inside = branch != BranchId::MAIN
            || self
                .state
                .branches
                .main_loops()
                .any(|around| self.plan.leads_to(place, around));
        if !is_inside {
            let here = self.state.branches.get(branch);
            let known = here.map(|here| here.known.clone());
            self.outside = known.map(|known| Before { place, known });
        }
        if place == wanted {
            // The step was passed outside, too, if what is kept begins with it.
            let is_kept = self
                .before
                .as_ref()
                .is_some_and(|kept| kept.place == wanted);
            let is_last = self
                .outside
                .as_ref()
                .is_some_and(|outside| outside.place == wanted);
            if is_last || !is_kept {
                self.before.clone_from(&self.outside);
            }
        }
    }

    /// Begins to pass through a step, unless the run has passed through too many.
    pub(super) fn visit(
        &mut self,
        branch: BranchId,
        place: usize,
        now: Timestamp,
    ) -> Option<usize> {
        let path = self.state.branches.get(branch)?.path();
        let visit = self.state.visits.len();
        if visit >= self.plan.max_steps() {
            let mut error = ErrorDetail::new(
                "too_many_steps",
                format!(
                    "the run passed through {visit} steps and was stopped: check whether the flow goes in circles, or allow more steps on the Details tab"
                ),
            );
            error.at.step = self.plan.step(place).map(|step| step.id.clone());
            self.end_in(branch, Outcome::Failed { error }, now);
            return None;
        }
        let begun = Visit::begun(place, branch, path, now);
        self.state.visits.push(Visit {
            restarts: self.state.restarts,
            ..begun
        });
        Some(visit)
    }

    fn settle_visit(
        &mut self,
        visit: usize,
        way: Option<Way>,
        error: Option<ErrorDetail>,
        now: Timestamp,
    ) {
        let Some(visit) = self.state.visits.get_mut(visit) else {
            return;
        };
        visit.state = if error.is_none() {
            VisitState::Succeeded
        } else {
            VisitState::Failed
        };
        visit.ended_at = Some(now);
        visit.waits_until = None;
        visit.way = way;
        visit.error = error;
    }

    /// Leaves a step; gives the next one, unless the run ends here.
    pub(super) fn leave(&mut self, visit: usize, left: Left, now: Timestamp) -> Option<usize> {
        let here = self.state.visits.get(visit)?;
        let (place, id) = (here.step, here.branch);
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
        let after = self.state.visits.len();
        let branch = self.state.branches.get_mut(id)?;
        if let Some(response) = left.response {
            branch.set_response(response);
        }
        for set in &left.set {
            branch.set(set);
        }
        if let Some(error) = &error {
            branch.known.failure = Some(Failure {
                error: error.clone(),
                step_name: step.name.clone(),
                after,
            });
        }
        self.settle_visit(visit, way, error.clone(), now);
        let record = self.state.visits.get_mut(visit)?;
        record.explanation = left.explanation;
        for set in left.set.iter().filter(|set| set.secret) {
            if !self.state.secret_values.contains(&set.json) {
                self.state.secret_values.push(set.json.clone());
            }
        }
        if self.detail == Detail::Full {
            record.record.set = left.set;
        }
        let next = way.and_then(|way| step.next(way));
        if let Some(outcome) = ends {
            self.end_in(id, outcome, now);
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
            self.end_in(id, Outcome::Failed { error }, now);
        }
        next
    }

    /// The run ends in this branch, whatever others wait for.
    fn end_in(&mut self, branch: BranchId, outcome: Outcome, now: Timestamp) {
        self.state.branches.end_with(branch);
        self.end(outcome, now);
    }
}
