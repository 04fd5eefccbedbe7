//! Which steps of ticket workflows start the runbook. They are set up on pages of their own.

use leptos::prelude::*;
use shared::model::{RunbookId, Workflow};
use shared::workflow::reason;

use crate::chart::Chart;
use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{ButtonLink, Icon, IconView, Skeleton};

/// A step that starts it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Starting {
    workflow: String,
    name: String,
    step: String,
    when: String,
    is_published: bool,
}

#[component]
pub(super) fn StartedByWorkflows(chart: Chart) -> impl IntoView {
    let runbook = StoredValue::new(chart.draft.with_untracked(|draft| draft.id.clone()));
    let steps = Loaded::new(move || starting(runbook.get_value()));
    let row = |one: Starting| {
        let href = format!(
            "{}?tab=chart&step={}",
            Route::Workflow(one.workflow),
            client::encoded(&one.step)
        );
        let state = (!one.is_published).then_some(", not published");
        view! {
            <li class="started-row">
                <IconView icon=Icon::Start />
                <span>
                    <a href=href>{one.name}</a>
                    " "
                    <span class="muted">{one.when} {state}</span>
                </span>
            </li>
        }
    };
    let list = move || {
        match steps.state.get() {
        None => view! { <Skeleton lines=1 /> }.into_any(),
        Some(Err(fault)) => view! { <p class="muted">{fault.to_string()}</p> }.into_any(),
        Some(Ok(steps)) if steps.is_empty() => view! {
            <p class="muted">
                "No workflow starts it yet. A step of a ticket workflow starts it when a ticket enters or leaves it, or stays in it for some time."
            </p>
        }
        .into_any(),
        Some(Ok(steps)) => {
            view! { <ul class="started">{steps.into_iter().map(row).collect_view()}</ul> }
                .into_any()
        }
    }
    };
    view! {
        <section class="stack">
            <h2>"Started by these workflow steps"</h2>
            {list}
            <div>
                <ButtonLink href=Route::Workflows.to_string()>"Workflows"</ButtonLink>
            </div>
        </section>
    }
    .into_any()
}

/// Reads the workflows that name the runbook.
async fn starting(runbook: RunbookId) -> Result<Vec<Starting>, Fault> {
    let all = client::workflows().await?.items.into_iter();
    let mut steps = Vec::new();
    for summary in all.filter(|one| one.runbooks.contains(&runbook)) {
        let record = client::workflow(&summary.id).await?;
        let is_published = summary.publication.version.is_some();
        steps.extend(steps_of(&record.record.value, &runbook, is_published));
    }
    Ok(steps)
}

fn steps_of(workflow: &Workflow, runbook: &RunbookId, is_published: bool) -> Vec<Starting> {
    let steps = workflow.steps.iter();
    let triggers = steps.flat_map(|step| step.triggers.iter().map(move |trigger| (step, trigger)));
    triggers
        .filter(|(_, trigger)| trigger.runbook == *runbook)
        .map(|(step, trigger)| Starting {
            workflow: workflow.id.to_string(),
            name: workflow.name.clone(),
            step: step.id.to_string(),
            when: reason(trigger.on, &step.name),
            is_published,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::model::strict;

    #[test]
    fn each_step_that_starts_it_is_told() {
        let written = br#"{"id": "wf", "name": "W", "first_step": "a", "steps": [
            {"id": "a", "name": "Triage", "triggers": [
                {"on": {"type": "entering"}, "runbook": "rb"},
                {"on": {"type": "staying", "minutes": 30}, "runbook": "rb"},
                {"on": {"type": "leaving"}, "runbook": "other"}]}]}"#;
        let workflow: Workflow = strict::from_slice(written).unwrap();
        let steps = steps_of(&workflow, &RunbookId::parse("rb").unwrap(), true);
        let told: Vec<_> = steps.iter().map(|one| one.when.as_str()).collect();
        assert_eq!(told, ["entering Triage", "being in Triage for 30 minutes"]);
    }
}
