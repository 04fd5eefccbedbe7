//! Runbooks that switched themselves off because their runs failed again and again.

use shared::api::SwitchedOff;
use shared::engine::RunSummary;
use shared::model::Runbook;

use super::document;
use super::protocol::Kind;
use super::save::Change;
use crate::bind;
use crate::error::Failure;
use crate::store::Store;

/// Switches a runbook off, and keeps why.
pub(super) fn switch_off(
    change: &Change<'_>,
    run: RunSummary,
    failures: u32,
) -> Result<(), Failure> {
    let Some(row) = document::live(change.store, Kind::Runbook, run.runbook.as_str())? else {
        return Ok(());
    };
    let runbook: Runbook = row.value()?;
    if runbook.enabled {
        change.put_runbook(Runbook {
            enabled: false,
            ..runbook
        })?;
    }
    let reason = SwitchedOff {
        at: change.now,
        failures,
        run_id: run.run_id,
        error: run.error,
    };
    let reason = serde_json::to_string(&reason)
        .map_err(|error| Failure::internal("switched off", &error))?;
    change.store.run(
        "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
        bind![place(run.runbook.as_str()), reason],
    )?;
    Ok(())
}

/// Why a runbook switched itself off; nothing where it is on, or somebody has switched it off.
pub(super) fn reason(store: &Store, runbook: &Runbook) -> Result<Option<SwitchedOff>, Failure> {
    #[derive(serde::Deserialize)]
    struct Row {
        value: String,
    }
    let name = place(runbook.id.as_str());
    if runbook.enabled {
        return Ok(None);
    }
    let row: Option<Row> = store.first("SELECT value FROM settings WHERE name = ?", bind![name])?;
    row.map(|row| {
        serde_json::from_str(&row.value).map_err(|error| Failure::internal("switched off", &error))
    })
    .transpose()
}

/// Somebody has switched it on again.
pub(super) fn forget(store: &Store, runbook: &str) -> Result<(), Failure> {
    store.run("DELETE FROM settings WHERE name = ?", bind![place(runbook)])?;
    Ok(())
}

fn place(runbook: &str) -> String {
    format!("switched_off/{runbook}")
}
