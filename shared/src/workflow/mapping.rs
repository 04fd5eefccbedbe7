//! Whether the triggers of a workflow fill what their runbooks need.

use crate::model::{Runbook, StepTrigger, TriggerOn, Workflow, WorkflowStep};
use crate::problem::ErrorDetail;
use crate::start::Filling;

/// What templates of a step may use.
const KNOWN: [&str; 2] = ["ticket", "halo_url"];

/// Looks at the rows of a trigger.
pub(super) fn filling<T>(
    step: &WorkflowStep,
    trigger: &StepTrigger,
    look: impl FnOnce(Filling<'_>) -> T,
) -> T {
    let on = match trigger.on {
        TriggerOn::Entering {} => "entering",
        TriggerOn::Leaving {} => "leaving",
        TriggerOn::Staying { .. } => "staying in",
    };
    look(Filling {
        rows: &trigger.variables,
        known: &KNOWN,
        starter: &format!("{on} the step `{}`", step.name),
        owner: "the step",
    })
}

/// What the triggers of a workflow do not fill of what this runbook needs, and rows that fill nothing.
pub fn unfilled(workflow: &Workflow, runbook: &Runbook) -> Vec<ErrorDetail> {
    let steps = workflow.steps.iter();
    let triggers = steps.flat_map(|step| step.triggers.iter().map(move |trigger| (step, trigger)));
    triggers
        .filter(|(_, trigger)| trigger.runbook == runbook.id)
        .flat_map(|(step, trigger)| filling(step, trigger, |filling| filling.unfilled(runbook)))
        .collect()
}
