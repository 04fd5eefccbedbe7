//! The end of a run.

use super::{Began, Behaviour, Scope, UsedToken};
use crate::engine::effect::Outcome;
use crate::model::{EndOutcome, Step};
use crate::problem::ErrorDetail;

/// How long a run that is to be retried waits each time before it starts again, in milliseconds.
const RESTART_WAITS_MS: [u64; 3] = [10_000, 60_000, 300_000];

#[derive(Debug)]
pub(super) struct EndStep {
    name: String,
    outcome: EndOutcome,
}

impl EndStep {
    pub(super) fn new(step: &Step, outcome: EndOutcome) -> Self {
        Self {
            name: step.name.clone(),
            outcome,
        }
    }
}

impl EndStep {
    /// What led here says more than that the run ended here.
    fn failed(&self, scope: &Scope<'_>) -> ErrorDetail {
        let name = &self.name;
        match scope.failure {
            Some(failure) if failure.is_direct => failure.error.clone(),
            Some(failure) => ErrorDetail {
                message: format!(
                    "the runbook ended as failed at `{name}`; before that, `{}` failed: {}",
                    failure.step_name, failure.error.message
                ),
                ..failure.error.clone()
            },
            None => ErrorDetail::new(
                "ended_as_failed",
                format!("the runbook ended as failed at `{name}`: look at the steps before it"),
            ),
        }
    }
}

impl Behaviour for EndStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        Began::Ends(match self.outcome {
            EndOutcome::Success => Outcome::Succeeded,
            EndOutcome::FailedRetry if usize::from(scope.restarts) < RESTART_WAITS_MS.len() => {
                let wait = RESTART_WAITS_MS.get(usize::from(scope.restarts));
                return Began::Restarts {
                    until: scope.now.saturating_add(*wait.unwrap_or(&0)),
                    error: self.failed(scope),
                };
            }
            EndOutcome::Failed | EndOutcome::FailedRetry => Outcome::Failed {
                error: self.failed(scope),
            },
        })
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        Vec::new()
    }
}
