//! Ticket workflows: `GET`, `POST /console/workflows`, `GET`, `PUT`, `DELETE …/{id}`, `POST …/{id}/restore`; `check`,
//! `publish` and `unpublish` as with runbooks.
//!
//! A draft's `enabled` says whether it is published, and is ignored on the way in; only a bundle publishes with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::resources::{Publication, Record, apart};
use crate::model::{RunbookId, StepId, Timestamp, Workflow, WorkflowId};
use crate::workflow::Offer;

/// `…/console/workflows/{id}`: the draft, and what is published.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WorkflowRecord {
    #[serde(flatten)]
    pub record: Record<Workflow>,
    pub publication: Publication,
}

impl<'de> Deserialize<'de> for WorkflowRecord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Added {
            publication: Publication,
        }
        let (added, record): (Added, _) = apart(deserializer, &["publication"])?;
        Ok(Self {
            record,
            publication: added.publication,
        })
    }
}

/// A row of `GET /console/workflows`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowSummary {
    pub id: WorkflowId,
    pub name: String,
    pub publication: Publication,
    /// The ids of the ticket types whose new tickets enter it.
    pub ticket_types: Vec<u64>,
    pub steps: usize,
    /// The runbooks that its steps start.
    pub runbooks: Vec<RunbookId>,
    pub version: u64,
    pub updated_at: Timestamp,
}

/// Answer of `GET /console/workflows/{id}/tickets`: which tickets are inside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowTickets {
    /// The latest version, which new tickets enter while it is published; missing where there never was one.
    pub newest_version: Option<u32>,
    /// The steps of that version, which tickets of older ones can be moved to.
    pub steps: Vec<StepName>,
    /// In the order of the versions, then of the steps.
    pub counts: Vec<TicketsInStep>,
    /// The first 200, in the order of their ids.
    pub tickets: Vec<TicketInStep>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepName {
    pub id: StepId,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketsInStep {
    pub version: u32,
    pub step: StepId,
    pub step_name: String,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketInStep {
    pub ticket_id: u64,
    pub summary: String,
    pub version: u32,
    pub step: StepId,
    pub step_name: String,
    pub entered_at: Timestamp,
}

/// Body of `POST /console/workflows/{id}/move`: has tickets of older versions go on in the latest one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveTickets {
    /// Only those of this version; those of all older ones where it is missing.
    #[serde(default)]
    pub from_version: Option<u32>,
    /// Where tickets go on whose step is named here; the others stay in their step, which the latest version must have.
    #[serde(default)]
    pub steps: BTreeMap<StepId, StepId>,
}

/// Its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedTickets {
    pub moved: u64,
    /// How many stayed in their version.
    pub left: u64,
    /// Why, of the first 200 of them.
    pub not_moved: Vec<NotMoved>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotMoved {
    pub ticket_id: u64,
    pub version: u32,
    pub step: StepId,
    pub why: String,
}

/// Answer of `GET /console/workflows/of-ticket/{ticket id}`; `null` where the ticket is in no workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketWorkflow {
    pub workflow: WorkflowId,
    pub name: String,
    pub version: u32,
    pub step: StepId,
    pub step_name: String,
    pub entered_at: Timestamp,
    /// The actions that the step allows, each once, in their order. No other desk action can be taken.
    pub offers: Vec<Offer>,
    pub newest_version: u32,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_keeps_its_publication_beside_its_fields() {
        let written = json!({
            "id": "wf", "name": "Incidents", "enabled": true, "ticket_types": [1], "first_step": "a",
            "steps": [{"id": "a", "name": "Triage", "at": [0, 0]}], "version": 3, "updated_at": 1,
            "missing_secrets": [], "publication": {"version": 2, "published_at": 1, "changed": false},
        });
        let record: WorkflowRecord = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(record.record.value.steps[0].name, "Triage");
        assert_eq!(record.publication.version, Some(2));
        assert_eq!(serde_json::to_value(&record).unwrap(), written);
    }

    #[test]
    fn what_is_asked_and_answered_keeps_its_shape() {
        let asked: MoveTickets = serde_json::from_value(json!({})).unwrap();
        assert_eq!(asked, MoveTickets::default());
        let asked = json!({"from_version": 1, "steps": {"old": "new"}});
        let read: MoveTickets = serde_json::from_value(asked.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), asked);
        let offers =
            json!([{"action": "Accept"}, {"action": "Solve", "not_because": "Status is New"}]);
        let inside = json!({
            "workflow": "wf", "name": "Incidents", "version": 1, "step": "a", "step_name": "Triage", "entered_at": 5,
            "offers": offers, "newest_version": 2,
        });
        let read: TicketWorkflow = serde_json::from_value(inside.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), inside);
    }
}
