//! Ticket workflows: the steps that tickets of a type go through.

use serde::{Deserialize, Serialize};

use super::secret::{HasSecrets, Secret};
use super::variable::NamedTemplate;
use super::{RunbookId, StepId, WorkflowId};
use crate::condition::When;

/// A flow chart of steps, in each of which certain actions are allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    pub id: WorkflowId,
    pub name: String,
    #[serde(default)]
    pub enabled: bool,
    /// The ids of the ticket types whose new tickets enter it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ticket_types: Vec<u64>,
    /// Missing only while the chart is empty.
    #[serde(default)]
    pub first_step: Option<StepId>,
    #[serde(default)]
    pub steps: Vec<WorkflowStep>,
}

/// A step that tickets stay in until an action leads on. Without one, it is an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowStep {
    pub id: StepId,
    pub name: String,
    /// Where its card lies.
    #[serde(default)]
    pub at: [i32; 2],
    /// The status that tickets get on entering it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_id: Option<u64>,
    /// What can be done in it, in the order in which it is offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<StepAction>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<StepTrigger>,
}

/// An action that is allowed in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepAction {
    /// The name of a desk action.
    pub action: String,
    /// Where it leads; the ticket stays where it is without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<StepId>,
    /// What the ticket must meet for it to be offered.
    #[serde(default, skip_serializing_if = "When::is_empty")]
    pub when: When,
}

/// What starts a runbook in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepTrigger {
    pub on: TriggerOn,
    pub runbook: RunbookId,
    /// Overrides the runbook's `from_desk`, variable by variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<NamedTemplate>,
    /// What the ticket must meet.
    #[serde(default, skip_serializing_if = "When::is_empty")]
    pub when: When,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TriggerOn {
    Entering {},
    Leaving {},
    /// The ticket has been in the step for so long.
    Staying {
        minutes: u32,
    },
}

impl Workflow {
    /// The most minutes that a trigger waits: a year.
    pub const MOST_MINUTES: u32 = 366 * 24 * 60;

    pub fn step(&self, id: &StepId) -> Option<&WorkflowStep> {
        self.steps.iter().find(|step| step.id == *id)
    }
}

/// It has none.
impl HasSecrets for Workflow {
    fn each_secret(&mut self, _visit: &mut dyn FnMut(&str, &mut Secret)) {}
}
