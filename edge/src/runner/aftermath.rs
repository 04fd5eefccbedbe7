//! What the end of a run sets off beside its answer.

use std::rc::Rc;

use shared::engine::aftermath::Aftermath;
use shared::engine::{Detail, Plan, RunSummary, spread};
use shared::model::Runbook;

use super::client;
use super::room::Room;
use super::tables::{Light, Notice, Tables};
use crate::error::Failure;
use crate::{failure_ticket, workspace};

impl Room {
    /// To be called in the commit that notes the end of a run.
    pub(super) fn after_end(
        &self,
        tables: &Tables,
        plan: &Plan,
        summary: &RunSummary,
    ) -> Result<(), Failure> {
        let runbook = &plan.document().runbook;
        // Where others share its runs, the workspace counts, which hears of all of them.
        if spread::shards(runbook) == 1 {
            self.count_failure(tables, runbook, summary)?;
        }
        if runbook.light_logs {
            self.lighten(tables, summary)?;
        }
        Ok(())
    }

    /// Counts it where it failed, and does what comes of that.
    fn count_failure(
        &self,
        tables: &Tables,
        runbook: &Runbook,
        summary: &RunSummary,
    ) -> Result<(), Failure> {
        let before = tables.failures()?;
        let after = Aftermath::of(runbook, summary, before);
        if after.failures != before {
            tables.set_failures(after.failures)?;
        }
        if after.switches_off {
            tables.switch(false)?;
            self.forget();
        }
        tables.note_aftermath(summary, after)
    }

    /// Replaces a run's journal by what light logs keep of it.
    fn lighten(&self, tables: &Tables, summary: &RunSummary) -> Result<(), Failure> {
        let Some(row) = tables.run(&summary.run_id)? else {
            return Ok(());
        };
        // A journal that does not fit its plan stays as it is.
        let Ok(run) = self.replay(&row, Detail::Full)? else {
            return Ok(());
        };
        let light = Light {
            view: run
                .view(&self.hidden(run.plan())?.secrets)
                .without_content(run.plan()),
            ended: Some(self.ended(&run)?),
            reply: run.reply().cloned(),
        };
        tables.lighten(&row, &light)
    }

    /// Tells what waits to be told, one after the other; whether there was something.
    pub(super) async fn tell_notices(self: &Rc<Self>) -> Result<bool, Failure> {
        let Some((number, notice)) = self.tables.first_notice()? else {
            return Ok(false);
        };
        self.tell(notice).await?;
        self.commits
            .write(move |tables| tables.drop_notice(number))
            .await?;
        Ok(true)
    }

    async fn tell(&self, notice: Notice) -> Result<(), Failure> {
        match notice {
            Notice::SwitchedOff { failures, run } => {
                workspace::client::switched_off(&self.env, *run, failures).await
            }
            Notice::Forgotten { runs } => workspace::client::forget_runs(&self.env, runs).await,
            Notice::Cancelled { runs } => {
                for run in runs {
                    match client::cancel(&self.env, &run).await {
                        Ok(_) => {}
                        // It has ended already, or is not kept any more.
                        Err(failure) if (400..500).contains(&failure.status) => {}
                        Err(failure) => return Err(failure),
                    }
                }
                Ok(())
            }
            Notice::Ticket {
                failures,
                switches_off,
                run,
            } => {
                let aftermath = Aftermath {
                    failures,
                    opens_ticket: true,
                    switches_off,
                };
                failure_ticket::open(&self.env, &self.config, &run, aftermath).await
            }
        }
    }
}
