//! Whether an action that was taken is offered there: whoever takes it may be a program, which takes what it likes.

use serde_json::Value;
use shared::action::{OnTicket, Place, allowed_names, complete, reasons};
use shared::desk::{Caller, DeskRequest};
use shared::model::DeskAction;
use worker::Env;

use crate::desk;
use crate::error::Failure;

/// What was taken on a ticket, with the fields of the action's dialog; refused where the action is not offered on such a
/// ticket, or a field holds what it must not.
pub(super) async fn taken(
    env: &Env,
    action: &DeskAction,
    ticket: &Value,
    taken: &Value,
) -> Result<Value, Failure> {
    let text = |field: &str| ticket.get(field).and_then(Value::as_str);
    let allowed = match ticket.get("tickettype_id").and_then(Value::as_u64) {
        Some(id) => read(env, &format!("/api/TicketType/{id}")).await?,
        None => None,
    };
    let allowed = allowed.as_ref().map(allowed_names).unwrap_or_default();
    let place = Place::Ticket(OnTicket {
        ticket_type: text("tickettype_name").unwrap_or_default(),
        status: text("status_name"),
        allowed: &allowed,
    });
    refuse(action, place)?;
    let mut taken = taken.clone();
    complete(action, ticket, &mut taken).map_err(|error| Failure::of(400, error))?;
    Ok(taken)
}

/// Refuses what is not offered there.
pub(super) fn refuse(action: &DeskAction, place: Place<'_>) -> Result<(), Failure> {
    match reasons(action, place).first() {
        None => Ok(()),
        Some(reason) => Err(Failure::conflict(reason.code(), format!("{reason}."))),
    }
}

/// A record of the desk's, or a list of them; nothing where it is gone.
pub(super) async fn read(env: &Env, path: &str) -> Result<Option<Value>, Failure> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let request = DeskRequest {
        caller: Caller::Nimbus {},
        method: "GET".to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        body: String::new(),
        key: None,
        depth: 0,
    };
    let answer = desk::client::request(env, request).await?;
    match answer.status {
        200 => serde_json::from_str(&answer.body)
            .map(Some)
            .map_err(|error| Failure::internal("record of the desk", &error)),
        404 => Ok(None),
        _ => Err(Failure::internal("record of the desk", &answer.body)),
    }
}
