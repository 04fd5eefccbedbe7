//! Live updates: `GET /console/live`, a WebSocket that says what changed; the page reads it anew.

use serde::{Deserialize, Serialize};

use crate::engine::RunSummary;

/// One message, as JSON text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveEvent {
    /// The first message of every connection: what happened before it was missed.
    Connected,
    /// A run began, moved on or ended.
    Run { run: Box<RunSummary> },
    /// A start from the desk came to nothing, or the list of those changed.
    FailedDeliveries,
    /// A ticket or its actions changed.
    Ticket { ticket_id: u64 },
}
