//! Starting a runbook for what happened at the desk.

use serde_json::json;
use shared::api::StartAnswer;
use shared::desk::{Caller, DeskEvent, DeskRequest};
use shared::engine::StartedBy;
use shared::engine::spread::Spread;
use shared::event::Subject;
use shared::model::{DeskAction, EventTrigger, NamedTemplate, Runbook, RunbookId};
use shared::start::{DeskStart, from_desk};
use shared::workflow::StepStart;

use super::protocol::Kind;
use super::{Room, document, offered, publication};
use crate::desk;
use crate::error::Failure;
use crate::runner::client as runners;
use crate::runner::protocol::Start;

/// What has a runbook started.
#[derive(Debug)]
pub(super) enum Cause {
    /// A desk action that queues this runbook.
    Action {
        action: Box<DeskAction>,
        runbook: RunbookId,
    },
    Event(Box<EventTrigger>),
    /// A step of a ticket's workflow.
    Step(Box<StepStart>),
}

impl Cause {
    pub(super) fn runbook(&self) -> &RunbookId {
        match self {
            Self::Action { runbook, .. } => runbook,
            Self::Event(trigger) => &trigger.runbook,
            Self::Step(start) => &start.runbook,
        }
    }

    fn variables(&self) -> &[NamedTemplate] {
        match self {
            Self::Action { action, .. } => &action.variables,
            Self::Event(trigger) => &trigger.variables,
            Self::Step(start) => &start.variables,
        }
    }

    /// The same event starts a runbook once for each cause.
    fn key(&self, event: &DeskEvent) -> String {
        match self {
            Self::Action { .. } => format!("desk-{}", event.event_id()),
            Self::Event(trigger) => format!("desk-{}-{}", event.event_id(), trigger.id),
            // Its trigger counts once for each visit to the step, by whichever event it is told.
            Self::Step(start) => format!("workflow-{}", start.key),
        }
    }

    fn started_by(&self, event: &DeskEvent) -> StartedBy {
        match self {
            Self::Action { action, .. } => StartedBy::Action {
                name: action.name.clone(),
                ticket_id: event.ticket_id().unwrap_or_default(),
            },
            Self::Event(trigger) => StartedBy::Event {
                event: trigger.event,
                trigger: trigger.id.clone(),
                name: trigger.title().to_owned(),
                record_id: Subject::of(event).map_or(0, |subject| subject.id),
                depth: event.depth(),
                late: match event {
                    DeskEvent::MilestonePassed { told, .. } => told.late(),
                    _ => None,
                },
            },
            Self::Step(start) => StartedBy::Workflow {
                workflow: start.workflow.clone(),
                name: start.workflow_name.clone(),
                step: start.step.clone(),
                step_name: start.step_name.clone(),
                reason: start.reason.clone(),
                ticket_id: event.ticket_id().unwrap_or_default(),
                depth: event.depth(),
                late: start.late.clone(),
            },
        }
    }
}

/// What to do once the runbook can be started. What set it off is not done again: the start is kept, and tried again.
const AGAIN: &str = "try this start again";

/// What a start brings along.
pub(super) struct Brings<'b> {
    /// Override the runbook's `from_desk`, variable by variable.
    pub(super) variables: &'b [NamedTemplate],
    pub(super) documents: Vec<(&'static str, String)>,
    /// The same key starts once.
    pub(super) key: Option<String>,
    pub(super) started_by: StartedBy,
}

/// Starts the runbook. The same event starts it once.
pub(super) async fn start(
    room: &Room,
    cause: &Cause,
    event: &DeskEvent,
) -> Result<StartAnswer, Failure> {
    let runbook = published(room, cause.runbook(), AGAIN)?;
    let brings = Brings {
        variables: cause.variables(),
        documents: documents(room, cause, event).await?,
        key: Some(cause.key(event)),
        started_by: cause.started_by(event),
    };
    begin(room, &runbook, brings).await
}

/// The runbook as it is published. `again` says what to do once it can be started.
pub(super) fn published(room: &Room, id: &RunbookId, again: &str) -> Result<Runbook, Failure> {
    if document::live(&room.store, Kind::Runbook, id.as_str())?.is_none() {
        return Err(Failure::conflict(
            "runbook_gone",
            format!(
                "it was deleted. Have another one started in its place, or restore it and {again}."
            ),
        ));
    }
    match publication::current(&room.store, id.as_str())? {
        Some(published) => Ok(published.document.runbook),
        None => Err(Failure::conflict(
            "not_published",
            format!("it is not published. Publish it, then {again}."),
        )),
    }
}

/// Starts what is published with what comes along.
pub(super) async fn begin(
    room: &Room,
    runbook: &Runbook,
    brings: Brings<'_>,
) -> Result<StartAnswer, Failure> {
    let inputs = from_desk(
        runbook,
        &DeskStart {
            overrides: brings.variables,
            documents: &brings.documents,
            halo_url: &room.config.public_url,
        },
    )
    .map_err(|error| Failure::of(400, error))?;
    let start = Start {
        key: brings.key,
        started_by: brings.started_by,
        inputs,
        draft: None,
        wait_ms: None,
    };
    runners::start(&room.env, &runbook.id, &Spread::of(runbook), start).await
}

/// What the event brings along. An action is looked at first: it must be offered where it was taken, and brings what its
/// dialog asks.
async fn documents(
    room: &Room,
    cause: &Cause,
    event: &DeskEvent,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut documents = Subject::of(event).map_or_else(Vec::new, |subject| subject.documents());
    let (Cause::Action { action: taken, .. }, DeskEvent::ActionAdded { ticket, action, .. }) =
        (cause, event)
    else {
        return Ok(documents);
    };
    let whole = offered::taken(&room.env, taken, ticket, action).await?;
    for (name, document) in &mut documents {
        if *name == "action" {
            *document = whole.to_string();
        }
    }
    Ok(documents)
}

/// Leaves a note on a ticket that users do not see. Saying it again under the same key does no harm.
pub(super) async fn note(
    room: &Room,
    ticket_id: u64,
    outcome: &str,
    note: &str,
    key: String,
) -> Result<(), Failure> {
    let body = json!([{
        "ticket_id": ticket_id,
        "outcome": outcome,
        "note": note,
        "hiddenfromuser": true,
    }]);
    let request = DeskRequest {
        caller: Caller::Nimbus {},
        method: "POST".to_owned(),
        path: "/api/Actions".to_owned(),
        query: String::new(),
        body: body.to_string(),
        key: Some(key),
        depth: 0,
    };
    let answer = desk::client::request(&room.env, request).await?;
    if answer.status >= 500 {
        return Err(Failure::internal("desk event", &answer.body));
    }
    // A ticket that is gone needs to be told nothing.
    Ok(())
}
