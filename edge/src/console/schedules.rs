//! What schedules have beside what all documents have: what a draft of one means, and a start by hand.

use serde_json::Value;
use shared::api::StartAnswer;
use shared::api::resources::RECORD_FIELDS;
use shared::model::{RawJson, strict};
use worker::Response;

use super::document::{key, text};
use super::{Call, json, raw};
use crate::desk::http::idempotency_key;
use crate::door::body;
use crate::error::Failure;
use crate::object::Reply;
use crate::workspace::client;
use crate::workspace::protocol::{self, Kind, SchedulesCall};

/// Stands in for the id and the runbook of a draft that has none yet.
const NONE: &str = "none";

/// `POST /console/schedules/check`: of a draft that may lack its id, its name and its runbook.
pub(super) async fn check(mut call: Call<'_>) -> Result<Response, Failure> {
    let mut fields = body::read_object(&mut call.request).await?;
    for field in RECORD_FIELDS {
        fields.remove(field);
    }
    let has_runbook = fields
        .get("runbook")
        .is_some_and(|id| text(id).is_none_or(|id| !id.is_empty()));
    if !has_runbook {
        fields.insert("runbook".to_owned(), RawJson::of_text(NONE));
    }
    let id = || RawJson::of_text(NONE);
    fields.entry("id".to_owned()).or_insert_with(id);
    let name = || RawJson::from(Value::from(""));
    fields.entry("name".to_owned()).or_insert_with(name);
    let check = SchedulesCall::Check {
        schedule: strict::from_fields(&fields)?,
        has_runbook,
    };
    ask(&call, check).await
}

/// `GET /console/schedules/choices`.
pub(super) async fn choices(call: &Call<'_>) -> Result<Response, Failure> {
    ask(call, SchedulesCall::Choices {}).await
}

/// `POST /console/schedules/{id}/start`, with an `Idempotency-Key` or without.
pub(super) async fn start(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let start = SchedulesCall::Start {
        id: key(Kind::Schedule, id)?,
        key: idempotency_key(&call.request)?,
    };
    let start = protocol::Call::OfSchedules { call: start };
    let answer: StartAnswer = client::call(call.env, &start).await?;
    Ok(json(&answer)?.with_status(202))
}

async fn ask(call: &Call<'_>, ask: SchedulesCall) -> Result<Response, Failure> {
    let ask = protocol::Call::OfSchedules { call: ask };
    raw(&client::call::<Reply>(call.env, &ask).await?)
}
