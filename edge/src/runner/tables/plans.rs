//! What is installed, and the plans of all runs that can be read.

use serde::Deserialize;
use shared::engine::PlanDocument;

use super::{Tables, from_json, to_json};
use crate::bind;
use crate::error::Failure;
use crate::store::{read_body, write_body};

/// What is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(in crate::runner) struct InstalledRow {
    pub(in crate::runner) plan: i64,
    pub(in crate::runner) enabled: i64,
    pub(in crate::runner) shard: u16,
}

impl Tables {
    pub(in crate::runner) fn installed(&self) -> Result<Option<InstalledRow>, Failure> {
        self.store
            .first("SELECT plan, enabled, shard FROM installed", bind![])
    }

    pub(in crate::runner) fn install(
        &self,
        plan: i64,
        enabled: bool,
        shard: u16,
    ) -> Result<(), Failure> {
        self.store.run(
            "INSERT OR REPLACE INTO installed (only_one, plan, enabled, shard) VALUES (1, ?, ?, ?)",
            bind![plan, enabled, shard],
        )?;
        Ok(())
    }

    pub(in crate::runner) fn switch(&self, enabled: bool) -> Result<(), Failure> {
        self.store
            .run("UPDATE installed SET enabled = ?", bind![enabled])?;
        Ok(())
    }

    /// How many of its runs have failed one after the other since it was installed.
    pub(in crate::runner) fn failures(&self) -> Result<u32, Failure> {
        #[derive(Deserialize)]
        struct Row {
            failures: u32,
        }
        let row: Option<Row> = self
            .store
            .first("SELECT failures FROM installed", bind![])?;
        Ok(row.map_or(0, |row| row.failures))
    }

    pub(in crate::runner) fn set_failures(&self, failures: u32) -> Result<(), Failure> {
        self.store
            .run("UPDATE installed SET failures = ?", bind![failures])?;
        Ok(())
    }

    pub(in crate::runner) fn uninstall(&self) -> Result<(), Failure> {
        self.store.run("DELETE FROM installed", bind![])?;
        Ok(())
    }

    /// Adds a plan, and drops those that nothing needs any more.
    pub(in crate::runner) fn add_plan(&self, document: &PlanDocument) -> Result<i64, Failure> {
        #[derive(Deserialize)]
        struct Row {
            id: i64,
        }
        let unused = "SELECT id FROM plans WHERE id NOT IN (SELECT plan FROM runs)
            AND id NOT IN (SELECT plan FROM installed)";
        for Row { id } in self.store.rows(unused, bind![])? {
            write_body(&self.store, &plan_place(id), &[])?;
            self.store
                .run("DELETE FROM plans WHERE id = ?", bind![id])?;
        }
        let row: Option<Row> = self
            .store
            .first("INSERT INTO plans DEFAULT VALUES RETURNING id", bind![])?;
        let Some(Row { id }) = row else {
            return Err(Failure::internal("plans", &"a new plan has no id"));
        };
        write_body(&self.store, &plan_place(id), &to_json(document)?)?;
        Ok(id)
    }

    pub(in crate::runner) fn plan(&self, id: i64) -> Result<PlanDocument, Failure> {
        from_json(&read_body(&self.store, &plan_place(id))?)
    }
}

/// Where a plan stands among the bodies.
fn plan_place(id: i64) -> String {
    format!("plan/{id}")
}
