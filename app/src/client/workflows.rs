//! Ticket workflows.

use serde_json::{Value, json};
use shared::api::{
    List, MoveTickets, MovedTickets, PublishReport, TicketWorkflow, WorkflowRecord,
    WorkflowSummary, WorkflowTickets,
};
use shared::model::{Workflow, WorkflowId};

use super::Fault;
use super::request::{delete, get, post, post_for_nothing, put};

const ADDRESS: &str = "/console/workflows";

pub async fn workflows() -> Result<List<WorkflowSummary>, Fault> {
    get(ADDRESS).await
}

pub async fn workflow(id: &WorkflowId) -> Result<WorkflowRecord, Fault> {
    get(&format!("{ADDRESS}/{id}")).await
}

/// `fields` is a workflow without its id; the server gives one.
pub async fn create_workflow(fields: &Value) -> Result<WorkflowRecord, Fault> {
    post(ADDRESS, fields).await
}

pub async fn save_workflow(version: u64, workflow: &Workflow) -> Result<WorkflowRecord, Fault> {
    put(&format!("{ADDRESS}/{}", workflow.id), version, workflow).await
}

pub async fn delete_workflow(id: &WorkflowId) -> Result<(), Fault> {
    delete(&format!("{ADDRESS}/{id}")).await
}

/// The problems of a draft as it stands on the screen, saved or not.
pub async fn check_workflow(draft: &Workflow) -> Result<PublishReport, Fault> {
    post(&format!("{ADDRESS}/{}/check", draft.id), draft).await
}

/// [`Fault::Problems`] where it cannot be published.
pub async fn publish_workflow(id: &WorkflowId) -> Result<PublishReport, Fault> {
    post(&format!("{ADDRESS}/{id}/publish"), &json!({})).await
}

pub async fn unpublish_workflow(id: &WorkflowId) -> Result<(), Fault> {
    post_for_nothing(&format!("{ADDRESS}/{id}/unpublish"), &json!({})).await
}

/// Which tickets are inside.
pub async fn workflow_tickets(id: &WorkflowId) -> Result<WorkflowTickets, Fault> {
    get(&format!("{ADDRESS}/{id}/tickets")).await
}

/// Has tickets of older versions go on in the latest one.
pub async fn move_tickets(id: &WorkflowId, wanted: &MoveTickets) -> Result<MovedTickets, Fault> {
    post(&format!("{ADDRESS}/{id}/move"), wanted).await
}

/// Where a ticket is; nothing where it is in no workflow.
pub async fn workflow_of_ticket(ticket_id: u64) -> Result<Option<TicketWorkflow>, Fault> {
    get(&format!("{ADDRESS}/of-ticket/{ticket_id}")).await
}
