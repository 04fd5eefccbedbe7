//! The ticket on the desk that tells of a failed run.

use shared::desk::{Caller, DeskRequest};
use shared::engine::RunSummary;
use shared::engine::aftermath::{self, Aftermath};
use worker::Env;

use crate::config::Config;
use crate::desk;
use crate::error::{Failure, log};

/// Opens it. Asking for it again does no harm.
pub async fn open(
    env: &Env,
    config: &Config,
    run: &RunSummary,
    aftermath: Aftermath,
) -> Result<(), Failure> {
    let ticket = aftermath::ticket(run, aftermath, &config.public_url);
    let request = DeskRequest {
        caller: Caller::Runbook {
            name: run.runbook_name.clone(),
            scope: None,
        },
        method: "POST".to_owned(),
        path: "/api/Tickets".to_owned(),
        query: String::new(),
        body: serde_json::json!([ticket]).to_string(),
        key: Some(format!("failure/{}", run.run_id)),
        depth: run.started_by.depth().saturating_add(1),
    };
    let answer = desk::client::request(env, request).await?;
    if answer.status >= 500 {
        return Err(Failure::internal("failure ticket", &answer.body));
    }
    if answer.status >= 400 {
        // Saying it again changes nothing.
        log(&format!(
            "The desk took no ticket of the failed run {}: {}",
            run.run_id, answer.body
        ));
    }
    Ok(())
}
