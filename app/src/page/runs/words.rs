//! Runs in words.

use leptos::prelude::*;
use shared::engine::{RunStatus, RunSummary, StartedBy};
use shared::model::ActsOn;

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
pub fn started_by(run: &RunSummary) -> String {
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

pub(super) fn status_word(status: RunStatus) -> &'static str {
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
