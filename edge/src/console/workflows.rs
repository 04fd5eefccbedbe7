//! What can be done with a workflow beside changing it. The desk keeps the versions and where tickets are; the workspace keeps
//! the drafts, and publishes.

use shared::api::{MoveTickets, MovedTickets, PublishReport};
use shared::model::WorkflowId;
use worker::Response;

use super::{Call, document, json, nothing, raw, runbook};
use crate::desk;
use crate::desk::protocol::{MoveBatch, MovedBatch, WorkflowCall};
use crate::door::{self, body};
use crate::error::Failure;
use crate::object::Reply;
use crate::workspace::client;
use crate::workspace::protocol::{self, Kept, Kind, WorkflowsCall};

/// Tickets that were not moved are named up to so many.
const MOST_NAMED: usize = 200;

/// `POST /console/workflows/{id}/check`: of the draft in the body, or else of the stored one.
pub(super) async fn check(mut call: Call<'_>, id: &str) -> Result<Response, Failure> {
    let id = workflow_id(id)?;
    let mut fields = body::read_object(&mut call.request).await?;
    let draft = if fields.is_empty() {
        None
    } else {
        document::name_itself(Kind::Workflow, id.as_str(), &mut fields)?;
        Some(document::parse(fields)?)
    };
    raw(&ask::<Reply>(&call, WorkflowsCall::Check { id, draft }).await?)
}

/// `POST /console/workflows/{id}/publish`.
pub(super) async fn publish(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let (id, by) = (workflow_id(id)?, call.by);
    let report: PublishReport = ask(call, WorkflowsCall::Publish { id, by }).await?;
    runbook::published(&report)
}

/// `POST /console/workflows/{id}/unpublish`.
pub(super) async fn unpublish(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let (id, by) = (workflow_id(id)?, call.by);
    ask::<()>(call, WorkflowsCall::Unpublish { id, by }).await?;
    nothing()
}

/// `GET /console/workflows/{id}/tickets`.
pub(super) async fn tickets(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let id = known(call, id).await?;
    raw(&desk::client::workflows::<Reply>(call.env, WorkflowCall::Tickets { id }).await?)
}

/// `POST /console/workflows/{id}/move`: batch after batch, so that the desk answers others in between.
pub(super) async fn move_tickets(mut call: Call<'_>, id: &str) -> Result<Response, Failure> {
    let id = known(&call, id).await?;
    let request: MoveTickets = door::read_json(&mut call.request).await?;
    let mut moved = MovedTickets::default();
    let mut after = Some(0);
    while let Some(place) = after {
        let batch = MoveBatch {
            id: id.clone(),
            request: request.clone(),
            after: place,
        };
        let done = WorkflowCall::Move { batch };
        let done: MovedBatch = desk::client::workflows(call.env, done).await?;
        moved.moved += done.moved.moved;
        moved.left += done.moved.left;
        moved.not_moved.extend(done.moved.not_moved);
        moved.not_moved.truncate(MOST_NAMED);
        after = done.next;
    }
    json(&moved)
}

/// `GET /console/workflows/of-ticket/{ticket id}`.
pub(super) async fn of_ticket(call: &Call<'_>, ticket: &str) -> Result<Response, Failure> {
    let ticket_id = ticket.parse();
    let ticket_id = ticket_id.map_err(|_| Failure::not_found("The ticket"))?;
    let inside = WorkflowCall::OfTicket { ticket_id };
    raw(&desk::client::workflows::<Reply>(call.env, inside).await?)
}

/// The id of a workflow that there is.
async fn known(call: &Call<'_>, segment: &str) -> Result<WorkflowId, Failure> {
    let id = workflow_id(segment)?;
    let read = protocol::Call::Read {
        kind: Kind::Workflow,
        id: id.to_string(),
    };
    client::call::<Kept>(call.env, &read).await?;
    Ok(id)
}

async fn ask<A: serde::de::DeserializeOwned>(
    call: &Call<'_>,
    about: WorkflowsCall,
) -> Result<A, Failure> {
    client::call(call.env, &protocol::Call::OfWorkflows { call: about }).await
}

fn workflow_id(segment: &str) -> Result<WorkflowId, Failure> {
    WorkflowId::parse(segment).map_err(|_| Failure::not_found("The workflow"))
}
