//! What all kinds of documents of the workspace have in common: `GET /console/{kind}`, `POST …/{id}/restore`,
//! `POST …/{id}/take-back`, which removes for good what nobody has saved since it was made, and `GET /console/deleted`.

use serde::{Deserialize, Serialize};

use crate::model::{IntegrationId, Timestamp};

/// How long what was deleted can be brought back.
pub const KEPT_DELETED_MS: Timestamp = 30 * 24 * 60 * 60 * 1000;

/// So many are listed of what was deleted, the newest.
pub const MOST_DELETED: u64 = 200;

/// The code of the refusal of what was deleted, and may be brought back.
pub const DELETED: &str = "deleted";

/// Which kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Integration,
    Method,
    Runbook,
    DeskAction,
    EventTrigger,
    Workflow,
    Schedule,
}

impl DocumentKind {
    pub const ALL: [Self; 7] = [
        Self::Integration,
        Self::Method,
        Self::Runbook,
        Self::DeskAction,
        Self::EventTrigger,
        Self::Workflow,
        Self::Schedule,
    ];

    /// As it stands in tables and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Integration => "integration",
            Self::Method => "method",
            Self::Runbook => "runbook",
            Self::DeskAction => "desk_action",
            Self::EventTrigger => "event_trigger",
            Self::Workflow => "workflow",
            Self::Schedule => "schedule",
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Integration => "integration",
            Self::Method => "method",
            Self::Runbook => "runbook",
            Self::DeskAction => "desk action",
            Self::EventTrigger => "event trigger",
            Self::Workflow => "workflow",
            Self::Schedule => "schedule",
        }
    }

    /// How the addresses of its kind begin: `/console/{collection}`.
    pub fn collection(self) -> &'static str {
        match self {
            Self::Integration => "integrations",
            Self::Method => "methods",
            Self::Runbook => "runbooks",
            Self::DeskAction => "desk-actions",
            Self::EventTrigger => "event-triggers",
            Self::Workflow => "workflows",
            Self::Schedule => "schedules",
        }
    }

    /// The kind whose addresses begin so.
    pub fn of_collection(collection: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.collection() == collection)
    }
}

/// A row of `GET /console/deleted`: what was deleted, and can still be brought back. What goes and comes back along with
/// another document has no row of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletedDocument {
    pub kind: DocumentKind,
    /// The name of a desk action, which has no id.
    pub id: String,
    pub name: String,
    /// Of a method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration: Option<IntegrationId>,
    pub deleted_at: Timestamp,
    /// Until when it can be brought back.
    pub until: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// They stand in tables and addresses.
    #[test]
    fn kinds_keep_their_names() {
        let names = [
            ("integration", "integrations"),
            ("method", "methods"),
            ("runbook", "runbooks"),
            ("desk_action", "desk-actions"),
            ("event_trigger", "event-triggers"),
            ("workflow", "workflows"),
            ("schedule", "schedules"),
        ];
        for (kind, (name, collection)) in DocumentKind::ALL.into_iter().zip(names) {
            assert_eq!(kind.as_str(), name);
            assert_eq!(serde_json::to_value(kind).unwrap(), name);
            assert_eq!(kind.collection(), collection);
            assert_eq!(DocumentKind::of_collection(collection), Some(kind));
        }
        assert_eq!(DocumentKind::of_collection("runs"), None);
    }
}
