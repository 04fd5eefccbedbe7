//! What becomes of a ticket inside a workflow. All of it is an answer to what happened: whoever asks keeps the position
//! and the timers, sets the status, and starts the runbooks.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Conditions, Flow, Position, Timer};
use crate::condition::{Condition, Verdict};
use crate::event;
use crate::lateness::late_start;
use crate::model::{
    NamedTemplate, RunbookId, StepId, StepTrigger, Timestamp, TriggerOn, Workflow, WorkflowId,
    WorkflowStep,
};
use crate::template::Variables;

const MS_PER_MINUTE: u64 = 60_000;

/// A ticket entered a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub position: Position,
    /// What leaving the one step and entering the other start, and what they do not.
    pub starts: Vec<StepStart>,
    /// Those of the visit; all others of the ticket are over.
    pub timers: Vec<Timer>,
}

/// A trigger of a step at work: a runbook is to be started for a ticket, or is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStart {
    pub workflow: WorkflowId,
    pub workflow_name: String,
    pub step: StepId,
    pub step_name: String,
    /// For people, such as `entering Triage`.
    pub reason: String,
    pub runbook: RunbookId,
    /// Overrides the runbook's `from_desk`, variable by variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<NamedTemplate>,
    /// The same whenever the same trigger of the same visit is asked for.
    pub key: String,
    /// Whether the ticket meets its condition; else it starts nothing.
    pub met: bool,
    /// Which condition decided.
    pub explanation: String,
    /// What is said of one that is late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<String>,
}

/// An action of a step, as it is offered on a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub action: String,
    /// Why it is not offered, where it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_because: Option<String>,
}

/// Why an action or a timer leads to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// The ticket is in another workflow, or in another version of it.
    OtherVersion,
    /// The version does not have the step; its name, where it is known, else its id.
    NoSuchStep { step: String },
    /// The step does not allow the action.
    NotAllowed { action: String, step: String },
    /// The ticket does not meet the action's condition.
    NotMet { action: String, why: String },
    /// The ticket has gone on.
    Over,
}

impl Flow {
    /// The step that tickets enter first; a version that was published has one.
    pub fn first(&self) -> Result<&WorkflowStep, Refused> {
        let first = self.version.workflow.first_step.as_ref();
        self.step(first.ok_or(Refused::OtherVersion)?)
    }

    /// A ticket enters the first step. `ticket` is its JSON, as it is now.
    pub fn enter(&self, ticket_id: u64, ticket: &str, now: Timestamp) -> Result<Moved, Refused> {
        self.entering(ticket_id, ticket, self.first()?, 1, now)
    }

    /// What can be done with a ticket, and what cannot.
    pub fn offers(&self, position: &Position, ticket: &str) -> Result<Vec<Offer>, Refused> {
        let (step, conditions) = self.at(position)?;
        let mut offers: Vec<Offer> = Vec::new();
        for (action, condition) in step.actions.iter().zip(&conditions.actions) {
            let verdict = decide(condition, ticket);
            let not_because = (!verdict.met).then_some(verdict.explanation);
            match offers
                .iter_mut()
                .find(|offer| offer.action == action.action)
            {
                // One of several rows is enough.
                Some(offer) if not_because.is_none() => offer.not_because = None,
                Some(_) => {}
                None => offers.push(Offer {
                    action: action.action.clone(),
                    not_because,
                }),
            }
        }
        Ok(offers)
    }

    /// Where an action on a ticket leads; nowhere, where the ticket stays. Of several rows for it, the first that the
    /// ticket meets as it was before the action counts.
    pub fn way(
        &self,
        position: &Position,
        action: &str,
        ticket: &str,
    ) -> Result<Option<&WorkflowStep>, Refused> {
        let (step, conditions) = self.at(position)?;
        let mut why = None;
        for (row, condition) in step.actions.iter().zip(&conditions.actions) {
            if row.action != action {
                continue;
            }
            let verdict = decide(condition, ticket);
            if verdict.met {
                return row.to.as_ref().map(|to| self.step(to)).transpose();
            }
            why.get_or_insert(verdict.explanation);
        }
        let action = action.to_owned();
        Err(match why {
            Some(why) => Refused::NotMet { action, why },
            None => Refused::NotAllowed {
                action,
                step: step.name.clone(),
            },
        })
    }

    /// A ticket goes from its step to another one. `ticket` is its JSON, as it is afterwards.
    pub fn go(
        &self,
        ticket_id: u64,
        position: &Position,
        to: &StepId,
        ticket: &str,
        now: Timestamp,
    ) -> Result<Moved, Refused> {
        let mut starts = self.leave(ticket_id, position, ticket)?;
        let visit = position.visit + 1;
        let mut moved = self.entering(ticket_id, ticket, self.step(to)?, visit, now)?;
        starts.append(&mut moved.starts);
        Ok(Moved { starts, ..moved })
    }

    /// A ticket leaves its step; what that starts.
    pub fn leave(
        &self,
        ticket_id: u64,
        position: &Position,
        ticket: &str,
    ) -> Result<Vec<StepStart>, Refused> {
        let (step, conditions) = self.at(position)?;
        let leaving = |on: TriggerOn| matches!(on, TriggerOn::Leaving {});
        Ok(self.pull(ticket_id, (step, conditions), position, ticket, leaving))
    }

    fn entering(
        &self,
        ticket_id: u64,
        ticket: &str,
        step: &WorkflowStep,
        visit: u64,
        now: Timestamp,
    ) -> Result<Moved, Refused> {
        let entering = |on: TriggerOn| matches!(on, TriggerOn::Entering {});
        let position = Position {
            workflow: self.version.workflow.id.clone(),
            version: self.version.number,
            step: step.id.clone(),
            entered_at: now,
            visit,
        };
        let starts = self.pull(ticket_id, self.at(&position)?, &position, ticket, entering);
        Ok(Moved {
            timers: self.timers(ticket_id, step, &position),
            position,
            starts,
        })
    }

    /// What waits in a step, counted from when the ticket entered it.
    fn timers(&self, ticket_id: u64, step: &WorkflowStep, position: &Position) -> Vec<Timer> {
        let triggers = step.triggers.iter().enumerate();
        triggers
            .filter_map(|(trigger, StepTrigger { on, .. })| {
                let TriggerOn::Staying { minutes } = on else {
                    return None;
                };
                let wait = u64::from(*minutes) * MS_PER_MINUTE;
                Some(Timer {
                    workflow: position.workflow.clone(),
                    version: self.version.number,
                    ticket_id,
                    step: step.id.clone(),
                    visit: position.visit,
                    trigger,
                    due_at: position.entered_at.saturating_add(wait),
                })
            })
            .collect()
    }

    /// A timer is due. It starts its runbook unless its ticket has gone on, or does not meet the condition now.
    pub fn fire(
        &self,
        timer: &Timer,
        position: &Position,
        ticket: &str,
        now: Timestamp,
    ) -> Result<StepStart, Refused> {
        let (step, conditions) = self.at(position)?;
        if timer.version != position.version
            || timer.step != position.step
            || timer.visit != position.visit
        {
            return Err(Refused::Over);
        }
        let start = self.pull_one(
            timer.ticket_id,
            (step, conditions),
            position,
            ticket,
            timer.trigger,
        );
        let start = start.ok_or(Refused::Over)?;
        let late = late_start(timer.due_at, now);
        Ok(StepStart { late, ..start })
    }

    /// A ticket of another version goes on in this one: where it was, if this one has the step, or in the step that is
    /// chosen for it. What waits counts from when the ticket entered its step, and comes at once where that is over;
    /// entering starts nothing again, and neither does what `former`, the other version, has started of the same.
    pub fn adopt(
        &self,
        ticket_id: u64,
        position: &Position,
        former: Option<&Workflow>,
        to: Option<&StepId>,
        now: Timestamp,
    ) -> Result<Moved, Refused> {
        let to = to.unwrap_or(&position.step);
        let step = self.step(to).map_err(|refused| {
            let former = former.and_then(|former| former.step(to));
            former.map_or(refused, |former| Refused::NoSuchStep {
                step: former.name.clone(),
            })
        })?;
        let stays = *to == position.step;
        let position = Position {
            workflow: self.version.workflow.id.clone(),
            version: self.version.number,
            step: step.id.clone(),
            entered_at: if stays { position.entered_at } else { now },
            visit: if stays {
                position.visit
            } else {
                position.visit + 1
            },
        };
        let former = former.and_then(|former| former.step(&position.step));
        let has_started = |timer: &Timer| {
            let runbook = step.triggers.get(timer.trigger).map(|own| &own.runbook);
            let mut triggers = former.iter().flat_map(|former| &former.triggers);
            triggers.any(|other| match other.on {
                TriggerOn::Staying { minutes } if Some(&other.runbook) == runbook => {
                    let wait = u64::from(minutes) * MS_PER_MINUTE;
                    position.entered_at.saturating_add(wait) <= now
                }
                _ => false,
            })
        };
        let timers = self.timers(ticket_id, step, &position);
        let timers = timers
            .into_iter()
            .filter(|timer| timer.due_at > now || !has_started(timer))
            .collect();
        Ok(Moved {
            timers,
            position,
            starts: Vec::new(),
        })
    }

    fn step(&self, id: &StepId) -> Result<&WorkflowStep, Refused> {
        let step = self.version.workflow.step(id);
        step.ok_or_else(|| Refused::NoSuchStep {
            step: id.to_string(),
        })
    }

    fn at(&self, position: &Position) -> Result<(&WorkflowStep, &Conditions), Refused> {
        let workflow = &self.version.workflow;
        if position.workflow != workflow.id || position.version != self.version.number {
            return Err(Refused::OtherVersion);
        }
        let mut steps = workflow.steps.iter().zip(&self.steps);
        let found = steps.find(|(step, _)| step.id == position.step);
        found.ok_or_else(|| Refused::NoSuchStep {
            step: position.step.to_string(),
        })
    }

    /// The triggers of a kind at work.
    fn pull(
        &self,
        ticket_id: u64,
        at: (&WorkflowStep, &Conditions),
        position: &Position,
        ticket: &str,
        kind: impl Fn(TriggerOn) -> bool,
    ) -> Vec<StepStart> {
        let triggers = at.0.triggers.iter().enumerate();
        triggers
            .filter(|(_, trigger)| kind(trigger.on))
            .filter_map(|(index, _)| self.pull_one(ticket_id, at, position, ticket, index))
            .collect()
    }

    fn pull_one(
        &self,
        ticket_id: u64,
        (step, conditions): (&WorkflowStep, &Conditions),
        position: &Position,
        ticket: &str,
        index: usize,
    ) -> Option<StepStart> {
        let trigger = step.triggers.get(index)?;
        let verdict = decide(conditions.triggers.get(index)?, ticket);
        let Position {
            workflow,
            version,
            entered_at,
            visit,
            ..
        } = position;
        Some(StepStart {
            workflow: workflow.clone(),
            workflow_name: self.version.workflow.name.clone(),
            step: step.id.clone(),
            step_name: step.name.clone(),
            reason: reason(trigger.on, &step.name),
            runbook: trigger.runbook.clone(),
            variables: trigger.variables.clone(),
            key: format!(
                "{workflow}/{version}/{ticket_id}/{entered_at}/{visit}/{}/{index}",
                step.id
            ),
            met: verdict.met,
            explanation: verdict.explanation,
            late: None,
        })
    }
}

/// When a trigger of a step starts its runbook, for people.
pub fn reason(on: TriggerOn, step: &str) -> String {
    match on {
        TriggerOn::Entering {} => format!("entering {step}"),
        TriggerOn::Leaving {} => format!("leaving {step}"),
        TriggerOn::Staying { minutes: 1 } => format!("being in {step} for 1 minute"),
        TriggerOn::Staying { minutes } => format!("being in {step} for {minutes} minutes"),
    }
}

/// What a ticket does not have meets no comparison, and what cannot be decided is not met.
fn decide(condition: &Condition, ticket: &str) -> Verdict {
    let mut variables = Variables::new();
    let known = variables.insert("ticket", ticket);
    let verdict = known.map_err(|error| error.to_string()).and_then(|()| {
        let verdict = condition.evaluate_loosely(&variables, event::name_of);
        verdict.map_err(|error| format!("`{}`: {error}", error.row))
    });
    verdict.unwrap_or_else(|explanation| Verdict {
        met: false,
        row: None,
        explanation,
    })
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherVersion => {
                f.write_str("The ticket is in another version of the workflow: move it first.")
            }
            Self::NoSuchStep { step } => write!(
                f,
                "This version of the workflow has no step “{step}”: choose the step in which the ticket goes on."
            ),
            Self::NotAllowed { action, step } => {
                write!(
                    f,
                    "The step `{step}` does not allow the action {action:?}: choose an action that the ticket offers, or allow it under Settings > Workflows."
                )
            }
            Self::NotMet { action, why } => {
                write!(
                    f,
                    "The action {action:?} is not offered for this ticket: {why}."
                )
            }
            Self::Over => f.write_str("The ticket has left the step."),
        }
    }
}

impl std::error::Error for Refused {}
