//! Starts from the desk that came to nothing.

use shared::api::StartAnswer;
use worker::Response;

use super::{Call, json, nothing, raw};
use crate::error::Failure;
use crate::object::Reply;
use crate::workspace::client;
use crate::workspace::protocol::RunsCall;

/// `GET /console/failed-deliveries`.
pub(super) async fn list(call: &Call<'_>) -> Result<Response, Failure> {
    raw(&client::about_runs::<Reply>(call.env, RunsCall::FailedDeliveries {}).await?)
}

/// `POST /console/failed-deliveries/{id}/dismiss`.
pub(super) async fn dismiss(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let dismiss = RunsCall::DismissDelivery { id: number(id)? };
    client::about_runs::<()>(call.env, dismiss).await?;
    nothing()
}

/// `POST /console/failed-deliveries/{id}/retry`.
pub(super) async fn retry(call: &Call<'_>, id: &str) -> Result<Response, Failure> {
    let retry = RunsCall::RetryDelivery { id: number(id)? };
    let answer: StartAnswer = client::about_runs(call.env, retry).await?;
    Ok(json(&answer)?.with_status(202))
}

fn number(segment: &str) -> Result<u64, Failure> {
    segment
        .parse()
        .map_err(|_| Failure::not_found("This start"))
}
