//! Telling the desk which workflows and actions are set up. A change marks that in its own commit; what is told is always
//! the whole, so it can be told again.

use serde::Deserialize;
use shared::desk::KnownAction;
use shared::model::{ActsOn, DeskAction, WorkflowId};
use worker::Env;

use super::current;
use crate::bind;
use crate::desk;
use crate::desk::protocol::{Standing, WorkflowCall};
use crate::error::{Failure, log};
use crate::store::Store;
use crate::workspace::document;
use crate::workspace::protocol::Kind;

/// Settings that count how often it was changed, and which change was told last.
const CHANGED: &str = "standing/changed";
const TOLD: &str = "standing/told";
/// The renamed actions that are yet to be told, as JSON.
const RENAMED: &str = "standing/renamed";

/// Notes that the desk must be told.
pub(in crate::workspace) fn mark(store: &Store) -> Result<(), Failure> {
    set(store, CHANGED, get(store, CHANGED)? + 1)
}

/// Notes that the desk must be told of a renamed action.
pub(super) fn mark_renamed(store: &Store, former: &str, name: &str) -> Result<(), Failure> {
    let mut renamed = renamed(store)?;
    renamed.push((former.to_owned(), name.to_owned()));
    keep_renamed(store, &renamed)?;
    mark(store)
}

/// Whether something is yet to be told.
pub(in crate::workspace) fn is_pending(store: &Store) -> Result<bool, Failure> {
    Ok(get(store, CHANGED)? > get(store, TOLD)?)
}

/// Tells the desk. What does not arrive is in the log, and told the next time.
pub(in crate::workspace) async fn tell(store: &Store, env: &Env) -> Result<(), Failure> {
    // What changes meanwhile is told in another round.
    loop {
        let revision = get(store, CHANGED)?;
        if revision <= get(store, TOLD)? {
            return Ok(());
        }
        let standing = standing(store)?;
        let told = standing.renamed.len();
        let stand = WorkflowCall::Stand { standing };
        if let Err(failure) = desk::client::workflows::<()>(env, stand).await {
            log(&format!(
                "The desk was not told of workflows: {}",
                failure.detail
            ));
            return Ok(());
        }
        set(store, TOLD, revision)?;
        let mut renamed = renamed(store)?;
        renamed.drain(..told.min(renamed.len()));
        keep_renamed(store, &renamed)?;
    }
}

fn standing(store: &Store) -> Result<Standing, Failure> {
    let mut standing = Standing {
        renamed: renamed(store)?,
        ..Standing::default()
    };
    for row in document::list(store, Kind::Workflow)? {
        let id = WorkflowId::parse(&row.id);
        let id = id.map_err(|error| Failure::internal("workflow", &error))?;
        let is_open = current(store, &row.id)?.is_some();
        standing.workflows.push((id, is_open));
    }
    for row in document::list(store, Kind::DeskAction)? {
        let action: DeskAction = row.value()?;
        if action.records == ActsOn::Ticket {
            standing.actions.push(KnownAction {
                outcome: action.outcome().to_owned(),
                name: action.name,
            });
        }
    }
    Ok(standing)
}

fn renamed(store: &Store) -> Result<Vec<(String, String)>, Failure> {
    let text = text(store, RENAMED)?;
    text.map_or(Ok(Vec::new()), |text| {
        serde_json::from_str(&text).map_err(|error| Failure::internal("renamed actions", &error))
    })
}

fn keep_renamed(store: &Store, renamed: &[(String, String)]) -> Result<(), Failure> {
    let text = serde_json::to_string(renamed);
    let text = text.map_err(|error| Failure::internal("renamed actions", &error))?;
    keep(store, RENAMED, &text)
}

fn get(store: &Store, name: &str) -> Result<u64, Failure> {
    let text = text(store, name)?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn set(store: &Store, name: &str, value: u64) -> Result<(), Failure> {
    keep(store, name, &value.to_string())
}

fn text(store: &Store, name: &str) -> Result<Option<String>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        value: String,
    }
    let row: Option<Row> = store.first("SELECT value FROM settings WHERE name = ?", bind![name])?;
    Ok(row.map(|row| row.value))
}

fn keep(store: &Store, name: &str, value: &str) -> Result<(), Failure> {
    store.run(
        "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
        bind![name, value],
    )?;
    Ok(())
}
