//! Starts by a person in the console.

use shared::api::StartRequest;
use shared::engine::spread::Spread;
use shared::engine::{PlanDocument, StartedBy, plan};
use shared::model::{Runbook, RunbookId};
use shared::start::from_console;

use super::protocol::Kind;
use super::{delivery, document, publication, record};
use crate::error::Failure;
use crate::runner::protocol::{Installation, Start};
use crate::store::Store;

/// What the Runner is asked to start, and how the runs of the runbook are spread.
pub(super) fn prepare(
    store: &Store,
    id: &RunbookId,
    request: &StartRequest,
) -> Result<(Start, Spread), Failure> {
    let runbook: Runbook = document::read(store, Kind::Runbook, id.as_str())?.value()?;
    let (runbook, draft) = if request.draft {
        let draft = draft(store, &runbook)?;
        (runbook, Some(draft))
    } else {
        let current = publication::current(store, id.as_str())?.ok_or_else(not_published)?;
        (current.document.runbook, None)
    };
    let inputs = from_console(&runbook.start.inputs, &request.variables)
        .map_err(|error| Failure::of(400, error))?;
    let start = Start {
        key: None,
        started_by: StartedBy::Console,
        inputs,
        draft,
        wait_ms: None,
    };
    Ok((start, Spread::of(&runbook)))
}

/// The draft as it is stored, for a run that tests it.
fn draft(store: &Store, runbook: &Runbook) -> Result<Installation, Failure> {
    let document = PlanDocument::gather(runbook, &record::integrations(store)?, None);
    let problems = plan::check(&document);
    if let Some(first) = problems
        .iter()
        .find(|problem| !plan::is_publishable(std::slice::from_ref(problem)))
    {
        let mut failure = Failure::new(
            422,
            "has_problems",
            format!("The draft cannot run yet: {}", first.detail),
        )
        .with("problems", serde_json::json!(problems));
        failure.detail.at = first.detail.at.clone();
        return Err(failure);
    }
    delivery::installation(store, document, true)
}

fn not_published() -> Failure {
    Failure::conflict(
        "not_published",
        "The runbook is not published. Publish it, or start the draft as a test.",
    )
}
