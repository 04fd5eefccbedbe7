//! Starting again what a run did: from its start, or from one of its steps with the variables that it had there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::RunContext;
use super::event::Entry;
use super::plan::Plan;
use super::run::Run;
use super::state::Detail;
use super::view::StartedBy;
use crate::json::{self, Limits};
use crate::model::{RawJson, StepId, Timestamp};
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
    /// What starts it once more in `plan`, from its start or from `step`; `edits` are variables with other values,
    /// as JSON. An error's field names the variable, and its step the one that cannot be begun with.
    pub fn again(
        self,
        plan: &Plan,
        step: Option<&StepId>,
        edits: &BTreeMap<String, RawJson>,
    ) -> Result<Trigger, ErrorDetail> {
        let run_id = self.context.run_id.clone();
        let ticket_id = self.trigger.started_by.ticket_id();
        let Some(step) = step else {
            let wanted = &plan.document().runbook.start.inputs;
            return Ok(Trigger {
                started_by: StartedBy::Replay {
                    run_id,
                    ticket_id,
                    step_name: None,
                },
                inputs: start::edited(wanted, self.trigger.inputs, edits)?,
                from: None,
            });
        };
        let step_name = plan
            .document()
            .runbook
            .step(step)
            .map(|step| step.name.clone());
        let Some(step_name) = step_name else {
            return Err(at(
                step,
                "no_such_step",
                "the published runbook has no such step any more: replay the run from its start",
            ));
        };
        let inputs = self.trigger.inputs.clone();
        let point = edit(self.point(step)?, edits)?;
        Ok(Trigger {
            started_by: StartedBy::Replay {
                run_id,
                ticket_id,
                step_name: Some(step_name),
            },
            inputs,
            from: Some(point),
        })
    }

    /// The variables as they were when the run passed a step last.
    fn point(self, step: &StepId) -> Result<Point, ErrorDetail> {
        let not_passed = || {
            at(
                step,
                "step_not_passed",
                "the run did not come to this step: replay it from a step that it passed, or from its start",
            )
        };
        let place = self.plan.place(step).ok_or_else(not_passed)?;
        let run = Run::replay(
            Arc::clone(&self.plan),
            self.trigger,
            self.context,
            Detail::Before(place),
            self.started_at,
            self.journal,
        )
        .map_err(|error| ErrorDetail::new(error.code(), error.to_string()))?;
        let known = match run.before {
            Some(Ok(known)) => known,
            Some(Err(loop_step)) => {
                let name = self.plan.step(loop_step).map_or("", |step| &step.name);
                return Err(at(
                    step,
                    "step_in_loop",
                    &format!(
                        "this step belongs to the loop of `{name}`: replay the run from there, or from its start"
                    ),
                ));
            }
            None => return Err(not_passed()),
        };
        let variables = known
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
            step: step.clone(),
            variables,
            secret: known.secret_names,
        })
    }
}

/// Gives variables other values. They must be there: a name that is not is a slip of the hand.
fn edit(mut point: Point, edits: &BTreeMap<String, RawJson>) -> Result<Point, ErrorDetail> {
    for (name, value) in edits {
        if json::validate(value.as_str().as_bytes(), Limits::default()).is_err() {
            return Err(typed::too_deep(&format!("the value of `{name}`")).at_field(name));
        }
        let known = point
            .variables
            .iter_mut()
            .find(|variable| variable.name == *name);
        let Some(known) = known else {
            let names = point
                .variables
                .iter()
                .map(|variable| variable.name.as_str());
            return Err(unknown(name, names));
        };
        known.value = value.to_string();
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
