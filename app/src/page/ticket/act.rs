//! The buttons above a ticket, and the dialog in which one writes what the action says.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{DeskActionRecord, RunbookSummary};
use shared::model::{DeskAction, SystemUse};

use super::Shown;
use crate::client;
use crate::load::Loaded;
use crate::ui::{
    Button, ButtonKind, Checkbox, CodeField, Dialog, Icon, Notice, Skeleton, Tone, announce,
};

#[component]
pub(super) fn ActionButtons(shown: Shown) -> impl IntoView {
    let actions = Loaded::new(|| async {
        let (actions, runbooks) = (client::desk_actions().await?, client::runbooks().await?);
        Ok::<_, client::Fault>(startable(actions.items, &runbooks.items))
    });
    let chosen = RwSignal::new(None::<DeskAction>);
    let note = DeskAction {
        name: "Note".to_owned(),
        system_use: SystemUse::None,
        runbook: None,
        variables: Vec::new(),
        outcome: None,
    };
    let button = move |action: DeskAction| {
        let icon = match action.system_use {
            SystemUse::QueueRunbook => Icon::Play,
            SystemUse::None => Icon::Note,
        };
        let name = action.name.clone();
        view! {
            <Button icon=icon on_press=move |()| chosen.set(Some(action.clone()))>{name}</Button>
        }
    };
    let buttons = move || match actions.state.get() {
        None => view! { <Skeleton lines=1 /> }.into_any(),
        Some(Ok(list)) => list.into_iter().map(button).collect_view().into_any(),
        Some(Err(fault)) => view! { <span class="muted">{fault.to_string()}</span> }.into_any(),
    };
    view! {
        <div class="action-bar" role="toolbar" aria-label="Actions">
            {buttons}
            {button(note)}
        </div>
        <ActDialog shown=shown chosen=chosen />
    }
    .into_any()
}

/// Leaves out what would only answer that it cannot start: actions of runbooks that are not published, or switched off.
fn startable(actions: Vec<DeskActionRecord>, runbooks: &[RunbookSummary]) -> Vec<DeskAction> {
    let starts = |action: &DeskAction| {
        action.system_use == SystemUse::None
            || runbooks.iter().any(|runbook| {
                action.runbook.as_ref() == Some(&runbook.id)
                    && runbook.enabled
                    && runbook.publication.version.is_some()
            })
    };
    actions
        .into_iter()
        .map(|record| record.value)
        .filter(starts)
        .collect()
}

#[component]
fn ActDialog(shown: Shown, chosen: RwSignal<Option<DeskAction>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let is_hidden = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let missing = RwSignal::new(None::<String>);
    // A text that was not sent is still there when the dialog is opened again.
    Effect::new(move |_| {
        if chosen.with(Option::is_some) {
            error.set(None);
            missing.set(None);
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            chosen.set(None);
        }
    });
    let title = Signal::derive(move || {
        chosen.with(|action| action.as_ref().map(|a| a.name.clone()).unwrap_or_default())
    });
    let queues = Signal::derive(move || {
        chosen.with(|action| {
            action
                .as_ref()
                .is_some_and(|a| a.system_use == SystemUse::QueueRunbook)
        })
    });
    let send = Callback::new(move |()| {
        let Some(action) = chosen.get_untracked() else {
            return;
        };
        let note = text.get_untracked();
        if note.trim().is_empty() {
            missing.set(Some(
                if queues.get_untracked() {
                    "Write something first; the runbook works with this text."
                } else {
                    "Write something first: there is nothing to add yet."
                }
                .to_owned(),
            ));
            return;
        }
        busy.set(true);
        let hidden = is_hidden.get_untracked();
        spawn_local(async move {
            let sent = client::add_action(shown.id, action.outcome(), &note, hidden).await;
            busy.set(false);
            match sent {
                Ok(_) => {
                    text.set(String::new());
                    is_hidden.set(false);
                    open.set(false);
                    announce(format!("{} added", action.name));
                    shown.follows.set(true);
                    shown.actions.again();
                    shown.runs.again();
                }
                Err(fault) => error.set(Some(fault.to_string())),
            }
        });
    });
    let verb = move || if queues.get() { "Start" } else { "Add" };
    view! {
        <Dialog title=title open=open>
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    send.run(());
                }
                on:keydown=move |event: leptos::ev::KeyboardEvent| {
                    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                        event.prevent_default();
                        send.run(());
                    }
                }
            >
                <CodeField
                    label="Note"
                    prose=true
                    value=text
                    error=missing
                    hint=Signal::derive(move || {
                        queues.get().then(|| "It becomes an action on the ticket, and the runbook starts with it.".to_owned())
                    })
                />
                <Checkbox label="Hidden from user" value=is_hidden hint="Only agents see it." />
                {move || {
                    error
                        .get()
                        .map(|text| view! { <div role="alert"><Notice tone=Tone::Bad>{text}</Notice></div> })
                }}
                <div class="dialog-actions">
                    <Button on_press=move |()| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary busy=busy submit=true hint="Ctrl Enter">{verb}</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
