//! How a step spent its time, piece by piece: what the waterfall of a run draws.

use super::{Attempt, RunView, StepVisit, VisitState};
use crate::model::Timestamp;
use crate::problem::ErrorDetail;

/// Shorter gaps between two tries are the machine's own, in milliseconds.
const SHORTEST_WAIT_MS: u64 = 50;

/// A piece of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    pub kind: BarKind,
    pub from: Timestamp,
    /// Not before `from`.
    pub until: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarKind {
    /// Accepted, and not begun.
    Queued,
    /// One sending of a request; the first has number 1.
    Try(usize),
    /// For its time, for the next try, or for another run.
    Wait,
    /// Anything else, which takes no time to speak of.
    Work,
}

impl RunView {
    /// The time before the first step; nothing where that began at once.
    pub fn queued(&self, now: Timestamp) -> Option<Bar> {
        let from = self.summary.started_at;
        let begun = self.visits.first().map(|visit| visit.started_at);
        let until = match begun {
            Some(begun) if self.summary.status != super::RunStatus::Queued => begun,
            _ => self.summary.ended_at.unwrap_or(now),
        };
        (until.saturating_sub(from) >= SHORTEST_WAIT_MS).then_some(Bar {
            kind: BarKind::Queued,
            from,
            until,
        })
    }
}

impl StepVisit {
    /// In order, and apart from each other. What is not over lasts until `now`.
    pub fn bars(&self, now: Timestamp) -> Vec<Bar> {
        let end = self.ended_at.unwrap_or(now).max(self.started_at);
        let waits = self.state == VisitState::Waiting
            || matches!(self.kind.as_str(), "sleep" | "start_runbook");
        if self.attempts.is_empty() {
            let kind = if waits { BarKind::Wait } else { BarKind::Work };
            let mut bars = vec![Bar {
                kind,
                from: self.started_at,
                until: end,
            }];
            // Until the run starts again.
            let again = self.restarts_at.map(|again| again.min(now));
            bars.extend(again.filter(|again| *again > end).map(|until| Bar {
                kind: BarKind::Wait,
                from: end,
                until,
            }));
            return bars;
        }
        let mut bars = Vec::new();
        let mut at = self.started_at;
        let mut push = |kind, until: Timestamp| {
            let from = at;
            at = until.clamp(at, end.max(at));
            bars.push(Bar {
                kind,
                from,
                until: at,
            });
        };
        let mut before = self.started_at;
        for (index, attempt) in self.attempts.iter().enumerate() {
            if attempt.sent_at.saturating_sub(before) >= SHORTEST_WAIT_MS {
                push(BarKind::Wait, attempt.sent_at);
            }
            before = attempt.ended_at.unwrap_or(end);
            push(BarKind::Try(index + 1), before);
        }
        if waits && self.ended_at.is_none() {
            push(BarKind::Wait, end);
        }
        bars
    }

    /// Whether a piece is a try that another one had to follow, because it brought no good answer. A redirect that was
    /// followed is none.
    pub fn is_in_vain(&self, kind: BarKind) -> bool {
        let BarKind::Try(number) = kind else {
            return false;
        };
        let Some(attempt) = self.attempts.get(number.saturating_sub(1)) else {
            return false;
        };
        let answer = attempt.response.as_ref().map(|response| response.status);
        number < self.attempts.len()
            && (attempt.error.is_some() || answer.is_none_or(|status| status >= 400))
    }

    /// Why a try brought nothing, where the step does not say the same of itself.
    pub fn error_of_try<'a>(&self, attempt: &'a Attempt) -> Option<&'a ErrorDetail> {
        let own = self.error.as_ref().map(|error| &error.message);
        let error = attempt.error.as_ref();
        error.filter(|error| own != Some(&error.message))
    }

    /// Whether it did not fail by itself: the run was cancelled, or ended, while it was under way.
    pub fn was_stopped(&self) -> bool {
        let error = self.error.as_ref();
        error.is_some_and(|error| error.code == "cancelled")
    }
}

#[cfg(test)]
mod tests {
    use super::BarKind::{Queued, Try, Wait, Work};
    use super::*;
    use crate::engine::view::tests::{attempt, run, visit};
    use crate::engine::{RunStatus, VisitState};

    fn told(bars: &[Bar]) -> Vec<(BarKind, Timestamp, Timestamp)> {
        bars.iter()
            .map(|bar| (bar.kind, bar.from, bar.until))
            .collect()
    }

    #[test]
    fn tries_and_the_waits_between_them_fill_the_time_of_a_step() {
        use VisitState::{Failed, Running, Succeeded, Waiting};
        let cases = [
            ("condition", Succeeded, Some(3), vec![], vec![(Work, 0, 3)]),
            ("sleep", Waiting, None, vec![], vec![(Wait, 0, 9_000)]),
            ("sleep", Succeeded, Some(500), vec![], vec![(Wait, 0, 500)]),
            (
                "start_runbook",
                Running,
                None,
                vec![],
                vec![(Wait, 0, 9_000)],
            ),
            (
                "method",
                Succeeded,
                Some(120),
                vec![(2, Some(118))],
                vec![(Try(1), 0, 118)],
            ),
            (
                "method",
                Running,
                None,
                vec![(2, None)],
                vec![(Try(1), 0, 9_000)],
            ),
            (
                "method",
                Failed,
                Some(2_200),
                // The second follows a redirect.
                vec![(0, Some(100)), (101, Some(200)), (1_200, Some(2_200))],
                vec![
                    (Try(1), 0, 100),
                    (Try(2), 100, 200),
                    (Wait, 200, 1_200),
                    (Try(3), 1_200, 2_200),
                ],
            ),
            (
                "method",
                Waiting,
                None,
                vec![(0, Some(100))],
                vec![(Try(1), 0, 100), (Wait, 100, 9_000)],
            ),
            // A clock that was set back makes no bar run backwards.
            (
                "method",
                Succeeded,
                Some(50),
                vec![(40, Some(90)), (10, Some(20))],
                vec![(Try(1), 0, 50), (Try(2), 50, 50)],
            ),
        ];
        for (kind, state, ended_at, attempts, expected) in cases {
            let mut visit = visit(kind, state, 0, ended_at);
            visit.attempts = attempts
                .into_iter()
                .map(|(sent_at, ended_at)| attempt(sent_at, ended_at))
                .collect();
            assert_eq!(told(&visit.bars(9_000)), expected, "{kind} {state:?}");
        }
    }

    #[test]
    fn a_run_is_queued_until_its_first_step_begins() {
        let mut run = run(RunStatus::Running);
        assert_eq!(
            run.queued(9_000),
            Some(Bar {
                kind: Queued,
                from: 0,
                until: 9_000
            })
        );
        run.visits = vec![visit("method", VisitState::Running, 400, None)];
        assert_eq!(run.queued(9_000).map(|bar| bar.until), Some(400));
        run.summary.status = RunStatus::Queued;
        assert_eq!(run.queued(9_000).map(|bar| bar.until), Some(9_000));
        run.summary.status = RunStatus::Succeeded;
        run.visits[0].started_at = 10;
        assert_eq!(run.queued(9_000), None);
    }

    #[test]
    fn the_wait_before_a_run_starts_again_is_one() {
        let mut end = visit("end", VisitState::Failed, 10, Some(10));
        assert_eq!(told(&end.bars(9_000)), [(Work, 10, 10)]);
        end.restarts_at = Some(10_010);
        for (now, until) in [(9_000, 9_000), (20_000, 10_010)] {
            assert_eq!(told(&end.bars(now)), [(Work, 10, 10), (Wait, 10, until)]);
        }
    }

    #[test]
    fn a_try_that_another_one_had_to_follow_was_in_vain() {
        let mut visit = visit("method", VisitState::Succeeded, 0, Some(400));
        let answered = |status| crate::engine::view::ReceivedResponse {
            status,
            headers: Vec::new(),
            body: String::new(),
            bytes: 0,
            time_ms: 1,
        };
        // No answer, one of an overloaded service, a redirect, and at last a good one.
        visit.attempts = [None, Some(503), Some(302), Some(200)]
            .map(|status| crate::engine::Attempt {
                response: status.map(answered),
                ..attempt(0, Some(1))
            })
            .into();
        let in_vain = [1, 2, 3, 4, 5].map(|number| visit.is_in_vain(Try(number)));
        assert_eq!(in_vain, [true, true, false, false, false]);
        assert!(!visit.is_in_vain(Wait));
        // The last one is as its step went.
        visit.attempts.truncate(2);
        assert!(!visit.is_in_vain(Try(2)));
    }

    #[test]
    fn what_a_step_says_of_itself_its_try_does_not_say_again() {
        let error = |message: &str| Some(ErrorDetail::new("cancelled", message));
        let mut visit = visit("method", VisitState::Failed, 0, Some(10));
        for (own, of_try, told) in [
            (None, None, false),
            (None, error("no answer"), true),
            (error("cancelled"), None, false),
            (error("cancelled"), error("no answer"), true),
            (error("cancelled"), error("cancelled"), false),
        ] {
            visit.error = own;
            let attempt = crate::engine::Attempt {
                error: of_try,
                ..attempt(0, Some(1))
            };
            assert_eq!(visit.error_of_try(&attempt).is_some(), told, "{visit:?}");
        }
    }

    #[test]
    fn what_was_under_way_when_its_run_was_cancelled_did_not_fail() {
        let mut sleep = visit("sleep", VisitState::Failed, 0, Some(10));
        for (code, stopped) in [("cancelled", true), ("timeout", false)] {
            sleep.error = Some(crate::problem::ErrorDetail::new(code, "it ended"));
            assert_eq!(sleep.was_stopped(), stopped, "{code}");
        }
    }
}
