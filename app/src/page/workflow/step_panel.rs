//! The side panel: what the selected step does to a ticket, what is allowed in it, and what it starts.

use leptos::prelude::*;
use shared::model::{StepId, Workflow, WorkflowStep};

use super::actions::Actions;
use super::triggers::Triggers;
use crate::chart::{Chart, Selection};
use crate::page::drafting::{
    first_step_field, panel_head, step_commands, step_field, step_name, step_problems,
};
use crate::ui::field::Choice;
use crate::ui::{SelectField, TextField};

/// What is selected; nothing where that is nothing.
#[component]
pub(super) fn StepPanel(chart: Chart<Workflow>) -> impl IntoView {
    // Made anew only for another step, so that a field keeps its focus while one types.
    let shown = Memo::new(move |_| {
        let selected = chart.selected.get()?;
        if let Selection::Step(id) = &selected {
            chart.draft.with(|draft| draft.step(id).map(|_| ()))?;
        }
        Some(selected)
    });
    (move || match shown.get() {
        None => ().into_any(),
        Some(Selection::Start) => start_panel(chart),
        Some(Selection::Step(id)) => step_panel(chart, &id),
    })
    .into_any()
}

fn start_panel(chart: Chart<Workflow>) -> AnyView {
    view! {
        <div class="panel stack">
            {panel_head(chart, "Start")}
            {first_step_field(chart)}
            <p class="muted">
                "Which ticket types enter it is set under " <a href="?tab=details">"Details"</a> "."
            </p>
        </div>
    }
    .into_any()
}

fn step_panel(chart: Chart<Workflow>, id: &StepId) -> AnyView {
    let status = step_field(
        chart,
        id,
        "Change the status",
        |step: &WorkflowStep| step.status_id.map(|id| id.to_string()).unwrap_or_default(),
        |step, id: String| step.status_id = id.parse().ok(),
    );
    let statuses = Signal::derive(move || {
        let desk = chart.known.get();
        let chosen = status.get();
        let mut choices = vec![Choice::new("", "Stays as it is")];
        let listed = desk.statuses.iter();
        choices.extend(listed.map(|(id, name)| Choice::new(id.to_string(), name.clone())));
        if choices.iter().all(|choice| choice.value != chosen) {
            choices.push(Choice::new(chosen, "A status that is not there"));
        }
        choices
    });
    view! {
        <div class="panel stack">
            {panel_head(chart, "Step")}
            <TextField label="Name" value=step_name(chart, id) />
            {step_problems(chart, id)}
            <SelectField label="Status on entering" value=status choices=statuses />
            <Actions chart=chart step=id.clone() />
            <Triggers chart=chart step=id.clone() />
            {step_commands(chart, id)}
        </div>
    }
    .into_any()
}
