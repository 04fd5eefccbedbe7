//! Whether the triggers of a workflow fill what their runbooks need.

use crate::model::{Runbook, StepTrigger, TriggerOn, Workflow, WorkflowStep};
use crate::problem::ErrorDetail;
use crate::start::Brought;

/// What a trigger of a step brings along.
pub(super) fn brought<'t>(step: &WorkflowStep, trigger: &'t StepTrigger) -> Brought<'t> {
    let on = match trigger.on {
        TriggerOn::Entering {} => "entering",
        TriggerOn::Leaving {} => "leaving",
        TriggerOn::Staying { .. } => "staying in",
    };
    Brought {
        names: vec!["ticket", "halo_url"],
        at: format!("{on} the step `{}`", step.name),
        starter: "a workflow step",
        owner: "the trigger",
        variables: &trigger.variables,
    }
}

/// What the triggers of a workflow do not fill of what this runbook needs, and rows that fill nothing.
pub fn unfilled(workflow: &Workflow, runbook: &Runbook) -> Vec<ErrorDetail> {
    let steps = workflow.steps.iter();
    let triggers = steps.flat_map(|step| step.triggers.iter().map(move |trigger| (step, trigger)));
    triggers
        .filter(|(_, trigger)| trigger.runbook == runbook.id)
        .flat_map(|(step, trigger)| brought(step, trigger).unfilled(runbook))
        .collect()
}
