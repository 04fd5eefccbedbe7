//! What desk actions have beside what all documents have: another name, an order, and buttons that are pressed.

use shared::api::{Move, Press, StartAnswer};
use shared::model::DeskAction;
use shared::model::strict::Fields;
use worker::{Env, Response};

use super::document::{self, kept, key};
use super::{Call, json, nothing, ticket_types};
use crate::desk::http::idempotency_key;
use crate::door::read_json;
use crate::error::Failure;
use crate::workspace::client;
use crate::workspace::protocol::{self, ActionsCall, Expected, Kept, Kind, Pressing};

/// `PUT /console/desk-actions/{name}` with a document of another name. The ticket types that allow the action follow.
pub(super) async fn rename(
    call: &Call<'_>,
    former: String,
    fields: Fields,
    expected: Expected,
) -> Result<Response, Failure> {
    let action: Box<DeskAction> = Box::new(document::parse(fields)?);
    let name = action.name.clone();
    let rename = ActionsCall::Rename {
        former: former.clone(),
        action,
        expected,
        by: call.by,
    };
    let renamed: Kept = ask(call.env, rename).await?;
    ticket_types::follow(call, &former, &name).await?;
    kept(&renamed)
}

/// `POST /console/desk-actions/{name}/move`.
pub(super) async fn reorder(mut call: Call<'_>, name: &str) -> Result<Response, Failure> {
    let name = key(Kind::DeskAction, name)?;
    let Move { before } = read_json(&mut call.request).await?;
    let by = call.by;
    ask::<()>(call.env, ActionsCall::Move { name, before, by }).await?;
    nothing()
}

/// `POST /console/desk-actions/{name}/press`.
pub(super) async fn press(mut call: Call<'_>, name: &str) -> Result<Response, Failure> {
    let name = key(Kind::DeskAction, name)?;
    let press: Press = read_json(&mut call.request).await?;
    let key = idempotency_key(&call.request)?;
    let pressing = Pressing { name, press, key };
    let started: StartAnswer = ask(call.env, ActionsCall::Press { pressing }).await?;
    Ok(json(&started)?.with_status(202))
}

async fn ask<A: serde::de::DeserializeOwned>(env: &Env, call: ActionsCall) -> Result<A, Failure> {
    client::call(env, &protocol::Call::OfActions { call }).await
}
