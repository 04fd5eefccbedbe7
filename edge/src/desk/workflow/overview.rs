//! Which tickets are inside of a workflow.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::api::{StepName, TicketInStep, TicketsInStep, WorkflowTickets};
use shared::model::{StepId, Timestamp};
use shared::workflow::Version;

use super::kept::{self, step_id};
use crate::bind;
use crate::error::Failure;
use crate::store::Store;

/// How many tickets are named.
const MOST_NAMED: u32 = 200;

/// The versions that tickets are in, each read once.
struct Versions<'s> {
    store: &'s Store,
    workflow: &'s str,
    read: BTreeMap<u32, Option<Version>>,
}

impl Versions<'_> {
    fn get(&mut self, number: u32) -> Result<Option<&Version>, Failure> {
        if !self.read.contains_key(&number) {
            let version = kept::version(self.store, self.workflow, number)?;
            self.read.insert(number, version);
        }
        Ok(self.read.get(&number).and_then(Option::as_ref))
    }

    /// Its place among the steps, and its name.
    fn step(&mut self, number: u32, step: &StepId) -> Result<(usize, String), Failure> {
        let version = self.get(number)?;
        let steps = version
            .into_iter()
            .flat_map(|version| &version.workflow.steps);
        let mut steps = steps.enumerate();
        let found = steps.find(|(_, own)| own.id == *step);
        Ok(found.map_or_else(
            || (usize::MAX, step.to_string()),
            |(place, own)| (place, own.name.clone()),
        ))
    }
}

pub(super) fn tickets(store: &Store, workflow: &str) -> Result<WorkflowTickets, Failure> {
    #[derive(Deserialize)]
    struct InStep {
        version: u32,
        step: String,
        count: u64,
    }
    #[derive(Deserialize)]
    struct Inside {
        ticket_id: u64,
        summary: Option<String>,
        version: u32,
        step: String,
        entered_at: Timestamp,
    }
    let Some(newest) = kept::newest(store, workflow)? else {
        return Ok(WorkflowTickets::default());
    };
    let newest = newest.version()?;
    let steps = newest.workflow.steps.iter().map(|step| StepName {
        id: step.id.clone(),
        name: step.name.clone(),
    });
    let steps = steps.collect();
    let mut versions = Versions {
        store,
        workflow,
        read: BTreeMap::new(),
    };
    let rows: Vec<InStep> = store.rows(
        "SELECT version, step, COUNT(*) AS count FROM workflow_positions WHERE workflow = ?
         GROUP BY version, step ORDER BY version",
        bind![workflow],
    )?;
    let mut counts = Vec::with_capacity(rows.len());
    for row in rows {
        let step = step_id(&row.step)?;
        let (place, step_name) = versions.step(row.version, &step)?;
        counts.push((
            (row.version, place),
            TicketsInStep {
                version: row.version,
                step,
                step_name,
                count: row.count,
            },
        ));
    }
    counts.sort_by_key(|(place, _)| *place);
    let rows: Vec<Inside> = store.rows(
        "SELECT ticket_id, summary, version, step, entered_at
         FROM workflow_positions JOIN ticket ON ticket.id = ticket_id
         WHERE workflow = ? ORDER BY ticket_id LIMIT ?",
        bind![workflow, MOST_NAMED],
    )?;
    let mut tickets = Vec::with_capacity(rows.len());
    for row in rows {
        let step = step_id(&row.step)?;
        tickets.push(TicketInStep {
            ticket_id: row.ticket_id,
            summary: row.summary.unwrap_or_default(),
            version: row.version,
            step_name: versions.step(row.version, &step)?.1,
            step,
            entered_at: row.entered_at,
        });
    }
    Ok(WorkflowTickets {
        newest_version: Some(newest.number),
        steps,
        counts: counts.into_iter().map(|(_, count)| count).collect(),
        tickets,
    })
}
