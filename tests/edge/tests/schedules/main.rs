//! Schedules on a real worker, whose clock is moved.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod by_clock;
mod by_date;
mod crash;
mod documents;

use std::time::{SystemTime, UNIX_EPOCH};

use edge_tests::{
    Options, Server,
    bundle::{Bundle, chain},
    console::{code, delete, get, items, post, put, runs, wait_for, wait_for_end},
};
use serde_json::{Value, json};

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

fn server() -> Server {
    Server::start(&Options {
        movable_clock: true,
        ..Options::default()
    })
}

/// What the system's clock shows.
fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

/// Has the server's clock show a moment. A little more, so that it is over.
fn move_to(server: &Server, moment: u64) {
    server.move_clock(moment + 1_000 - now());
}

/// A runbook that keeps what it is given.
fn keeping(id: &str, mapping: &str) -> Value {
    let inputs = json!([{"name": "Given", "type": "string"}]);
    let mut runbook = chain(id, &json!({"access": "desk", "inputs": inputs}), &[]);
    runbook["from_desk"] = json!([{"name": "Given", "value": mapping}]);
    runbook
}

/// The log of what schedules started, the newest first.
fn log(server: &Server) -> Vec<Value> {
    items(&get(server, "/console/events?limit=200&cause=schedule"))
}

/// So many runs, once they have ended.
fn ended(server: &Server, runbook: &str, count: usize) -> Vec<Value> {
    let found = wait_for(|| {
        let runs = runs(server, runbook);
        let all_ended = runs.iter().all(|run| run["ended_at"].is_u64());
        (all_ended && runs.len() >= count).then_some(runs)
    });
    assert_eq!(found.len(), count, "{found:?}");
    found
}

/// What a run was given.
fn given(server: &Server, run: &Value) -> Value {
    let id = run["run_id"].as_str().unwrap();
    let run = wait_for_end(server, id);
    assert_eq!(run["status"], "succeeded", "{run}");
    let value = run["inputs"][0]["value"].as_str().unwrap();
    serde_json::from_str(value).unwrap()
}

/// A new ticket with these fields beside what it needs; its id.
fn ticket(server: &Server, fields: &Value) -> u64 {
    let mut ticket = json!({"summary": "The printer is on fire", "tickettype_id": 1});
    for (name, value) in fields.as_object().unwrap() {
        ticket[name] = value.clone();
    }
    let made = post(server, "/api/Tickets", &json!([ticket])).expect(201);
    made.json()["id"].as_u64().unwrap()
}

/// A moment as the desk takes it.
fn iso(moment: u64) -> String {
    let days = moment / DAY_MS;
    let (year, month, day) = civil(i64::try_from(days).unwrap());
    let rest = moment % DAY_MS;
    let (hour, minute) = (rest / HOUR_MS, rest % HOUR_MS / MINUTE_MS);
    let seconds = rest % MINUTE_MS / 1_000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{seconds:02}Z")
}

/// The date of a day since 1970 (Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[test]
fn moments_are_written_as_dates() {
    assert_eq!(iso(0), "1970-01-01T00:00:00Z");
    assert_eq!(iso(1_772_443_800_123), "2026-03-02T09:30:00Z");
    assert_eq!(iso(1_709_164_800_000), "2024-02-29T00:00:00Z");
}
