//! One event trigger: which event, under which conditions, and what it starts.

use leptos::prelude::*;
use shared::api::EventTriggerRecord;
use shared::model::EventKind;

use super::conditions::{Conditioned, Conditions};
use super::draft::Draft;
use super::{kinds, to_settings};
use crate::client::{self, encoded};
use crate::editing::Editing;
use crate::frame::Crumb;
use crate::load::{Loaded, show_named};
use crate::page::deleting::{Deleting, told_in_toast};
use crate::page::edited::{EditedPage, NewPage};
use crate::page::filling::Filling;
use crate::page::runbooks::runbook_choices;
use crate::page::tokens::event_tokens;
use crate::route::Route;
use crate::ui::{Bound, ButtonLink, Icon, MenuItem, SelectField, Switch, in_address};

/// The page of one that is there.
#[component]
pub fn EventTrigger() -> impl IntoView {
    show_named(
        "event trigger",
        |id| async move { client::event_trigger(&id).await },
        |record| view! { <Editor record=record /> }.into_any(),
    )
}

/// The page of one that is being made; the address may name its runbook, or ask for the example.
#[component]
pub fn NewEventTrigger() -> impl IntoView {
    let runbook = in_address("runbook").peek();
    let draft = if in_address("example").peek().is_empty() {
        Draft::new(runbook)
    } else {
        Draft::example(runbook)
    };
    let editing = Editing::new(draft, 0);
    editing.forgive(Draft::fields);
    let create = Callback::new(move |()| {
        editing.create(|draft| async move {
            let record = client::create_event_trigger(&draft.fields()).await?;
            let page = Route::EventTrigger(record.value.id.to_string());
            Ok((Draft::of(record), page))
        });
    });
    view! {
        <NewPage
            editing=editing
            name=name(editing)
            crumbs=crumbs()
            class="stack stack-large form"
            on_create=create
        >
            <Fields draft=editing.draft />
        </NewPage>
    }
    .into_any()
}

fn crumbs() -> Vec<Crumb> {
    vec![
        to_settings(),
        Crumb::new("Events".to_owned(), Route::EventTriggers),
    ]
}

fn name(editing: Editing<Draft>) -> Bound<String> {
    Bound::of(
        editing.draft,
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    )
}

#[component]
fn Editor(record: EventTriggerRecord) -> impl IntoView {
    let id = StoredValue::new(record.value.id.to_string());
    let (draft, version) = Draft::of(record);
    let editing = Editing::new(draft, version);
    editing.forgive(Draft::fields);
    let save = Callback::new(move |()| {
        if editing.dirty().get_untracked() {
            editing.save(
                move |version, draft| async move {
                    let id = id.get_value();
                    client::save_event_trigger(&id, version, &draft.fields())
                        .await
                        .map(Draft::of)
                },
                || (),
            );
        }
    });
    let newest = move || async move {
        let record = client::event_trigger(&id.get_value()).await?;
        Ok(Draft::of(record))
    };
    let name = name(editing);
    let items = Signal::stored(vec![
        MenuItem::new("Delete event trigger", Icon::Trash, move || {
            delete(id.get_value(), &name.peek());
        })
        .danger(),
    ]);
    let log = format!("{}?trigger={}", Route::EventLog, encoded(&id.get_value()));
    view! {
        <EditedPage
            editing=editing
            name=name
            crumbs=crumbs()
            class="stack stack-large form"
            link=view! { <ButtonLink href=log>"Its events"</ButtonLink> }.into_any()
            menu=items
            on_save=save
            newest=newest
        >
            <Fields draft=editing.draft />
        </EditedPage>
    }
    .into_any()
}

#[component]
fn Fields(draft: RwSignal<Draft>) -> impl IntoView {
    let event = Bound::of(
        draft,
        |draft| draft.event.as_str().to_owned(),
        |draft, name| {
            if let Some(event) = EventKind::parse(&name) {
                draft.event = event;
            }
        },
    );
    let runbook = Bound::of(
        draft,
        |draft| draft.runbook.clone(),
        |draft, id| draft.runbook = id,
    );
    let enabled = Bound::of(draft, |draft| draft.enabled, |draft, on| draft.enabled = on);
    let when = Bound::of(
        draft,
        |draft| draft.when.clone(),
        |draft, when| draft.when = when,
    );
    let variables = Bound::of(
        draft,
        |draft| draft.variables.clone(),
        |draft, rows| draft.variables = rows,
    );
    let kind = Memo::new(move |_| draft.with(|draft| draft.event));
    let tokens = Memo::new(move |_| event_tokens(kind.get()));
    let runbooks = Loaded::new(client::runbooks);
    let choices = runbook_choices(runbooks, runbook.signal());
    view! {
        <section class="section">
            <h2>"What happens"</h2>
            <div class="stack">
                <SelectField label="Event" value=event choices=Signal::stored(kinds()) />
                <Conditions
                    of=Conditioned { when, event: kind.into() }
                    none="Without a condition, every such event starts the runbook."
                />
            </div>
        </section>
        <section class="section">
            <h2>"What it starts"</h2>
            <div class="stack">
                <SelectField label="Runbook" value=runbook choices=choices />
                <Filling runbook=runbook.signal() rows=variables tokens=tokens />
                <Switch
                    label="On"
                    hint="One that is off looks at no event."
                    value=enabled
                />
            </div>
        </section>
    }
    .into_any()
}

/// Deletes at once, and offers to take it back.
fn delete(id: String, name: &str) {
    let deleting = Deleting {
        kind: "event-triggers",
        id: id.clone(),
        done: format!("Deleted {name}"),
        list: Route::EventTriggers.to_string(),
        page: Route::EventTrigger(id.clone()),
    };
    let request = async move { client::delete_event_trigger(&id).await };
    deleting.send(request, told_in_toast);
}
