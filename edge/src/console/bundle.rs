//! Import and export. The workspace keeps all but the API applications, what ticket types allow, the service levels and
//! the ticket rules, which the desk does.

use std::collections::BTreeSet;

use shared::api::ImportReport;
use shared::model::{Application, Bundle, TicketTypeActions};
use worker::Response;

use super::{Call, json, service_levels, ticket_rules, ticket_types};
use crate::desk;
use crate::desk::protocol::ApplicationCall;
use crate::door::body;
use crate::error::Failure;
use crate::workspace::client;
use crate::workspace::protocol;

/// `POST /console/import`. All that can be refused is looked at before anything is put in place; the desk comes last,
/// because it refuses nothing then.
pub(super) async fn import(mut call: Call<'_>) -> Result<Response, Failure> {
    let mut bundle = Box::new(Bundle::parse(&body::read(&mut call.request).await?)?);
    let applications = std::mem::take(&mut bundle.desk.applications);
    check(&applications)?;
    let types = std::mem::take(&mut bundle.desk.ticket_types);
    check_types(&types)?;
    let levels = std::mem::take(&mut bundle.desk.service_levels);
    service_levels::check(&levels)?;
    let rules = std::mem::take(&mut bundle.desk.ticket_rules);
    ticket_rules::check(&call, &rules).await?;
    let import = protocol::Call::Import {
        bundle,
        by: call.by,
    };
    let mut report: ImportReport = client::call(call.env, &import).await?;
    if !applications.is_empty() {
        let import = ApplicationCall::Import { applications };
        report.extend(desk::client::applications(call.env, import, call.by).await?);
    }
    ticket_types::import(&call, &types, &mut report).await?;
    service_levels::import(&call, levels, &mut report).await?;
    ticket_rules::import(&call, rules, &mut report).await?;
    json(&report)
}

/// `GET /console/export`.
pub(super) async fn export(call: &Call<'_>) -> Result<Response, Failure> {
    let mut bundle: Bundle = client::call(call.env, &protocol::Call::Export {}).await?;
    bundle.desk.applications =
        desk::client::applications(call.env, ApplicationCall::Export {}, call.by).await?;
    bundle.desk.ticket_types = ticket_types::export(call).await?;
    bundle.desk.service_levels = service_levels::export(call).await?;
    bundle.desk.ticket_rules = ticket_rules::export(call).await?;
    json(&bundle)
}

fn check(applications: &[Application]) -> Result<(), Failure> {
    let mut known = BTreeSet::new();
    for (index, application) in applications.iter().enumerate() {
        let place = format!("desk.applications[{index}]");
        if let Err(mut detail) = application.check() {
            let field = detail.at.field.take().unwrap_or_default();
            detail.message = format!("{place}.{field}: {}", detail.message);
            return Err(Failure::of(400, detail).at_field(format!("{place}.{field}")));
        }
        if !known.insert(&application.client_id) {
            let field = format!("{place}.client_id");
            return Err(Failure::bad_request(
                "duplicate_id",
                format!(
                    "{field}: `{}` stands in the bundle twice. Rename one of them.",
                    application.client_id
                ),
            )
            .at_field(field));
        }
    }
    Ok(())
}

fn check_types(types: &[TicketTypeActions]) -> Result<(), Failure> {
    let mut known = BTreeSet::new();
    for (index, one) in types.iter().enumerate() {
        let field = format!("desk.ticket_types[{index}].name");
        let name = one.name.trim().to_lowercase();
        let problem = if name.is_empty() {
            ("empty", "it is empty. Enter the name of a ticket type.")
        } else if known.insert(name) {
            continue;
        } else {
            (
                "duplicate_id",
                "it stands in the bundle twice. Take one of them out.",
            )
        };
        let (code, words) = problem;
        return Err(Failure::bad_request(code, format!("{field}: {words}")).at_field(field));
    }
    Ok(())
}
