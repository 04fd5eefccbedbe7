//! Schedules.

use serde_json::{Value, json};
use shared::api::{List, ScheduleChoices, ScheduleRecord, ScheduleReport, StartAnswer};

use super::Fault;
use super::request::{delete, encoded, get, post, post_keyed, put};

const ADDRESS: &str = "/console/schedules";

fn of(id: &str) -> String {
    format!("{ADDRESS}/{}", encoded(id))
}

pub async fn schedules() -> Result<List<ScheduleRecord>, Fault> {
    get(ADDRESS).await
}

pub async fn schedule(id: &str) -> Result<ScheduleRecord, Fault> {
    get(&of(id)).await
}

/// What the fields of a schedule are chosen from.
pub async fn schedule_choices() -> Result<ScheduleChoices, Fault> {
    get(&format!("{ADDRESS}/choices")).await
}

/// What a draft means, and what is wrong with it.
pub async fn check_schedule(fields: &Value) -> Result<ScheduleReport, Fault> {
    post(&format!("{ADDRESS}/check"), fields).await
}

/// `fields` is a schedule without its id; the server gives one.
pub async fn create_schedule(fields: &Value) -> Result<ScheduleRecord, Fault> {
    post(ADDRESS, fields).await
}

pub async fn save_schedule(
    id: &str,
    version: u64,
    fields: &Value,
) -> Result<ScheduleRecord, Fault> {
    put(&of(id), version, fields).await
}

pub async fn delete_schedule(id: &str) -> Result<(), Fault> {
    delete(&of(id)).await
}

/// Starts the runbook of one that goes by the clock; with the same key it starts once.
pub async fn start_schedule(id: &str, key: &str) -> Result<StartAnswer, Fault> {
    post_keyed(&format!("{}/start", of(id)), key, &json!({})).await
}
