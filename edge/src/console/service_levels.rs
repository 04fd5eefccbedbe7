//! Service levels of the desk.

use serde::Serialize;
use shared::api::{ImportReport, List, ServiceLevelPreview, ServiceLevelRecord};
use shared::desk::service_level::ServiceLevel;
use shared::model::strict::{self, Fields};
use shared::time_zone::Zone;
use worker::{Method, Response};

use super::document::expected;
use super::{Call, json, no_such_address, nothing};
use crate::clock;
use crate::desk::client;
use crate::desk::protocol::ServiceLevelCall;
use crate::door::body;
use crate::error::Failure;
use crate::workspace::protocol::Expected;

/// Answers a request under `/console/service-levels`.
pub(super) async fn answer(mut call: Call<'_>, rest: &[&str]) -> Result<Response, Failure> {
    match (call.request.method(), rest) {
        (Method::Get, []) => {
            let list: List<ServiceLevelRecord> = ask(&call, ServiceLevelCall::List {}).await?;
            json(&list)
        }
        (Method::Get, ["time-zones"]) => json(&TimeZones {
            time_zones: Zone::names(),
        }),
        (Method::Post, []) => {
            let level = read(body::read_object(&mut call.request).await?)?;
            let made = ask(&call, ServiceLevelCall::Create { level }).await?;
            Ok(record(&made)?.with_status(201))
        }
        (Method::Post, ["preview"]) => {
            let level = read(body::read_object(&mut call.request).await?)?;
            let preview: ServiceLevelPreview = level.preview(clock::now());
            json(&preview)
        }
        (Method::Get, [id]) => {
            let id = number(id)?;
            record(&ask(&call, ServiceLevelCall::Read { id }).await?)
        }
        (Method::Put, [id]) => replace(call, number(id)?).await,
        (Method::Delete, [id]) => {
            let header = call.request.headers().get("If-Match")?;
            let delete = ServiceLevelCall::Delete {
                id: number(id)?,
                expected: expected(header.as_deref(), None)?.unwrap_or(Expected::Any),
            };
            ask::<()>(&call, delete).await?;
            nothing()
        }
        _ => Err(no_such_address()),
    }
}

/// Answer of `GET …/time-zones`.
#[derive(Serialize)]
struct TimeZones {
    time_zones: Vec<String>,
}

async fn ask<A: serde::de::DeserializeOwned>(
    call: &Call<'_>,
    ask: ServiceLevelCall,
) -> Result<A, Failure> {
    client::service_levels(call.env, ask, call.by).await
}

async fn replace(mut call: Call<'_>, id: u64) -> Result<Response, Failure> {
    let fields = body::read_object(&mut call.request).await?;
    let header = call.request.headers().get("If-Match")?;
    let expected = expected(header.as_deref(), fields.get("version"))?.ok_or_else(|| {
        Failure::new(
            428,
            "no_version",
            "Say which version you read: send it as `If-Match`, or leave `version` in the document.",
        )
    })?;
    let mut level = read(fields)?;
    if level.id != 0 && level.id != id {
        return Err(Failure::bad_request(
            "other_id",
            "The document's `id` is another one than the address's. Leave it out.",
        )
        .at_field("id"));
    }
    level.id = id;
    record(&ask(&call, ServiceLevelCall::Replace { level, expected }).await?)
}

/// Reads a service level strictly. What its record adds on the way out is taken off.
fn read(mut fields: Fields) -> Result<ServiceLevel, Failure> {
    let added = ["open_tickets", "still_to_look_at"];
    for field in shared::api::resources::RECORD_FIELDS
        .into_iter()
        .chain(added)
    {
        fields.remove(field);
    }
    Ok(strict::from_fields(&fields)?)
}

fn number(id: &str) -> Result<u64, Failure> {
    id.parse()
        .map_err(|_| Failure::not_found("The service level"))
}

/// A record with its version as its tag.
fn record(record: &ServiceLevelRecord) -> Result<Response, Failure> {
    let mut response = json(record)?;
    let tag = format!("\"{}\"", record.record.version);
    response.headers_mut().set("ETag", &tag)?;
    Ok(response)
}

/// Looks at those of a bundle before anything of it is put in place.
pub(super) fn check(levels: &[ServiceLevel]) -> Result<(), Failure> {
    let own = levels.iter().enumerate().find_map(|(index, level)| {
        let problem = level.problems().into_iter().next()?;
        Some((index, problem))
    });
    let Some((index, mut problem)) = own.or_else(|| ServiceLevel::check_together(levels)) else {
        return Ok(());
    };
    let field = problem.at.field.take().unwrap_or_default();
    let place = format!("desk.service_levels[{index}].{field}");
    problem.message = format!("{place}: {}", problem.message);
    Err(Failure::of(400, problem).at_field(place))
}

pub(super) async fn import(
    call: &Call<'_>,
    levels: Vec<ServiceLevel>,
    report: &mut ImportReport,
) -> Result<(), Failure> {
    if !levels.is_empty() {
        report.extend(ask(call, ServiceLevelCall::Import { levels }).await?);
    }
    Ok(())
}

pub(super) async fn export(call: &Call<'_>) -> Result<Vec<ServiceLevel>, Failure> {
    ask(call, ServiceLevelCall::Export {}).await
}
