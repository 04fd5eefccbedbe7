//! What a runbook's runs add up to, from the index of runs.

use shared::statistics::{DayCount, Days, Ranked, Statistics, places};

use super::run_index::first_place;
use crate::bind;
use crate::error::Failure;
use crate::store::Store;

/// Both statements read one index from the first day on, and no table.
pub(super) fn of_runbook(store: &Store, runbook: &str, days: Days) -> Result<Statistics, Failure> {
    let (from, to) = (first_place(days.from()), first_place(days.to()));
    let counts: Vec<DayCount> = store.rows(
        "SELECT (id / 1000 + CAST(? AS INTEGER)) / 86400000 AS day, COUNT(*) AS runs, SUM(status = 'failed') AS failed,
             COUNT(took) AS ended
         FROM runs WHERE runbook = ? AND id >= ? AND id < ? GROUP BY day",
        bind![days.offset_ms(), runbook, from, to],
    )?;
    let wanted = serde_json::json!(places(&counts)).to_string();
    let ranked: Vec<Ranked> = store.rows(
        "SELECT day, place, took FROM (
             SELECT day, took, ROW_NUMBER() OVER (PARTITION BY day ORDER BY took) AS place FROM (
                 SELECT (id / 1000 + CAST(? AS INTEGER)) / 86400000 AS day, took FROM runs
                 WHERE runbook = ? AND id >= ? AND id < ? AND took IS NOT NULL
             )
         )
         WHERE (day, place) IN (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))",
        bind![days.offset_ms(), runbook, from, to, wanted],
    )?;
    Ok(days.statistics(&counts, &ranked))
}
