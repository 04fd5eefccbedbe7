//! All service levels.

use leptos::prelude::*;
use shared::api::ServiceLevelRecord;

use super::key;
use crate::client;
use crate::frame::{Crumb, PageHeader};
use crate::load::Loaded;
use crate::page::pending::{is_deleted, track_settled};
use crate::route::Route;
use crate::ui::{
    Badge, ButtonKind, ButtonLink, Cell, Column, EmptyState, Icon, Row, SortKey, Table, Tone,
    unsaved::go, use_shortcut,
};

/// The page.
#[component]
pub fn ServiceLevels() -> impl IntoView {
    let list = Loaded::new(|| {
        track_settled();
        client::service_levels()
    });
    let state = list.table("service levels", |list| {
        let items = list.items.iter();
        let there = items.filter(|item| !is_deleted(&key(item.record.value.id)));
        there.map(row).collect()
    });
    use_shortcut("N", "New service level", || go(Route::NewServiceLevel));
    view! {
        <PageHeader
            title="Service levels"
            crumbs=vec![Crumb::new("Settings".to_owned(), Route::Settings)]
        >
            <ButtonLink kind=ButtonKind::Primary href=Route::NewServiceLevel.to_string() icon=Icon::Plus>
                "New service level"
            </ButtonLink>
        </PageHeader>
        <div class="page page-wide">
            <Table
                label="Service levels"
                columns=vec![
                    Column::new("Name").sorts(),
                    Column::new("Time zone").sorts().secondary(),
                    Column::new("Open tickets").width("9rem").sorts(),
                    Column::new("Counts for").width("14rem").secondary(),
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
    let example = format!("{}?example=office", Route::NewServiceLevel);
    view! {
        <EmptyState
            icon=Icon::Clock
            title="No service levels yet"
            text="A service level says how soon tickets of each priority are to be answered and solved, counted in working hours or around the clock. Tickets then show when they are due, and warnings and missed deadlines are events that can start runbooks."
        >
            <ButtonLink href=Route::NewServiceLevel.to_string() icon=Icon::Plus>"New service level"</ButtonLink>
            <ButtonLink href=example>"Start from an example"</ButtonLink>
        </EmptyState>
    }
    .into_any()
}

fn row(item: &ServiceLevelRecord) -> Row {
    let level = &item.record.value;
    let counts_for = match (level.default, level.ticket_types.len()) {
        (true, 0) => "Every ticket type".to_owned(),
        (true, _) => "Every other ticket type, too".to_owned(),
        (false, 0) => "Where it is chosen".to_owned(),
        (false, 1) => "1 ticket type".to_owned(),
        (false, count) => format!("{count} ticket types"),
    };
    let is_default = level.default;
    let open = item.open_tickets;
    let words = counts_for.clone();
    Row {
        key: format!("{}.{}.{open}", level.id, item.record.version),
        href: Some(Route::ServiceLevel(level.id.to_string()).to_string()),
        cells: vec![
            Cell::text(level.name.clone()),
            Cell::text(level.hours.time_zone.clone()),
            Cell::new(
                move || view! { <span class="numeric">{open}</span> },
                SortKey::Number(i64::try_from(open).unwrap_or(i64::MAX)),
            ),
            Cell::new(
                move || {
                    let words = words.clone();
                    if is_default {
                        let label = format!("Default: {}", words.to_lowercase());
                        view! { <Badge tone=Tone::Good label=label /> }.into_any()
                    } else {
                        words.into_any()
                    }
                },
                SortKey::text(&counts_for),
            ),
        ],
    }
}
