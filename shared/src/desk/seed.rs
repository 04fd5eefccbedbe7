//! What a new desk holds: what every desk needs, and a small customer base to try it with.

use std::cell::OnceCell;

use serde::Deserialize;
use serde_json::Value;

use super::access::Access;
use super::changes::Changes;
use super::error::{DeskError, StorageError};
use super::html::{Html, from_text, to_text};
use super::protocol::EventSource;
use super::record::Record;
use super::records::Records;
use super::resource::resource;
use super::scope::Scopes;
use super::write::Writer;
use crate::model::Timestamp;

/// No rule reads the seed's HTML, which is plain anyway.
struct Plain;

impl Html for Plain {
    fn sanitised(&self, html: &str) -> String {
        from_text(&to_text(html))
    }

    fn plain(&self, html: &str) -> String {
        to_text(html)
    }
}

/// Records of one resource. Their own `_minutes_ago` says when they were made.
#[derive(Deserialize)]
struct Batch {
    resource: String,
    records: Vec<Record>,
}

/// What a desk was given in the course of time: what every desk needs, and what a sample holds beside it. The list only ever
/// grows at its end, and a desk gets each entry once.
const GIVEN: [(&str, &str); STAGES] = [
    // Statuses, ticket types, priorities, a team and the agent who is the person at the console; clients with their
    // sites and users, and tickets with what was said on them.
    (
        include_str!("seed/needed.json"),
        include_str!("seed/sample.json"),
    ),
    // Outcomes, categories, asset types and control; assets, an article and a custom table.
    (
        include_str!("seed/needed-for-records.json"),
        include_str!("seed/sample-of-records.json"),
    ),
    // The list of lookup lists, which clients read as soon as they are logged in.
    (
        include_str!("seed/needed-for-clients.json"),
        include_str!("seed/sample-of-lists.json"),
    ),
];

/// How often a desk is filled.
pub const STAGES: usize = 3;

/// Fills a desk that was filled `done` times before. A desk that had begun without a sample, or before its records
/// were there, gets none of them later.
pub fn plant(
    records: &dyn Records,
    done: usize,
    with_sample: bool,
    now: Timestamp,
) -> Result<(), DeskError> {
    for (needed, sample) in GIVEN.iter().skip(done) {
        plant_batches(needed, records, now)?;
        if with_sample && done == 0 {
            plant_batches(sample, records, now)?;
        }
    }
    Ok(())
}

fn plant_batches(text: &str, records: &dyn Records, now: Timestamp) -> Result<(), DeskError> {
    let damaged = |problem: String| StorageError(format!("the seed is damaged: {problem}"));
    let batches: Vec<Batch> = serde_json::from_str(text).map_err(|e| damaged(e.to_string()))?;
    let access = Access {
        source: EventSource::Person,
        depth: 0,
        who: String::new(),
        agent: None,
        client_id: None,
        scopes: Scopes::ALL,
        sanitised: false,
    };
    for batch in batches {
        let resource = resource(&batch.resource).ok_or_else(|| damaged(batch.resource))?;
        for mut sent in batch.records {
            let mut number = |name: &str| {
                sent.remove(name)
                    .as_ref()
                    .and_then(Value::as_u64)
                    .unwrap_or(0)
            };
            let mut id = number("id");
            // A desk that had begun before may use that id for something else.
            if id != 0 && records.stored(resource, id)?.is_some() {
                id = 0;
            }
            let minutes_ago = number("_minutes_ago");
            let writer = Writer {
                records,
                html: &Plain,
                access: &access,
                now: now.saturating_sub(minutes_ago * 60_000),
                changes: Changes::default().into(),
                rules: OnceCell::new(),
            };
            writer.create(resource, id, sent)?;
        }
    }
    Ok(())
}
