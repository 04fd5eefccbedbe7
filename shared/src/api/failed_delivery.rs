//! Starts from the desk that came to nothing: `GET /console/failed-deliveries`.

use serde::{Deserialize, Serialize};

use crate::model::{RunbookId, Timestamp};
use crate::problem::ErrorDetail;

/// An action on a ticket whose runbook did not start. It stays listed until somebody dismisses it
/// (`POST …/{id}/dismiss`) or tries it again (`POST …/{id}/retry`, answered like a start).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedDelivery {
    pub id: u64,
    pub at: Timestamp,
    /// The action's name.
    pub action: String,
    pub ticket_id: u64,
    pub runbook: RunbookId,
    /// Missing where the runbook is gone.
    pub runbook_name: Option<String>,
    /// Why it did not start.
    pub error: ErrorDetail,
}
