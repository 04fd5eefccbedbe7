//! What people should know of the turns of elements: `<<response>>` is the element until a step of the turn gets an
//! answer.

use super::answers::Answers;
use super::graph::Graph;
use super::{PlanDocument, warning};
use crate::engine::steps::{self, Behaviour};
use crate::problem::{ErrorDetail, Problem};

/// Names the steps that use `<<response>>` where it is not the element of their turn any more.
pub(super) fn check(
    document: &PlanDocument,
    graph: &Graph,
    behaviours: &[Option<Box<dyn Behaviour>>],
    problems: &mut Vec<Problem>,
) {
    let steps = &document.runbook.steps;
    let answers = Answers::of(steps, graph);
    for (place, (step, behaviour)) in steps.iter().zip(behaviours).enumerate() {
        let (Some(behaviour), Some((each, body))) = (behaviour, answers.loop_around(place)) else {
            continue;
        };
        let tokens = behaviour.tokens().into_iter();
        let mut used = tokens.filter(|used| used.token.holder() == "response");
        let (Some(used), Some(each)) = (used.next(), steps.get(each)) else {
            continue;
        };
        let answered = answers.used_at(place).into_iter().find_map(|other| {
            let other = steps.get(other).filter(|_| body.contains(&other))?;
            steps::takes_outputs(other).then_some(&other.name)
        });
        let Some(answered) = answered else { continue };
        let message = format!(
            "`{}` is the answer of `{answered}` here, and not the element of `{}` any more: to use the answer, take what you need of it as an output variable of `{answered}`; to use the element, have a step before `{answered}` set a variable to what you need of it",
            used.token.text(),
            each.name,
        );
        let mut detail = ErrorDetail::new("element_replaced", message).at_field(&used.field);
        detail.at.offset = Some(used.token.at());
        detail.at.step = Some(step.id.clone());
        problems.push(warning(detail));
    }
}
