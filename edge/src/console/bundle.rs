//! Import and export. The workspace keeps all but the API applications, which the desk does.

use std::collections::BTreeSet;

use shared::api::ImportReport;
use shared::model::{Application, Bundle};
use worker::Response;

use super::{Call, json};
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
    let import = protocol::Call::Import {
        bundle,
        by: call.by,
    };
    let mut report: ImportReport = client::call(call.env, &import).await?;
    if !applications.is_empty() {
        let import = ApplicationCall::Import { applications };
        let more: ImportReport = desk::client::applications(call.env, import, call.by).await?;
        report.created.extend(more.created);
        report.replaced.extend(more.replaced);
        report.missing_secrets.extend(more.missing_secrets);
    }
    json(&report)
}

/// `GET /console/export`.
pub(super) async fn export(call: &Call<'_>) -> Result<Response, Failure> {
    let mut bundle: Bundle = client::call(call.env, &protocol::Call::Export {}).await?;
    bundle.desk.applications =
        desk::client::applications(call.env, ApplicationCall::Export {}, call.by).await?;
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
