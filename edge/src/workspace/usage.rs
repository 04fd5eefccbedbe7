//! Who uses what.

use std::collections::BTreeSet;

use shared::api::List;
use shared::engine::PlanDocument;
use shared::model::{DeskAction, Integration, MethodId, Runbook, Workflow};
use shared::workflow::{MOVE_THE_TICKETS, StillUsed, Version};

use super::protocol::Kind;
use super::{delivery, document, event_trigger, publication, schedule, workflow};
use crate::error::Failure;
use crate::store::Store;

/// Who uses a document, and what is to be done about it.
struct Users {
    names: Vec<String>,
    advice: &'static str,
}

/// Refuses the deletion of a document that something uses, and names what does.
/// `inside` are the versions of workflows that tickets are in.
pub(super) fn refuse_where_used(
    store: &Store,
    kind: Kind,
    id: &str,
    inside: &[Version],
) -> Result<(), Failure> {
    let Users { names, advice } = users(store, kind, id, inside)?;
    if names.is_empty() {
        return Ok(());
    }
    let message = format!(
        "This {} is still used by {}. {advice}",
        kind.words(),
        names.join(", ")
    );
    Err(Failure::conflict("in_use", message).with("used_by", names))
}

/// The same names for those who want to know before they delete.
pub(super) fn list(
    store: &Store,
    kind: Kind,
    id: &str,
    inside: &[Version],
) -> Result<List<String>, Failure> {
    let items = users(store, kind, id, inside)?.names;
    Ok(List { items, next: None })
}

fn users(store: &Store, kind: Kind, id: &str, inside: &[Version]) -> Result<Users, Failure> {
    let workflows = match kind {
        Kind::Runbook => workflow::that(store, inside, |workflow| starts(workflow, id))?,
        Kind::DeskAction => workflow::that(store, inside, |workflow| workflow.uses_action(id))?,
        _ => StillUsed::default(),
    };
    let mut names = match kind {
        Kind::Integration | Kind::Method => runbooks_with(store, kind, id)?,
        Kind::Runbook => actions_with(store, id)?
            .into_iter()
            .map(|name| format!("desk action “{name}”"))
            .chain(
                triggers_with(store, id)?
                    .into_iter()
                    .map(|name| format!("event trigger “{name}”")),
            )
            .chain(
                schedules_with(store, id)?
                    .into_iter()
                    .map(|name| format!("schedule “{name}”")),
            )
            .chain(starters_of(store, id)?)
            .collect(),
        Kind::DeskAction | Kind::EventTrigger | Kind::Workflow | Kind::Schedule => Vec::new(),
    };
    let advice = if names.is_empty() && workflows.is_inside_only() {
        MOVE_THE_TICKETS
    } else {
        "Take it out there first."
    };
    names.extend(workflows.names());
    Ok(Users { names, advice })
}

/// The names of the desk actions that start a runbook.
pub(super) fn actions_with(store: &Store, runbook: &str) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for row in document::list(store, Kind::DeskAction)? {
        let action: DeskAction = row.value()?;
        if action.runbook.is_some_and(|id| id.as_str() == runbook) {
            names.push(action.name);
        }
    }
    Ok(names)
}

/// The names of the event triggers that start a runbook.
pub(super) fn triggers_with(store: &Store, runbook: &str) -> Result<Vec<String>, Failure> {
    let triggers = event_trigger::of_runbook(store, runbook)?.into_iter();
    Ok(triggers.map(|trigger| trigger.title().to_owned()).collect())
}

/// The names of the workflows that start a runbook, with or without their drafts.
pub(super) fn workflows_with(store: &Store, runbook: &str) -> Result<Vec<String>, Failure> {
    let workflows = workflow::all(store)?.into_iter();
    let workflows = workflows.filter(|workflow| starts(workflow, runbook));
    Ok(workflows.map(|workflow| workflow.name).collect())
}

fn starts(workflow: &Workflow, runbook: &str) -> bool {
    let mut runbooks = workflow.runbooks().into_iter();
    runbooks.any(|id| id.as_str() == runbook)
}

/// The names of the schedules that start a runbook.
pub(super) fn schedules_with(store: &Store, runbook: &str) -> Result<Vec<String>, Failure> {
    let schedules = schedule::of_runbook(store, runbook)?.into_iter();
    Ok(schedules.map(|schedule| schedule.name).collect())
}

/// The other runbooks that start a runbook.
fn starters_of(store: &Store, id: &str) -> Result<Vec<String>, Failure> {
    let starts = |runbook: &Runbook| {
        let mut kinds = runbook.steps.iter().map(|step| &step.kind);
        runbook.id.as_str() != id
            && kinds.any(|kind| kind.started().is_some_and(|other| other.as_str() == id))
    };
    runbooks_that(store, starts, |published| starts(&published.runbook))
}

/// The runbooks of which the draft, or else the published version, fits.
fn runbooks_that(
    store: &Store,
    draft: impl Fn(&Runbook) -> bool,
    published: impl Fn(&PlanDocument) -> bool,
) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for row in document::list(store, Kind::Runbook)? {
        let runbook: Runbook = row.value()?;
        if draft(&runbook) {
            found.push(format!("runbook “{}”", runbook.name));
        } else if let Some(current) = publication::current(store, &row.id)?
            && published(&current.document)
        {
            found.push(format!(
                "the published version of runbook “{}”",
                runbook.name
            ));
        }
    }
    Ok(found)
}

/// Has the Runners of the published runbooks that use a document told of its secrets.
pub(super) fn mark_users(store: &Store, kind: Kind, id: &str) -> Result<(), Failure> {
    match kind {
        Kind::Runbook => delivery::mark(store, id),
        Kind::DeskAction | Kind::EventTrigger | Kind::Workflow | Kind::Schedule => Ok(()),
        Kind::Integration | Kind::Method => {
            for published in publication::all_current(store)? {
                if uses_published(&published, kind, id) {
                    delivery::mark(store, published.runbook.id.as_str())?;
                }
            }
            Ok(())
        }
    }
}

/// The runbooks whose draft or published version uses an integration or a method.
fn runbooks_with(store: &Store, kind: Kind, id: &str) -> Result<Vec<String>, Failure> {
    let methods: BTreeSet<String> = match kind {
        Kind::Integration => document::children(store, id)?
            .into_iter()
            .map(|row| row.id)
            .collect(),
        _ => BTreeSet::from([id.to_owned()]),
    };
    let uses = |runbook: &Runbook| {
        runbook.steps.iter().any(|step| {
            let sends = step
                .kind
                .method()
                .is_some_and(|id| methods.contains(id.as_str()));
            let acts_on = step
                .kind
                .target()
                .is_some_and(|target| target.as_str() == id);
            sends || (kind == Kind::Integration && acts_on)
        })
    };
    runbooks_that(store, uses, |published| uses_published(published, kind, id))
}

fn uses_published(document: &PlanDocument, kind: Kind, id: &str) -> bool {
    let has_method = |integration: &Integration| {
        MethodId::parse(id).is_ok_and(|id| integration.method(&id).is_some())
    };
    document.integrations.iter().any(|integration| match kind {
        Kind::Integration => integration.id.as_str() == id,
        _ => has_method(integration),
    })
}
