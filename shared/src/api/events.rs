//! Event triggers, and the log of what they made of events.

use serde::{Deserialize, Serialize};

use super::resources::Record;
use crate::model::{EventKind, EventTrigger, EventTriggerId, RunId, Timestamp};

/// `…/console/event-triggers`, `…/console/event-triggers/{id}`.
pub type EventTriggerRecord = Record<EventTrigger>;

/// Query of `GET /console/events`: the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsQuery {
    pub event: Option<EventKind>,
    pub outcome: Option<EventOutcome>,
    pub trigger: Option<EventTriggerId>,
    /// At this time or later.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// Words that all occur in the record, the trigger's name or the explanation, in any case.
    pub text: Option<String>,
    pub after: Option<String>,
    /// 50 where it is not set, 200 at most.
    pub limit: Option<u32>,
}

/// What a trigger made of an event. An event that no trigger waits for leaves no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventEntry {
    pub id: u64,
    pub at: Timestamp,
    pub event: EventKind,
    /// The record that it happened to; its kind is the event's.
    pub record_id: u64,
    /// What people call the record; may be empty.
    pub record_title: String,
    pub trigger: EventTriggerId,
    pub trigger_name: String,
    pub outcome: EventOutcome,
    /// The run that was started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// Which condition decided, or why nothing was started.
    pub explanation: String,
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventOutcome {
    /// It started the runbook.
    Started,
    /// It did not meet the conditions.
    NotMatched,
    /// Runs had started one another so many times in a row that this one was not started.
    TooDeep,
    /// The runbook could not be started.
    Failed,
    /// One request changed so many records that their fields were not told, so no condition could look at them.
    NotTold,
}

impl EventOutcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [
        Self::Started,
        Self::NotMatched,
        Self::TooDeep,
        Self::Failed,
        Self::NotTold,
    ];

    /// As in the address and in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::NotMatched => "not_matched",
            Self::TooDeep => "too_deep",
            Self::Failed => "failed",
            Self::NotTold => "not_told",
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
}
