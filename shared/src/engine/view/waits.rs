//! What a run is waiting for.

use super::{QueuePlace, RunStatus, RunView, StepVisit, VisitState};
use crate::model::{RunId, Timestamp};

/// One thing that a run waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// For its turn, at this place, where that is known.
    Turn(Option<QueuePlace>),
    /// A step sleeps.
    Sleep { step: String, until: Timestamp },
    /// A step failed and tries again.
    Retry {
        step: String,
        /// How many tries there were.
        tries: usize,
        until: Timestamp,
    },
    /// The run failed and begins again.
    Restart { until: Timestamp },
    /// A run that a step started.
    Run {
        step: String,
        /// Missing while it is being started.
        run_id: Option<RunId>,
        /// When its end is not waited for any longer, where the step has a time limit.
        until: Option<Timestamp>,
    },
    /// The answer to a request.
    Answer {
        step: String,
        since: Timestamp,
        /// When it is not waited for any longer.
        until: Option<Timestamp>,
    },
}

impl RunView {
    /// All that is waited for; nothing once the run has ended.
    pub fn waits(&self) -> Vec<Wait> {
        if self.summary.status.has_ended() {
            return Vec::new();
        }
        if self.summary.status == RunStatus::Queued {
            return vec![Wait::Turn(self.queue.clone())];
        }
        let mut waits: Vec<Wait> = self.visits.iter().filter_map(StepVisit::waits).collect();
        if waits.is_empty()
            && let Some(until) = self.summary.waits_until
        {
            waits.push(Wait::Restart { until });
        }
        waits
    }
}

impl StepVisit {
    fn waits(&self) -> Option<Wait> {
        if self.ended_at.is_some() {
            return None;
        }
        let step = self.name.clone();
        match (self.state, self.kind.as_str(), self.waits_until) {
            (_, "start_runbook", _) => Some(Wait::Run {
                step,
                run_id: self.started_run.clone(),
                until: self.gives_up_at,
            }),
            (VisitState::Waiting, "sleep", Some(until)) => Some(Wait::Sleep { step, until }),
            (VisitState::Waiting, _, Some(until)) => Some(Wait::Retry {
                step,
                tries: self.attempts.len(),
                until,
            }),
            (VisitState::Running, _, _) => {
                let last = self.attempts.last()?;
                last.ended_at.is_none().then_some(Wait::Answer {
                    step,
                    since: last.sent_at,
                    until: self.gives_up_at,
                })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::view::tests::{attempt, run, visit};

    #[test]
    fn a_run_says_what_it_waits_for() {
        use VisitState::{Failed, Running, Succeeded, Waiting};
        let step = || "Step".to_owned();
        let until = 5_000;
        let waiting = |kind| {
            let mut visit = visit(kind, Waiting, 0, None);
            visit.waits_until = Some(until);
            visit.attempts = vec![attempt(0, Some(10))];
            visit
        };
        let mut sent = visit("method", Running, 0, None);
        sent.attempts = vec![attempt(0, Some(10)), attempt(40, None)];
        sent.gives_up_at = Some(90);
        let mut started = visit("start_runbook", Running, 0, None);
        started.started_run = RunId::parse("other.0.1").ok();
        started.gives_up_at = Some(80);
        let done = visit("method", Succeeded, 0, Some(5));
        let failed = visit("end", Failed, 0, Some(5));
        let running = RunStatus::Running;
        for (status, visits, expected) in [
            (
                RunStatus::Queued,
                vec![sent.clone()],
                vec![Wait::Turn(None)],
            ),
            (RunStatus::Cancelled, vec![sent.clone()], vec![]),
            (
                running,
                vec![done.clone(), waiting("sleep")],
                vec![Wait::Sleep {
                    step: step(),
                    until,
                }],
            ),
            (
                running,
                vec![waiting("method")],
                vec![Wait::Retry {
                    step: step(),
                    tries: 1,
                    until,
                }],
            ),
            (
                running,
                vec![waiting("start_runbook")],
                vec![Wait::Run {
                    step: step(),
                    run_id: None,
                    until: None,
                }],
            ),
            (
                running,
                vec![started],
                vec![Wait::Run {
                    step: step(),
                    run_id: RunId::parse("other.0.1").ok(),
                    until: Some(80),
                }],
            ),
            (
                running,
                vec![sent],
                vec![Wait::Answer {
                    step: step(),
                    since: 40,
                    until: Some(90),
                }],
            ),
            (running, vec![failed], vec![Wait::Restart { until }]),
        ] {
            let mut run = run(status);
            run.summary.waits_until = Some(until);
            run.visits = visits;
            assert_eq!(run.waits(), expected);
        }
        let mut queued = run(RunStatus::Queued);
        queued.queue = Some(QueuePlace {
            place: 2,
            behind: RunId::parse("rb.0.1").ok(),
        });
        assert_eq!(queued.waits(), [Wait::Turn(queued.queue.clone())]);
    }
}
