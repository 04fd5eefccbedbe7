//! Steps that answer the caller: whether one waits, and what it must not be told.

use std::collections::BTreeSet;

use super::{PlanDocument, at_step, warning};
use crate::engine::steps::{self, Behaviour};
use crate::model::{Access, AnswerWhen, Step, StepKind};
use crate::problem::{ErrorDetail, Problem};

pub(super) fn check(
    document: &PlanDocument,
    behaviours: &[Option<Box<dyn Behaviour>>],
    problems: &mut Vec<Problem>,
) {
    let all = &document.runbook.steps;
    let outputs = all.iter().flat_map(|step| steps::outputs(step, document));
    let secret: BTreeSet<&str> = outputs
        .filter(|(_, output)| output.secret)
        .map(|(_, output)| output.name.as_str())
        .collect();
    let start = &document.runbook.start;
    let is_waited_for =
        start.access == Access::DeskAndPublic && start.answer.when == AnswerWhen::Finished;
    for (step, behaviour) in all.iter().zip(behaviours) {
        if !matches!(step.kind, StepKind::Respond { .. }) {
            continue;
        }
        if !is_waited_for {
            problems.push(nobody_waits(step));
        }
        let Some(behaviour) = behaviour else { continue };
        for used in behaviour.tokens() {
            if !secret.contains(used.token.variable()) {
                continue;
            }
            let mut detail = steps::secret_in_answer(used.token).at_field(&used.field);
            detail.at.offset = Some(used.token.at());
            problems.push(at_step(step, detail));
        }
    }
}

fn nobody_waits(step: &Step) -> Problem {
    let message = format!(
        "`{}` sends nothing, because no caller waits for an answer: let the runbook be started by its public address and answer when it has finished, on the Details tab, or delete the step",
        step.name
    );
    let mut detail = ErrorDetail::new("nobody_waits", message);
    detail.at.step = Some(step.id.clone());
    warning(detail)
}
