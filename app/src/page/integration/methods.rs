//! The methods of an integration.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use shared::api::{DocumentKind, List, MethodRecord};
use shared::model::{IntegrationId, Method};

use super::Desk;
use super::words::listed;
use crate::client::{self, Fault};
use crate::load::Loaded;
use crate::page::begun::{self, Begun};
use crate::route::Route;
use crate::ui::{
    Button, ButtonKind, Cell, Column, EmptyState, ErrorPanel, Icon, Row, SortKey, Table,
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
            let has_left = making.try_set(false).is_some();
            match answer {
                Ok(record) => {
                    let method = record.record.value;
                    let begun = Begun {
                        kind: DocumentKind::Method,
                        id: method.id.to_string(),
                        within: Some(integration.to_string()),
                    };
                    begun::open(begun, address(&integration, &method), has_left);
                }
                Err(problem) => _ = fault.try_set(Some(problem)),
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
        let items = list.items.iter();
        let items = items.filter(|item| !begun::is_gone(item.record.value.id.as_str()));
        items.map(|item| row(&integration, item)).collect()
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
