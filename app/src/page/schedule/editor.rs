//! One schedule: when it comes due, and what it starts.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::ScheduleRecord;

use super::by_clock::ByClock;
use super::by_date::ByDate;
use super::draft::{Draft, Kind};
use super::report::{Coming, Report, RowErrors};
use super::to_settings;
use crate::browser;
use crate::client::{self, encoded};
use crate::editing::Editing;
use crate::frame::Crumb;
use crate::load::{Loaded, show_named};
use crate::page::deleting::{Deleting, told_in_toast};
use crate::page::edited::{EditedPage, NewPage};
use crate::page::filling::Filling;
use crate::page::runbooks::runbook_choices;
use crate::page::tokens::schedule_tokens;
use crate::route::Route;
use crate::ui::field::{Choice, Segments};
use crate::ui::unsaved::go;
use crate::ui::{
    Bound, ButtonLink, Combobox, Icon, MenuItem, SelectField, Switch, in_address, toast,
};

/// The page of one that is there.
#[component]
pub fn Schedule() -> impl IntoView {
    show_named(
        "schedule",
        |id| async move { client::schedule(&id).await },
        |record| view! { <Editor record=record /> }.into_any(),
    )
}

/// The page of one that is being made; the address may name its runbook, or ask for the example.
#[component]
pub fn NewSchedule() -> impl IntoView {
    let runbook = in_address("runbook").peek();
    let zone = browser::own_time_zone();
    let draft = if in_address("example").peek().is_empty() {
        Draft::new(runbook, zone)
    } else {
        Draft::example(runbook, zone)
    };
    let editing = Editing::new(draft, 0);
    let report = Report::of(editing.draft, true);
    let create = Callback::new(move |()| {
        report.tried();
        editing.create(|draft| async move {
            let record = client::create_schedule(&draft.fields()).await?;
            let page = Route::Schedule(record.record.value.id.to_string());
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
            <Fields draft=editing.draft report=report />
        </NewPage>
    }
    .into_any()
}

fn crumbs() -> Vec<Crumb> {
    vec![
        to_settings(),
        Crumb::new("Schedules".to_owned(), Route::Schedules),
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
fn Editor(record: ScheduleRecord) -> impl IntoView {
    let id = StoredValue::new(record.record.value.id.to_string());
    let (draft, version) = Draft::of(record);
    let editing = Editing::new(draft, version);
    let report = Report::of(editing.draft, false);
    let save = Callback::new(move |()| {
        if editing.dirty().get_untracked() {
            editing.save(
                move |version, draft| async move {
                    let id = id.get_value();
                    client::save_schedule(&id, version, &draft.fields())
                        .await
                        .map(Draft::of)
                },
                || (),
            );
        }
    });
    let newest = move || async move {
        let record = client::schedule(&id.get_value()).await?;
        Ok(Draft::of(record))
    };
    let name = name(editing);
    let by_clock = Memo::new(move |_| editing.saved.with(|saved| saved.kind == Kind::Clock));
    let starting = RwSignal::new(false);
    let items = Signal::derive(move || {
        let mut items = Vec::new();
        if by_clock.get() {
            items.push(MenuItem::new("Start now", Icon::Start, move || {
                start(id.get_value(), starting);
            }));
        }
        let delete = MenuItem::new("Delete schedule", Icon::Trash, move || {
            delete(id.get_value(), &name.peek());
        });
        items.push(delete.danger());
        items
    });
    let log = format!("{}?schedule={}", Route::EventLog, encoded(&id.get_value()));
    view! {
        <EditedPage
            editing=editing
            name=name
            crumbs=crumbs()
            class="stack stack-large form"
            link=view! { <ButtonLink href=log>"Its starts"</ButtonLink> }.into_any()
            menu=items
            on_save=save
            newest=newest
        >
            <Fields draft=editing.draft report=report />
        </EditedPage>
    }
    .into_any()
}

#[component]
fn Fields(draft: RwSignal<Draft>, report: Report) -> impl IntoView {
    let choices = Loaded::new(client::schedule_choices);
    let kind = Bound::of(
        draft,
        |draft| draft.kind.name().to_owned(),
        |draft, name| draft.kind = Kind::named(&name),
    );
    let kinds = vec![
        Choice::new(Kind::Clock.name(), "At times of the clock"),
        Choice::new(Kind::Before.name(), "Before a date of tickets"),
        Choice::new(Kind::After.name(), "After a date of tickets"),
    ];
    let by_clock = Memo::new(move |_| draft.with(|draft| draft.kind == Kind::Clock));
    let zone = Bound::of(
        draft,
        |draft| draft.time_zone.clone(),
        |draft, zone| draft.time_zone = zone,
    );
    let zones = Signal::derive(move || {
        let known = choices.value().unwrap_or_default().time_zones;
        let names = known.into_iter();
        names
            .map(|name| Choice::new(name.clone(), name))
            .collect::<Vec<_>>()
    });
    let zone_hint = Signal::derive(move || {
        let hint = if by_clock.get() {
            "The times are those that its clocks show, also where they are moved for summer."
        } else {
            "A date without a time means the start of that day here."
        };
        Some(hint.to_owned())
    });
    view! {
        <section class="section">
            <h2>"When"</h2>
            <div class="stack">
                <Segments label="Comes due" value=kind choices=kinds />
                <Show
                    when=move || by_clock.get()
                    fallback=move || view! { <ByDate draft=draft report=report choices=choices /> }
                >
                    <ByClock draft=draft report=report />
                </Show>
                <Combobox
                    label="Time zone"
                    value=zone
                    choices=zones
                    free=true
                    hint=zone_hint
                    error=report.error("time_zone")
                />
                <Coming report=report zone=zone.signal() />
            </div>
        </section>
        <Starts draft=draft report=report />
    }
    .into_any()
}

#[component]
fn Starts(draft: RwSignal<Draft>, report: Report) -> impl IntoView {
    let runbook = Bound::of(
        draft,
        |draft| draft.runbook.clone(),
        |draft, id| draft.runbook = id,
    );
    let enabled = Bound::of(draft, |draft| draft.enabled, |draft, on| draft.enabled = on);
    let variables = Bound::of(
        draft,
        |draft| draft.variables.clone(),
        |draft, rows| draft.variables = rows,
    );
    let tokens = Memo::new(move |_| schedule_tokens(draft.with(|draft| draft.kind != Kind::Clock)));
    let runbooks = Loaded::new(client::runbooks);
    let choices = runbook_choices(runbooks, runbook.signal());
    view! {
        <section class="section">
            <h2>"What it starts"</h2>
            <div class="stack">
                <SelectField
                    label="Runbook"
                    value=runbook
                    choices=choices
                    error=report.error("runbook")
                />
                <Filling runbook=runbook.signal() rows=variables tokens=tokens />
                <RowErrors report=report place="variables" />
                <Switch
                    label="On"
                    hint="One that is off starts nothing, and does not make up for it when it is switched on again."
                    value=enabled
                />
            </div>
        </section>
    }
    .into_any()
}

/// Starts its runbook at once, and leads to the run.
fn start(id: String, starting: RwSignal<bool>) {
    if starting.get_untracked() {
        return;
    }
    starting.set(true);
    let key = browser::unique();
    spawn_local(async move {
        let answer = client::start_schedule(&id, &key).await;
        starting.try_set(false);
        match answer {
            Ok(answer) => go(Route::Run(answer.run_id.to_string())),
            Err(fault) => toast(format!("It was not started. {fault}")),
        }
    });
}

/// Deletes at once, and offers to take it back.
fn delete(id: String, name: &str) {
    let deleting = Deleting {
        kind: "schedules",
        id: id.clone(),
        done: format!("Deleted {name}"),
        list: Route::Schedules.to_string(),
        page: Route::Schedule(id.clone()),
    };
    let request = async move { client::delete_schedule(&id).await };
    deleting.send(request, told_in_toast);
}
