//! The APIs that runbooks can reach.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use shared::api::{DocumentKind, IntegrationSummary, List};

use crate::client::{self, Fault};
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::page::begun::{self, Begun};
use crate::page::integration::words::authorization_name;
use crate::page::pending::track_settled;
use crate::route::Route;
use crate::ui::{
    Badge, Button, ButtonKind, ButtonLink, Cell, Column, EmptyState, ErrorPanel, Icon, Row,
    SortKey, Table, Tone, use_shortcut,
};

/// The page.
#[component]
pub fn Integrations() -> impl IntoView {
    let list = Loaded::new(|| {
        track_settled();
        client::integrations()
    });
    let making = RwSignal::new(false);
    let fault = RwSignal::new(None::<Fault>);
    let make = Callback::new(move |()| {
        if making.get_untracked() {
            return;
        }
        making.set(true);
        let taken = list.state.with_untracked(|state| match state {
            Some(Ok(list)) => untrack(|| there(list).map(|item| item.name.clone()).collect()),
            _ => Vec::new(),
        });
        let name = new_name(taken);
        spawn_local(async move {
            let fields = json!({"name": name, "base_url": "", "auth": {"type": "none"}});
            let answer = client::create_integration(&fields).await;
            let has_left = making.try_set(false).is_some();
            match answer {
                Ok(record) => {
                    let id = record.value.id.to_string();
                    let page = Route::Integration(id.clone());
                    let kind = DocumentKind::Integration;
                    let within = None;
                    begun::open(Begun { kind, id, within }, page, has_left);
                }
                Err(problem) => _ = fault.try_set(Some(problem)),
            }
        });
    });
    use_shortcut("N", "New integration", move || make.run(()));
    let state = list.table("integrations", |list| there(list).map(row).collect());
    let trouble = move || {
        fault.get().map(|fault| {
            view! { <ErrorPanel title="The integration was not made" text=fault.to_string() on_retry=make /> }
        })
    };
    view! {
        <PageHeader title="Integrations">
            <Button kind=ButtonKind::Primary icon=Icon::Plus busy=making on_press=make>
                "New integration"
            </Button>
        </PageHeader>
        <div class="page page-wide">
            {trouble}
            <Table
                label="Integrations"
                columns=columns()
                state=state
                empty=move || nothing_yet(making, make)
                on_retry=Callback::new(move |()| list.again())
            />
        </div>
    }
    .into_any()
}

/// Without those that are being taken back.
fn there(list: &List<IntegrationSummary>) -> impl Iterator<Item = &IntegrationSummary> {
    let items = list.items.iter();
    items.filter(|item| !begun::is_gone(item.id.as_str()))
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("Name").sorts(),
        Column::new("Base URL").sorts(),
        Column::new("Authorization").width("14rem").secondary(),
        Column::new("Methods")
            .width("6rem")
            .end()
            .sorts()
            .secondary(),
        Column::new("Secrets").width("9rem").secondary(),
        Column::new("Changed").width("9rem").sorts().secondary(),
    ]
}

fn row(item: &IntegrationSummary) -> Row {
    let methods = item.methods.len();
    let missing = item.missing_secrets.len();
    let secrets = Cell::new(
        move || {
            (missing > 0).then(|| {
                let label = if missing == 1 {
                    "1 missing".to_owned()
                } else {
                    format!("{missing} missing")
                };
                view! { <Badge tone=Tone::Warning label=label icon=Icon::Key /> }
            })
        },
        SortKey::Number(count(missing)),
    );
    Row {
        key: format!("{}.{}.{methods}", item.id, item.version),
        href: Some(Route::Integration(item.id.to_string()).to_string()),
        cells: vec![
            Cell::text(item.name.clone()),
            Cell::code(item.base_url.clone()),
            Cell::text(authorization_name(&item.auth)),
            Cell::new(
                move || view! { <span class="numeric">{methods}</span> },
                SortKey::Number(count(methods)),
            ),
            secrets,
            Cell::time(i64::try_from(item.updated_at).unwrap_or(i64::MAX)),
        ],
    }
}

fn count(things: usize) -> i64 {
    i64::try_from(things).unwrap_or(i64::MAX)
}

fn nothing_yet(making: RwSignal<bool>, make: Callback<()>) -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Integrations
            title="No integrations yet"
            text="An integration holds the base URL of an API and how to log in to it. Its methods are the requests that runbooks make. Make one by hand, or import a bundle that somebody exported."
        >
            <Button kind=ButtonKind::Primary icon=Icon::Plus busy=making on_press=make>
                "New integration"
            </Button>
            <ButtonLink href=format!("{}#import", Route::Settings) icon=Icon::Upload>
                "Import a bundle"
            </ButtonLink>
        </EmptyState>
    }
    .into_any()
}

/// "New integration", and a number where that is taken.
fn new_name(taken: Vec<String>) -> String {
    let base = "New integration".to_owned();
    let mut name = base.clone();
    let mut number = 2;
    while taken.contains(&name) {
        name = format!("{base} {number}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::new_name;

    #[test]
    fn a_new_name_is_free() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(new_name(names(&[])), "New integration");
        assert_eq!(
            new_name(names(&["New integration", "New integration 2"])),
            "New integration 3"
        );
    }
}
