//! Runs in words.

use leptos::prelude::*;
use shared::engine::{RunStatus, RunSummary, StartedBy};
use shared::model::{ActsOn, RecordKind};

use crate::page::event_words::{record_route, record_word};
use crate::route::Route;
use crate::ui::{Badge, Tone};

pub(super) const STATUSES: [RunStatus; 6] = [
    RunStatus::Queued,
    RunStatus::Running,
    RunStatus::Waiting,
    RunStatus::Succeeded,
    RunStatus::Failed,
    RunStatus::Cancelled,
];

/// What started a run.
pub(super) fn started_by(run: &RunSummary) -> String {
    let what = match &run.started_by {
        StartedBy::Public => "Public address".to_owned(),
        StartedBy::Action { name, ticket_id } => format!("Ticket {ticket_id}: {name}"),
        StartedBy::Button {
            name,
            records,
            record_name,
            ..
        } => {
            let what = match records {
                ActsOn::Ticket => "Ticket",
                ActsOn::User => "User",
                ActsOn::Asset => "Asset",
            };
            format!("{what} {record_name}: {name}")
        }
        StartedBy::Event {
            event, record_id, ..
        } => format!(
            "Event {}: {} {record_id}",
            event.title(),
            record_word(event.record())
        ),
        StartedBy::Schedule {
            name, ticket_id, ..
        } => match ticket_id {
            Some(ticket_id) => format!("Schedule {name}: ticket {ticket_id}"),
            None => format!("Schedule {name}"),
        },
        StartedBy::Workflow {
            step_name,
            ticket_id,
            ..
        } => format!("Workflow step {step_name}: ticket {ticket_id}"),
        StartedBy::Console => "Console".to_owned(),
        StartedBy::Runbook { name, .. } => format!("Runbook {name}"),
        StartedBy::Replay {
            step_name: Some(step),
            ..
        } => format!("Replay from {step}"),
        StartedBy::Replay { .. } => "Replay".to_owned(),
    };
    if run.version.is_none() {
        return format!("{what}, test of the draft");
    }
    what
}

/// What started a run, with the way to it.
pub fn started_by_link(run: &RunSummary) -> AnyView {
    let to = match &run.started_by {
        StartedBy::Public | StartedBy::Console => None,
        StartedBy::Action { ticket_id, .. } | StartedBy::Workflow { ticket_id, .. } => {
            Some(Route::Ticket(ticket_id.to_string()))
        }
        StartedBy::Schedule {
            schedule,
            ticket_id,
            ..
        } => Some(match ticket_id {
            Some(ticket_id) => Route::Ticket(ticket_id.to_string()),
            None => Route::Schedule(schedule.to_string()),
        }),
        StartedBy::Button {
            records, record_id, ..
        } => {
            let record = match records {
                ActsOn::Ticket => RecordKind::Ticket,
                ActsOn::User => RecordKind::User,
                ActsOn::Asset => RecordKind::Asset,
            };
            Some(record_route(record, *record_id))
        }
        StartedBy::Event {
            event, record_id, ..
        } => Some(record_route(event.record(), *record_id)),
        StartedBy::Runbook { run_id, .. } | StartedBy::Replay { run_id, .. } => {
            Some(Route::Run(run_id.to_string()))
        }
    };
    let words = started_by(run);
    match to {
        Some(to) => view! { <a href=to.to_string()>{words}</a> }.into_any(),
        None => words.into_any(),
    }
}

/// What on a ticket started a run, and that it was late.
pub fn started_on_ticket(run: &RunSummary) -> Option<String> {
    on_ticket(&run.started_by)
}

fn on_ticket(started_by: &StartedBy) -> Option<String> {
    let words = cause_on_ticket(started_by)?;
    Some(match started_by.late() {
        Some(late) => format!("{words}. {late}"),
        None => words,
    })
}

fn cause_on_ticket(started_by: &StartedBy) -> Option<String> {
    match started_by {
        StartedBy::Action { name, .. } => Some(format!("started by action {name}")),
        StartedBy::Event { event, .. } => Some(format!("started by event {}", event.title())),
        StartedBy::Schedule { name, .. } => Some(format!("started by schedule {name}")),
        StartedBy::Workflow { step_name, .. } => {
            Some(format!("started by workflow step {step_name}"))
        }
        StartedBy::Replay { .. } => Some("replayed".to_owned()),
        StartedBy::Public
        | StartedBy::Button { .. }
        | StartedBy::Console
        | StartedBy::Runbook { .. } => None,
    }
}

/// A run's status: icon and word.
#[component]
pub fn StatusBadge(#[prop(into)] status: Signal<RunStatus>) -> impl IntoView {
    let tone = Signal::derive(move || match status.get() {
        RunStatus::Queued => Tone::Neutral,
        RunStatus::Running | RunStatus::Waiting => Tone::Active,
        RunStatus::Succeeded => Tone::Good,
        RunStatus::Failed => Tone::Bad,
        RunStatus::Cancelled => Tone::Warning,
    });
    let label = Signal::derive(move || status_word(status.get()).to_owned());
    view! { <Badge tone=tone label=label /> }.into_any()
}

pub fn status_word(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Queued => "Queued",
        RunStatus::Running => "Running",
        RunStatus::Waiting => "Waiting",
        RunStatus::Succeeded => "Succeeded",
        RunStatus::Failed => "Failed",
        RunStatus::Cancelled => "Cancelled",
    }
}

/// "1 run", "2 runs".
pub(super) fn runs(count: usize) -> String {
    let word = if count == 1 { "run" } else { "runs" };
    format!("{count} {word}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_ticket_says_what_started_a_run_and_that_it_was_late() {
        let step = json!({
            "type": "workflow", "workflow": "wf", "name": "Incidents", "step": "triage", "step_name": "Triage",
            "reason": "being in Triage for 30 minutes", "ticket_id": 7, "depth": 0,
        });
        let event = json!({
            "type": "event", "event": "ticket_deadline", "trigger": "tr", "name": "Hurry", "record_id": 7, "depth": 0,
        });
        let is_late = |started_by: &Value| {
            let mut late = started_by.clone();
            late["late"] = json!("It was due an hour before.");
            late
        };
        let (late_step, late_event) = (is_late(&step), is_late(&event));
        for (started_by, expected) in [
            (step, Some("started by workflow step Triage")),
            (
                late_step,
                Some("started by workflow step Triage. It was due an hour before."),
            ),
            (event, Some("started by event Ticket Deadline")),
            (
                late_event,
                Some("started by event Ticket Deadline. It was due an hour before."),
            ),
            (json!({"type": "console"}), None),
        ] {
            let started_by: StartedBy = serde_json::from_value(started_by).unwrap();
            assert_eq!(on_ticket(&started_by).as_deref(), expected);
        }
    }
}
