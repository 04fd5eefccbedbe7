//! Ticket rules, which are records of the desk: what the console knows of them beside that.

use std::collections::BTreeSet;

use shared::api::{ImportReport, RuleTrialRequest};
use shared::desk::rule::BundledRule;
use worker::Response;

use super::{Call, json};
use crate::desk::client;
use crate::desk::protocol::TicketRulesCall;
use crate::door::read_json;
use crate::error::Failure;

/// `POST /console/ticket-rules/try`: what they would make of a ticket. Nothing is changed.
pub(super) async fn try_out(mut call: Call<'_>) -> Result<Response, Failure> {
    let trial: RuleTrialRequest = read_json(&mut call.request).await?;
    json(&client::try_rules(call.env, trial).await?)
}

/// Looks at those of a bundle before anything of it is put in place.
pub(super) async fn check(call: &Call<'_>, rules: &[BundledRule]) -> Result<(), Failure> {
    let mut known = BTreeSet::new();
    for (index, rule) in rules.iter().enumerate() {
        if !known.insert(rule.name.trim().to_lowercase()) {
            let field = format!("desk.ticket_rules[{index}].name");
            let message = format!("{field}: it stands in the bundle twice. Rename one of them.");
            return Err(Failure::bad_request("duplicate_id", message).at_field(field));
        }
    }
    if rules.is_empty() {
        return Ok(());
    }
    let rules = rules.to_vec();
    client::ticket_rules(call.env, TicketRulesCall::Check { rules }, call.by).await
}

pub(super) async fn import(
    call: &Call<'_>,
    rules: Vec<BundledRule>,
    report: &mut ImportReport,
) -> Result<(), Failure> {
    if !rules.is_empty() {
        let import = TicketRulesCall::Import { rules };
        report.extend(client::ticket_rules(call.env, import, call.by).await?);
    }
    Ok(())
}

pub(super) async fn export(call: &Call<'_>) -> Result<Vec<BundledRule>, Failure> {
    client::ticket_rules(call.env, TicketRulesCall::Export {}, call.by).await
}
