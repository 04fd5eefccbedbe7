//! What is particular about desk actions among the documents: they are known by their names, which may change, stand in an
//! order, and are checked against the runbooks that they start.

use std::collections::BTreeMap;

use shared::action::{button_refusal, check, start_problems};
use shared::api::{DeskActionRecord, Record};
use shared::desk::Renamed;
use shared::engine::PlanDocument;
use shared::model::{DeskAction, RunbookId};
use shared::problem::{ErrorDetail, Problem, Severity};

use super::document::{self, Row};
use super::protocol::{ActionsCall, Expected, Kind};
use super::save::Change;
use super::{Room, event_trigger, press, publication, record, workflow};
use crate::audit::{self, Act};
use crate::bind;
use crate::error::Failure;
use crate::object::{Reply, reply};
use crate::store::Store;

/// Answers a call about actions.
pub(super) async fn answer(room: &Room, call: ActionsCall) -> Result<Reply, Failure> {
    match call {
        ActionsCall::Rename {
            former,
            action,
            expected,
            by,
        } => {
            room.check_action(&action)?;
            let rename = |change: &Change<'_>| rename(change, &former, *action, expected);
            let (kind, id) = room.change(by, rename).await?;
            reply(&record::read(&room.store, kind, &id)?)
        }
        ActionsCall::Move { name, before, by } => {
            let put = |change: &Change<'_>| move_before(change, &name, before.as_deref());
            room.change(by, put).await?;
            reply(&())
        }
        ActionsCall::Press { pressing } => {
            room.deliver().await?;
            reply(&press::press(room, pressing).await?)
        }
    }
}

/// The runbooks that actions start, each looked up once.
#[derive(Default)]
pub(super) struct Started(BTreeMap<RunbookId, Option<PlanDocument>>);

impl Started {
    /// What is published counts, because that is what starts; before there is any, the draft.
    fn find(&mut self, store: &Store, id: &RunbookId) -> Result<Option<&PlanDocument>, Failure> {
        if !self.0.contains_key(id) {
            let found = match document::live(store, Kind::Runbook, id.as_str())? {
                None => None,
                Some(row) => match publication::current(store, id.as_str())? {
                    Some(current) => Some(current.document),
                    None => Some(PlanDocument::gather(
                        &row.value()?,
                        &record::integrations(store)?,
                        None,
                    )),
                },
            };
            self.0.insert(id.clone(), found);
        }
        Ok(self.0.get(id).and_then(Option::as_ref))
    }
}

/// An action as the console gives it, with what its runbook lacks.
pub(super) fn kept(
    store: &Store,
    row: &Row,
    started: &mut Started,
) -> Result<DeskActionRecord, Failure> {
    let value: DeskAction = row.value()?;
    let problems = match value.queues() {
        None => Vec::new(),
        Some(id) => match started.find(store, id)? {
            Some(document) => start_problems(&value, document),
            None => Vec::new(),
        },
    };
    Ok(DeskActionRecord {
        record: Record {
            value,
            version: row.version,
            updated_at: row.updated_at,
            missing_secrets: Vec::new(),
        },
        problems,
    })
}

/// What the actions that start a runbook lack of what a draft of it needs. Where there are any, they take the place of the
/// general word that a start from the desk is incomplete: each may fill what the runbook leaves open.
pub(super) fn check_mappings(
    store: &Store,
    document: &PlanDocument,
    problems: &mut Vec<Problem>,
) -> Result<(), Failure> {
    let actions = starting(store, &document.runbook.id)?;
    let general = problems
        .iter()
        .position(|problem| problem.detail.code == "desk_start_incomplete");
    let severity = match general {
        Some(place) if !actions.is_empty() => problems.remove(place).severity,
        _ => Severity::Warning,
    };
    for action in actions {
        for problem in start_problems(&action, document) {
            if problem.severity == Severity::Error {
                let message = format!("the action “{}”: {}", action.name, problem.detail.message);
                let detail = ErrorDetail::new(&problem.detail.code, message).at_field("from_desk");
                problems.push(Problem { severity, detail });
            }
        }
    }
    Ok(())
}

/// The actions that queue a runbook.
fn starting(store: &Store, id: &RunbookId) -> Result<Vec<DeskAction>, Failure> {
    let mut actions = Vec::new();
    for row in document::list(store, Kind::DeskAction)? {
        let action: DeskAction = row.value()?;
        if action.queues() == Some(id) {
            actions.push(action);
        }
    }
    Ok(actions)
}

/// Refuses an action that cannot work, or whose runbook is not there. `place` is where it stands in what was sent.
pub(super) fn refuse_unusable(
    action: &DeskAction,
    place: &str,
    is_known: impl Fn(&str) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    let at = |field: &str| {
        if place.is_empty() {
            field.to_owned()
        } else {
            format!("{place}.{field}")
        }
    };
    if let Err(mut detail) = check(action) {
        let field = at(&detail.at.field.take().unwrap_or_default());
        if !place.is_empty() {
            detail.message = format!("{field}: {}", detail.message);
        }
        return Err(Failure::of(400, detail).at_field(field));
    }
    if let Some(runbook) = &action.runbook
        && !is_known(runbook.as_str())?
    {
        let field = at("runbook");
        return Err(Failure::bad_request(
            "unknown_runbook",
            format!("{field}: there is no runbook `{runbook}`. Choose one that exists."),
        )
        .at_field(field));
    }
    Ok(())
}

/// Refuses a button that could not start its runbook, which must be there. `place` is where it stands in a bundle, whose
/// runbooks count as they are in it; else what is published counts, and the draft where that would do.
pub(super) fn refuse_unstartable(
    store: &Store,
    action: &DeskAction,
    place: &str,
) -> Result<(), Failure> {
    let Some(id) = action.queues() else {
        return Ok(());
    };
    let mut documents = Vec::new();
    if place.is_empty() {
        documents.extend(event_trigger::started(store, id, false)?);
    }
    documents.extend(event_trigger::started(store, id, true)?);
    match button_refusal(action, &documents) {
        Some(detail) => Err(event_trigger::refused(detail, place)),
        None => Ok(()),
    }
}

/// Refuses a name that another action has: an action on a ticket is known by it, and case does not count there.
pub(super) fn refuse_taken(store: &Store, name: &str, own: &str) -> Result<(), Failure> {
    for row in document::list(store, Kind::DeskAction)? {
        if row.id != own && row.id.to_lowercase() == name.to_lowercase() {
            return Err(Failure::conflict(
                "exists",
                format!(
                    "There is an action “{}” already. Choose another name.",
                    row.id
                ),
            )
            .at_field("name"));
        }
    }
    Ok(())
}

/// Replaces an action by one of another name. It keeps its place and its version.
pub(super) fn rename(
    change: &Change<'_>,
    former: &str,
    action: DeskAction,
    expected: Expected,
) -> Result<(Kind, String), Failure> {
    let stored = document::read(change.store, Kind::DeskAction, former)?;
    document::expect(Kind::DeskAction, &stored, expected)?;
    refuse_taken(change.store, &action.name, former)?;
    let name = action.name.clone();
    // A deleted one of that name cannot come back any more.
    change.store.run(
        "DELETE FROM documents WHERE kind = ? AND id = ?",
        bind![Kind::DeskAction.as_str(), name.as_str()],
    )?;
    change.store.run(
        "UPDATE documents SET id = ? WHERE kind = ? AND id = ?",
        bind![name.as_str(), Kind::DeskAction.as_str(), former],
    )?;
    // Starts that are yet to be tried again follow.
    change.store.run(
        "UPDATE failed_deliveries SET action = ? WHERE action = ?",
        bind![name.as_str(), former],
    )?;
    workflow::rename_action(change, former, &name)?;
    change.put(Kind::DeskAction, &name, None, None, action)?;
    Ok((Kind::DeskAction, name))
}

/// Has those that name a ticket type or a status name it by its new name.
pub(super) fn follow(change: &Change<'_>, renamed: &Renamed) -> Result<(), Failure> {
    for row in document::list(change.store, Kind::DeskAction)? {
        if let Some(action) = renamed.in_action(&row.value()?) {
            change.put(Kind::DeskAction, &row.id, None, None, action)?;
        }
    }
    Ok(())
}

/// Puts an action before another one, or last.
pub(super) fn move_before(
    change: &Change<'_>,
    name: &str,
    before: Option<&str>,
) -> Result<(), Failure> {
    document::read(change.store, Kind::DeskAction, name)?;
    if let Some(before) = before {
        document::read(change.store, Kind::DeskAction, before)?;
    }
    document::move_before(change.store, Kind::DeskAction, name, before)?;
    audit::note(
        change.store,
        change.by,
        Act::Replace,
        Kind::DeskAction.as_str(),
        name,
        change.now,
    )
}
