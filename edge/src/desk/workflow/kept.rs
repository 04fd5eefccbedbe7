//! What the desk keeps of workflows: their versions, where tickets are, and the actions that lead on.

use serde::Deserialize;
use shared::desk::{Counting, KnownAction, Placed};
use shared::model::{StepId, Timestamp, Workflow, WorkflowId};
use shared::workflow::{Position, Timer, Version};

use crate::bind;
use crate::desk::timers::{self, Kind};
use crate::error::Failure;
use crate::store::Store;

pub(in crate::desk) const TABLES: &str = "
    -- Those that are set up, as the workspace says. A ticket whose workflow is not among them is in none.
    CREATE TABLE workflows (
        id TEXT PRIMARY KEY,
        -- Whether new tickets enter its latest version.
        is_open INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- The latest, and those that tickets are in.
    CREATE TABLE workflow_versions (
        workflow TEXT NOT NULL,
        number INTEGER NOT NULL,
        published_at INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (workflow, number)
    ) STRICT;
    CREATE TABLE workflow_positions (
        ticket_id INTEGER PRIMARY KEY,
        workflow TEXT NOT NULL,
        version INTEGER NOT NULL,
        step TEXT NOT NULL,
        entered_at INTEGER NOT NULL,
        visit INTEGER NOT NULL,
        depth INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX workflow_positions_by_step ON workflow_positions (workflow, version, step);
    CREATE INDEX workflow_positions_by_ticket ON workflow_positions (workflow, ticket_id);
    -- The desk actions on tickets, as the workspace says.
    CREATE TABLE known_actions (
        name TEXT PRIMARY KEY,
        outcome TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;";

/// The name of a ticket's step stands beside it: lists of tickets show it, and no version is read for that.
pub(in crate::desk) const STEP_NAMES: &str = "
    ALTER TABLE workflow_positions ADD COLUMN step_name TEXT NOT NULL DEFAULT '';
    UPDATE workflow_positions SET step_name = coalesce((
        SELECT json_extract(step.value, '$.name')
        FROM workflow_versions AS version, json_each(version.body, '$.steps') AS step
        WHERE version.workflow = workflow_positions.workflow AND version.number = workflow_positions.version
            AND json_extract(step.value, '$.id') = workflow_positions.step), step);";

/// A version as it is kept.
#[derive(Deserialize)]
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) published_at: Timestamp,
    body: String,
}

impl Row {
    pub(super) fn version(self) -> Result<Version, Failure> {
        Ok(Version {
            number: self.number,
            workflow: read(&self.body)?,
        })
    }
}

fn read(body: &str) -> Result<Workflow, Failure> {
    serde_json::from_str(body).map_err(|error| Failure::internal("workflow", &error))
}

/// Where a ticket is, in a workflow that is set up.
pub(in crate::desk) fn placed(store: &Store, ticket: u64) -> Result<Option<Placed>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        workflow: String,
        version: u32,
        step: String,
        entered_at: Timestamp,
        visit: u64,
        depth: u8,
    }
    let row: Option<Row> = store.first(
        "SELECT workflow, version, step, entered_at, visit, depth FROM workflow_positions
         JOIN workflows ON workflows.id = workflow WHERE ticket_id = ?",
        bind![ticket],
    )?;
    row.map(|row| {
        Ok(Placed {
            position: Position {
                workflow: workflow_id(&row.workflow)?,
                version: row.version,
                step: step_id(&row.step)?,
                entered_at: row.entered_at,
                visit: row.visit,
            },
            depth: row.depth,
        })
    })
    .transpose()
}

/// See [`shared::desk::Records::place`].
pub(in crate::desk) fn place(
    store: &Store,
    ticket: u64,
    placed: Option<&Placed>,
    timers: &[Timer],
) -> Result<(), Failure> {
    let Some(Placed { position, depth }) = placed else {
        store.run(
            "DELETE FROM workflow_positions WHERE ticket_id = ?",
            bind![ticket],
        )?;
        return timers::replace(store, Kind::Workflow, ticket, &[]);
    };
    store.run(
        "INSERT OR REPLACE INTO workflow_positions
             (ticket_id, workflow, version, step, entered_at, visit, depth, step_name)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce((
             SELECT json_extract(step.value, '$.name')
             FROM workflow_versions AS version, json_each(version.body, '$.steps') AS step
             WHERE version.workflow = ?2 AND version.number = ?3 AND json_extract(step.value, '$.id') = ?4), ?4))",
        bind![
            ticket,
            position.workflow.as_str(),
            position.version,
            position.step.as_str(),
            position.entered_at,
            position.visit,
            u16::from(*depth),
        ],
    )?;
    let timers = timers.iter().map(|timer| {
        let name = serde_json::to_string(timer);
        let name = name.map_err(|error| Failure::internal("timer", &error))?;
        Ok((name, timer.due_at))
    });
    let timers: Vec<_> = timers.collect::<Result<_, Failure>>()?;
    timers::replace(store, Kind::Workflow, ticket, &timers)
}

/// The version that new tickets of a type enter.
pub(in crate::desk) fn entered_by(
    store: &Store,
    ticket_type: u64,
) -> Result<Option<Version>, Failure> {
    let row: Option<Row> = store.first(
        "SELECT number, published_at, body FROM workflow_versions AS version
         JOIN workflows ON workflows.id = workflow
         WHERE is_open = 1
             AND number = (SELECT MAX(number) FROM workflow_versions AS other WHERE other.workflow = version.workflow)
             AND EXISTS (SELECT 1 FROM json_each(body, '$.ticket_types') AS type WHERE type.value = ?)
         ORDER BY workflow LIMIT 1",
        bind![ticket_type],
    )?;
    row.map(Row::version).transpose()
}

pub(in crate::desk) fn version(
    store: &Store,
    workflow: &str,
    number: u32,
) -> Result<Option<Version>, Failure> {
    let row: Option<Row> = store.first(
        "SELECT number, published_at, body FROM workflow_versions WHERE workflow = ? AND number = ?",
        bind![workflow, number],
    )?;
    row.map(Row::version).transpose()
}

/// The latest version of a workflow.
pub(super) fn newest(store: &Store, workflow: &str) -> Result<Option<Row>, Failure> {
    store.first(
        "SELECT number, published_at, body FROM workflow_versions WHERE workflow = ?
         ORDER BY number DESC LIMIT 1",
        bind![workflow],
    )
}

pub(in crate::desk) fn newest_number(
    store: &Store,
    workflow: &str,
) -> Result<Option<u32>, Failure> {
    Ok(newest(store, workflow)?.map(|row| row.number))
}

/// All versions of workflows that are set up.
pub(in crate::desk) fn counting(store: &Store) -> Result<Vec<Counting>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        number: u32,
        body: String,
        is_open: u8,
        tickets_inside: u64,
    }
    let rows: Vec<Row> = store.rows(
        "SELECT number, body,
             is_open = 1 AND number =
                 (SELECT MAX(number) FROM workflow_versions AS other WHERE other.workflow = version.workflow) AS is_open,
             (SELECT COUNT(*) FROM workflow_positions AS place
              WHERE place.workflow = version.workflow AND place.version = version.number) AS tickets_inside
         FROM workflow_versions AS version JOIN workflows ON workflows.id = version.workflow
         ORDER BY version.workflow, number",
        bind![],
    )?;
    let counting = rows.into_iter().map(|row| {
        Ok(Counting {
            version: Version {
                number: row.number,
                workflow: read(&row.body)?,
            },
            is_open: row.is_open != 0,
            tickets_inside: row.tickets_inside,
        })
    });
    counting.collect()
}

pub(in crate::desk) fn known_actions(store: &Store) -> Result<Vec<KnownAction>, Failure> {
    store.rows(
        "SELECT name, outcome FROM known_actions ORDER BY name",
        bind![],
    )
}

/// Keeps a new version.
pub(super) fn add(
    store: &Store,
    number: u32,
    workflow: &Workflow,
    now: Timestamp,
) -> Result<(), Failure> {
    store.run(
        "INSERT INTO workflow_versions (workflow, number, published_at, body) VALUES (?, ?, ?, ?)",
        bind![workflow.id.as_str(), number, now, written(workflow)?],
    )?;
    Ok(())
}

/// Keeps a version with other names of actions.
pub(super) fn rewrite(store: &Store, version: &Version) -> Result<(), Failure> {
    let workflow = &version.workflow;
    store.run(
        "UPDATE workflow_versions SET body = ? WHERE workflow = ? AND number = ?",
        bind![written(workflow)?, workflow.id.as_str(), version.number],
    )?;
    Ok(())
}

fn written(workflow: &Workflow) -> Result<String, Failure> {
    serde_json::to_string(workflow).map_err(|error| Failure::internal("workflow", &error))
}

/// Every version of every workflow.
pub(super) fn all(store: &Store) -> Result<Vec<Version>, Failure> {
    let rows: Vec<Row> = store.rows(
        "SELECT number, published_at, body FROM workflow_versions ORDER BY workflow, number",
        bind![],
    )?;
    rows.into_iter().map(Row::version).collect()
}

/// Lets go of versions that no ticket is in, apart from the latest.
pub(super) fn prune(store: &Store) -> Result<(), Failure> {
    store.run(
        "DELETE FROM workflow_versions
         WHERE number < (SELECT MAX(number) FROM workflow_versions AS other
                 WHERE other.workflow = workflow_versions.workflow)
             AND NOT EXISTS (SELECT 1 FROM workflow_positions AS place
                 WHERE place.workflow = workflow_versions.workflow AND place.version = workflow_versions.number)",
        bind![],
    )?;
    Ok(())
}

/// The next tickets of older versions, in the order of their ids.
pub(super) fn outdated(
    store: &Store,
    workflow: &str,
    newest: u32,
    from_version: Option<u32>,
    after: u64,
    most: u32,
) -> Result<Vec<u64>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        ticket_id: u64,
    }
    let rows: Vec<Row> = store.rows(
        "SELECT ticket_id FROM workflow_positions
         WHERE workflow = ?1 AND ticket_id > ?2 AND version < ?3 AND (?4 IS NULL OR version = ?4)
         ORDER BY ticket_id LIMIT ?5",
        bind![workflow, after, newest, from_version, most],
    )?;
    Ok(rows.into_iter().map(|row| row.ticket_id).collect())
}

pub(super) fn workflow_id(text: &str) -> Result<WorkflowId, Failure> {
    WorkflowId::parse(text).map_err(|error| Failure::internal("workflow", &error))
}

pub(super) fn step_id(text: &str) -> Result<StepId, Failure> {
    StepId::parse(text).map_err(|error| Failure::internal("workflow", &error))
}
