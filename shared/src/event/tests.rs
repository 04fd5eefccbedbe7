//! Which changes are which events, and what triggers make of them.

mod checks;
mod conditions;
mod documents;
mod kinds;

use serde_json::{Value, json};

use super::*;
use crate::condition::{Operator, Row, Term, When};
use crate::desk::service_level::{Goal, Milestone, Told};
use crate::desk::{DeskEvent, EventSource, States};
use crate::engine::PlanDocument;
use crate::model::{EventKind, EventTrigger, NamedTemplate, RecordChange, RecordKind, Runbook};
use crate::start::{DeskStart, desk_variables};

fn states(before: Value, after: Value) -> States {
    let state = |value: Value| (!value.is_null()).then_some(value);
    States {
        before: state(before),
        after: state(after),
        left_out: false,
    }
}

fn of_ticket(change: RecordChange, states: Option<States>) -> DeskEvent {
    DeskEvent::TicketChanged {
        event_id: "u-0".to_owned(),
        ticket_id: 7,
        change,
        states,
        source: EventSource::Person,
        depth: 0,
    }
}

fn ticket(more: &Value) -> Value {
    let mut ticket = json!({
        "id": 7, "summary": "Printer", "status_id": 1, "status": {"id": 1, "name": "New"}, "agent_id": null,
        "agent": null, "team": null, "dateclosed": null, "last_update": "2026-01-01T00:00:00.000Z",
    });
    for (name, value) in more.as_object().unwrap() {
        ticket[name] = value.clone();
    }
    ticket
}

fn closed() -> Value {
    ticket(&json!({
        "status_id": 9, "status": {"id": 9, "name": "Closed"}, "dateclosed": "2026-01-02T00:00:00.000Z",
        "last_update": "2026-01-02T00:00:00.000Z",
    }))
}

fn of_action(action: &Value) -> DeskEvent {
    DeskEvent::ActionAdded {
        event_id: "u-0".to_owned(),
        ticket: ticket(&json!({})),
        action: action.clone(),
        source: EventSource::Person,
        depth: 0,
    }
}

fn of_record(kind: RecordKind, change: RecordChange, states: States) -> DeskEvent {
    DeskEvent::RecordChanged {
        event_id: "u-0".to_owned(),
        kind,
        id: 3,
        change,
        states,
        source: EventSource::Application,
        depth: 0,
    }
}

fn trigger(event: EventKind, when: &When) -> EventTrigger {
    let trigger = json!({"id": "tr", "event": event, "runbook": "rb", "when": when});
    serde_json::from_value(trigger).unwrap()
}

fn look(event: &DeskEvent, when: &When) -> Watched {
    let documents = Subject::of(event).unwrap().documents();
    let variables = desk_variables(&DeskStart {
        overrides: &[],
        documents: &documents,
        halo_url: "https://desk.test",
    })
    .unwrap();
    Watch::new(trigger(EventKind::TicketUpdated, when)).look(&variables)
}

fn asked(path: &str, test: Test) -> When {
    let test = FieldTest {
        path: path.to_owned(),
        test,
    };
    When::All(vec![test.term().unwrap()])
}
