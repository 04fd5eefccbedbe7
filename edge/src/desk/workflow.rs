//! Ticket workflows at the desk, which is the authority on their versions: what the workspace and the console ask, and
//! timers that are due. What becomes of tickets is decided in [`shared::desk`].

mod kept;
mod overview;

use shared::api::{MovedTickets, NotMoved};
use shared::desk::{Access, Caller, DeskError, DeskEvent, Renamed};
use shared::model::{Timestamp, Workflow};
use shared::workflow::{Flow, Timer, Version};

pub(super) use kept::{
    STEP_NAMES, TABLES, counting, entered_by, known_actions, newest_number, place, placed, version,
};

use super::html::Sanitizer;
use super::protocol::{MoveBatch, MovedBatch, PublishedWorkflow, Standing, WorkflowCall};
use super::tables::Tables;
use super::{Opened, timers};
use crate::error::Failure;
use crate::object::{self, Reply};
use crate::store::Store;
use crate::{bind, random};

/// As many tickets are moved in a row; other requests are answered in between.
const BATCH: u32 = 200;

/// Tickets that were not moved are named up to so many.
const MOST_NAMED: usize = 200;

/// Answers a call. Events that come of it are in the outbox.
pub(super) fn answer(
    opened: &Opened,
    call: WorkflowCall,
    now: Timestamp,
) -> Result<Reply, Failure> {
    let store = &opened.store;
    match call {
        WorkflowCall::Stand { standing } => {
            object::reply(&store.atomically(|| stand(store, &standing))?)
        }
        WorkflowCall::Publish { workflow } => {
            object::reply(&store.atomically(|| publish(store, &workflow, now))?)
        }
        WorkflowCall::Inside {} => {
            let counting = counting(store)?.into_iter();
            let inside = counting.filter(|counting| counting.tickets_inside > 0);
            let versions: Vec<Version> = inside.map(|counting| counting.version).collect();
            object::reply(&versions)
        }
        WorkflowCall::Tickets { id } => object::reply(&overview::tickets(store, id.as_str())?),
        WorkflowCall::Move { batch } => object::reply(&move_batch(opened, &batch, now)?),
        WorkflowCall::OfTicket { ticket_id } => {
            let inside = as_desk(store, now, |desk| desk.workflow_of(ticket_id));
            object::reply(&inside.map_err(|error| Failure::internal("workflow", &error))?)
        }
    }
}

/// Takes over which workflows and actions are set up.
fn stand(store: &Store, standing: &Standing) -> Result<(), Failure> {
    store.run("DELETE FROM workflows", bind![])?;
    for (id, is_open) in &standing.workflows {
        store.run(
            "INSERT OR REPLACE INTO workflows (id, is_open) VALUES (?, ?)",
            bind![id.as_str(), *is_open],
        )?;
    }
    store.run("DELETE FROM known_actions", bind![])?;
    for action in &standing.actions {
        store.run(
            "INSERT OR REPLACE INTO known_actions (name, outcome) VALUES (?, ?)",
            bind![action.name, action.outcome],
        )?;
    }
    for (former, name) in &standing.renamed {
        rename_action(store, former, name)?;
    }
    Ok(())
}

/// Keeps a version that new tickets enter from now on. What does the same as the latest is no new one.
fn publish(
    store: &Store,
    workflow: &Workflow,
    now: Timestamp,
) -> Result<PublishedWorkflow, Failure> {
    let id = workflow.id.as_str();
    store.run(
        "INSERT OR REPLACE INTO workflows (id, is_open) VALUES (?, TRUE)",
        bind![id],
    )?;
    let newest = kept::newest(store, id)?;
    let mut number = 1;
    if let Some(newest) = newest {
        let published_at = newest.published_at;
        let newest = newest.version()?;
        if newest.workflow.does_as(workflow) {
            return Ok(PublishedWorkflow {
                number: newest.number,
                published_at,
            });
        }
        number = newest.number + 1;
    }
    kept::add(store, number, workflow, now)?;
    kept::prune(store)?;
    Ok(PublishedWorkflow {
        number,
        published_at: now,
    })
}

/// An action is called otherwise from now on, also where tickets are inside.
fn rename_action(store: &Store, former: &str, name: &str) -> Result<(), Failure> {
    for mut version in kept::all(store)? {
        if version.workflow.rename_action(former, name) {
            kept::rewrite(store, &version)?;
        }
    }
    Ok(())
}

/// Has the conditions of every version compare with the new name of a status and the like.
pub(super) fn rename_record(store: &Store, renamed: &Renamed) -> Result<(), Failure> {
    for mut version in kept::all(store)? {
        if let Some(workflow) = renamed.in_workflow(&version.workflow) {
            version.workflow = workflow;
            kept::rewrite(store, &version)?;
        }
    }
    Ok(())
}

/// Moves the next tickets of older versions, one commit for each.
fn move_batch(opened: &Opened, batch: &MoveBatch, now: Timestamp) -> Result<MovedBatch, Failure> {
    let Opened { store, outbox, .. } = opened;
    let id = batch.id.as_str();
    let Some(newest) = kept::newest(store, id)? else {
        return Err(Failure::conflict(
            "not_published",
            "The workflow was never published, so no tickets are inside.",
        ));
    };
    let flow = Flow::open(newest.version()?)
        .map_err(|problems| Failure::internal("workflow", &format!("{problems:?}")))?;
    let number = flow.version().number;
    let tickets = kept::outdated(
        store,
        id,
        number,
        batch.request.from_version,
        batch.after,
        BATCH,
    )?;
    let mut moved = MovedTickets::default();
    for ticket in &tickets {
        let steps = &batch.request.steps;
        let outcome = store.atomically(|| {
            let adopted = as_desk(store, now, |desk| desk.adopt(&flow, *ticket, steps))?;
            if let Ok(events) = &adopted {
                outbox.add(events, now)?;
            }
            Ok::<_, DeskError>(adopted)
        });
        let left = match outcome {
            Ok(Ok(_)) => {
                moved.moved += 1;
                continue;
            }
            Ok(Err(left)) => left,
            Err(error @ DeskError::Storage(_)) => {
                return Err(Failure::internal("move of tickets", &error));
            }
            // What the step's status does not go with.
            Err(error) => {
                let Some(placed) = kept::placed(store, *ticket)? else {
                    continue;
                };
                NotMoved {
                    ticket_id: *ticket,
                    version: placed.position.version,
                    step: placed.position.step,
                    why: error.to_string(),
                }
            }
        };
        moved.left += 1;
        if moved.not_moved.len() < MOST_NAMED {
            moved.not_moved.push(left);
        }
    }
    let is_full = u32::try_from(tickets.len()).unwrap_or(BATCH) == BATCH;
    if !is_full {
        kept::prune(store)?;
    }
    Ok(MovedBatch {
        moved,
        next: tickets.last().copied().filter(|_| is_full),
    })
}

/// What comes of a timer, to be called in the transaction that takes it away.
pub(super) fn due(
    store: &Store,
    timer: &timers::Timer,
    now: Timestamp,
) -> Result<Vec<DeskEvent>, DeskError> {
    let timer: Timer = serde_json::from_str(&timer.name)
        .map_err(|error| Failure::internal("timer of a workflow", &error))?;
    as_desk(store, now, |desk| desk.step_timer(&timer))
}

/// Has the desk do something by itself.
fn as_desk<T>(
    store: &Store,
    now: Timestamp,
    work: impl FnOnce(&shared::desk::Desk<'_>) -> Result<T, DeskError>,
) -> Result<T, DeskError> {
    let tables = Tables::new(store);
    let access = Access::of(&Caller::Nimbus {}, None, &tables)?;
    work(&shared::desk::Desk {
        records: &tables,
        html: &Sanitizer,
        access: &access,
        now,
        unique: &random::uuid()?,
    })
}
