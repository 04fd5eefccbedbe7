//! What becomes of a ticket inside a workflow. All of it is an answer to what happened: whoever asks keeps the position
//! and the timers, sets the status, and starts the runbooks.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Conditions, Flow, Position, Timer};
use crate::condition::{Condition, Verdict};
use crate::model::{
    NamedTemplate, RunbookId, StepId, StepTrigger, Timestamp, TriggerOn, WorkflowStep,
};
use crate::problem::ErrorDetail;
use crate::template::Variables;

const MS_PER_MINUTE: u64 = 60_000;

/// A ticket entered a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub position: Position,
    /// The status that the ticket gets.
    pub status_id: Option<u64>,
    /// What leaving the one step and entering the other start.
    pub started: Vec<Started>,
    /// What they do not start, and why.
    pub skipped: Vec<Skipped>,
    /// Those of the visit; all others of the ticket are over.
    pub timers: Vec<Timer>,
}

/// A runbook that is to be started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    pub runbook: RunbookId,
    /// Overrides the runbook's `from_desk`, variable by variable.
    pub variables: Vec<NamedTemplate>,
    /// The same whenever the same trigger of the same visit is asked for.
    pub key: String,
    /// For people, such as `entering Triage`.
    pub reason: String,
}

/// A trigger whose condition the ticket does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub runbook: RunbookId,
    pub reason: String,
    pub why: String,
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
    /// The version does not have the step.
    NoSuchStep { step: StepId },
    /// The step does not allow the action.
    NotAllowed { action: String, step: String },
    /// The ticket does not meet the action's condition.
    NotMet { action: String, why: String },
    /// The ticket has gone on.
    Over,
    /// A condition could not be decided.
    Condition(ErrorDetail),
}

impl Flow {
    /// A new ticket enters the first step. `ticket` is its JSON.
    pub fn enter(&self, ticket_id: u64, ticket: &str, now: Timestamp) -> Result<Moved, Refused> {
        let first = self.version.workflow.first_step.clone();
        // A version that was published has one.
        let first = first.ok_or(Refused::OtherVersion)?;
        self.entering(ticket_id, ticket, first, 1, now)
    }

    /// What can be done with a ticket, and what cannot.
    pub fn offers(&self, position: &Position, ticket: &str) -> Result<Vec<Offer>, Refused> {
        let (step, conditions) = self.at(position)?;
        let mut offers: Vec<Offer> = Vec::new();
        for (action, condition) in step.actions.iter().zip(&conditions.actions) {
            let verdict = decide(condition, ticket)?;
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

    /// An action was done on a ticket. Of several rows for it, the first that the ticket meets counts. Nothing moves
    /// where it leads nowhere.
    pub fn act(
        &self,
        ticket_id: u64,
        position: &Position,
        action: &str,
        ticket: &str,
        now: Timestamp,
    ) -> Result<Option<Moved>, Refused> {
        let (step, conditions) = self.at(position)?;
        let mut why = None;
        for (row, condition) in step.actions.iter().zip(&conditions.actions) {
            if row.action != action {
                continue;
            }
            let verdict = decide(condition, ticket)?;
            if verdict.met {
                let Some(to) = row.to.clone() else {
                    return Ok(None);
                };
                return self.leave(ticket_id, position, to, ticket, now).map(Some);
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

    /// The ticket goes from its step to another one.
    fn leave(
        &self,
        ticket_id: u64,
        position: &Position,
        to: StepId,
        ticket: &str,
        now: Timestamp,
    ) -> Result<Moved, Refused> {
        let (step, _) = self.at(position)?;
        let leaving = |on: TriggerOn| matches!(on, TriggerOn::Leaving {});
        let (started, skipped) = self.pull(ticket_id, step, position, ticket, leaving)?;
        let mut moved = self.entering(ticket_id, ticket, to, position.visit + 1, now)?;
        moved.started.splice(0..0, started);
        moved.skipped.splice(0..0, skipped);
        Ok(moved)
    }

    fn entering(
        &self,
        ticket_id: u64,
        ticket: &str,
        to: StepId,
        visit: u64,
        now: Timestamp,
    ) -> Result<Moved, Refused> {
        let workflow = &self.version.workflow;
        let step = workflow.step(&to);
        let step = step.ok_or(Refused::NoSuchStep { step: to })?;
        let entering = |on: TriggerOn| matches!(on, TriggerOn::Entering {});
        let position = Position {
            workflow: workflow.id.clone(),
            version: self.version.number,
            step: step.id.clone(),
            entered_at: now,
            visit,
        };
        let (started, skipped) = self.pull(ticket_id, step, &position, ticket, entering)?;
        Ok(Moved {
            timers: self.timers(ticket_id, step, &position),
            position,
            status_id: step.status_id,
            started,
            skipped,
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
    ) -> Result<Result<Started, Skipped>, Refused> {
        let (step, _) = self.at(position)?;
        if timer.step != position.step || timer.visit != position.visit {
            return Err(Refused::Over);
        }
        self.pull_one(timer.ticket_id, step, position, ticket, timer.trigger)?
            .ok_or(Refused::Over)
    }

    /// A ticket of another version goes on in this one: where it was, if this one has the step, or in the step that is
    /// chosen for it. What waits counts from when the ticket entered its step; entering starts nothing again.
    pub fn adopt(
        &self,
        ticket_id: u64,
        position: &Position,
        to: Option<&StepId>,
        now: Timestamp,
    ) -> Result<Moved, Refused> {
        let workflow = &self.version.workflow;
        let to = to.unwrap_or(&position.step);
        let step = workflow.step(to);
        let step = step.ok_or_else(|| Refused::NoSuchStep { step: to.clone() })?;
        let stays = *to == position.step;
        let position = Position {
            workflow: workflow.id.clone(),
            version: self.version.number,
            step: step.id.clone(),
            entered_at: if stays { position.entered_at } else { now },
            visit: if stays {
                position.visit
            } else {
                position.visit + 1
            },
        };
        let timers = self.timers(ticket_id, step, &position);
        // What would have been due in the version before was that one's.
        let timers = timers
            .into_iter()
            .filter(|timer| timer.due_at > now)
            .collect();
        Ok(Moved {
            timers,
            position,
            status_id: step.status_id.filter(|_| !stays),
            started: Vec::new(),
            skipped: Vec::new(),
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
            step: position.step.clone(),
        })
    }

    /// What the triggers of a kind start.
    fn pull(
        &self,
        ticket_id: u64,
        step: &WorkflowStep,
        position: &Position,
        ticket: &str,
        kind: impl Fn(TriggerOn) -> bool,
    ) -> Result<(Vec<Started>, Vec<Skipped>), Refused> {
        let (mut started, mut skipped) = (Vec::new(), Vec::new());
        for (index, trigger) in step.triggers.iter().enumerate() {
            if !kind(trigger.on) {
                continue;
            }
            match self.pull_one(ticket_id, step, position, ticket, index)? {
                Some(Ok(start)) => started.push(start),
                Some(Err(skip)) => skipped.push(skip),
                None => {}
            }
        }
        Ok((started, skipped))
    }

    fn pull_one(
        &self,
        ticket_id: u64,
        step: &WorkflowStep,
        position: &Position,
        ticket: &str,
        index: usize,
    ) -> Result<Option<Result<Started, Skipped>>, Refused> {
        let mut steps = self.version.workflow.steps.iter().zip(&self.steps);
        let conditions = steps.find(|(own, _)| own.id == step.id);
        let condition = conditions.and_then(|(_, conditions)| conditions.triggers.get(index));
        let Some((trigger, condition)) = step.triggers.get(index).zip(condition) else {
            return Ok(None);
        };
        let runbook = trigger.runbook.clone();
        let reason = reason(trigger.on, &step.name);
        let verdict = decide(condition, ticket)?;
        if !verdict.met {
            return Ok(Some(Err(Skipped {
                runbook,
                reason,
                why: verdict.explanation,
            })));
        }
        let Position {
            workflow,
            entered_at,
            visit,
            ..
        } = position;
        Ok(Some(Ok(Started {
            runbook,
            variables: trigger.variables.clone(),
            key: format!(
                "{workflow}/{ticket_id}/{entered_at}/{visit}/{}/{index}",
                step.id
            ),
            reason,
        })))
    }
}

fn reason(on: TriggerOn, step: &str) -> String {
    match on {
        TriggerOn::Entering {} => format!("entering {step}"),
        TriggerOn::Leaving {} => format!("leaving {step}"),
        TriggerOn::Staying { minutes: 1 } => format!("being in {step} for 1 minute"),
        TriggerOn::Staying { minutes } => format!("being in {step} for {minutes} minutes"),
    }
}

/// What a ticket does not have meets no comparison.
fn decide(condition: &Condition, ticket: &str) -> Result<Verdict, Refused> {
    let mut variables = Variables::new();
    variables
        .insert("ticket", ticket)
        .map_err(|error| Refused::Condition(ErrorDetail::new("not_json", error.to_string())))?;
    condition.evaluate_loosely(&variables).map_err(|error| {
        let detail = ErrorDetail::new(error.code(), error.to_string());
        Refused::Condition(detail.at_field(error.row))
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
                "This version of the workflow has no step `{step}`: choose the step in which the ticket goes on."
            ),
            Self::NotAllowed { action, step } => {
                write!(f, "The step `{step}` does not allow the action {action:?}.")
            }
            Self::NotMet { action, why } => {
                write!(
                    f,
                    "The action {action:?} is not offered for this ticket: {why}."
                )
            }
            Self::Over => f.write_str("The ticket has left the step."),
            Self::Condition(detail) => detail.fmt(f),
        }
    }
}

impl std::error::Error for Refused {}
