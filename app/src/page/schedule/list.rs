//! All schedules.

use leptos::prelude::*;
use shared::api::ScheduleRecord;

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
pub fn Schedules() -> impl IntoView {
    let list = Loaded::new(|| {
        track_settled();
        client::schedules()
    });
    let runbooks = Loaded::new(client::runbooks);
    let state = list.table("schedules", move |list| {
        let runbooks = runbooks.value().map(|list| list.items).unwrap_or_default();
        let rows = list.items.iter();
        rows.map(|item| row(item, name_in(&runbooks, &item.record.value.runbook)))
            .collect()
    });
    let log = format!("{}?cause=schedule", Route::EventLog);
    view! {
        <PageHeader title="Schedules" crumbs=vec![to_settings()]>
            <ButtonLink href=log>"Events log"</ButtonLink>
            <ButtonLink kind=ButtonKind::Primary href=Route::NewSchedule.to_string() icon=Icon::Plus>
                "New schedule"
            </ButtonLink>
        </PageHeader>
        <div class="page page-wide">
            <Table
                label="Schedules"
                columns=vec![
                    Column::new("Name").sorts(),
                    Column::new("When"),
                    Column::new("Next time").sorts(),
                    Column::new("Runbook").sorts().secondary(),
                    Column::new("State").width("7rem").beside(),
                ]
                folds=true
                state=state
                empty=nothing_yet
                on_retry=Callback::new(move |()| list.again())
            />
        </div>
    }
    .into_any()
}

fn nothing_yet() -> AnyView {
    let example = format!("{}?example=open", Route::NewSchedule);
    view! {
        <EmptyState
            icon=Icon::Clock
            title="No schedules yet"
            text="A schedule starts a runbook at times of the clock, such as every weekday at nine, or so long before or after a date of each ticket. What came due while the server was down starts once, late."
        >
            <ButtonLink href=Route::NewSchedule.to_string() icon=Icon::Plus>"New schedule"</ButtonLink>
            <ButtonLink href=example>"Start from an example"</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

fn row(item: &ScheduleRecord, runbook: String) -> Row {
    let schedule = &item.record.value;
    let (tone, word) = if schedule.enabled {
        (Tone::Good, "On")
    } else {
        (Tone::Neutral, "Off")
    };
    let next = item.next_time.as_ref();
    let key = next.map_or(SortKey::Nothing, |next| {
        SortKey::Number(i64::try_from(next.at).unwrap_or(i64::MAX))
    });
    let shown = match next {
        Some(next) => format!("{} ({})", next.shown, schedule.time_zone),
        None => "–".to_owned(),
    };
    Row {
        key: format!("{}.{}.{runbook}", schedule.id, item.record.version),
        href: Some(Route::Schedule(schedule.id.to_string()).to_string()),
        cells: vec![
            Cell::text(schedule.name.clone()),
            Cell::text(item.words.clone()),
            Cell::new(
                move || view! { <span title=shown.clone()>{shown.clone()}</span> },
                key,
            ),
            Cell::text(runbook),
            Cell::new(
                move || view! { <Badge tone=tone label=word.to_owned() /> },
                SortKey::text(word),
            ),
        ],
    }
}
