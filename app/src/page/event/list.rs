//! All event triggers.

use leptos::prelude::*;
use shared::api::EventTriggerRecord;

use super::to_settings;
use crate::client;
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::page::pending::track_settled;
use crate::page::runbooks::name_in;
use crate::route::Route;
use crate::ui::{
    Badge, ButtonKind, ButtonLink, Cell, Column, EmptyState, Icon, Row, SortKey, Table, Tone,
};

/// The page.
#[component]
pub fn EventTriggers() -> impl IntoView {
    let list = Loaded::new(|| {
        track_settled();
        client::event_triggers()
    });
    let runbooks = Loaded::new(client::runbooks);
    let state = list.table("event triggers", move |list| {
        let runbooks = runbooks.value().map(|list| list.items).unwrap_or_default();
        let rows = list.items.iter();
        rows.map(|item| row(item, name_in(&runbooks, &item.value.runbook)))
            .collect()
    });
    view! {
        <PageHeader title="Events" crumbs=vec![to_settings()]>
            <ButtonLink href=Route::EventLog.to_string()>"Events log"</ButtonLink>
            <ButtonLink kind=ButtonKind::Primary href=Route::NewEventTrigger.to_string() icon=Icon::Plus>
                "New event trigger"
            </ButtonLink>
        </PageHeader>
        <div class="page page-wide">
            <Table
                label="Event triggers"
                columns=vec![
                    Column::new("Name").sorts(),
                    Column::new("Event").sorts(),
                    Column::new("Runbook").sorts().secondary(),
                    Column::new("State").width("7rem"),
                ]
                state=state
                empty=nothing_yet
                on_retry=Callback::new(move |()| list.again())
            />
        </div>
    }
    .into_any()
}

fn nothing_yet() -> AnyView {
    let example = format!("{}?example=closed", Route::NewEventTrigger);
    view! {
        <EmptyState
            icon=Icon::Start
            title="No event triggers yet"
            text="A trigger starts a runbook when something happens at the desk, such as a ticket being closed. Its conditions look at the record before and after the change."
        >
            <ButtonLink href=Route::NewEventTrigger.to_string() icon=Icon::Plus>"New event trigger"</ButtonLink>
            <ButtonLink href=example>"Start from an example"</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

fn row(item: &EventTriggerRecord, runbook: String) -> Row {
    let trigger = &item.value;
    let (tone, word) = if trigger.enabled {
        (Tone::Good, "On")
    } else {
        (Tone::Neutral, "Off")
    };
    Row {
        key: format!("{}.{}.{runbook}", trigger.id, item.version),
        href: Some(Route::EventTrigger(trigger.id.to_string()).to_string()),
        cells: vec![
            Cell::text(trigger.title()),
            Cell::text(trigger.event.title()),
            Cell::text(runbook),
            Cell::new(
                move || view! { <Badge tone=tone label=word.to_owned() /> },
                SortKey::text(word),
            ),
        ],
    }
}
