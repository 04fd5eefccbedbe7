//! Ticket workflows in the workspace: drafts, what keeps one from being published, and what of them the desk was given. The
//! desk numbers their versions; the workspace keeps what it published last, so that it knows what is in use.

mod standing;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use shared::action::allowed_names;
use shared::api::{Publication, PublishReport, Record, WorkflowRecord, WorkflowSummary};
use shared::desk::Renamed;
use shared::engine::plan;
use shared::model::{ActsOn, DeskAction, Runbook, TicketTypeActions, Timestamp, Workflow};
use shared::problem::{Problem, Severity};
use shared::workflow::{Known, StillUsed, Version, lacks_its_ground, unfilled as unfilled_by};

pub(super) use standing::{is_pending, mark, tell};

use super::document::Row;
use super::protocol::{By, Kind, WorkflowsCall};
use super::save::Change;
use super::{Room, document, offered, publication};
use crate::audit::{self, Act};
use crate::bind;
use crate::desk;
use crate::desk::protocol::{PublishedWorkflow, WorkflowCall};
use crate::error::Failure;
use crate::object::{Reply, reply};
use crate::store::Store;

pub(super) const TABLES: &str = "
    -- What is published of workflows, as the desk was given it last. A deleted one keeps its own for when it is restored.
    CREATE TABLE workflow_publications (
        workflow TEXT PRIMARY KEY,
        number INTEGER NOT NULL,
        published_at INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT;";

/// Answers a call about workflows.
pub(super) async fn answer(room: &Room, call: WorkflowsCall) -> Result<Reply, Failure> {
    match call {
        WorkflowsCall::Check { id, draft } => {
            let stored: Workflow = read(&room.store, id.as_str())?;
            let draft = draft.map_or(stored, |draft| *draft);
            let known = Surroundings::ask(room).await?;
            reply(&PublishReport {
                problems: problems(&room.store, &draft, &known)?,
                publication: publication(&room.store, &draft)?,
            })
        }
        WorkflowsCall::Publish { id, by } => reply(&publish(room, id.as_str(), by).await?),
        WorkflowsCall::Unpublish { id, by } => {
            let unpublish = |change: &Change<'_>| unpublish(change, id.as_str());
            reply(&room.change(by, unpublish).await?)
        }
    }
}

/// What is published.
pub(super) struct Current {
    pub(super) workflow: Workflow,
    number: u32,
    published_at: Timestamp,
}

#[derive(Deserialize)]
struct CurrentRow {
    number: u32,
    published_at: Timestamp,
    body: String,
}

/// What of a workflow is published.
pub(super) fn current(store: &Store, id: &str) -> Result<Option<Current>, Failure> {
    let row: Option<CurrentRow> = store.first(
        "SELECT number, published_at, body FROM workflow_publications WHERE workflow = ?",
        bind![id],
    )?;
    row.map(|row| {
        let workflow = serde_json::from_str(&row.body);
        Ok(Current {
            workflow: workflow.map_err(|error| Failure::internal("workflow", &error))?,
            number: row.number,
            published_at: row.published_at,
        })
    })
    .transpose()
}

/// Whether tickets can enter it.
pub(super) fn is_published(store: &Store, id: &str) -> Result<bool, Failure> {
    Ok(current(store, id)?.is_some())
}

fn read(store: &Store, id: &str) -> Result<Workflow, Failure> {
    document::read(store, Kind::Workflow, id)?.value()
}

/// All drafts, in the order in which they were made; one is switched on where it is published.
pub(super) fn all(store: &Store) -> Result<Vec<Workflow>, Failure> {
    let rows = document::list(store, Kind::Workflow)?;
    rows.iter().map(|row| draft(store, row)).collect()
}

fn draft(store: &Store, row: &Row) -> Result<Workflow, Failure> {
    let mut workflow: Workflow = row.value()?;
    workflow.enabled = current(store, &row.id)?.is_some();
    Ok(workflow)
}

/// One as the console gives it.
pub(super) fn record(store: &Store, row: &Row) -> Result<WorkflowRecord, Failure> {
    let value = draft(store, row)?;
    Ok(WorkflowRecord {
        publication: publication(store, &value)?,
        record: Record {
            value,
            version: row.version,
            updated_at: row.updated_at,
            missing_secrets: Vec::new(),
        },
    })
}

pub(super) fn summary(store: &Store, row: &Row) -> Result<WorkflowSummary, Failure> {
    let workflow = draft(store, row)?;
    Ok(WorkflowSummary {
        publication: publication(store, &workflow)?,
        steps: workflow.steps.len(),
        runbooks: workflow.runbooks().into_iter().cloned().collect(),
        version: row.version,
        updated_at: row.updated_at,
        id: workflow.id,
        name: workflow.name,
        ticket_types: workflow.ticket_types,
    })
}

fn publication(store: &Store, draft: &Workflow) -> Result<Publication, Failure> {
    let current = current(store, draft.id.as_str())?;
    Ok(
        current.map_or_else(Publication::default, |current| Publication {
            version: Some(current.number.into()),
            published_at: Some(current.published_at),
            changed: !current.workflow.does_as(draft),
            switched_off: None,
        }),
    )
}

/// What the desk has that workflows refer to.
#[derive(Debug, Clone, Default)]
pub(super) struct Surroundings {
    statuses: Vec<u64>,
    ticket_types: BTreeMap<u64, TicketTypeActions>,
}

impl Surroundings {
    pub(super) async fn ask(room: &Room) -> Result<Self, Failure> {
        let records = |list: Option<Value>| match list {
            Some(Value::Array(records)) => records,
            _ => Vec::new(),
        };
        let id = |record: &Value| record.get("id")?.as_u64();
        let ticket_type = |record: &Value| {
            let name = record.get("name")?.as_str()?.to_owned();
            let allowed_actions = allowed_names(record);
            let actions = TicketTypeActions {
                name,
                allowed_actions,
            };
            Some((id(record)?, actions))
        };
        let statuses = offered::read(&room.env, "/api/Status?count=1000").await?;
        let ticket_types = offered::read(&room.env, "/api/TicketType?count=1000").await?;
        Ok(Self {
            statuses: records(statuses).iter().filter_map(id).collect(),
            ticket_types: (records(ticket_types).iter())
                .filter_map(ticket_type)
                .collect(),
        })
    }
}

/// What keeps a draft from being published, or should be known of it.
pub(super) fn problems(
    store: &Store,
    draft: &Workflow,
    surroundings: &Surroundings,
) -> Result<Vec<Problem>, Failure> {
    let known = known(store, draft, surroundings)?;
    // Its number is the desk's; it decides nothing here.
    Ok(match draft.publish(1, &known) {
        Ok((_, warnings)) => warnings,
        Err(problems) => problems,
    })
}

fn known(store: &Store, draft: &Workflow, surroundings: &Surroundings) -> Result<Known, Failure> {
    let mut known = Known {
        statuses: surroundings.statuses.iter().copied().collect(),
        ticket_types: surroundings.ticket_types.clone(),
        ..Known::default()
    };
    for row in document::list(store, Kind::DeskAction)? {
        let action: DeskAction = row.value()?;
        if action.records == ActsOn::Ticket {
            known.actions.insert(action.name.clone(), action);
        }
    }
    for id in draft.runbooks() {
        let Some(row) = document::live(store, Kind::Runbook, id.as_str())? else {
            continue;
        };
        if let Some(current) = publication::current(store, id.as_str())? {
            known.runbooks.insert(id.clone(), current.document.runbook);
        } else {
            let draft: Runbook = row.value()?;
            known.unpublished.insert(id.clone(), draft.name);
        }
    }
    known.taken = taken(store, draft.id.as_str())?;
    Ok(known)
}

/// The ticket types whose new tickets enter another published workflow, with its name.
fn taken(store: &Store, id: &str) -> Result<BTreeMap<u64, String>, Failure> {
    let mut taken = BTreeMap::new();
    for row in document::list(store, Kind::Workflow)? {
        if row.id == id {
            continue;
        }
        if let Some(Current { workflow, .. }) = current(store, &row.id)? {
            let kinds = workflow.ticket_types.into_iter();
            taken.extend(kinds.map(|kind| (kind, workflow.name.clone())));
        }
    }
    Ok(taken)
}

/// Publishes a draft, unless a problem forbids it.
pub(super) async fn publish(room: &Room, id: &str, by: By) -> Result<PublishReport, Failure> {
    let surroundings = Surroundings::ask(room).await?;
    let store = &room.store;
    let mut draft = read(store, id)?;
    draft.enabled = true;
    let problems = problems(store, &draft, &surroundings)?;
    if plan::is_publishable(&problems) {
        // Its actions first: tickets enter at once.
        room.deliver().await?;
        let publish = WorkflowCall::Publish {
            workflow: Box::new(draft.clone()),
        };
        let published: PublishedWorkflow = desk::client::workflows(&room.env, publish).await?;
        let note = |change: &Change<'_>| note(change, &draft, published);
        room.change(by, note).await?;
    }
    Ok(PublishReport {
        publication: publication(store, &draft)?,
        problems,
    })
}

/// Takes note of what the desk has published.
fn note(
    change: &Change<'_>,
    workflow: &Workflow,
    published: PublishedWorkflow,
) -> Result<(), Failure> {
    let Change { store, by, now, .. } = *change;
    let id = workflow.id.as_str();
    let body =
        serde_json::to_string(workflow).map_err(|error| Failure::internal("workflow", &error))?;
    let is_new = current(store, id)?.is_none_or(|current| current.number != published.number);
    store.run(
        "INSERT OR REPLACE INTO workflow_publications (workflow, number, published_at, body)
         VALUES (?, ?, ?, ?)",
        bind![id, published.number, published.published_at, body],
    )?;
    mark(store)?;
    if is_new {
        audit::note(store, by, Act::Publish, Kind::Workflow.as_str(), id, now)?;
    }
    Ok(())
}

/// New tickets enter it no more. Those that are inside go on.
fn unpublish(change: &Change<'_>, id: &str) -> Result<(), Failure> {
    let Change { store, by, now, .. } = *change;
    document::read(store, Kind::Workflow, id)?;
    forget(store, id)?;
    audit::note(store, by, Act::Unpublish, Kind::Workflow.as_str(), id, now)
}

/// Nothing is published of it.
pub(super) fn forget(store: &Store, id: &str) -> Result<(), Failure> {
    store.run(
        "DELETE FROM workflow_publications WHERE workflow = ?",
        bind![id],
    )?;
    mark(store)
}

/// One that was deleted comes back: as a draft, where what it refers to was deleted meanwhile, or its ticket types have got
/// another workflow. The draft's problems say what.
pub(super) fn come_back(
    store: &Store,
    id: &str,
    surroundings: &Surroundings,
) -> Result<(), Failure> {
    mark(store)?;
    let Some(Current { workflow, .. }) = current(store, id)? else {
        return Ok(());
    };
    if lacks_its_ground(&problems(store, &workflow, surroundings)?) {
        forget(store, id)?;
    }
    Ok(())
}

/// The versions that tickets are in: the desk has them.
pub(super) async fn inside(room: &Room) -> Result<Vec<Version>, Failure> {
    // A workflow that was deleted before holds nobody.
    room.deliver().await?;
    desk::client::workflows(&room.env, WorkflowCall::Inside {}).await
}

/// The workflows of which the draft, what is published, or a version that tickets are in fits.
pub(super) fn that(
    store: &Store,
    inside: &[Version],
    fits: impl Fn(&Workflow) -> bool,
) -> Result<StillUsed, Failure> {
    let mut used = StillUsed::default();
    for row in document::list(store, Kind::Workflow)? {
        let draft: Workflow = row.value()?;
        let published = current(store, &row.id)?.map(|current| current.workflow);
        if fits(&draft) || published.as_ref().is_some_and(&fits) {
            used.by_current(&draft.id, &draft.name);
        }
    }
    let inside = inside.iter();
    inside
        .filter(|version| fits(&version.workflow))
        .for_each(|version| used.by_inside(version));
    Ok(used)
}

/// What published workflows do not fill of what a draft of a runbook needs.
pub(super) fn unfilled(store: &Store, draft: &Runbook) -> Result<Vec<Problem>, Failure> {
    let mut problems = Vec::new();
    for row in document::list(store, Kind::Workflow)? {
        let Some(Current { workflow, .. }) = current(store, &row.id)? else {
            continue;
        };
        for mut detail in unfilled_by(&workflow, draft) {
            detail.message = format!("workflow “{}”: {}", workflow.name, detail.message);
            problems.push(Problem {
                severity: Severity::Warning,
                detail: detail.at_field("from_desk"),
            });
        }
    }
    Ok(problems)
}

/// Drafts and what is published follow an action that gets another name.
pub(super) fn rename_action(change: &Change<'_>, former: &str, name: &str) -> Result<(), Failure> {
    standing::mark_renamed(change.store, former, name)?;
    rewrite(change, |workflow| {
        let mut workflow = workflow.clone();
        workflow.rename_action(former, name).then_some(workflow)
    })
}

/// The same for a status and the like. The desk's versions have followed by themselves.
pub(super) fn follow(change: &Change<'_>, renamed: &Renamed) -> Result<(), Failure> {
    rewrite(change, |workflow| renamed.in_workflow(workflow))
}

/// Writes drafts anew, and what is published, where `changed` gives something.
fn rewrite(
    change: &Change<'_>,
    changed: impl Fn(&Workflow) -> Option<Workflow>,
) -> Result<(), Failure> {
    let Change { store, now, .. } = *change;
    for row in document::list(store, Kind::Workflow)? {
        let draft: Workflow = row.value()?;
        if let Some(draft) = changed(&draft) {
            document::write(store, Kind::Workflow, &row.id, None, &draft, now)?;
        }
        let Some(Current { workflow, .. }) = current(store, &row.id)? else {
            continue;
        };
        if let Some(workflow) = changed(&workflow) {
            let body = serde_json::to_string(&workflow)
                .map_err(|error| Failure::internal("workflow", &error))?;
            store.run(
                "UPDATE workflow_publications SET body = ? WHERE workflow = ?",
                bind![body, row.id],
            )?;
        }
    }
    Ok(())
}
