//! Which desk actions start the runbook. They are documents of their own, and set up on pages of their own.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::DeskActionRecord;
use shared::model::ActsOn;

use crate::chart::Chart;
use crate::client::{self, encoded};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{ButtonLink, Icon, IconButton, IconView, Skeleton, toast, toast_undo};

#[component]
pub(super) fn StartedFrom(chart: Chart) -> impl IntoView {
    let runbook = StoredValue::new(chart.draft.with_untracked(|draft| draft.id.clone()));
    let actions = Loaded::new(client::desk_actions);
    let row = move |record: DeskActionRecord| {
        let action = record.record.value;
        let (icon, place) = match action.records {
            ActsOn::Ticket => (Icon::DeskAction, "on tickets"),
            ActsOn::User => (Icon::User, "on users"),
            ActsOn::Asset => (Icon::Screen, "on assets"),
        };
        let title = action.name;
        let name = StoredValue::new(title.clone());
        let label = format!("Delete the action {title}");
        let href = Route::Action(title.clone()).to_string();
        view! {
            <li class="started-row">
                <IconView icon=icon />
                <span>
                    <a href=href>{title}</a>
                    " "
                    <span class="muted">{place}</span>
                </span>
                <IconButton
                    icon=Icon::Trash
                    label=label
                    on_press=move |()| delete(name.get_value(), actions)
                />
            </li>
        }
    };
    let list = move || match actions.state.get() {
        None => view! { <Skeleton lines=1 /> }.into_any(),
        Some(Err(fault)) => view! { <p class="muted">{fault.to_string()}</p> }.into_any(),
        Some(Ok(list)) => {
            let own: Vec<_> = list
                .items
                .into_iter()
                .filter(|record| runbook.with_value(|id| record.record.value.queues() == Some(id)))
                .collect();
            if own.is_empty() {
                view! {
                    <p class="muted">
                        "No action starts it yet. An action is a button on a ticket, a user or an asset: whoever presses it is asked what the runbook needs to know, and it runs."
                    </p>
                }
                .into_any()
            } else {
                view! { <ul class="started">{own.into_iter().map(row).collect_view()}</ul> }
                    .into_any()
            }
        }
    };
    let new =
        runbook.with_value(|id| format!("{}?runbook={}", Route::NewAction, encoded(id.as_str())));
    view! {
        <section class="stack">
            <h2>"Started by these actions"</h2>
            <p class="muted">
                "Tickets, users and assets show the buttons while the runbook is published and accepts starts. What an action asks, where it is offered and what it hands over is set up on its own page. Deleting one here counts at once."
            </p>
            {list}
            <div>
                <ButtonLink href=new icon=Icon::Plus>"New action"</ButtonLink>
            </div>
        </section>
    }
    .into_any()
}

fn delete(name: String, actions: Loaded<shared::api::List<DeskActionRecord>>) {
    spawn_local(async move {
        match client::delete_desk_action(&name).await {
            Ok(()) => {
                actions.again();
                toast_undo(format!("Deleted the action {name}"), move || {
                    let name = name.clone();
                    spawn_local(async move {
                        match client::restore("desk-actions", &name).await {
                            Ok(()) => actions.again(),
                            Err(fault) => toast(fault.to_string()),
                        }
                    });
                });
            }
            Err(fault) => toast(fault.to_string()),
        }
    });
}
