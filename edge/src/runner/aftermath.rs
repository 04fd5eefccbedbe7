//! What the end of a run sets off beside its answer.

use std::rc::Rc;

use shared::desk::{Caller, DeskRequest};
use shared::engine::aftermath::{self, Aftermath};
use shared::engine::{Detail, Plan, RunSummary};

use super::client;
use super::room::Room;
use super::tables::{Light, Notice, Tables};
use crate::error::{Failure, log};
use crate::{desk, workspace};

impl Room {
    /// To be called in the commit that notes the end of a run.
    pub(super) fn after_end(
        &self,
        tables: &Tables,
        plan: &Plan,
        summary: &RunSummary,
    ) -> Result<(), Failure> {
        let runbook = &plan.document().runbook;
        let before = tables.failures()?;
        let after = Aftermath::of(runbook, summary, before);
        if after.failures != before {
            tables.set_failures(after.failures)?;
        }
        if after.switches_off {
            tables.switch(false)?;
            self.forget();
        }
        tables.note_aftermath(summary, after)?;
        if runbook.light_logs {
            self.lighten(tables, summary)?;
        }
        Ok(())
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
                let ticket = aftermath::ticket(&run, aftermath, &self.config.public_url);
                let request = DeskRequest {
                    caller: Caller::Runbook {
                        name: run.runbook_name.clone(),
                        scope: None,
                    },
                    method: "POST".to_owned(),
                    path: "/api/Tickets".to_owned(),
                    query: String::new(),
                    body: serde_json::json!([ticket]).to_string(),
                    key: Some(format!("failure/{}", run.run_id)),
                    depth: run.started_by.depth().saturating_add(1),
                };
                let answer = desk::client::request(&self.env, request).await?;
                if answer.status >= 500 {
                    return Err(Failure::internal("failure ticket", &answer.body));
                }
                if answer.status >= 400 {
                    // Saying it again changes nothing.
                    log(&format!(
                        "The desk took no ticket of the failed run {}: {}",
                        run.run_id, answer.body
                    ));
                }
                Ok(())
            }
        }
    }
}
