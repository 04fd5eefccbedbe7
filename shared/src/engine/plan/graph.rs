//! The shape of the flow chart: every way out leads somewhere, every step can be reached.

use std::collections::{BTreeMap, BTreeSet};

use super::{at_step, error, warning};
use crate::engine::retry;
use crate::model::{Runbook, Step, StepId, Way};
use crate::problem::{ErrorDetail, Problem};

/// The connections of a runbook, by places in its list of steps.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) first: Option<usize>,
    pub(super) next: Vec<BTreeMap<Way, usize>>,
}

/// Checks what a run needs: a first step, and a step behind every way out but that of failure.
pub(super) fn check(runbook: &Runbook, problems: &mut Vec<Problem>) -> Graph {
    let mut places: BTreeMap<&StepId, usize> = BTreeMap::new();
    for (place, step) in runbook.steps.iter().enumerate() {
        if places.contains_key(&step.id) {
            let message = format!(
                "two steps have the id `{}`: give one of them another",
                step.id
            );
            problems.push(at_step(
                step,
                ErrorDetail::new("duplicate_step", message).at_field("id"),
            ));
        } else {
            places.insert(&step.id, place);
        }
    }
    let first = match &runbook.first_step {
        _ if runbook.steps.is_empty() => {
            let message = "the flow chart is empty: add a step";
            problems.push(error(
                ErrorDetail::new("no_steps", message).at_field("steps"),
            ));
            None
        }
        None => {
            let message = "no step is the first one: choose the step that the runbook begins with";
            problems.push(error(
                ErrorDetail::new("no_first_step", message).at_field("first_step"),
            ));
            None
        }
        Some(id) => {
            let first = places.get(id).copied();
            if first.is_none() {
                let message = format!(
                    "the first step `{id}` does not exist: choose the step that the runbook begins with"
                );
                problems.push(error(
                    ErrorDetail::new("no_first_step", message).at_field("first_step"),
                ));
            }
            first
        }
    };
    let next = runbook
        .steps
        .iter()
        .map(|step| connections(step, &places, problems))
        .collect();
    Graph { first, next }
}

fn connections(
    step: &Step,
    places: &BTreeMap<&StepId, usize>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<Way, usize> {
    let mut next = BTreeMap::new();
    let mut report = |code, way: Way, message: String| {
        let field = format!("next.{}", way_field(way));
        problems.push(at_step(
            step,
            ErrorDetail::new(code, message).at_field(field),
        ));
    };
    for way in step.kind.ways() {
        match step.next.get(way).map(|id| (id, places.get(id))) {
            Some((_, Some(place))) => {
                next.insert(*way, *place);
            }
            Some((id, None)) => report(
                "way_leads_nowhere",
                *way,
                format!(
                    "the way out \"{way}\" of `{}` leads to a step `{id}` that does not exist: connect it to another one",
                    step.name
                ),
            ),
            // The run fails there, with the reason of the step.
            None if *way == Way::Failure => {}
            None => report(
                "way_leads_nowhere",
                *way,
                format!(
                    "the way out \"{way}\" of `{}` leads nowhere: connect it to a step, such as an end",
                    step.name
                ),
            ),
        }
    }
    for way in step
        .next
        .keys()
        .filter(|way| !step.kind.ways().contains(way))
    {
        report(
            "unknown_way",
            *way,
            format!(
                "`{}` has no way out \"{way}\": remove the connection",
                step.name
            ),
        );
    }
    next
}

/// The name of a way in `next`.
fn way_field(way: Way) -> &'static str {
    match way {
        Way::Success => "success",
        Way::Failure => "failure",
        Way::Met => "met",
        Way::NotMet => "not_met",
        Way::Element => "element",
        Way::Empty => "empty",
        Way::Finished => "finished",
        Way::Done => "done",
    }
}

/// Checks what people should know of the shape: steps that no run reaches, names, an end.
pub(super) fn check_reach(runbook: &Runbook, graph: &Graph, problems: &mut Vec<Problem>) {
    let reached = reached(graph);
    for (place, step) in runbook.steps.iter().enumerate() {
        if step.name.trim().is_empty() {
            let message = "this step has no name: enter one";
            problems.push(at_step(
                step,
                ErrorDetail::new("empty_name", message).at_field("name"),
            ));
        }
        if step.timeout_ms == Some(0) {
            let message = format!(
                "the time limit of `{}` is zero: enter how long to wait, or nothing for 30 s",
                step.name
            );
            problems.push(at_step(
                step,
                ErrorDetail::new("timeout", message).at_field("timeout_ms"),
            ));
        }
        check_failure_way(step, problems);
        check_retry(step, problems);
        check_loop(step, place, graph, problems);
        if graph.first.is_some() && !reached.contains(&place) {
            let message = format!(
                "no way leads to `{}`: connect a step to it, or delete it",
                step.name
            );
            problems.push(at_step(step, ErrorDetail::new("unreachable_step", message)));
        }
    }
    let is_end = |place: &usize| {
        let step = runbook.steps.get(*place);
        step.is_some_and(|step| step.kind.ways().is_empty())
    };
    if !reached.is_empty() && !reached.iter().any(is_end) {
        let message = "the flow never comes to an end and will be stopped after so many steps: add an end, and a way that leads to it";
        problems.push(warning(
            ErrorDetail::new("no_end", message).at_field("steps"),
        ));
    }
}

/// What fails where no way leads on ends the run: that may be meant, and may have been forgotten.
fn check_failure_way(step: &Step, problems: &mut Vec<Problem>) {
    if !step.kind.ways().contains(&Way::Failure) || step.next.contains_key(&Way::Failure) {
        return;
    }
    let message = format!(
        "where `{}` fails, the run fails with its reason: connect its way out \"failure\" to go on in another way",
        step.name
    );
    let mut problem = warning(ErrorDetail::new("no_failure_way", message).at_field("next.failure"));
    problem.detail.at.step = Some(step.id.clone());
    problems.push(problem);
}

/// Checks that what is done with an element leads back to the next one.
fn check_loop(step: &Step, place: usize, graph: &Graph, problems: &mut Vec<Problem>) {
    let body = graph
        .next
        .get(place)
        .and_then(|next| next.get(&Way::Element));
    let Some(body) = body else { return };
    if !reached_from(*body, graph, None).contains(&place) {
        let message = format!(
            "no way leads from an element of `{}` back to it, so only the first one has its turn: connect the last step of its turn to it",
            step.name
        );
        problems.push(at_step(
            step,
            ErrorDetail::new("loop_not_closed", message).at_field("next.element"),
        ));
    }
}

/// Checks the numbers of a step's own retries; those of its method are checked with that.
fn check_retry(step: &Step, problems: &mut Vec<Problem>) {
    if let Some(detail) = step.retry.as_ref().and_then(retry::problem) {
        problems.push(at_step(step, detail.at_field("retry")));
    }
}

/// The steps that a run may come to.
pub(super) fn reached(graph: &Graph) -> BTreeSet<usize> {
    graph
        .first
        .map_or_else(BTreeSet::new, |first| reached_from(first, graph, None))
}

/// The steps that a run comes to from one of them, without passing through `but`.
pub(super) fn reached_from(first: usize, graph: &Graph, but: Option<usize>) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![first];
    while let Some(place) = waiting.pop() {
        if Some(place) != but && reached.insert(place) {
            waiting.extend(graph.next.get(place).into_iter().flat_map(BTreeMap::values));
        }
    }
    reached
}
