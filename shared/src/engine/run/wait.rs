//! What a run waits for.

use super::Run;
use crate::engine::effect::{Effect, EffectId, Outcome};
use crate::engine::event::Sending;
use crate::engine::state::{Detail, Outstanding, WaitsFor};
use crate::engine::view::VisitState;
use crate::model::{RunId, Timestamp};
use crate::problem::ErrorDetail;

impl Run {
    pub(super) fn sleep(&mut self, waits_for: WaitsFor, until: Timestamp, visit: usize, tries: u8) {
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
            Effect::Desk(_)
            | Effect::Child(_)
            | Effect::Respond(_)
            | Effect::Sleep { .. }
            | Effect::Finished(_) => true,
        };
        let place = self.state.visits.get(visit).map(|visit| visit.step);
        let step = place.and_then(|place| self.plan.step(place));
        let may_retry = step.is_some_and(|step| step.behaviour.retry().is_some());
        let is_kept = matches!(effect, Effect::Respond(_)) || (may_retry && repeatable);
        let kept = is_kept.then(|| effect.clone());
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

    /// Waits for nothing any more.
    pub(super) fn drop_outstanding(&mut self, error: &ErrorDetail, now: Timestamp) {
        let is_shown = self.detail == Detail::Full && self.state.begun;
        for outstanding in self.state.outstanding.drain(..) {
            let Some(visit) = self.state.visits.get_mut(outstanding.visit) else {
                continue;
            };
            let is_under_way = matches!(outstanding.waits_for, WaitsFor::Answer(_));
            if is_shown && is_under_way && outstanding.id < self.first_of_now {
                let sent_at = visit.record.sent_at;
                let time_ms = u32::try_from(now.saturating_sub(sent_at)).unwrap_or(u32::MAX);
                visit.record.sendings.push(Sending {
                    time_ms,
                    ..Sending::cut_short(sent_at, error.clone())
                });
            }
            if visit.restarts_at.is_some() {
                visit.restarts_at = Some(now);
            }
            if visit.ended_at.is_none() {
                visit.state = VisitState::Failed;
                visit.waits_until = None;
                visit.ended_at = Some(now);
                visit.error = Some(error.clone());
            }
        }
        self.pending.clear();
    }

    /// The runs that it has started and waits for: nobody else does, so they end with it when it is cancelled.
    pub fn runs_waited_for(&self) -> Vec<RunId> {
        let visits = self.state.outstanding.iter();
        let visits = visits.filter_map(|outstanding| self.state.visits.get(outstanding.visit));
        visits
            .filter_map(|visit| visit.started_run.clone())
            .collect()
    }

    /// Whether it is just starting another run, whose id it does not know yet.
    pub fn is_starting_another(&self) -> bool {
        self.state.outstanding.iter().any(|outstanding| {
            let visit = self.state.visits.get(outstanding.visit);
            let step = visit.and_then(|visit| self.plan.step(visit.step));
            visit.is_some_and(|visit| visit.started_run.is_none())
                && step.is_some_and(|step| step.kind == "start_runbook")
        })
    }

    pub(super) fn end(&mut self, outcome: Outcome, now: Timestamp) {
        let is_cancelled = outcome == Outcome::Cancelled;
        let message = if is_cancelled {
            "the run was cancelled while this step was under way"
        } else {
            "the run ended while this step was under way, because another element's turn ended it"
        };
        let waiting: Vec<usize> = self
            .state
            .outstanding
            .iter()
            .map(|outstanding| outstanding.visit)
            .collect();
        self.drop_outstanding(&ErrorDetail::new("cancelled", message), now);
        for visit in waiting {
            if let Some(visit) = self.state.visits.get_mut(visit)
                && let Some(child) = &visit.started_run
                && let Some(error) = &mut visit.error
            {
                let what = if is_cancelled {
                    "was cancelled, too"
                } else {
                    "goes on"
                };
                error.message = format!("{message}; the run {child} that it had started {what}");
            }
        }
        self.state.ended_at = Some(now);
        self.state.outcome = Some(outcome.clone());
        let id = self.next_effect_id();
        self.pending.push_back((id, Effect::Finished(outcome)));
    }
}
