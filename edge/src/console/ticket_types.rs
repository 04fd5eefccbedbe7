//! The ticket types of the desk, as far as they say which actions they allow: they name actions, so they follow when one
//! is renamed, and travel with them in bundles.

use serde_json::Value;
use shared::action::{allowing, renamed_in, restricted};
use shared::api::ImportReport;
use shared::desk::{Caller, DeskRequest, DeskResponse};
use shared::model::TicketTypeActions;

use super::Call;
use crate::desk;
use crate::error::Failure;
use crate::workspace::protocol::By;

/// Has those that allow an action name it by its new name.
pub(super) async fn follow(call: &Call<'_>, former: &str, name: &str) -> Result<(), Failure> {
    let list = list(call).await?;
    let renamed = |ticket_type| renamed_in(ticket_type, former, name);
    write(call, list.iter().filter_map(renamed).collect()).await
}

/// Has those of a bundle allow what it says; types that the desk has not are made.
pub(super) async fn import(
    call: &Call<'_>,
    wanted: &[TicketTypeActions],
    report: &mut ImportReport,
) -> Result<(), Failure> {
    if wanted.is_empty() {
        return Ok(());
    }
    let list = list(call).await?;
    let mut changes = Vec::with_capacity(wanted.len());
    for one in wanted {
        let change = allowing(&list, one);
        let lines = if change.get("id").is_some() {
            &mut report.replaced
        } else {
            &mut report.created
        };
        lines.push(format!("ticket type {}", one.name));
        changes.push(change);
    }
    write(call, changes).await
}

/// Those that do not allow all actions.
pub(super) async fn export(call: &Call<'_>) -> Result<Vec<TicketTypeActions>, Failure> {
    Ok(restricted(&list(call).await?))
}

async fn list(call: &Call<'_>) -> Result<Vec<Value>, Failure> {
    let answer = ask(call, "GET", "count=1000", String::new()).await?;
    serde_json::from_str(&answer.body).map_err(|error| Failure::internal("ticket types", &error))
}

async fn write(call: &Call<'_>, changes: Vec<Value>) -> Result<(), Failure> {
    if !changes.is_empty() {
        ask(call, "POST", "", Value::Array(changes).to_string()).await?;
    }
    Ok(())
}

async fn ask(
    call: &Call<'_>,
    method: &str,
    query: &str,
    body: String,
) -> Result<DeskResponse, Failure> {
    let request = DeskRequest {
        caller: match call.by {
            By::Console => Caller::Console {},
            By::Admin | By::Nimbus => Caller::Admin {},
        },
        method: method.to_owned(),
        path: "/api/TicketType".to_owned(),
        query: query.to_owned(),
        body,
        key: None,
        depth: 0,
    };
    let answer = desk::client::request(call.env, request).await?;
    if answer.status >= 400 {
        return Err(Failure::internal("ticket types", &answer.body));
    }
    Ok(answer)
}
