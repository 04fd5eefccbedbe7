//! A long past, written into the databases while nothing runs on them: the one run that there is, many times.
//!
//! What the copies hold is sealed for the first one, so that they cannot be opened; starts and lists do not.

use std::path::Path;

use rusqlite::Connection;

use crate::{Outcome, nimbus::database};

pub(super) fn copy_the_run(data: &Path, count: u32) -> Outcome<()> {
    let runner = Connection::open(database(data, "SELECT plan FROM runs")?)?;
    let (id, columns) = the_run(&runner, "id", &["id"])?;
    let copy = copy_of(&id);
    runner.execute_batch(&format!(
        "BEGIN;
        CREATE TEMP TABLE n AS
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n;
        INSERT INTO runs (id, {columns}) SELECT {copy}, {columns} FROM n, (SELECT * FROM runs WHERE id = '{id}');
        INSERT INTO bodies (owner, piece, bytes)
            SELECT replace(owner, '{id}', {copy}), piece, bytes
            FROM n, (SELECT * FROM bodies WHERE owner LIKE 'run/{id}/%');
        COMMIT;"
    ))?;
    let workspace = Connection::open(database(data, "SELECT run_id FROM runs")?)?;
    let (id, columns) = the_run(&workspace, "run_id", &["id", "run_id"])?;
    let copy = copy_of(&id);
    // Its number is a thousand times the time of its start: the copies are each a millisecond older than the one before.
    workspace.execute_batch(&format!(
        "BEGIN;
        INSERT INTO runs (id, run_id, {columns})
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            SELECT id - 1000 * i, {copy}, {columns} FROM n, (SELECT * FROM runs WHERE run_id = '{id}');
        COMMIT;"
    ))?;
    Ok(())
}

/// What identifies the one run, and the names of the columns but for these.
fn the_run(connection: &Connection, key: &str, but: &[&str]) -> Outcome<(String, String)> {
    let id = connection.query_row(&format!("SELECT {key} FROM runs"), [], |row| row.get(0))?;
    let mut names = connection.prepare("SELECT name FROM pragma_table_info('runs')")?;
    let names = names.query_map([], |row| row.get::<_, String>(0))?;
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    let others: Vec<String> = names
        .into_iter()
        .filter(|name| !but.contains(&name.as_str()))
        .collect();
    Ok((id, others.join(", ")))
}

/// In SQL: the same id, but for its last digits.
fn copy_of(id: &str) -> String {
    let kept = id.len().saturating_sub(8);
    format!("substr('{id}', 1, {kept}) || printf('%08x', i)")
}
