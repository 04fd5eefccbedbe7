//! Ticket workflows: what a draft needs to be published, and what becomes of a ticket that is inside.
//!
//! A ticket keeps the version that it entered with until somebody moves it. Whatever it sets off is named by its visit to
//! the step, so that a trigger counts once for each visit, and a timer whose ticket has gone on counts no more.

mod check;
mod cut_off;
mod mapping;
mod moves;
#[cfg(test)]
mod tests;
mod usage;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use check::{Known, lacks_its_ground};
pub use cut_off::CutOff;
pub use mapping::unfilled;
pub use moves::{Moved, Offer, Refused, StepStart, reason};
pub use usage::{MOVE_THE_TICKETS, StillUsed};

use crate::condition::Condition;
use crate::model::{RunbookId, StepId, Timestamp, Workflow, WorkflowId};

/// A published version, which is kept as long as tickets are inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub number: u32,
    pub workflow: Workflow,
}

/// Where a ticket is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    pub workflow: WorkflowId,
    pub version: u32,
    pub step: StepId,
    pub entered_at: Timestamp,
    /// How many steps it has entered, from 1: entering the same one again is another visit.
    pub visit: u64,
}

/// A trigger that waits. Timers are kept with the tickets, so that what came due while nobody looked starts late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    pub workflow: WorkflowId,
    pub version: u32,
    pub ticket_id: u64,
    pub step: StepId,
    pub visit: u64,
    /// Its place among the step's triggers, from 0.
    pub trigger: usize,
    pub due_at: Timestamp,
}

/// A version that can be asked about tickets.
#[derive(Debug, Clone)]
pub struct Flow {
    version: Version,
    /// The conditions of each step's actions and triggers, in their order.
    steps: Vec<Conditions>,
}

#[derive(Debug, Clone, Default)]
struct Conditions {
    actions: Vec<Condition>,
    triggers: Vec<Condition>,
}

impl Workflow {
    /// Whether both do the same: where cards lie and what stands in a bundle are no difference.
    pub fn does_as(&self, other: &Self) -> bool {
        let bare = |workflow: &Self| {
            let mut bare = workflow.clone();
            bare.enabled = false;
            bare.steps.iter_mut().for_each(|step| step.at = [0, 0]);
            bare
        };
        bare(self) == bare(other)
    }

    /// The runbooks that it starts, each once.
    pub fn runbooks(&self) -> BTreeSet<&RunbookId> {
        let steps = self.steps.iter();
        let triggers = steps.flat_map(|step| &step.triggers);
        triggers.map(|trigger| &trigger.runbook).collect()
    }

    /// Whether a step allows the action.
    pub fn uses_action(&self, name: &str) -> bool {
        let mut actions = self.steps.iter().flat_map(|step| &step.actions);
        actions.any(|action| action.action == name)
    }

    /// Calls an action by its new name; says whether any step allowed it.
    pub fn rename_action(&mut self, former: &str, name: &str) -> bool {
        let mut is_renamed = false;
        let actions = self.steps.iter_mut().flat_map(|step| &mut step.actions);
        for action in actions.filter(|action| action.action == former) {
            name.clone_into(&mut action.action);
            is_renamed = true;
        }
        is_renamed
    }
}

impl Flow {
    pub fn version(&self) -> &Version {
        &self.version
    }
}
