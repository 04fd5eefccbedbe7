//! The index of runs: what their Runners say of them, so that one object answers the runs page.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use shared::api::{RunsPage, RunsQuery};
use shared::engine::{RunStatus, RunSummary};
use shared::model::{RunId, Timestamp};
use shared::search;

use super::page::Limit;
use super::protocol::RunNote;
use crate::bind;
use crate::error::Failure;
use crate::store::{Store, ToValue as _, Value};

/// How many runs may start in one millisecond; see the table.
const PLACES: u64 = 1_000;

/// So many bytes of notes go into one statement, if no single one is larger: a value of a statement may have 2 MB.
const NOTES_BYTES: usize = 512 * 1024;

/// A note as the statement takes it.
#[derive(Serialize)]
struct Noted<'n> {
    place: u64,
    run: String,
    runbook: &'n str,
    status: &'static str,
    ticket: Option<u64>,
    sequence: u64,
    took: Option<u64>,
    summary: String,
    searched: Option<&'n str>,
    replay_of: Option<String>,
}

impl<'n> Noted<'n> {
    fn of(note: &'n RunNote) -> Result<Self, Failure> {
        let run = &note.summary;
        let summary =
            serde_json::to_string(run).map_err(|error| Failure::internal("run", &error))?;
        let ended_by_itself = matches!(run.status, RunStatus::Succeeded | RunStatus::Failed);
        Ok(Self {
            place: first_place(run.started_at),
            run: run.run_id.to_string(),
            runbook: run.runbook.as_str(),
            status: run.status.as_str(),
            ticket: run.started_by.ticket_id(),
            sequence: note.sequence,
            took: run
                .ended_at
                .filter(|_| ended_by_itself)
                .map(|end| end.saturating_sub(run.started_at)),
            summary,
            searched: note.searched.as_deref(),
            replay_of: run.started_by.replay_of().map(ToString::to_string),
        })
    }
}

/// Takes note of runs, each of them once; gives the ids of those of which it was news. What is older than what is known
/// is none. `searched` is kept where it is missing.
pub(super) fn record(store: &Store, notes: &[RunNote]) -> Result<HashSet<String>, Failure> {
    let rows = notes.iter().map(|note| {
        serde_json::to_string(&Noted::of(note)?).map_err(|error| Failure::internal("run", &error))
    });
    let mut news = HashSet::new();
    for group in groups(rows) {
        news.extend(record_group(store, &group?)?);
    }
    Ok(news)
}

/// JSON arrays of the rows in their order, each as large as a statement may have it.
fn groups(
    rows: impl Iterator<Item = Result<String, Failure>>,
) -> impl Iterator<Item = Result<String, Failure>> {
    let mut rows = rows.peekable();
    std::iter::from_fn(move || {
        let mut group = match rows.next()? {
            Ok(first) => format!("[{first}"),
            Err(failure) => return Some(Err(failure)),
        };
        // A comma comes before it, and a bracket at the end.
        while let Some(Ok(row)) = rows.next_if(|row| {
            row.as_ref()
                .is_ok_and(|row| group.len() + row.len() + 2 <= NOTES_BYTES)
        }) {
            group.push(',');
            group.push_str(&row);
        }
        group.push(']');
        Some(Ok(group))
    })
}

/// All in one statement: the search index writes what it has gathered after each.
fn record_group(store: &Store, group: &str) -> Result<impl Iterator<Item = String>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        run_id: String,
    }
    let rows: Vec<Row> = store.rows(
        "INSERT INTO runs (id, run_id, runbook, status, ticket, sequence, took, summary, searched, replay_of)
         SELECT coalesce((SELECT max(id) + 1 FROM runs WHERE id >= place AND id < place + 1000), place)
                 + ROW_NUMBER() OVER (PARTITION BY place ORDER BY number) - 1,
             run, runbook, status, ticket, sequence, took, summary, searched, replay_of
         FROM (SELECT key AS number, value ->> 'place' AS place, value ->> 'run' AS run,
                 value ->> 'runbook' AS runbook, value ->> 'status' AS status, value ->> 'ticket' AS ticket,
                 value ->> 'sequence' AS sequence, value ->> 'took' AS took, value ->> 'summary' AS summary,
                 value ->> 'searched' AS searched, value ->> 'replay_of' AS replay_of
             FROM json_each(?))
         WHERE TRUE
         ON CONFLICT (run_id) DO UPDATE SET
             status = excluded.status, sequence = excluded.sequence, took = excluded.took,
             summary = excluded.summary, searched = coalesce(excluded.searched, runs.searched)
         WHERE excluded.sequence > runs.sequence
         RETURNING run_id",
        bind![group],
    )?;
    Ok(rows.into_iter().map(|row| row.run_id))
}

/// Drops runs that their Runner keeps no longer.
pub(super) fn forget(store: &Store, runs: &[RunId]) -> Result<(), Failure> {
    for run in runs {
        store.run("DELETE FROM runs WHERE run_id = ?", bind![run.to_string()])?;
    }
    Ok(())
}

/// The number that the first run of a millisecond has.
pub(super) fn first_place(started_at: Timestamp) -> u64 {
    started_at.saturating_mul(PLACES)
}

/// What a list holds: conditions, and what is bound to them.
fn filters(query: &RunsQuery) -> Result<(String, Vec<Value>), Failure> {
    let mut filters = vec!["TRUE"];
    let mut values: Vec<Value> = Vec::new();
    let mut filter = |condition, value| {
        filters.push(condition);
        values.push(value);
    };
    if let Some(runbook) = &query.runbook {
        filter("runbook = ?", runbook.as_str().to_value());
    }
    if let Some(status) = query.status {
        filter("status = ?", status.as_str().to_value());
    }
    if let Some(ticket) = query.ticket {
        filter("ticket = ?", ticket.to_value());
    }
    if let Some(run) = &query.replay_of {
        filter("replay_of = ?", run.to_string().to_value());
    }
    if let Some(from) = query.from {
        filter("id >= ?", first_place(from).to_value());
    }
    if let Some(to) = query.to {
        filter("id < ?", first_place(to).to_value());
    }
    if let Some(after) = &query.after {
        filter("id < ?", cursor(after)?.to_value());
    }
    let words = search::words(query.text.as_deref().unwrap_or_default());
    if let Some(trigrams) = search::trigrams(&words) {
        filter(
            "id IN (SELECT rowid FROM runs_search WHERE runs_search MATCH ?)",
            trigrams.to_value(),
        );
    }
    for word in &words {
        filter("instr(searched, ?) > 0", word.to_value());
    }
    Ok((filters.join(" AND "), values))
}

/// Whether a run of `listed` need not be done again, see [`RunsPage::redone`]: 1 while a replay is under way, 2 where one
/// has succeeded. So many replays, and replays of these, are looked at; of a run that was done again more often, the rest
/// counts for nothing.
const REDONE: &str = "COALESCE((
    WITH RECURSIVE again (run_id, status) AS (
        SELECT run_id, status FROM runs WHERE replay_of = listed.run_id
        UNION ALL
        SELECT runs.run_id, runs.status FROM again JOIN runs ON runs.replay_of = again.run_id
        LIMIT 200)
    SELECT MAX(CASE status WHEN 'succeeded' THEN 2 WHEN 'failed' THEN 0 WHEN 'cancelled' THEN 0 ELSE 1 END)
    FROM again), 0)";

/// A page of runs, the newest first.
pub(super) fn list(store: &Store, query: &RunsQuery) -> Result<RunsPage, Failure> {
    #[derive(Deserialize)]
    struct Row {
        id: u64,
        summary: String,
        redone: u8,
    }
    let limit = Limit::of(query.limit);
    let (filters, mut values) = filters(query)?;
    values.push(limit.rows().to_value());
    let mut rows: Vec<Row> = store.rows(
        &format!(
            "SELECT id, summary, {REDONE} AS redone FROM runs AS listed
             WHERE {filters} ORDER BY id DESC LIMIT ?"
        ),
        values,
    )?;
    let mut page = RunsPage {
        next: limit.cut(&mut rows, |row| row.id),
        ..RunsPage::default()
    };
    for row in rows {
        let run: RunSummary =
            serde_json::from_str(&row.summary).map_err(|error| Failure::internal("run", &error))?;
        if row.redone > 0 {
            page.redone.push(run.run_id.clone());
        }
        if row.redone > 1 {
            page.made_good.push(run.run_id.clone());
        }
        page.items.push(run);
    }
    Ok(page)
}

/// The latest run of a runbook.
pub(super) fn last_of(
    store: &Store,
    runbook: &str,
) -> Result<Option<(RunId, RunStatus, Timestamp)>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        summary: String,
    }
    let row: Option<Row> = store.first(
        "SELECT summary FROM runs WHERE runbook = ? ORDER BY id DESC LIMIT 1",
        bind![runbook],
    )?;
    row.map(|row| {
        let run: RunSummary =
            serde_json::from_str(&row.summary).map_err(|error| Failure::internal("run", &error))?;
        Ok((run.run_id, run.status, run.started_at))
    })
    .transpose()
}

/// The number of the last run of the page before.
fn cursor(after: &str) -> Result<u64, Failure> {
    after.parse().map_err(|_| {
        Failure::bad_request(
            "invalid_cursor",
            "`after` must be the `next` of the page before.",
        )
        .at_field("after")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_what_a_page_gave() {
        assert_eq!(cursor("1795735800000004"), Ok(1_795_735_800_000_004));
        for text in ["", "x", "-1", "12_rb.0.1", "1 OR 1"] {
            assert_eq!(cursor(text).unwrap_err().detail.code, "invalid_cursor");
        }
    }

    #[test]
    fn notes_fill_as_many_statements_as_they_need() {
        let row = |number: usize, length: usize| -> Result<String, Failure> {
            let text = "x".repeat(length);
            Ok(format!(r#"{{"run":{number},"text":"{text}"}}"#))
        };
        let grouped = |lengths: &[usize]| -> Vec<Vec<usize>> {
            let rows = lengths.iter().enumerate();
            let groups = groups(rows.map(|(number, length)| row(number, *length)));
            groups
                .map(|group| {
                    let group = group.unwrap();
                    let runs: Vec<serde_json::Value> = serde_json::from_str(&group).unwrap();
                    assert!(
                        runs.len() == 1 || group.len() <= NOTES_BYTES,
                        "{}",
                        group.len()
                    );
                    let number = |run: &serde_json::Value| run["run"].as_u64().unwrap();
                    runs.iter()
                        .map(|run| usize::try_from(number(run)).unwrap())
                        .collect()
                })
                .collect()
        };
        let (half, whole) = (NOTES_BYTES / 2, NOTES_BYTES);
        assert_eq!(grouped(&[]), Vec::<Vec<usize>>::new());
        assert_eq!(grouped(&[1, 2, 3]), [vec![0, 1, 2]]);
        // Two halves are more than a whole, by what stands around them; and one that is too large stands alone.
        assert_eq!(grouped(&[half, half, 1]), [vec![0], vec![1, 2]]);
        assert_eq!(grouped(&[1, whole, 1, 1]), [vec![0], vec![1], vec![2, 3]]);
        // As large as can be, to the byte.
        let around = row(0, 0).unwrap().len();
        let rest = whole - 3 - 2 * around;
        assert_eq!(grouped(&[1, rest - 1]), [vec![0, 1]]);
        assert_eq!(grouped(&[1, rest]), [vec![0], vec![1]]);
        let many = grouped(&[half / 10; 100]);
        assert_eq!(many.len(), 6);
        assert_eq!(many.concat(), (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn what_cannot_be_written_down_is_told_where_it_stands() {
        let rows = [
            Ok("1".to_owned()),
            Err(Failure::not_found("The run")),
            Ok("2".to_owned()),
        ];
        let groups: Vec<_> = groups(rows.into_iter()).collect();
        assert!(matches!(&groups[..], [Ok(one), Err(_), Ok(two)] if one == "[1]" && two == "[2]"));
    }

    #[test]
    fn a_list_binds_as_many_values_as_it_has_conditions_for() {
        let query = RunsQuery {
            from: Some(1),
            to: Some(2),
            text: Some("Bern zy".to_owned()),
            ..RunsQuery::default()
        };
        let (conditions, values) = filters(&query).unwrap();
        assert_eq!(conditions.matches('?').count(), values.len());
        assert_eq!(values.first(), Some(&Value::Integer(1_000)));
        // Two trigrams of the one word, and both words as they are.
        assert_eq!(
            values.get(2),
            Some(&Value::String("\"ber\" AND \"ern\"".to_owned()))
        );
        assert_eq!(values.len(), 5);
    }
}
