//! The dialog of an action: on a ticket it becomes an action there, of a user or an asset it starts a runbook.

mod draft;
mod fields;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use shared::action::{default_text, is_note_optional, record_variables, resource_of};
use shared::api::Press;
use shared::model::{ActsOn, DeskAction, RunId, SystemUse};

use self::draft::Draft;
use self::fields::field;
use crate::browser::unique;
use crate::client::{self, Fault};
use crate::ui::{
    Button, ButtonKind, Checkbox, CodeField, Dialog, Notice, Tone, announce, error_words,
    guard_unsaved,
};

/// What an action is taken on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    pub records: ActsOn,
    pub id: u64,
}

/// Opens when an action is chosen. `on_done` gets the run that a button started.
#[component]
pub fn ActDialog(
    target: Target,
    chosen: RwSignal<Option<DeskAction>>,
    #[prop(into)] on_done: Callback<Option<RunId>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    // What was not sent is still there when the dialog of its action is opened again, and is not offered in any other.
    let drafts = RwSignal::new(Vec::<Draft>::new());
    let shown = RwSignal::new(None::<Draft>);
    guard_unsaved(Signal::derive(move || {
        drafts.with(|drafts| drafts.iter().any(Draft::has_text))
    }));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let missing = RwSignal::new(None::<String>);
    // One press is one start, also where it is sent twice.
    let key = StoredValue::new(String::new());
    Effect::new(move |_| {
        let Some(action) = chosen.get() else { return };
        error.set(None);
        missing.set(None);
        key.set_value(unique());
        let kept = drafts.with_untracked(|drafts| {
            let mut drafts = drafts.iter();
            drafts.find(|draft| draft.action == action).cloned()
        });
        if kept.is_some() {
            shown.set(kept);
            open.set(true);
            return;
        }
        spawn_local(async move {
            let texts = first_texts(target, &action).await;
            if chosen.try_get_untracked().flatten().as_ref() != Some(&action) {
                return;
            }
            let draft = Draft::new(action, texts);
            drafts.update(|drafts| drafts.push(draft.clone()));
            shown.set(Some(draft));
            open.set(true);
        });
    });
    Effect::new(move |_| {
        if !open.get() {
            chosen.set(None);
        }
    });
    let title = Signal::derive(move || {
        shown.with(|draft| {
            draft
                .as_ref()
                .map(|draft| draft.action.name.clone())
                .unwrap_or_default()
        })
    });
    let on_ticket = target.records == ActsOn::Ticket;
    let send = Callback::new(move |()| {
        let Some(draft) = shown.get_untracked() else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        let action = draft.action.clone();
        let note = draft.note.get_untracked();
        missing.set(None);
        if on_ticket && !is_note_optional(&action) && note.trim().is_empty() {
            missing.set(Some(
                match action.system_use {
                    SystemUse::QueueRunbook => {
                        "Write something first; the runbook works with this text."
                    }
                    SystemUse::None => "Write something first: there is nothing to add yet.",
                }
                .to_owned(),
            ));
            return;
        }
        let Some(fields) = draft.read_fields() else {
            return;
        };
        busy.set(true);
        error.set(None);
        let hidden = draft.is_hidden.get_untracked();
        let key = key.get_value();
        spawn_local(async move {
            let sent = send_it(target, &action, &note, hidden, fields, &key).await;
            busy.set(false);
            match sent {
                Ok(run) => {
                    drafts.try_update(|drafts| drafts.retain(|draft| draft.action != action));
                    open.set(false);
                    announce(if on_ticket {
                        format!("{} added", action.name)
                    } else {
                        format!("{} started", action.name)
                    });
                    on_done.try_run(run);
                }
                Err(fault) => error.set(Some(fault.to_string())),
            }
        });
    });
    let queues = Memo::new(move |_| {
        shown.with(|draft| {
            let action = draft.as_ref().map(|draft| &draft.action);
            action.is_some_and(|action| action.system_use == SystemUse::QueueRunbook)
        })
    });
    let verb = move || if queues.get() { "Start" } else { "Add" };
    let entries = move || shown.get().map(|draft| entries(draft, on_ticket, missing));
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
                {entries}
                {move || {
                    error
                        .get()
                        .map(|text| view! { <div role="alert"><Notice tone=Tone::Bad>{error_words(&text)}</Notice></div> })
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

/// What is asked: the action's own fields, and on a ticket a note.
fn entries(draft: Draft, on_ticket: bool, missing: RwSignal<Option<String>>) -> AnyView {
    let Draft {
        action,
        note,
        is_hidden,
        asked,
    } = draft;
    let is_optional = is_note_optional(&action);
    let hint = (action.system_use == SystemUse::QueueRunbook)
        .then(|| "It becomes an action on the ticket, and the runbook starts with it.".to_owned());
    let controls = action.fields.into_iter().zip(asked);
    let fields = controls
        .map(|(one, asked)| field(one, asked))
        .collect_view();
    let rest = if on_ticket {
        let (note, is_hidden) = (RwSignal::from(note), RwSignal::from(is_hidden));
        view! {
            <CodeField
                label="Note"
                prose=true
                value=note
                error=missing
                optional=is_optional
                hint=hint
            />
            <Checkbox label="Hidden from user" value=is_hidden hint="Only agents see it." />
        }
        .into_any()
    } else {
        view! { <p class="muted">"It starts a runbook with what stands here."</p> }.into_any()
    };
    view! {
        {fields}
        {rest}
    }
    .into_any()
}

/// What the fields begin with. A record that cannot be read leaves them empty: they can be filled in by hand.
async fn first_texts(target: Target, action: &DeskAction) -> Vec<String> {
    let draws = action
        .fields
        .iter()
        .any(|field| field.default.contains("<<"));
    let record = if draws {
        client::record(resource_of(target.records), target.id)
            .await
            .ok()
    } else {
        None
    };
    let known = record_variables(target.records, &Value::Object(record.unwrap_or_default()));
    let fields = action.fields.iter();
    fields.map(|field| default_text(field, &known)).collect()
}

async fn send_it(
    target: Target,
    action: &DeskAction,
    note: &str,
    hidden: bool,
    customfields: Vec<Value>,
    key: &str,
) -> Result<Option<RunId>, Fault> {
    if target.records == ActsOn::Ticket {
        // Where the action itself says nothing of it, the desk's outcome may hide it.
        let hidden = (hidden || action.hidden_from_user).then_some(hidden);
        client::add_action(target.id, action.outcome(), note, hidden, customfields).await?;
        return Ok(None);
    }
    let press = Press {
        record_id: target.id,
        customfields,
    };
    let started = client::press_desk_action(&action.name, key, &press).await?;
    Ok(Some(started.run_id))
}
