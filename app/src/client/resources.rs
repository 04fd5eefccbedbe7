//! The console API, one function a call.

use serde_json::{Value, json};
use shared::api::{
    DeletedDocument, DeskActionRecord, FailedDelivery, ImportReport, IntegrationRecord,
    IntegrationSummary, List, MethodRecord, Move, Press, PublishReport, Replay, ReplayPoint,
    RunbookRecord, RunbookSummary, RunsPage, RunsQuery, Session, SignIn, StartAnswer, StartRequest,
    StartsReport, TestReport, TestRequest, VersionSummary,
};
use shared::engine::{PlanDocument, RunView, StepVisit};
use shared::model::{
    DeskAction, Integration, IntegrationId, Method, MethodId, RawJson, RunId, Runbook, RunbookId,
    StepId,
};
use shared::statistics::Statistics;

use super::Fault;
use super::request::{delete, encoded, get, parameters, post, post_for_nothing, post_keyed, put};

pub async fn session() -> Result<Session, Fault> {
    get("/console/session").await
}

pub async fn sign_in(token: String) -> Result<(), Fault> {
    post_for_nothing("/console/sign-in", &SignIn { token }).await
}

pub async fn sign_out() -> Result<(), Fault> {
    post_for_nothing("/console/sign-out", &json!({})).await
}

pub async fn integrations() -> Result<List<IntegrationSummary>, Fault> {
    get("/console/integrations").await
}

pub async fn integration(id: &IntegrationId) -> Result<IntegrationRecord, Fault> {
    get(&format!("/console/integrations/{id}")).await
}

/// `fields` is an integration without its id; the server gives one.
pub async fn create_integration(fields: &Value) -> Result<IntegrationRecord, Fault> {
    post("/console/integrations", fields).await
}

pub async fn save_integration(
    version: u64,
    integration: &Integration,
) -> Result<IntegrationRecord, Fault> {
    let path = format!("/console/integrations/{}", integration.id);
    put(&path, version, integration).await
}

pub async fn delete_integration(id: &IntegrationId) -> Result<(), Fault> {
    delete(&format!("/console/integrations/{id}")).await
}

pub async fn methods(integration: &IntegrationId) -> Result<List<MethodRecord>, Fault> {
    get(&format!("/console/integrations/{integration}/methods")).await
}

pub async fn method(id: &MethodId) -> Result<MethodRecord, Fault> {
    get(&format!("/console/methods/{id}")).await
}

/// `fields` is a method without its id; the server gives one.
pub async fn create_method(
    integration: &IntegrationId,
    fields: &Value,
) -> Result<MethodRecord, Fault> {
    let path = format!("/console/integrations/{integration}/methods");
    post(&path, fields).await
}

pub async fn save_method(version: u64, method: &Method) -> Result<MethodRecord, Fault> {
    put(&format!("/console/methods/{}", method.id), version, method).await
}

pub async fn delete_method(id: &MethodId) -> Result<(), Fault> {
    delete(&format!("/console/methods/{id}")).await
}

pub async fn test_method(request: &TestRequest) -> Result<TestReport, Fault> {
    post("/console/methods/test", request).await
}

pub async fn runbooks() -> Result<List<RunbookSummary>, Fault> {
    get("/console/runbooks").await
}

pub async fn runbook(id: &RunbookId) -> Result<RunbookRecord, Fault> {
    get(&format!("/console/runbooks/{id}")).await
}

/// `fields` is a runbook without its id; the server gives one.
pub async fn create_runbook(fields: &Value) -> Result<RunbookRecord, Fault> {
    post("/console/runbooks", fields).await
}

pub async fn save_runbook(version: u64, runbook: &Runbook) -> Result<RunbookRecord, Fault> {
    let path = format!("/console/runbooks/{}", runbook.id);
    put(&path, version, runbook).await
}

pub async fn delete_runbook(id: &RunbookId) -> Result<(), Fault> {
    delete(&format!("/console/runbooks/{id}")).await
}

/// What keeps it from being deleted.
pub async fn users_of_runbook(id: &RunbookId) -> Result<List<String>, Fault> {
    get(&format!("/console/runbooks/{id}/used-by")).await
}

/// The problems of a draft as it stands on the screen, saved or not.
pub async fn check_runbook(draft: &Runbook) -> Result<PublishReport, Fault> {
    post(&format!("/console/runbooks/{}/check", draft.id), draft).await
}

/// [`Fault::Problems`] where it cannot be published.
pub async fn publish(id: &RunbookId) -> Result<PublishReport, Fault> {
    post(&format!("/console/runbooks/{id}/publish"), &json!({})).await
}

pub async fn unpublish(id: &RunbookId) -> Result<(), Fault> {
    post_for_nothing(&format!("/console/runbooks/{id}/unpublish"), &json!({})).await
}

pub async fn versions(id: &RunbookId) -> Result<List<VersionSummary>, Fault> {
    get(&format!("/console/runbooks/{id}/versions")).await
}

/// A version as it was published.
pub async fn version(id: &RunbookId, number: u64) -> Result<PlanDocument, Fault> {
    get(&format!("/console/runbooks/{id}/versions/{number}")).await
}

/// What is known of starts from outside beside their runs.
pub async fn starts(id: &RunbookId) -> Result<StartsReport, Fault> {
    get(&format!("/console/runbooks/{id}/starts")).await
}

pub async fn start_runbook(id: &RunbookId, start: &StartRequest) -> Result<StartAnswer, Fault> {
    post(&format!("/console/runbooks/{id}/start"), start).await
}

/// What was deleted and can be brought back, the newest first.
pub async fn deleted() -> Result<List<DeletedDocument>, Fault> {
    get("/console/deleted").await
}

/// Takes a deletion back; `kind` is how the addresses of its kind begin, such as `runbooks`.
pub async fn restore(kind: &str, id: &str) -> Result<(), Fault> {
    let path = format!("/console/{kind}/{}/restore", encoded(id));
    post_for_nothing(&path, &json!({})).await
}

pub async fn desk_actions() -> Result<List<DeskActionRecord>, Fault> {
    get("/console/desk-actions").await
}

pub async fn desk_action(name: &str) -> Result<DeskActionRecord, Fault> {
    get(&format!("/console/desk-actions/{}", encoded(name))).await
}

pub async fn create_desk_action(action: &DeskAction) -> Result<DeskActionRecord, Fault> {
    post("/console/desk-actions", action).await
}

/// Replaces the action of that name, which may get another one.
pub async fn save_desk_action(
    name: &str,
    version: u64,
    action: &DeskAction,
) -> Result<DeskActionRecord, Fault> {
    let path = format!("/console/desk-actions/{}", encoded(name));
    put(&path, version, action).await
}

/// Puts an action before another one, or last.
pub async fn move_desk_action(name: &str, before: Option<String>) -> Result<(), Fault> {
    let path = format!("/console/desk-actions/{}/move", encoded(name));
    post_for_nothing(&path, &Move { before }).await
}

/// Presses a button on a user or an asset. Sent again with the same key, it starts its runbook once.
pub async fn press_desk_action(name: &str, key: &str, press: &Press) -> Result<StartAnswer, Fault> {
    let path = format!("/console/desk-actions/{}/press", encoded(name));
    post_keyed(&path, key, press).await
}

pub async fn delete_desk_action(name: &str) -> Result<(), Fault> {
    delete(&format!("/console/desk-actions/{}", encoded(name))).await
}

pub async fn runs(query: &RunsQuery) -> Result<RunsPage, Fault> {
    let filters = [
        ("limit", Some(query.limit.unwrap_or(50).to_string())),
        ("runbook", query.runbook.as_ref().map(ToString::to_string)),
        ("status", query.status.map(|s| s.as_str().to_owned())),
        ("ticket", query.ticket.map(|id| id.to_string())),
        (
            "replay_of",
            query.replay_of.as_ref().map(ToString::to_string),
        ),
        ("from", query.from.map(|at| at.to_string())),
        ("to", query.to.map(|at| at.to_string())),
        ("text", query.text.clone()),
        ("after", query.after.clone()),
    ];
    get(&format!("/console/runs?{}", parameters(filters))).await
}

/// With long values cut; see [`visit`].
pub async fn run(id: &RunId) -> Result<RunView, Fault> {
    get(&format!("/console/runs/{id}?values=short")).await
}

/// One passage of a run, whole; the first has number 0.
pub async fn visit(id: &RunId, number: usize) -> Result<StepVisit, Fault> {
    get(&format!("/console/runs/{id}/visits/{number}")).await
}

/// What a run executes: the runbook as it was when it started.
pub async fn run_plan(id: &RunId) -> Result<PlanDocument, Fault> {
    get(&format!("/console/runs/{id}/plan")).await
}

pub async fn cancel_run(id: &RunId) -> Result<(), Fault> {
    post_for_nothing(&format!("/console/runs/{id}/cancel"), &json!({})).await
}

pub async fn failed_deliveries() -> Result<List<FailedDelivery>, Fault> {
    get("/console/failed-deliveries").await
}

pub async fn retry_delivery(id: u64) -> Result<StartAnswer, Fault> {
    let path = format!("/console/failed-deliveries/{id}/retry");
    post(&path, &json!({})).await
}

/// How a replay would begin: where the run did, or with a step.
pub async fn replay_point(id: &RunId, from_step: Option<&StepId>) -> Result<ReplayPoint, Fault> {
    let step = from_step.map_or_else(String::new, |step| {
        format!("?from_step={}", encoded(step.as_str()))
    });
    get(&format!("/console/runs/{id}/replay{step}")).await
}

pub async fn replay_run(id: &RunId, replay: &Replay) -> Result<StartAnswer, Fault> {
    post(&format!("/console/runs/{id}/replay"), replay).await
}

/// `offset` is how far the browser's clock is ahead of UTC, in minutes.
pub async fn statistics(id: &RunbookId, offset: i64) -> Result<Statistics, Fault> {
    get(&format!(
        "/console/runbooks/{id}/statistics?days=30&offset={offset}"
    ))
    .await
}

pub async fn import(bundle: &RawJson) -> Result<ImportReport, Fault> {
    post("/console/import", bundle).await
}
