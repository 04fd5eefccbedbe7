//! Ticket rules, which are records of the desk: what the console knows of them beside that.

use shared::api::RuleTrialRequest;
use worker::Response;

use super::{Call, json};
use crate::desk::client;
use crate::door::read_json;
use crate::error::Failure;

/// `POST /console/ticket-rules/try`: what they would make of a ticket. Nothing is changed.
pub(super) async fn try_out(mut call: Call<'_>) -> Result<Response, Failure> {
    let trial: RuleTrialRequest = read_json(&mut call.request).await?;
    json(&client::try_rules(call.env, trial).await?)
}
