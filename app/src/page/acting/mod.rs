//! The dialog of an action: on a ticket it becomes an action there, of a user or an asset it starts a runbook.

mod fields;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use shared::action::{default_text, entered, record_variables, resource_of};
use shared::api::Press;
use shared::model::{ActsOn, DeskAction, RunId, SystemUse};

use self::fields::{Asked, field};
use crate::browser::unique;
use crate::client::{self, Fault};
use crate::ui::{Button, ButtonKind, Checkbox, CodeField, Dialog, Notice, Tone, announce};

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
    let text = RwSignal::new(String::new());
    let is_hidden = RwSignal::new(false);
    let asked = RwSignal::new(Vec::<Asked>::new());
    // The action that the fields belong to, as long as they hold what was not sent.
    let filled = StoredValue::new(None::<DeskAction>);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let missing = RwSignal::new(None::<String>);
    // One press is one start, also where it is sent twice.
    let key = StoredValue::new(String::new());
    // What was not sent is still there when the dialog is opened again.
    Effect::new(move |_| {
        let Some(action) = chosen.get() else { return };
        error.set(None);
        missing.set(None);
        key.set_value(unique());
        if filled.with_value(|filled| filled.as_ref() == Some(&action)) {
            open.set(true);
            return;
        }
        spawn_local(async move {
            let texts = first_texts(target, &action).await;
            if chosen.try_get_untracked().flatten().as_ref() != Some(&action) {
                return;
            }
            asked.set(texts.into_iter().map(Asked::new).collect());
            is_hidden.set(action.hidden_from_user);
            filled.set_value(Some(action));
            open.set(true);
        });
    });
    Effect::new(move |_| {
        if !open.get() {
            chosen.set(None);
        }
    });
    let of_chosen = move |read: fn(&DeskAction) -> bool| {
        Memo::new(move |_| chosen.with(|action| action.as_ref().is_some_and(read)))
    };
    let title = Signal::derive(move || {
        chosen.with(|action| action.as_ref().map(|a| a.name.clone()).unwrap_or_default())
    });
    let queues = of_chosen(|action| action.system_use == SystemUse::QueueRunbook);
    let needs_note = of_chosen(|action| action.fields.is_empty());
    let on_ticket = target.records == ActsOn::Ticket;
    let send = Callback::new(move |()| {
        let Some(action) = chosen.get_untracked() else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        let note = text.get_untracked();
        missing.set(None);
        if on_ticket && needs_note.get_untracked() && note.trim().is_empty() {
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
        let Some(fields) = read_fields(&action, asked) else {
            return;
        };
        busy.set(true);
        error.set(None);
        let hidden = is_hidden.get_untracked();
        spawn_local(async move {
            let sent = send_it(target, &action, &note, hidden, fields, &key.get_value()).await;
            busy.set(false);
            match sent {
                Ok(run) => {
                    text.set(String::new());
                    filled.try_set_value(None);
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
    let verb = move || if queues.get() { "Start" } else { "Add" };
    let shown_fields = move || {
        let action = chosen.get_untracked().unwrap_or_default();
        let asked = asked.get();
        let controls = action.fields.into_iter().zip(asked);
        controls
            .map(|(one, asked)| field(one, asked))
            .collect_view()
    };
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
                {shown_fields}
                {on_ticket
                    .then(|| {
                        view! {
                            <CodeField
                                label="Note"
                                prose=true
                                value=text
                                error=missing
                                optional=!needs_note.get_untracked()
                                hint=Signal::derive(move || {
                                    queues.get().then(|| "It becomes an action on the ticket, and the runbook starts with it.".to_owned())
                                })
                            />
                            <Checkbox label="Hidden from user" value=is_hidden hint="Only agents see it." />
                        }
                    })}
                {(!on_ticket).then(|| view! { <p class="muted">"It starts a runbook with what stands here."</p> })}
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

/// The values of the fields, or what is wrong at each of them.
fn read_fields(action: &DeskAction, asked: RwSignal<Vec<Asked>>) -> Option<Vec<Value>> {
    let asked = asked.get_untracked();
    let texts: Vec<String> = asked.iter().map(|one| one.text.get_untracked()).collect();
    for one in &asked {
        one.error.set(None);
    }
    match entered(action, &texts) {
        Ok(values) => Some(values),
        Err(errors) => {
            for (place, error) in errors {
                if let Some(one) = asked.get(place) {
                    one.error.set(Some(error.message));
                }
            }
            announce("Not sent: some fields need another value");
            None
        }
    }
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
