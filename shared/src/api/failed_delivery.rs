//! Starts from the desk that came to nothing: `GET /console/failed-deliveries`.

use serde::{Deserialize, Serialize};

use crate::model::{EventKind, RunbookId, Timestamp};
use crate::problem::ErrorDetail;

/// An action on a ticket, an event or a time of a schedule whose runbook did not start. It stays listed until somebody dismisses it
/// An action on a ticket, an event or a step of a workflow whose runbook did not start. It stays listed until somebody dismisses it
/// (`POST …/{id}/dismiss`) or tries it again (`POST …/{id}/retry`, answered like a start).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedDelivery {
    pub id: u64,
    pub at: Timestamp,
    #[serde(flatten)]
    pub origin: DeliveryOrigin,
    pub runbook: RunbookId,
    /// Missing where the runbook is gone.
    pub runbook_name: Option<String>,
    /// Why it did not start.
    pub error: ErrorDetail,
}

/// What was to start a runbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DeliveryOrigin {
    /// An action on a ticket.
    Action {
        /// The action's name.
        action: String,
        ticket_id: u64,
    },
    /// An event that a trigger waits for.
    Event {
        /// The trigger's name; the event's where the trigger is gone.
        trigger: String,
        event: EventKind,
        /// The record that it happened to.
        record_id: u64,
    },
    /// A schedule that came due.
    Schedule {
        /// The schedule's name; its id where it is gone.
        schedule: String,
        due_at: Timestamp,
        /// The ticket whose date it went by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket_id: Option<u64>,
    },
    /// A step of a ticket's workflow.
    Workflow {
        /// The workflow's name.
        workflow: String,
        /// What became of the ticket, such as `entering Triage`.
        reason: String,
        ticket_id: u64,
    },
}
