//! Event triggers: which there are, and what keeps one from being saved.

use shared::desk::Renamed;
use shared::engine::PlanDocument;
use shared::event::{self, Watch};
use shared::model::{EventTrigger, RunbookId};
use shared::problem::{ErrorDetail, Problem, Severity};

use super::protocol::Kind;
use super::save::Change;
use super::{document, publication, record};
use crate::error::Failure;
use crate::store::Store;

/// All triggers, in the order in which they were made.
pub(super) fn all(store: &Store) -> Result<Vec<EventTrigger>, Failure> {
    let rows = document::list(store, Kind::EventTrigger)?;
    rows.iter().map(document::Row::value).collect()
}

/// Those that look at events.
pub(super) fn watches(store: &Store) -> Result<Vec<Watch>, Failure> {
    let triggers = all(store)?.into_iter();
    Ok(triggers
        .filter(|trigger| trigger.enabled)
        .map(Watch::new)
        .collect())
}

/// Has those whose conditions compare with a name of the desk's compare with its new one.
pub(super) fn follow(change: &Change<'_>, renamed: &Renamed) -> Result<(), Failure> {
    for trigger in all(change.store)? {
        if let Some(trigger) = renamed.in_trigger(&trigger) {
            change.put_trigger(trigger)?;
        }
    }
    Ok(())
}

/// Those that start a runbook.
pub(super) fn of_runbook(store: &Store, runbook: &str) -> Result<Vec<EventTrigger>, Failure> {
    let triggers = all(store)?.into_iter();
    Ok(triggers
        .filter(|trigger| trigger.runbook.as_str() == runbook)
        .collect())
}

/// Refuses a trigger that is wrong, or that does not fill what its runbook needs. `place` is where it stands in a
/// bundle, whose runbooks count as they are in it; else those that are published count.
pub(super) fn check(store: &Store, trigger: &EventTrigger, place: &str) -> Result<(), Failure> {
    let Some(document) = started(store, &trigger.runbook, !place.is_empty())? else {
        return Err(refused(unknown_runbook(trigger.runbook.as_str()), place));
    };
    let mut problems = event::problems(trigger);
    problems.extend(event::unfilled(trigger, &document));
    match problems.into_iter().next() {
        Some(first) => Err(refused(first, place)),
        None => Ok(()),
    }
}

/// What a trigger or a schedule starts: what is published, else the draft.
pub(super) fn started(
    store: &Store,
    id: &RunbookId,
    is_draft: bool,
) -> Result<Option<PlanDocument>, Failure> {
    let Some(draft) = document::live(store, Kind::Runbook, id.as_str())? else {
        return Ok(None);
    };
    if !is_draft && let Some(current) = publication::current(store, id.as_str())? {
        return Ok(Some(current.document));
    }
    let integrations = record::integrations(store)?;
    Ok(Some(PlanDocument::gather(
        &draft.value()?,
        &integrations,
        None,
    )))
}

/// Says that a document names a runbook that is not there.
pub(super) fn unknown_runbook(id: &str) -> ErrorDetail {
    let message = format!("there is no runbook `{id}`. Choose one that exists.");
    ErrorDetail::new("unknown_runbook", message).at_field("runbook")
}

/// Refuses a document for a problem; `place` is where it stands in a bundle.
pub(super) fn refused(mut detail: ErrorDetail, place: &str) -> Failure {
    if !place.is_empty() {
        let field = detail.at.field.take().unwrap_or_default();
        let field = format!("{place}.{field}");
        detail.message = format!("{field}: {}", detail.message);
        detail.at.field = Some(field);
    }
    Failure::of(400, detail)
}

/// What the triggers of a runbook do not fill of what a draft of it needs.
pub(super) fn unfilled(store: &Store, draft: &PlanDocument) -> Result<Vec<Problem>, Failure> {
    let mut problems = Vec::new();
    for trigger in of_runbook(store, draft.runbook.id.as_str())? {
        for mut detail in event::unfilled(&trigger, draft) {
            detail.message = format!("event trigger “{}”: {}", trigger.title(), detail.message);
            problems.push(Problem {
                severity: Severity::Warning,
                detail: detail.at_field("from_desk"),
            });
        }
    }
    Ok(problems)
}
