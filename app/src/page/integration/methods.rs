//! The methods of an integration.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use shared::api::{List, MethodRecord};
use shared::model::{IntegrationId, Method};

use super::Desk;
use super::words::listed;
use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::{
    Button, ButtonKind, Cell, Column, EmptyState, ErrorPanel, Icon, Row, SortKey, Table,
    unsaved::go,
};

pub(super) fn methods(desk: Desk, list: Loaded<List<MethodRecord>>) -> AnyView {
    let making = RwSignal::new(false);
    let fault = RwSignal::new(None::<Fault>);
    let make = Callback::new(move |()| {
        if making.get_untracked() {
            return;
        }
        making.set(true);
        let integration = desk.id();
        spawn_local(async move {
            let fields = json!({"name": "New method", "http_method": "GET", "path": ""});
            let answer = client::create_method(&integration, &fields).await;
            making.set(false);
            match answer {
                Ok(record) => go(address(&integration, &record.record.value)),
                Err(problem) => fault.set(Some(problem)),
            }
        });
    });
    let button = move || {
        view! {
            <Button kind=ButtonKind::Secondary icon=Icon::Plus busy=making on_press=make>
                "New method"
            </Button>
        }
        .into_any()
    };
    let integration = desk.id();
    let state = list.table("methods", move |list| {
        let rows = list.items.iter().map(|item| row(&integration, item));
        rows.collect()
    });
    let has_some = Memo::new(move |_| {
        list.state
            .with(|state| matches!(state, Some(Ok(list)) if !list.items.is_empty()))
    });
    let columns = vec![
        Column::new("Name").sorts(),
        Column::new("Request").sorts(),
        Column::new("Output variables").secondary(),
        Column::new("Changed").width("9rem").sorts().secondary(),
    ];
    view! {
        <div class="stack">
            {move || {
                fault
                    .get()
                    .map(|fault| view! { <ErrorPanel title="The method was not made" text=fault.to_string() on_retry=make /> })
            }}
            <Show when=move || has_some.get()>
                <div class="row row-end">{button()}</div>
            </Show>
            <Table
                label="Methods"
                columns=columns
                state=state
                empty=move || {
                    view! {
                        <EmptyState
                            icon=Icon::Method
                            title="No methods yet"
                            text="A method is one request of this integration, and what to keep of its response. Runbooks use it as a step."
                        >
                            {button()}
                        </EmptyState>
                    }
                }
                on_retry=Callback::new(move |()| list.again())
            />
        </div>
    }
    .into_any()
}

fn address(integration: &IntegrationId, method: &Method) -> Route {
    Route::Method {
        integration: integration.to_string(),
        method: method.id.to_string(),
    }
}

fn row(integration: &IntegrationId, item: &MethodRecord) -> Row {
    let method = &item.record.value;
    let verb = method.http_method.as_str();
    let path = method.path.clone();
    let outputs: Vec<String> = method
        .outputs
        .iter()
        .map(|output| output.name.clone())
        .collect();
    let sort = SortKey::text(&format!("{path} {verb}"));
    Row {
        key: format!("{}.{}", method.id, item.record.version),
        href: Some(address(integration, method).to_string()),
        cells: vec![
            Cell::text(method.name.clone()),
            Cell::new(
                move || view! { <span class="code"><span class="verb">{verb}</span> {path.clone()}</span> },
                sort,
            ),
            Cell::text(listed(&outputs)),
            Cell::time(i64::try_from(item.record.updated_at).unwrap_or(i64::MAX)),
        ],
    }
}
