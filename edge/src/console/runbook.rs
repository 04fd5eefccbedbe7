//! What can be done with a runbook beside changing it.

use shared::api::{PublishReport, StartAnswer, StartRequest, StartsReport};
use shared::engine::plan;
use shared::model::RunbookId;
use shared::problem::ErrorDetail;
use shared::statistics::{DAYS, FARTHEST_OFFSET, MOST_DAYS};
use worker::Response;

use super::{Call, document, json, nothing, raw};
use crate::door::{self, body};
use crate::error::Failure;
use crate::object::Reply;
use crate::runner;
use crate::workspace::client;
use crate::workspace::protocol;

/// `POST /console/runbooks/{id}/check`: of the draft in the body, or else of the stored one.
pub(super) async fn check(mut call: Call<'_>, id: &str) -> Result<Response, Failure> {
    let id = runbook_id(id)?;
    let fields = body::read_object(&mut call.request).await?;
    let draft = if fields.is_empty() {
        None
    } else {
        Some(Box::new(document::draft(&id, fields)?))
    };
    raw(&client::call::<Reply>(call.env, &protocol::Call::Check { id, draft }).await?)
}

/// `POST /console/runbooks/{id}/publish`.
pub(super) async fn publish(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let publish = protocol::Call::Publish {
        id: runbook_id(id)?,
        by: call.by,
    };
    published(&client::call(call.env, &publish).await?)
}

/// The answer to an attempt to publish something.
pub(super) fn published(report: &PublishReport) -> Result<Response, Failure> {
    if plan::is_publishable(&report.problems) {
        return json(report);
    }
    let count = report
        .problems
        .iter()
        .filter(|problem| !plan::is_publishable(std::slice::from_ref(problem)))
        .count();
    let message = format!(
        "{count} {} to be solved before this can be published.",
        if count == 1 {
            "problem has"
        } else {
            "problems have"
        }
    );
    let failure = Failure::of(422, ErrorDetail::new("has_problems", message))
        .with("publication", serde_json::json!(report.publication))
        .with("problems", serde_json::json!(report.problems));
    Err(failure)
}

/// `POST /console/runbooks/{id}/unpublish`.
pub(super) async fn unpublish(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let unpublish = protocol::Call::Unpublish {
        id: runbook_id(id)?,
        by: call.by,
    };
    client::call::<()>(call.env, &unpublish).await?;
    nothing()
}

/// `GET /console/runbooks/{id}/versions`.
pub(super) async fn versions(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let versions = protocol::Call::Versions {
        id: runbook_id(id)?,
    };
    raw(&client::call::<Reply>(call.env, &versions).await?)
}

/// `GET /console/runbooks/{id}/versions/{version}`: the runbook as it was published, with what it uses.
pub(super) async fn version(call: &Call<'_>, id: &str, version: &str) -> Result<Response, Failure> {
    let version = protocol::Call::Version {
        id: runbook_id(id)?,
        version: version
            .parse()
            .map_err(|_| Failure::not_found("The version"))?,
    };
    raw(&client::call::<Reply>(call.env, &version).await?)
}

/// `GET /console/runbooks/{id}/statistics?days=&offset=`.
pub(super) async fn statistics(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let (mut days, mut offset) = (DAYS, 0);
    for (name, value) in call.request.url()?.query_pairs() {
        let wrong = |wanted: &str| {
            Failure::bad_request("invalid_parameter", format!("`{name}` must be {wanted}."))
                .at_field(&*name)
        };
        match &*name {
            "days" => {
                let count = value
                    .parse()
                    .ok()
                    .filter(|days| (1..=MOST_DAYS).contains(days));
                days = count.ok_or_else(|| wrong("a number of days from 1 to 90"))?;
            }
            "offset" => {
                let ahead = value.parse::<i64>().ok();
                let ahead =
                    ahead.filter(|offset| (-FARTHEST_OFFSET..=FARTHEST_OFFSET).contains(offset));
                offset =
                    ahead.ok_or_else(|| wrong("how far the clock is ahead of UTC, in minutes"))?;
            }
            _ => return Err(wrong("left out: statistics have no such parameter")),
        }
    }
    let id = runbook_id(id)?;
    let statistics = protocol::RunsCall::Statistics { id, days, offset };
    raw(&client::about_runs::<Reply>(call.env, statistics).await?)
}

/// `POST /console/runbooks/{id}/start`.
pub(super) async fn start(mut call: Call<'_>, id: &str) -> Result<Response, Failure> {
    let id = runbook_id(id)?;
    let request: StartRequest = door::read_json(&mut call.request).await?;
    let start = protocol::Call::Start { id, request };
    let answer: StartAnswer = client::call(call.env, &start).await?;
    Ok(json(&answer)?.with_status(202))
}

/// `GET /console/runbooks/{id}/starts`. What never was public has no Runner to ask.
pub(super) async fn starts(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let id = runbook_id(id)?;
    let Some(spread) = client::startable(call.env, &id).await? else {
        return json(&StartsReport::default());
    };
    json(&runner::client::starts(call.env, &id, spread.told).await?)
}

fn runbook_id(segment: &str) -> Result<RunbookId, Failure> {
    RunbookId::parse(segment).map_err(|_| Failure::not_found("The runbook"))
}
