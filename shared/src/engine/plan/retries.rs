//! Retries that are not what they seem.

use super::{PlanDocument, warning};
use crate::engine::retry;
use crate::engine::steps::Behaviour;
use crate::problem::Problem;

/// Tells of retries that never happen, and of waits that do not count.
pub(super) fn check(
    document: &PlanDocument,
    behaviours: &[Option<Box<dyn Behaviour>>],
    problems: &mut Vec<Problem>,
) {
    for (step, behaviour) in document.runbook.steps.iter().zip(behaviours) {
        let Some(behaviour) = behaviour else { continue };
        let Some(retry) = behaviour.retry() else {
            continue;
        };
        let field = if step.retry.is_some() {
            "retry"
        } else {
            "method.retry"
        };
        for detail in retry::warnings(retry, behaviour.is_repeatable()) {
            let mut problem = warning(detail.at_field(field));
            problem.detail.at.step = Some(step.id.clone());
            problems.push(problem);
        }
    }
}
