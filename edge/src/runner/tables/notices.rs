//! What others are yet to be told beside how runs stand. Each is told until that has worked.

use serde::{Deserialize, Serialize};
use shared::engine::RunSummary;
use shared::engine::aftermath::Aftermath;
use shared::model::RunId;

use super::{Tables, from_json, to_json};
use crate::bind;
use crate::error::Failure;

/// Something that others are told once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub(in crate::runner) enum Notice {
    /// To the workspace: the runbook switched itself off.
    SwitchedOff { failures: u32, run: Box<RunSummary> },
    /// To the desk: a run failed.
    Ticket {
        failures: u32,
        switches_off: bool,
        run: Box<RunSummary>,
    },
    /// To the workspace: these runs are not kept any more.
    Forgotten { runs: Vec<RunId> },
    /// To other Runners: whoever waited for these runs was cancelled, and they end with it.
    Cancelled { runs: Vec<RunId> },
}

impl Tables {
    /// Notes what others are to be told of a run's end.
    pub(in crate::runner) fn note_aftermath(
        &self,
        run: &RunSummary,
        aftermath: Aftermath,
    ) -> Result<(), Failure> {
        let failures = aftermath.failures;
        let switches_off = aftermath.switches_off;
        if switches_off {
            let run = Box::new(run.clone());
            self.note(&Notice::SwitchedOff { failures, run })?;
        }
        if aftermath.opens_ticket {
            let run = Box::new(run.clone());
            self.note(&Notice::Ticket {
                failures,
                switches_off,
                run,
            })?;
        }
        Ok(())
    }

    pub(in crate::runner) fn note(&self, notice: &Notice) -> Result<(), Failure> {
        let text = String::from_utf8_lossy(&to_json(notice)?).into_owned();
        self.store
            .run("INSERT INTO notices (notice) VALUES (?)", bind![text])?;
        Ok(())
    }

    /// The notice that has waited longest, and its number.
    pub(in crate::runner) fn first_notice(&self) -> Result<Option<(u64, Notice)>, Failure> {
        #[derive(Deserialize)]
        struct Row {
            number: u64,
            notice: String,
        }
        let row: Option<Row> = self.store.first(
            "SELECT number, notice FROM notices ORDER BY number LIMIT 1",
            bind![],
        )?;
        row.map(|row| Ok((row.number, from_json(row.notice.as_bytes())?)))
            .transpose()
    }

    pub(in crate::runner) fn drop_notice(&self, number: u64) -> Result<(), Failure> {
        self.store
            .run("DELETE FROM notices WHERE number = ?", bind![number])?;
        Ok(())
    }
}
