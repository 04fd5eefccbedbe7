//! Event triggers, and the log of everything that starts runbooks by itself.

use serde::{Deserialize, Serialize};

use super::resources::Record;
use crate::model::{
    EventKind, EventTrigger, EventTriggerId, RecordKind, RunId, ScheduleId, StepId, Timestamp,
    WorkflowId,
};

/// `…/console/event-triggers`, `…/console/event-triggers/{id}`.
pub type EventTriggerRecord = Record<EventTrigger>;

/// Query of `GET /console/events`: the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsQuery {
    pub cause: Option<CauseKind>,
    pub event: Option<EventKind>,
    pub outcome: Option<EventOutcome>,
    pub trigger: Option<EventTriggerId>,
    pub schedule: Option<ScheduleId>,
    pub workflow: Option<WorkflowId>,
    /// At this time or later.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// Words that all occur in the record, the cause's or the runbook's name, or the explanation, in any case.
    pub text: Option<String>,
    pub after: Option<String>,
    /// 50 where it is not set, 200 at most.
    pub limit: Option<u32>,
}

/// A runbook was started, or was not. An event that no trigger waits for leaves no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventEntry {
    pub id: u64,
    pub at: Timestamp,
    pub cause: EntryCause,
    /// The record that it is about; times of the clock are about none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<EntryRecord>,
    pub outcome: EventOutcome,
    /// The runbook that was to be started, as it was called then; entries of earlier versions do not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook_name: Option<String>,
    /// The run that was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// Which condition decided, why nothing was started, or why it was late.
    pub explanation: String,
}

/// What an entry goes back to, as it was called then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EntryCause {
    /// A trigger looked at an event.
    Event {
        event: EventKind,
        trigger: EventTriggerId,
        name: String,
    },
    /// A schedule came due.
    Schedule { schedule: ScheduleId, name: String },
    /// A step of a ticket workflow.
    Workflow {
        workflow: WorkflowId,
        name: String,
        step: StepId,
        step_name: String,
    },
}

impl EntryCause {
    pub fn kind(&self) -> CauseKind {
        match self {
            Self::Event { .. } => CauseKind::Event,
            Self::Schedule { .. } => CauseKind::Schedule,
            Self::Workflow { .. } => CauseKind::Workflow,
        }
    }

    /// The id of the trigger, the schedule or the workflow.
    pub fn id(&self) -> &str {
        match self {
            Self::Event { trigger, .. } => trigger.as_str(),
            Self::Schedule { schedule, .. } => schedule.as_str(),
            Self::Workflow { workflow, .. } => workflow.as_str(),
        }
    }

    /// The name of the trigger, the schedule or the workflow.
    pub fn name(&self) -> &str {
        match self {
            Self::Event { name, .. }
            | Self::Schedule { name, .. }
            | Self::Workflow { name, .. } => name,
        }
    }
}

/// Which kind of thing starts runbooks by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseKind {
    Event,
    Schedule,
    Workflow,
}

impl CauseKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Event, Self::Schedule, Self::Workflow];

    /// As in the address and in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Schedule => "schedule",
            Self::Workflow => "workflow",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

/// The record that an entry is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryRecord {
    pub kind: RecordKind,
    pub id: u64,
    /// What people call it; may be empty.
    pub title: String,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventOutcome {
    /// It started the runbook.
    Started,
    /// The record did not meet the conditions.
    NotMatched,
    /// Runs had started one another so many times in a row that this one was not started.
    TooDeep,
    /// The runbook could not be started.
    Failed,
    /// One request changed so many records that their fields were not told, so no condition could look at them.
    NotTold,
    /// A schedule goes by a custom field of the ticket, and what stands there is no date.
    NoDate,
}

impl EventOutcome {
    /// Every outcome.
    pub const ALL: [Self; 6] = [
        Self::Started,
        Self::NotMatched,
        Self::TooDeep,
        Self::Failed,
        Self::NotTold,
        Self::NoDate,
    ];

    /// As in the address and in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::NotMatched => "not_matched",
            Self::TooDeep => "too_deep",
            Self::Failed => "failed",
            Self::NotTold => "not_told",
            Self::NoDate => "no_date",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_called_the_same_everywhere() {
        for outcome in EventOutcome::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
            assert_eq!(EventOutcome::parse(outcome.as_str()), Some(outcome));
        }
        assert_eq!(EventOutcome::parse("done"), None);
    }

    #[test]
    fn causes_are_called_the_same_everywhere() {
        for (cause, kind, names) in [
            (
                r#"{"type":"event","event":"ticket_closed","trigger":"tr","name":"Tell"}"#,
                CauseKind::Event,
                ("tr", "Tell"),
            ),
            (
                r#"{"type":"schedule","schedule":"morning","name":"Morning round"}"#,
                CauseKind::Schedule,
                ("morning", "Morning round"),
            ),
            (
                r#"{"type":"workflow","workflow":"wf","name":"Support","step":"triage","step_name":"Triage"}"#,
                CauseKind::Workflow,
                ("wf", "Support"),
            ),
        ] {
            let read: EntryCause = serde_json::from_str(cause).unwrap();
            assert_eq!(read.kind(), kind);
            assert_eq!((read.id(), read.name()), names);
            assert_eq!(serde_json::to_string(&read).unwrap(), cause);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(CauseKind::parse(kind.as_str()), Some(kind));
        }
    }
}
