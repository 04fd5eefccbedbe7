//! Starting again what a run did: from its start, or from one of its steps with the variables that it had there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::RunContext;
use super::event::Entry;
use super::plan::{Plan, is_reserved};
use super::run::Run;
use super::state::Detail;
use super::view::StartedBy;
use crate::api::{ReplayPoint, ReplayVariable};
use crate::json::{self, Limits};
use crate::mask::{MASK, Mask};
use crate::model::{Input, RawJson, StepId, Timestamp};
use crate::problem::ErrorDetail;
use crate::start::{self, StartVariable, Trigger};
use crate::template::nearest;
use crate::typed;

/// These belong to a run, not to what it does.
const OWN: [&str; 2] = ["run", "halo_url"];

/// A step to begin with, and the variables that are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub step: StepId,
    /// Beside what every run starts with, or in place of it.
    pub variables: Vec<StartVariable>,
    /// Names of those that are not to be read.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub secret: BTreeSet<String>,
}

/// A run that is to be replayed, as it was executed.
#[derive(Debug)]
pub struct Replayed {
    pub plan: Arc<Plan>,
    pub trigger: Trigger,
    pub context: RunContext,
    pub started_at: Timestamp,
    pub journal: Vec<Entry>,
}

impl Replayed {
    /// What starts it once more in `plan`, from where it began or from `step`; `edits` are variables with other
    /// values, as JSON. An error's field names the variable, and its step the one that cannot be begun with.
    pub fn again(
        self,
        plan: &Plan,
        step: Option<&StepId>,
        edits: &BTreeMap<String, RawJson>,
    ) -> Result<Trigger, ErrorDetail> {
        let run_id = self.context.run_id.clone();
        let ticket_id = self.trigger.started_by.ticket_id();
        let inputs = self.trigger.inputs.clone();
        let wanted = &plan.document().runbook.start.inputs;
        let (inputs, from, step_name) = match self.point(plan, step)? {
            None => (start::edited(wanted, inputs, edits)?, None, None),
            Some((point, name)) => (inputs, Some(edit(point, wanted, edits)?), Some(name)),
        };
        Ok(Trigger {
            started_by: StartedBy::Replay {
                run_id,
                ticket_id,
                step_name,
                edited: edits.keys().cloned().collect(),
            },
            inputs,
            from,
        })
    }

    /// How it would be started once more, for people to read; `secrets` are the credentials that it may have used.
    pub fn preview(
        self,
        plan: &Plan,
        step: Option<&StepId>,
        secrets: &[String],
    ) -> Result<ReplayPoint, ErrorDetail> {
        let inputs = self.trigger.inputs.variables.clone();
        let wanted = &plan.document().runbook.start.inputs;
        let secret_values = self.run(Detail::Lean)?.state.secret_values;
        let mask = Mask::with_values(
            secrets.iter().map(String::as_str),
            secret_values.iter().map(String::as_str),
        );
        let begins = self.point(plan, step)?;
        let is_from_step = begins.is_some();
        let (from_step, step_name, variables, secret) = match begins {
            None => (None, None, inputs, BTreeSet::new()),
            Some((point, name)) => (Some(point.step), Some(name), point.variables, point.secret),
        };
        let value = |name: &str| {
            let variable = variables.iter().find(|variable| variable.name == name)?;
            Some(if secret.contains(name) {
                json::quote(MASK)
            } else {
                mask.apply(&variable.value).into_owned()
            })
        };
        let is_input = |name: &str| wanted.iter().any(|input| input.name == name);
        // What is no input variable is there to be changed only behind the start.
        let set = variables.iter().filter(|variable| {
            is_from_step && !is_input(&variable.name) && !is_reserved(&variable.name)
        });
        let names = wanted.iter().map(|input| &input.name);
        let variables = names
            .chain(set.map(|variable| &variable.name))
            .map(|name| ReplayVariable {
                name: name.clone(),
                value: value(name),
            })
            .collect();
        Ok(ReplayPoint {
            is_whole_loop: step.is_some() && from_step.as_ref() != step,
            from_step,
            step_name,
            variables,
        })
    }

    /// The step to begin with, and its name; nothing where that is the runbook's first. A run that was itself
    /// replayed from a step began there, and what lies before it was left out on purpose.
    fn point(
        self,
        plan: &Plan,
        step: Option<&StepId>,
    ) -> Result<Option<(Point, String)>, ErrorDetail> {
        let point = match step {
            Some(step) => self.passed(step)?,
            None => match self.trigger.from {
                Some(point) => point,
                None => return Ok(None),
            },
        };
        let Some(planned) = plan.document().runbook.step(&point.step) else {
            let message = match step {
                Some(_) => {
                    "the published runbook has no such step any more: replay the run from another step, or from where it began"
                }
                None => {
                    "the published runbook has the step no longer that this run began with: replay it from another step, or replay the run that it repeats"
                }
            };
            return Err(at(&point.step, "no_such_step", message));
        };
        let name = planned.name.clone();
        Ok(Some((point, name)))
    }

    /// The variables as they were when the run passed a step last; for a step in a loop, when it came to that loop.
    fn passed(&self, step: &StepId) -> Result<Point, ErrorDetail> {
        let not_passed = || {
            at(
                step,
                "step_not_passed",
                "the run did not come to this step: replay it from a step that it passed, or from where it began",
            )
        };
        let place = self.plan.place(step).ok_or_else(|| {
            let message =
                "the runbook had no such step when the run was started: choose one of its steps";
            at(step, "no_such_step", message)
        })?;
        let run = self.run(Detail::Before(place))?;
        let before = run.before.ok_or_else(not_passed)?;
        let begins = self.plan.step(before.place).ok_or_else(not_passed)?;
        let variables = before
            .known
            .variables
            .iter()
            .filter(|(name, _)| !OWN.contains(name))
            .map(|(name, variable)| StartVariable {
                name: name.to_owned(),
                value: variable.json().to_owned(),
                bare: variable.is_bare(),
            })
            .collect();
        Ok(Point {
            step: begins.id.clone(),
            variables,
            secret: before.known.secret_names,
        })
    }

    fn run(&self, detail: Detail) -> Result<Run, ErrorDetail> {
        Run::replay(
            Arc::clone(&self.plan),
            self.trigger.clone(),
            self.context.clone(),
            detail,
            self.started_at,
            self.journal.iter().cloned(),
        )
        .map_err(|error| ErrorDetail::new(error.code(), error.to_string()))
    }
}

/// Gives variables other values. They must be there, or be input variables: another name is a slip of the hand.
fn edit(
    mut point: Point,
    inputs: &[Input],
    edits: &BTreeMap<String, RawJson>,
) -> Result<Point, ErrorDetail> {
    for (name, value) in edits {
        if json::validate(value.as_str().as_bytes(), Limits::default()).is_err() {
            return Err(typed::too_deep(&format!("the value of `{name}`")).at_field(name));
        }
        let known = point
            .variables
            .iter_mut()
            .find(|variable| variable.name == *name);
        if let Some(known) = known {
            known.value = value.to_string();
        } else if let Some(input) = inputs.iter().find(|input| input.name == *name) {
            let given = BTreeMap::from([(name.clone(), value.clone())]);
            let filled = start::from_console(std::slice::from_ref(input), &given)?;
            point.variables.extend(filled.variables);
        } else {
            let names = point
                .variables
                .iter()
                .map(|variable| variable.name.as_str());
            return Err(unknown(name, names));
        }
    }
    Ok(point)
}

fn unknown<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> ErrorDetail {
    let hint = nearest(name, names).map_or_else(String::new, |nearest| {
        format!(" (did you mean `{nearest}`?)")
    });
    let message = format!("the run had no variable `{name}` at this step{hint}: leave it out");
    ErrorDetail::new("unknown_variable", message).at_field(name)
}

fn at(step: &StepId, code: &str, message: &str) -> ErrorDetail {
    let mut error = ErrorDetail::new(code, message);
    error.at.step = Some(step.clone());
    error
}
