//! The API applications of the desk.

use leptos::prelude::*;
use shared::api::ApplicationRecord;

use crate::client;
use crate::load::Loaded;
use crate::page::pending::{application_key, is_deleted, track_settled};
use crate::route::Route;
use crate::ui::{
    Badge, ButtonLink, Cell, Column, EmptyState, Icon, Row, SortKey, Table, Tone, unsaved::go,
    use_shortcut,
};

/// The list, and the way to a new one.
#[component]
pub(super) fn Applications() -> impl IntoView {
    let list = Loaded::new(|| {
        track_settled();
        client::applications()
    });
    let state = list.table("API applications", |list| {
        let there = list.items.iter().filter(|item| is_there(item));
        there.map(row).collect()
    });
    let has_some = Memo::new(move |_| {
        list.state
            .with(|state| matches!(state, Some(Ok(list)) if list.items.iter().any(is_there)))
    });
    let columns = vec![
        Column::new("Name").sorts(),
        Column::new("Client id").secondary(),
        Column::new("State").width("7rem"),
        Column::new("Last used").width("8rem").sorts().secondary(),
    ];
    use_shortcut("N", "New application", || go(Route::NewApplication));
    view! {
        <section class="section">
            <h2>"API applications"</h2>
            <div class="stack">
                <p class="muted">
                    "Programs that log in at this desk, as at Halo: for themselves with a secret, or for a person who allows it."
                </p>
                <Table
                    label="API applications"
                    columns=columns
                    state=state
                    empty=nothing_yet
                    on_retry=Callback::new(move |()| list.again())
                />
                <Show when=move || has_some.get()>
                    <div>{new_one()}</div>
                </Show>
            </div>
        </section>
    }
    .into_any()
}

fn new_one() -> AnyView {
    view! {
        <ButtonLink href=Route::NewApplication.to_string() icon=Icon::Plus>
            "New application"
        </ButtonLink>
    }
    .into_any()
}

fn nothing_yet() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Key
            title="No API applications yet"
            text="Make one for each program that works with this desk. It gets a client id, a secret, and only the permissions that it needs."
        >
            {new_one()}
        </EmptyState>
    }
    .into_any()
}

/// Not one that was deleted here just now.
fn is_there(item: &ApplicationRecord) -> bool {
    !is_deleted(&application_key(&item.record.value.client_id))
}

fn row(item: &ApplicationRecord) -> Row {
    let application = &item.record.value;
    let (tone, word) = match (application.active, item.record.missing_secrets.is_empty()) {
        (false, _) => (Tone::Neutral, "Off"),
        (true, false) => (Tone::Warning, "No secret"),
        (true, true) => (Tone::Good, "Active"),
    };
    let used = match item.last_used_at {
        Some(at) => Cell::time(i64::try_from(at).unwrap_or(i64::MAX)),
        None => Cell::new(|| "Never", SortKey::Number(0)),
    };
    Row {
        key: format!(
            "{}.{}.{:?}",
            application.client_id, item.record.version, item.last_used_at
        ),
        href: Some(Route::Application(application.client_id.clone()).to_string()),
        cells: vec![
            Cell::text(application.name.clone()),
            Cell::code(application.client_id.clone()),
            Cell::new(
                move || view! { <Badge tone=tone label=word.to_owned() /> },
                SortKey::text(word),
            ),
            used,
        ],
    }
}
