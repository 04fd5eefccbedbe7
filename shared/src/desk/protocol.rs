//! How the rest of the deployment speaks with the desk.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::service_level::Told;
use crate::model::{RecordChange, RecordKind};
use crate::workflow::StepStart;

/// One request under `/api`, from outside or from a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskRequest {
    pub caller: Caller,
    /// The HTTP method, in capitals.
    pub method: String,
    /// From `/api` on, as sent; case does not count.
    pub path: String,
    /// As sent, without `?`; empty where there is none.
    pub query: String,
    /// JSON; empty where there is none.
    pub body: String,
    /// The same for every sending of one and the same write: the first answer is kept, and
    /// given again. `run/step/visit`, or what the header `Idempotency-Key` says.
    pub key: Option<String>,
    /// How many runs stand above what this sets off; none above what a person does.
    #[serde(default)]
    pub depth: u8,
}

/// The desk's answer; its body is JSON, or empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskResponse {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Caller {
    /// Nobody has signed in.
    Nobody {},
    /// Whoever holds the admin token.
    Admin {},
    /// A person in the console. Only they are shown HTML sanitised: nothing else reaches a page.
    Console {},
    /// The bearer of what may be an access token of the desk's.
    Token { token: String },
    /// A run, through a login of the type `desk`.
    Runbook {
        /// The runbook's name; its actions carry it.
        name: String,
        /// As in the authorization; `all` where it is missing.
        scope: Option<String>,
    },
    /// Nimbus itself, which leaves notes. They set off nothing.
    Nimbus {},
}

/// What happened at the desk. It is written in the same transaction as the change itself,
/// and delivered at least once: whoever takes it knows a repeat by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DeskEvent {
    /// An action was added to a ticket. No [`DeskEvent::TicketChanged`] comes beside it.
    ActionAdded {
        event_id: String,
        /// With the names of what it refers to, such as `client_name` and `status: {id, name}`.
        ticket: Value,
        action: Value,
        source: EventSource,
        /// How many runs stand above one that it starts.
        #[serde(default, skip_serializing_if = "is_zero")]
        depth: u8,
    },
    /// A ticket was made, changed or deleted, or one of its actions was changed or deleted.
    TicketChanged {
        event_id: String,
        ticket_id: u64,
        change: RecordChange,
        /// Missing where only its actions changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        states: Option<States>,
        source: EventSource,
        #[serde(default, skip_serializing_if = "is_zero")]
        depth: u8,
    },
    /// A step of a ticket's workflow starts a runbook, or does not because the ticket does not meet a condition.
    WorkflowStep {
        event_id: String,
        ticket_id: u64,
        /// Missing where one request changed more than can be told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<Value>,
        start: Box<StepStart>,
        source: EventSource,
        #[serde(default, skip_serializing_if = "is_zero")]
        depth: u8,
    },
    /// A ticket came to a warning or a deadline of its service level.
    MilestonePassed {
        event_id: String,
        ticket_id: u64,
        told: Told,
        /// The ticket before and after what it came with; the same where that was the clock.
        states: States,
        source: EventSource,
        #[serde(default, skip_serializing_if = "is_zero")]
        depth: u8,
    },
    /// A record of another resource of which events are told was made, changed or deleted.
    RecordChanged {
        event_id: String,
        kind: RecordKind,
        id: u64,
        change: RecordChange,
        states: States,
        source: EventSource,
        #[serde(default, skip_serializing_if = "is_zero")]
        depth: u8,
    },
    /// Records of another resource were made, changed or deleted: for pages that show them.
    RecordsChanged {
        event_id: String,
        /// As in the address: `Client`.
        resource: String,
        /// Empty where they are more than [`DeskEvent::MOST_IDS`].
        ids: Vec<u64>,
        source: EventSource,
    },
    /// A record got another name by which others know it: they follow.
    RecordRenamed {
        event_id: String,
        renamed: Renamed,
        source: EventSource,
    },
}

/// Another name of a record that conditions and actions know by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renamed {
    /// As in the address: `Status`.
    pub resource: String,
    pub former: String,
    pub name: String,
}

impl DeskEvent {
    /// An event names at most this many records.
    pub const MOST_IDS: usize = 100;

    pub fn event_id(&self) -> &str {
        match self {
            Self::ActionAdded { event_id, .. }
            | Self::TicketChanged { event_id, .. }
            | Self::WorkflowStep { event_id, .. }
            | Self::MilestonePassed { event_id, .. }
            | Self::RecordChanged { event_id, .. }
            | Self::RecordsChanged { event_id, .. }
            | Self::RecordRenamed { event_id, .. } => event_id,
        }
    }

    /// The ticket that it happened to; `None` where there is none, or the event's own ticket has no id.
    pub fn ticket_id(&self) -> Option<u64> {
        match self {
            Self::ActionAdded { ticket, .. } => ticket.get("id")?.as_u64(),
            Self::TicketChanged { ticket_id, .. }
            | Self::WorkflowStep { ticket_id, .. }
            | Self::MilestonePassed { ticket_id, .. } => Some(*ticket_id),
            Self::RecordChanged { .. }
            | Self::RecordsChanged { .. }
            | Self::RecordRenamed { .. } => None,
        }
    }

    pub fn source(&self) -> EventSource {
        match self {
            Self::ActionAdded { source, .. }
            | Self::TicketChanged { source, .. }
            | Self::WorkflowStep { source, .. }
            | Self::MilestonePassed { source, .. }
            | Self::RecordChanged { source, .. }
            | Self::RecordsChanged { source, .. }
            | Self::RecordRenamed { source, .. } => *source,
        }
    }

    /// How many runs stand above one that it starts.
    pub fn depth(&self) -> u8 {
        match self {
            Self::ActionAdded { depth, .. }
            | Self::TicketChanged { depth, .. }
            | Self::WorkflowStep { depth, .. }
            | Self::MilestonePassed { depth, .. }
            | Self::RecordChanged { depth, .. } => *depth,
            Self::RecordsChanged { .. } | Self::RecordRenamed { .. } => 0,
        }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(depth: &u8) -> bool {
    *depth == 0
}

/// A record before and after a change, with the names of what it refers to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct States {
    /// Missing where it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// Missing where it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// Whether both are missing because one request changed more than can be told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
}

/// What kind of caller made a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventSource {
    /// A person: in the console, with the admin token, or through an application that they allowed to act for them.
    Person,
    /// A program with an access token of its own.
    Application,
    /// A run.
    Runbook,
    /// Nimbus itself.
    Nimbus,
    /// Nobody: its time has come.
    Clock,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Events wait in storage across updates: their shape is stored data.
    #[test]
    fn an_event_keeps_its_shape() {
        let event = DeskEvent::ActionAdded {
            event_id: "e-0".to_owned(),
            ticket: json!({"id": 7}),
            action: json!({"id": 9, "outcome": "Note"}),
            source: EventSource::Runbook,
            depth: 2,
        };
        let written = json!({
            "type": "action_added", "event_id": "e-0", "ticket": {"id": 7},
            "action": {"id": 9, "outcome": "Note"}, "source": "runbook", "depth": 2,
        });
        assert_eq!(serde_json::to_value(&event).unwrap(), written);
        assert_eq!((event.event_id(), event.ticket_id()), ("e-0", Some(7)));

        let written = json!({
            "type": "ticket_changed", "event_id": "e-1", "ticket_id": 7, "change": "deleted",
            "source": "person",
        });
        let event: DeskEvent = serde_json::from_value(written.clone()).unwrap();
        assert_eq!((event.event_id(), event.ticket_id()), ("e-1", Some(7)));
        assert_eq!(serde_json::to_value(&event).unwrap(), written);

        let written = json!({
            "type": "record_changed", "event_id": "e-3", "kind": "client", "id": 3, "change": "updated",
            "states": {"before": {"id": 3, "name": "A"}, "after": {"id": 3, "name": "B"}}, "source": "runbook", "depth": 1,
        });
        let event: DeskEvent = serde_json::from_value(written.clone()).unwrap();
        assert_eq!((event.depth(), event.source()), (1, EventSource::Runbook));
        assert_eq!(serde_json::to_value(&event).unwrap(), written);

        let written = json!({
            "type": "workflow_step", "event_id": "e-4", "ticket_id": 7, "ticket": {"id": 7},
            "start": {
                "workflow": "wf", "workflow_name": "Incidents", "step": "triage", "step_name": "Triage",
                "reason": "entering Triage", "runbook": "rb", "key": "wf/1/7/0/1/triage/0", "met": true,
                "explanation": "there are no rows to be met",
            },
            "source": "person",
        });
        let event: DeskEvent = serde_json::from_value(written.clone()).unwrap();
        assert_eq!((event.event_id(), event.ticket_id()), ("e-4", Some(7)));
        assert_eq!(serde_json::to_value(&event).unwrap(), written);

        let written = json!({
            "type": "milestone_passed", "event_id": "e-4", "ticket_id": 7,
            "told": {"goal": "response", "milestone": "first_warning", "at": 5, "due": 9, "told_at": 6},
            "states": {"before": {"id": 7}, "after": {"id": 7}}, "source": "clock",
        });
        let event: DeskEvent = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(
            (event.ticket_id(), event.source()),
            (Some(7), EventSource::Clock)
        );
        assert_eq!(serde_json::to_value(&event).unwrap(), written);

        let written = json!({
            "type": "records_changed", "event_id": "e-2", "resource": "Client", "ids": [3], "source": "application",
        });
        let event: DeskEvent = serde_json::from_value(written.clone()).unwrap();
        assert_eq!((event.event_id(), event.ticket_id()), ("e-2", None));
        assert_eq!(serde_json::to_value(&event).unwrap(), written);

        let written = json!({
            "type": "record_renamed", "event_id": "e-4", "source": "person",
            "renamed": {"resource": "Status", "former": "Closed", "name": "Done"},
        });
        let event: DeskEvent = serde_json::from_value(written.clone()).unwrap();
        assert_eq!((event.event_id(), event.ticket_id()), ("e-4", None));
        assert_eq!(serde_json::to_value(&event).unwrap(), written);
    }
}
