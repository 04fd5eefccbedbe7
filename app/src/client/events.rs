//! Event triggers and the events log.

use serde_json::Value;
use shared::api::{EventEntry, EventTriggerRecord, EventsQuery, List};

use super::Fault;
use super::request::{delete, encoded, get, parameters, post, put};

const ADDRESS: &str = "/console/event-triggers";

fn of(id: &str) -> String {
    format!("{ADDRESS}/{}", encoded(id))
}

pub async fn event_triggers() -> Result<List<EventTriggerRecord>, Fault> {
    get(ADDRESS).await
}

pub async fn event_trigger(id: &str) -> Result<EventTriggerRecord, Fault> {
    get(&of(id)).await
}

/// `fields` is a trigger without its id; the server gives one.
pub async fn create_event_trigger(fields: &Value) -> Result<EventTriggerRecord, Fault> {
    post(ADDRESS, fields).await
}

pub async fn save_event_trigger(
    id: &str,
    version: u64,
    fields: &Value,
) -> Result<EventTriggerRecord, Fault> {
    put(&of(id), version, fields).await
}

pub async fn delete_event_trigger(id: &str) -> Result<(), Fault> {
    delete(&of(id)).await
}

pub async fn events(query: &EventsQuery) -> Result<List<EventEntry>, Fault> {
    let filters = [
        ("limit", Some(query.limit.unwrap_or(50).to_string())),
        ("cause", query.cause.map(|cause| cause.as_str().to_owned())),
        ("event", query.event.map(|kind| kind.as_str().to_owned())),
        (
            "outcome",
            query.outcome.map(|outcome| outcome.as_str().to_owned()),
        ),
        ("trigger", query.trigger.as_ref().map(ToString::to_string)),
        ("schedule", query.schedule.as_ref().map(ToString::to_string)),
        ("workflow", query.workflow.as_ref().map(ToString::to_string)),
        ("from", query.from.map(|at| at.to_string())),
        ("to", query.to.map(|at| at.to_string())),
        ("text", query.text.clone()),
        ("after", query.after.clone()),
    ];
    get(&format!("/console/events?{}", parameters(filters))).await
}
