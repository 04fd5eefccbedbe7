//! What becomes of effects: what came of one, and what comes after it.

use std::sync::Arc;

use super::Run;
use crate::engine::branch::{BranchId, Branches, Known};
use crate::engine::effect::Effect;
use crate::engine::event::{Response, Sending};
use crate::engine::retry;
use crate::engine::state::{Detail, Outstanding, WaitsFor};
use crate::engine::steps::{Answer, Caller};
use crate::engine::view::StartedBy;
use crate::model::{Answer as AnswerSettings, AnswerWhen, Timestamp};
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
            let error = ErrorDetail::new(
                "interrupted",
                "Nimbus stopped while this request was under way, so it was sent again",
            );
            let sending = Sending::cut_short(visit.record.sent_at, error);
            visit.record.sendings.push(sending);
        }
    }

    /// What was sent and is not known to have arrived, as one of the tries.
    pub(super) fn cut_short(&self, place: usize, error: &ErrorDetail) -> Vec<Sending> {
        let outstanding = self.state.outstanding.get(place);
        let visit = outstanding.and_then(|outstanding| self.state.visits.get(outstanding.visit));
        let sent_at = visit.map(|visit| visit.record.sent_at);
        sent_at
            .map(|sent_at| Sending::cut_short(sent_at, error.clone()))
            .into_iter()
            .collect()
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
        self.state.branches = Branches::new(Known::at_start(
            &self.plan,
            &self.trigger,
            &self.context,
            now,
        ));
        let first = self.trigger.first_step(&self.plan);
        self.advance(BranchId::MAIN, first, now);
    }

    pub(super) fn keep_response(&mut self, visit: usize, response: Response) {
        if self.detail == Detail::Full
            && let Some(visit) = self.state.visits.get_mut(visit)
        {
            let sending = visit.record.sendings.len().saturating_sub(1);
            visit.record.responses.push((sending, response));
        }
    }

    /// What the run answers is settled: nothing that comes later changes it.
    pub(super) fn respond(&mut self, place: usize, now: Timestamp) {
        let settled = self.settle(place, Vec::new());
        let caller = self.caller(now);
        if let WaitsFor::Answer(Some(Effect::Respond(reply))) = &settled.waits_for {
            self.state.reply = Some(reply.clone());
        }
        self.answer(settled, Answer::Responded(caller), now);
    }

    /// Who waits for an answer that a step gives.
    pub(super) fn caller(&self, now: Timestamp) -> Caller {
        let answer = &self.plan.document().runbook.start.answer;
        let mut outstanding = self.state.outstanding.iter();
        let is_answering = |outstanding: &Outstanding| {
            matches!(
                outstanding.waits_for,
                WaitsFor::Answer(Some(Effect::Respond(_)))
            )
        };
        if self.trigger.started_by != StartedBy::Public || answer.when != AnswerWhen::Finished {
            return Caller::Nobody;
        }
        if self.state.reply.is_some() || outstanding.any(is_answering) {
            return Caller::Answered;
        }
        let within_ms = answer
            .within_ms
            .unwrap_or(AnswerSettings::DEFAULT_WITHIN_MS);
        if now.saturating_sub(self.state.started_at) <= within_ms.into() {
            Caller::Waits
        } else {
            Caller::AsksAgain
        }
    }

    /// Goes on with a step whose effect is done, or has that carried out once more.
    pub(super) fn answer(&mut self, settled: Outstanding, answer: Answer<'_>, now: Timestamp) {
        let visit = settled.visit;
        let plan = Arc::clone(&self.plan);
        let step = self
            .state
            .visits
            .get(visit)
            .and_then(|visit| plan.step(visit.step));
        let WaitsFor::Answer(Some(effect)) = settled.waits_for else {
            self.go_on(visit, answer, settled.tries, now);
            let retry = step.and_then(|step| step.behaviour.retry());
            let is_missed =
                !settled.repeatable && retry.is_some_and(|retry| retry::is_wanted(retry, answer));
            if let Some(visit) = self.state.visits.get_mut(visit).filter(|_| is_missed) {
                let why = "it was not sent again, because sending it twice may do harm: its method has no idempotency key and is not marked as safe to repeat";
                visit.explanation.get_or_insert_with(|| why.to_owned());
            }
            return;
        };
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
