//! Which variables a step can count on: they flow along the ways of the chart.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::known::{Known, NameSet, Names};
use super::{PlanDocument, at_step, warning};
use crate::engine::steps::{self, Behaviour, UsedToken};
use crate::model::{Access, Runbook, Step, StepKind, Way};
use crate::problem::{ErrorDetail, Problem};
use crate::start::is_of_desk;
use crate::template::nearest;

/// Checks that every token can have a value where it stands.
pub(super) fn check(
    document: &PlanDocument,
    graph: &Graph,
    behaviours: &[Option<Box<dyn Behaviour>>],
    problems: &mut Vec<Problem>,
) {
    let runbook = &document.runbook;
    let names = names(document);
    let known = propagate(document, graph, &names);
    for ((step, behaviour), known) in runbook.steps.iter().zip(behaviours).zip(&known) {
        check_names(step, document, problems);
        let (Some(behaviour), Some(known)) = (behaviour, known) else {
            continue;
        };
        // One field is told once about one variable, however often it names it.
        let mut told = BTreeSet::new();
        for used in behaviour.tokens() {
            let known = (&names, known);
            let Some(problem) = judge(&used, step, runbook, known, behaviour.as_ref()) else {
                continue;
            };
            if told.insert((used.field.clone(), used.token.variable().to_owned())) {
                problems.push(problem);
            }
        }
    }
}

/// All that steps may know, beside the constants of their own integration.
fn names(document: &PlanDocument) -> Names<'_> {
    let own = ["run", "halo_url", "request", "ticket", "action", "response"];
    let inputs = &document.runbook.start.inputs;
    let steps = &document.runbook.steps;
    let outputs = steps.iter().flat_map(|step| steps::outputs(step, document));
    let set = steps.iter().flat_map(set_by);
    Names::new(
        own.into_iter()
            .chain(inputs.iter().map(|input| input.name.as_str()))
            .chain(outputs.map(|(_, output)| output.name.as_str()))
            .chain(set),
    )
}

/// The names that a *set variables* step sets.
pub(super) fn set_by(step: &Step) -> impl Iterator<Item = &str> {
    let rows = match &step.kind {
        StepKind::Set { variables } => variables.as_slice(),
        _ => &[],
    };
    rows.iter().map(|row| row.name.as_str())
}

/// What a step changes, by the way it is left.
struct Change {
    set: NameSet,
    sets_on: Way,
    /// Its answer, which behind a failure may be there: a refusal has a body, silence has none.
    response: NameSet,
    is_uncertain: bool,
}

impl Change {
    /// Nothing for steps that set nothing.
    fn of(step: &Step, document: &PlanDocument, names: &Names<'_>) -> Option<Self> {
        match step.kind {
            StepKind::Method { .. }
            | StepKind::DeskAction { .. }
            | StepKind::StartRunbook { wait: true, .. } => {
                let outputs = steps::outputs(step, document);
                Some(Self {
                    set: names.set(outputs.iter().map(|(_, output)| output.name.as_str())),
                    sets_on: Way::Success,
                    response: names.set(["response"]),
                    is_uncertain: lacks_its_method(step, document),
                })
            }
            StepKind::ForEach { .. } => Some(Self {
                set: names.set(["response"]),
                sets_on: Way::Element,
                // Behind the last element there may be one that a step of its turn got.
                response: names.set(["response"]),
                is_uncertain: false,
            }),
            StepKind::Set { .. } => Some(Self {
                set: names.set(set_by(step)),
                sets_on: Way::Done,
                response: names.set([]),
                is_uncertain: false,
            }),
            StepKind::Condition { .. }
            | StepKind::StartRunbook { .. }
            | StepKind::Sleep { .. }
            | StepKind::Respond { .. }
            | StepKind::End { .. } => None,
        }
    }

    fn apply(&self, known: &mut Known, way: Way) {
        known.is_uncertain |= self.is_uncertain;
        if way == self.sets_on {
            known.set(&self.response);
            known.set(&self.set);
        } else {
            known.doubt(&self.response);
        }
    }
}

/// What is known at each step; nothing for those that cannot be reached.
fn propagate(document: &PlanDocument, graph: &Graph, names: &Names<'_>) -> Vec<Option<Known>> {
    let steps = &document.runbook.steps;
    let changes: Vec<Option<Change>> = steps
        .iter()
        .map(|step| Change::of(step, document, names))
        .collect();
    let mut known: Vec<Option<Known>> = vec![None; steps.len()];
    let ranks = ranks(graph);
    let mut waiting = BTreeSet::new();
    if let Some(first) = graph.first
        && let Some(slot) = known.get_mut(first)
    {
        *slot = Some(at_start(&document.runbook, names));
        waiting.insert((0, first));
    }
    // It ends: what is always set only becomes less, and what is sometimes set only more. It
    // ends soon, because a step waits until all that stands before it is known.
    while let Some((_, place)) = waiting.pop_first() {
        let Some(here) = known.get(place).cloned().flatten() else {
            continue;
        };
        for (way, next) in graph.next.get(place).into_iter().flatten() {
            let mut behind = here.clone();
            if let Some(change) = changes.get(place).and_then(Option::as_ref) {
                change.apply(&mut behind, *way);
            }
            let is_news = match known.get_mut(*next) {
                Some(Some(before)) => before.meet(&behind),
                Some(slot) => {
                    *slot = Some(behind);
                    true
                }
                None => false,
            };
            if is_news {
                waiting.insert((ranks.get(*next).copied().unwrap_or_default(), *next));
            }
        }
    }
    known
}

/// Numbers by which a step stands behind all that lead to it, but for ways back.
fn ranks(graph: &Graph) -> Vec<usize> {
    let count = graph.next.len();
    let mut ranks = vec![0; count];
    let mut seen = vec![false; count];
    let mut left = count;
    // A step, and how many of its ways have been followed.
    let mut open: Vec<(usize, usize)> = graph.first.map(|first| (first, 0)).into_iter().collect();
    while let Some((place, followed)) = open.last_mut() {
        if let Some(seen) = seen.get_mut(*place) {
            *seen = true;
        }
        let ways = graph.next.get(*place);
        let next = ways.and_then(|ways| ways.values().nth(*followed)).copied();
        *followed += 1;
        match next {
            Some(next) if seen.get(next) == Some(&false) => open.push((next, 0)),
            Some(_) => {}
            None => {
                left = left.saturating_sub(1);
                if let Some(rank) = ranks.get_mut(*place) {
                    *rank = left;
                }
                open.pop();
            }
        }
    }
    ranks
}

fn at_start(runbook: &Runbook, names: &Names<'_>) -> Known {
    let from = match runbook.start.access {
        Access::Desk => ["ticket", "action"].as_slice(),
        Access::DeskAndPublic => &["request"],
    };
    let always = ["run", "halo_url"].iter().chain(from).copied();
    let inputs = runbook.start.inputs.iter();
    let sure = inputs
        .clone()
        .filter(|input| input.required || input.default.is_some());
    let always = names.set(always.chain(sure.map(|input| input.name.as_str())));
    let mut sometimes = names.set(inputs.map(|input| input.name.as_str()));
    sometimes.add(&always);
    Known {
        always,
        sometimes,
        is_uncertain: false,
    }
}

/// Whether a step's outputs cannot be known; the step itself is reported.
pub(super) fn lacks_its_method(step: &Step, document: &PlanDocument) -> bool {
    step.kind
        .method()
        .is_some_and(|id| document.method(id).is_none())
}

fn judge(
    used: &UsedToken<'_>,
    step: &Step,
    runbook: &Runbook,
    (names, known): (&Names<'_>, &Known),
    behaviour: &dyn Behaviour,
) -> Option<Problem> {
    let token = used.token;
    let name = token.variable();
    let detail = |code, message: String| {
        let mut detail = ErrorDetail::new(code, message).at_field(&used.field);
        detail.at.offset = Some(token.at());
        detail
    };
    if matches!(name, "ticket" | "action") && runbook.start.access != Access::Desk {
        return Some(at_step(
            step,
            detail(
                "desk_token_in_public_runbook",
                format!(
                    "{} has no value when the runbook is started by its public address: make it an input variable, and fill that from the desk with `{}` on the Details tab",
                    token.text(),
                    token.text()
                ),
            ),
        ));
    }
    if behaviour.knows(name) || names.has(&known.always, name) || token.has_fallback() {
        return None;
    }
    // An event or a button brings it along, as an action does its ticket; a step that sets it has the name from then on.
    if runbook.start.access == Access::Desk
        && is_of_desk(name)
        && !names.has(&known.sometimes, name)
    {
        return None;
    }
    if names.has(&known.sometimes, name) {
        if used.may_be_missing {
            return None;
        }
        let mut problem = warning(detail(
            "variable_sometimes_missing",
            format!(
                "`{name}` is not set on every way to `{}`: set it on all of them, or write a fallback as in `<<{name} ?? \"none\">>`",
                step.name
            ),
        ));
        problem.detail.at.step = Some(step.id.clone());
        return Some(problem);
    }
    (!known.is_uncertain).then(|| {
        at_step(
            step,
            detail("unknown_variable", unknown(name, names, known)),
        )
    })
}

fn unknown(name: &str, names: &Names<'_>, known: &Known) -> String {
    if name == "response" {
        return "no step before this one gets a response: put a method before it".to_owned();
    }
    if name == "request" {
        return "this runbook is started from the desk only, so there is no request: use `<<ticket^…>>`, `<<action^…>>` or an input variable, or open it to the public on the Details tab".to_owned();
    }
    let hint = nearest(name, names.of(&known.sometimes)).map_or_else(String::new, |nearest| {
        format!(" (did you mean `{nearest}`?)")
    });
    format!(
        "no step before this one and no input variable sets `{name}`{hint}: add it to the outputs of an earlier step, or to the input variables"
    )
}

/// Checks the names that a step gives to its output variables.
fn check_names(step: &Step, document: &PlanDocument, problems: &mut Vec<Problem>) {
    for (index, name) in set_by(step).enumerate() {
        if super::is_reserved(name) {
            let message =
                format!("`{name}` means something of its own in templates: choose another name");
            let detail = ErrorDetail::new("reserved_name", message)
                .at_field(format!("variables[{index}].name"));
            problems.push(at_step(step, detail));
        }
    }
    if !steps::takes_outputs(step) && !step.outputs.is_empty() {
        let message = match &step.kind {
            StepKind::StartRunbook { .. } => {
                "this step does not wait for the end of the runbook, so its output variables are never set: have it wait, or remove them"
            }
            _ => "this step gets no answer, so its output variables are never set: remove them",
        };
        let mut unset = warning(ErrorDetail::new("outputs_never_set", message).at_field("outputs"));
        unset.detail.at.step = Some(step.id.clone());
        problems.push(unset);
    }
    let mut adds: BTreeMap<&str, bool> = BTreeMap::new();
    for (place, output) in steps::outputs(step, document) {
        let name = output.name.as_str();
        let mut report = |code, message: String| {
            let detail = ErrorDetail::new(code, message).at_field(format!("{place}.name"));
            problems.push(at_step(step, detail));
        };
        if super::is_reserved(name) {
            report(
                "reserved_name",
                format!("`{name}` means something of its own in templates: choose another name"),
            );
        }
        let adds_as_well = adds.insert(name, output.add_to_array);
        if adds_as_well.is_some_and(|adds| !(adds && output.add_to_array)) {
            report(
                "duplicate_variable",
                format!(
                    "two output variables of `{}` are called `{name}`: rename one of them",
                    step.name
                ),
            );
        }
    }
}
