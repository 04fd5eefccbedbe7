//! Which desk actions start the runbook. They are documents of their own and are saved at once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::DeskActionRecord;
use shared::model::{DeskAction, RunbookId, SystemUse};

use crate::chart::Chart;
use crate::client;
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{
    Button, Icon, IconButton, IconView, Skeleton, TextField, announce, toast, toast_undo,
};

#[component]
pub(super) fn StartedFrom(chart: Chart) -> impl IntoView {
    let runbook = StoredValue::new(chart.draft.with_untracked(|draft| draft.id.clone()));
    let actions = Loaded::new(client::desk_actions);
    let name = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let add = move |()| {
        let wanted = name.get_untracked().trim().to_owned();
        if wanted.is_empty() {
            error.set(Some(
                "Give the action a name; it is what the button on the ticket says.".to_owned(),
            ));
            return;
        }
        let taken = actions.value().is_some_and(|all| {
            all.items
                .iter()
                .any(|a| a.record.value.name.eq_ignore_ascii_case(&wanted))
        });
        if taken {
            error.set(Some("An action of that name exists already.".to_owned()));
            return;
        }
        let action = action_for(wanted, runbook.get_value());
        spawn_local(async move {
            match client::create_desk_action(&action).await {
                Ok(_) => {
                    name.set(String::new());
                    error.set(None);
                    announce(format!("Added the action {}", action.name));
                    actions.again();
                }
                Err(fault) => error.set(Some(fault.to_string())),
            }
        });
    };
    let row = move |record: DeskActionRecord| {
        let title = record.record.value.name;
        let name = StoredValue::new(title.clone());
        let label = format!("Delete the action {title}");
        let href = Route::Action(title.clone()).to_string();
        view! {
            <li class="started-row">
                <IconView icon=Icon::DeskAction />
                <a href=href>{title}</a>
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
                        "No action starts it yet. An action is a button on the ticket: whoever presses it writes a note, and this runbook runs."
                    </p>
                }
                .into_any()
            } else {
                view! { <ul class="started">{own.into_iter().map(row).collect_view()}</ul> }
                    .into_any()
            }
        }
    };
    view! {
        <section class="stack">
            <h2>"Started by these actions on a ticket"</h2>
            <p class="muted">
                "What is changed here is saved at once. Tickets show the buttons while the runbook is published and accepts starts. What an action asks, where it is offered and what it hands over is set up on its own page."
            </p>
            {list}
            <div class="started-add">
                <TextField
                    label="New action"
                    value=name
                    error=error
                    example="Ask ChatGPT a Question"
                    on_enter=add
                />
                <Button icon=Icon::Plus on_press=add>"Add the action"</Button>
            </div>
        </section>
    }
    .into_any()
}

fn action_for(name: String, runbook: RunbookId) -> DeskAction {
    DeskAction {
        name,
        system_use: SystemUse::QueueRunbook,
        runbook: Some(runbook),
        ..DeskAction::default()
    }
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
