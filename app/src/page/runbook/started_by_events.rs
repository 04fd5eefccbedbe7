//! Which event triggers start the runbook. They are set up on pages of their own.

use leptos::prelude::*;
use shared::api::EventTriggerRecord;

use crate::chart::Chart;
use crate::client::{self, encoded};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{ButtonLink, Icon, IconView, Skeleton};

#[component]
pub(super) fn StartedByEvents(chart: Chart) -> impl IntoView {
    let runbook = StoredValue::new(chart.draft.with_untracked(|draft| draft.id.clone()));
    let triggers = Loaded::new(client::event_triggers);
    let row = |record: EventTriggerRecord| {
        let trigger = record.value;
        let href = Route::EventTrigger(trigger.id.to_string()).to_string();
        let state = (!trigger.enabled).then_some(", off");
        view! {
            <li class="started-row">
                <IconView icon=Icon::Start />
                <span>
                    <a href=href>{trigger.title().to_owned()}</a>
                    " "
                    <span class="muted">{trigger.event.title()} {state}</span>
                </span>
            </li>
        }
    };
    let list = move || match triggers.state.get() {
        None => view! { <Skeleton lines=1 /> }.into_any(),
        Some(Err(fault)) => view! { <p class="muted">{fault.to_string()}</p> }.into_any(),
        Some(Ok(list)) => {
            let own: Vec<_> = list
                .items
                .into_iter()
                .filter(|record| runbook.with_value(|id| record.value.runbook == *id))
                .collect();
            if own.is_empty() {
                view! {
                    <p class="muted">
                        "No event starts it yet. An event trigger starts it when something happens at the desk, such as a ticket being closed."
                    </p>
                }
                .into_any()
            } else {
                view! { <ul class="started">{own.into_iter().map(row).collect_view()}</ul> }
                    .into_any()
            }
        }
    };
    let new = runbook.with_value(|id| {
        format!(
            "{}?runbook={}",
            Route::NewEventTrigger,
            encoded(id.as_str())
        )
    });
    view! {
        <section class="stack">
            <h2>"Started by these events"</h2>
            {list}
            <div>
                <ButtonLink href=new icon=Icon::Plus>"New event trigger"</ButtonLink>
            </div>
        </section>
    }
    .into_any()
}
