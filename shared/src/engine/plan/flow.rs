//! Which variables a step can count on: they flow along the ways of the chart.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::graph::Graph;
use super::{PlanDocument, at_step, warning};
use crate::engine::steps::{self, Behaviour, UsedToken};
use crate::model::{Access, Runbook, Step, StepKind, Way};
use crate::problem::{ErrorDetail, Problem};
use crate::template::nearest;

/// What is set when a step begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Known<'d> {
    /// Whichever way was taken.
    always: BTreeSet<&'d str>,
    /// By some way.
    sometimes: BTreeSet<&'d str>,
    /// Whether a method is missing on some way here, which may have set anything.
    is_uncertain: bool,
}

impl<'d> Known<'d> {
    fn set(&mut self, name: &'d str) {
        self.always.insert(name);
        self.sometimes.insert(name);
    }

    /// Both ways lead here. Says whether that changed anything.
    fn meet(&mut self, other: &Self) -> bool {
        let before = (self.always.len(), self.sometimes.len(), self.is_uncertain);
        self.always.retain(|name| other.always.contains(name));
        self.sometimes.extend(&other.sometimes);
        self.is_uncertain |= other.is_uncertain;
        before != (self.always.len(), self.sometimes.len(), self.is_uncertain)
    }
}

/// Checks that every token can have a value where it stands.
pub(super) fn check(
    document: &PlanDocument,
    graph: &Graph,
    behaviours: &[Option<Box<dyn Behaviour>>],
    problems: &mut Vec<Problem>,
) {
    let runbook = &document.runbook;
    let known = propagate(document, graph);
    for ((step, behaviour), known) in runbook.steps.iter().zip(behaviours).zip(&known) {
        check_names(step, document, problems);
        let (Some(behaviour), Some(known)) = (behaviour, known) else {
            continue;
        };
        // One field is told once about one variable, however often it names it.
        let mut told = BTreeSet::new();
        for used in behaviour.tokens() {
            let Some(problem) = judge(&used, step, runbook, known, behaviour.as_ref()) else {
                continue;
            };
            if told.insert((used.field.clone(), used.token.variable().to_owned())) {
                problems.push(problem);
            }
        }
    }
}

/// What is known at each step; nothing for those that cannot be reached.
fn propagate<'d>(document: &'d PlanDocument, graph: &Graph) -> Vec<Option<Known<'d>>> {
    let steps = &document.runbook.steps;
    let mut known: Vec<Option<Known<'d>>> = vec![None; steps.len()];
    let Some(first) = graph.first else {
        return known;
    };
    let mut waiting = VecDeque::from([(first, at_start(&document.runbook))]);
    // It ends: what is always set only becomes less, and what is sometimes set only more.
    while let Some((place, arriving)) = waiting.pop_front() {
        let Some(slot) = known.get_mut(place) else {
            continue;
        };
        let changed = if let Some(before) = slot {
            before.meet(&arriving)
        } else {
            *slot = Some(arriving);
            true
        };
        let (Some(here), Some(step), true) = (slot.as_ref(), steps.get(place), changed) else {
            continue;
        };
        for (way, next) in graph.next.get(place).into_iter().flatten() {
            waiting.push_back((*next, behind(here, step, *way, document)));
        }
    }
    known
}

fn at_start(runbook: &Runbook) -> Known<'_> {
    let mut known = Known::default();
    known.set("run");
    known.set("halo_url");
    match runbook.start.access {
        Access::Desk => {
            known.set("ticket");
            known.set("action");
        }
        Access::DeskAndPublic => known.set("request"),
    }
    for input in &runbook.start.inputs {
        if input.required || input.default.is_some() {
            known.set(&input.name);
        } else {
            known.sometimes.insert(&input.name);
        }
    }
    known
}

/// Whether a step's outputs cannot be known; the step itself is reported.
pub(super) fn lacks_its_method(step: &Step, document: &PlanDocument) -> bool {
    matches!(&step.kind, StepKind::Method { method } if document.method(method).is_none())
}

/// What is set behind a way out.
fn behind<'d>(here: &Known<'d>, step: &'d Step, way: Way, document: &'d PlanDocument) -> Known<'d> {
    let mut behind = here.clone();
    if !matches!(
        step.kind,
        StepKind::Method { .. } | StepKind::DeskAction { .. }
    ) {
        return behind;
    }
    behind.is_uncertain |= lacks_its_method(step, document);
    if way == Way::Success {
        behind.set("response");
        for (_, output) in steps::outputs(step, document) {
            behind.set(&output.name);
        }
    } else {
        // A refusal has a body, silence has none.
        behind.always.remove("response");
        behind.sometimes.insert("response");
    }
    behind
}

fn judge(
    used: &UsedToken<'_>,
    step: &Step,
    runbook: &Runbook,
    known: &Known<'_>,
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
    if behaviour.knows(name) || known.always.contains(name) || token.has_fallback() {
        return None;
    }
    if known.sometimes.contains(name) {
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
    (!known.is_uncertain).then(|| at_step(step, detail("unknown_variable", unknown(name, known))))
}

fn unknown(name: &str, known: &Known<'_>) -> String {
    if name == "response" {
        return "no step before this one gets a response: put a method before it".to_owned();
    }
    if name == "request" {
        return "this runbook is started from the desk only, so there is no request: use `<<ticket^…>>`, `<<action^…>>` or an input variable, or open it to the public on the Details tab".to_owned();
    }
    let hint = nearest(name, known.sometimes.iter().copied()).map_or_else(String::new, |nearest| {
        format!(" (did you mean `{nearest}`?)")
    });
    format!(
        "no step before this one and no input variable sets `{name}`{hint}: add it to the outputs of an earlier step, or to the input variables"
    )
}

/// Checks the names that a step gives to its output variables.
fn check_names(step: &Step, document: &PlanDocument, problems: &mut Vec<Problem>) {
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
