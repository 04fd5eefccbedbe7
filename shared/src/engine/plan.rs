//! Publishing: a runbook and what it uses become a plan that runs can execute, or a list
//! of problems, each with the step and field that it is about.
//!
//! Loading a stored plan asks only for what a run cannot do without ([`Plan::compile`]);
//! publishing asks for everything that can be foreseen ([`check`]).

mod answers;
mod desk_values;
mod document;
mod flow;
mod graph;
mod known;
mod logins;
mod loops;
mod replies;
mod retries;
mod running;
mod starts;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use desk_values::{DeskValues, answered, is_of_the_desk};
pub use document::{PlanDocument, destination};

use super::effect::AuthFrom;
use super::steps::{self, Behaviour};
use crate::model::{Authorization, Runbook, Step, StepId, Way};
use crate::problem::{ErrorDetail, Problem, Severity};
use crate::template::Template;

/// Variables that are there without being set; no other may have their names.
const RESERVED_NAMES: [&str; 6] = ["ticket", "action", "request", "response", "run", "halo_url"];

/// Whether a name means something of its own in templates, such as `request@header` too.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED_NAMES.contains(&name)
        || ["request@", "response@"]
            .iter()
            .any(|beside| name.starts_with(beside))
}

/// A runbook that can run: graph checked, templates parsed, output paths compiled, methods
/// and their integration resolved, names turned into indices. It does not change any more.
#[derive(Debug)]
pub struct Plan {
    document: PlanDocument,
    first: usize,
    steps: Vec<PlannedStep>,
    /// Tells which runs must not be under way together.
    running_key: Option<Template>,
}

/// A plan is all that its document says.
impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        self.document == other.document
    }
}

/// A step that can run.
#[derive(Debug)]
pub(super) struct PlannedStep {
    pub(super) id: StepId,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) behaviour: Box<dyn Behaviour>,
    next: BTreeMap<Way, usize>,
}

impl PlannedStep {
    pub(super) fn next(&self, way: Way) -> Option<usize> {
        self.next.get(&way).copied()
    }
}

impl Plan {
    /// Makes a plan of a document, or says what keeps it from running.
    pub fn compile(document: PlanDocument) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let graph = graph::check(&document.runbook, &mut problems);
        let behaviours = behaviours(&document, &mut problems);
        let mut steps = Vec::with_capacity(behaviours.len());
        for ((step, behaviour), next) in document
            .runbook
            .steps
            .iter()
            .zip(behaviours)
            .zip(graph.next)
        {
            let Some(behaviour) = behaviour else { continue };
            steps.push(PlannedStep {
                id: step.id.clone(),
                name: step.name.clone(),
                kind: step.kind.type_name(),
                behaviour,
                next,
            });
        }
        let running_key = running::key(&document.runbook, &mut problems);
        problems.retain(|problem| problem.severity == Severity::Error);
        match graph.first {
            Some(first) if problems.is_empty() => Ok(Self {
                document,
                first,
                steps,
                running_key,
            }),
            _ => Err(problems),
        }
    }

    pub fn document(&self) -> &PlanDocument {
        &self.document
    }

    /// An authorization, without its secrets.
    pub fn authorization(&self, from: &AuthFrom) -> Option<&Authorization> {
        match from {
            AuthFrom::Integration(id) => Some(&self.document.integration(id)?.auth),
            AuthFrom::Method(id) => self.document.method(id)?.1.auth.as_ref(),
        }
    }

    pub(super) fn max_steps(&self) -> usize {
        let most = self.document.runbook.max_steps;
        let most = most.unwrap_or(Runbook::MAX_STEPS).min(Runbook::MOST_STEPS);
        usize::try_from(most).unwrap_or(usize::MAX)
    }

    pub(super) fn running_key(&self) -> Option<&Template> {
        self.running_key.as_ref()
    }

    pub(crate) fn place(&self, step: &StepId) -> Option<usize> {
        self.steps.iter().position(|known| known.id == *step)
    }

    pub(crate) fn first(&self) -> usize {
        self.first
    }

    /// Whether a way leads from behind one step to another.
    pub(super) fn leads_to(&self, from: usize, to: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![from];
        while let Some(place) = waiting.pop() {
            let next = self.steps.get(place).map(|step| step.next.values());
            for next in next.into_iter().flatten() {
                if *next == to {
                    return true;
                }
                if seen.insert(*next) {
                    waiting.push(*next);
                }
            }
        }
        false
    }

    pub(super) fn step(&self, place: usize) -> Option<&PlannedStep> {
        self.steps.get(place)
    }
}

/// Everything that keeps a runbook from being published, and what one should know of it.
/// It can be published when no problem is an error.
pub fn check(document: &PlanDocument) -> Vec<Problem> {
    let mut problems = Vec::new();
    let graph = graph::check(&document.runbook, &mut problems);
    graph::check_reach(&document.runbook, &graph, &mut problems);
    let behaviours = behaviours(document, &mut problems);
    flow::check(document, &graph, &behaviours, &mut problems);
    loops::check(document, &graph, &behaviours, &mut problems);
    replies::check(document, &behaviours, &mut problems);
    retries::check(document, &behaviours, &mut problems);
    starts::check(document, &mut problems);
    running::check(document, &mut problems);
    logins::check(document, &mut problems);
    problems
}

/// Whether a step cannot do without this, which a start may bring along: `ticket`, `user`, `asset`.
pub fn draws_on(document: &PlanDocument, name: &str) -> bool {
    let inputs = &document.runbook.start.inputs;
    if inputs.iter().any(|input| input.name == name) {
        return false;
    }
    let behaviours = behaviours(document, &mut Vec::new());
    behaviours.iter().flatten().any(|behaviour| {
        let mut tokens = behaviour.tokens().into_iter();
        !behaviour.knows(name)
            && tokens.any(|used| {
                let token = used.token;
                token.variable() == name && !token.has_fallback() && !used.may_be_missing
            })
    })
}

/// Whether a runbook with these problems can be published.
pub fn is_publishable(problems: &[Problem]) -> bool {
    problems
        .iter()
        .all(|problem| problem.severity != Severity::Error)
}

/// What each step does; nothing where that is in error.
fn behaviours(
    document: &PlanDocument,
    problems: &mut Vec<Problem>,
) -> Vec<Option<Box<dyn Behaviour>>> {
    let steps = &document.runbook.steps;
    steps
        .iter()
        .map(|step| match steps::compile(step, document) {
            Ok(behaviour) => Some(behaviour),
            Err(errors) => {
                problems.extend(errors.into_iter().map(|error| at_step(step, error)));
                None
            }
        })
        .collect()
}

fn at_step(step: &Step, mut detail: ErrorDetail) -> Problem {
    detail.at.step = Some(step.id.clone());
    error(detail)
}

fn error(detail: ErrorDetail) -> Problem {
    Problem {
        severity: Severity::Error,
        detail,
    }
}

fn warning(detail: ErrorDetail) -> Problem {
    Problem {
        severity: Severity::Warning,
        detail,
    }
}
