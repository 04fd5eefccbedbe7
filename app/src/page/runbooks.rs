//! All runbooks.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use shared::api::{DocumentKind, List, RunbookSummary};
use shared::model::RunbookId;

use super::begun::{self, Begun};
use super::drafting::publication_state;
use super::runs::StatusBadge;
use crate::client;
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::page::pending::track_settled;
use crate::route::Route;
use crate::ui::field::Choice;
use crate::ui::table::SortKey;
use crate::ui::{
    Badge, Button, ButtonKind, Cell, Column, EmptyState, Icon, Render, Row, Table, toast,
    use_shortcut,
};

/// The page.
#[component]
pub fn Runbooks() -> impl IntoView {
    let runbooks = Loaded::new(|| {
        track_settled();
        client::runbooks()
    });
    let busy = RwSignal::new(false);
    let create = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let fields = json!({ "name": "New runbook", "enabled": true, "steps": [] });
            let answer = client::create_runbook(&fields).await;
            let has_left = busy.try_set(false).is_some();
            match answer {
                Ok(record) => {
                    let id = record.record.value.id.to_string();
                    let page = format!("{}?tab=chart", Route::Runbook(id.clone()));
                    let kind = DocumentKind::Runbook;
                    let within = None;
                    begun::open(Begun { kind, id, within }, page, has_left);
                }
                Err(fault) => toast(fault.to_string()),
            }
        });
    });
    use_shortcut("N", "New runbook", move || create.run(()));
    let state = runbooks.table("runbooks", |list| {
        let items = list.items.iter();
        let items = items.filter(|item| !begun::is_gone(item.id.as_str()));
        items.cloned().map(row).collect()
    });
    let empty = Render::new(move || {
        view! {
            <EmptyState
                icon=Icon::Runbooks
                title="No runbooks yet"
                text="A runbook is a flow chart of methods, desk actions and conditions. An action on a ticket, an event of the desk or a public address starts it."
            >
                <Button kind=ButtonKind::Primary icon=Icon::Plus busy=busy on_press=create>
                    "New runbook"
                </Button>
            </EmptyState>
        }
    });
    view! {
        <PageHeader title="Runbooks">
            <Button kind=ButtonKind::Primary icon=Icon::Plus busy=busy on_press=create>
                "New runbook"
            </Button>
        </PageHeader>
        <div class="page page-wide">
            <Table
                label="Runbooks"
                columns=vec![
                    Column::new("Name").sorts(),
                    Column::new("State").width("13rem"),
                    Column::new("Started by").secondary(),
                    Column::new("Steps").width("5rem").end().secondary(),
                    Column::new("Last run").width("9rem").secondary(),
                    Column::new("Changed").width("8rem").sorts().secondary(),
                ]
                state=state
                empty=empty
                on_retry=Callback::new(move |()| runbooks.again())
            />
        </div>
    }
    .into_any()
}

/// What one of them is called; nothing where it is none of them.
pub fn name_in(runbooks: &[RunbookSummary], id: &RunbookId) -> String {
    let found = runbooks.iter().find(|runbook| runbook.id == *id);
    found
        .map(|runbook| runbook.name.clone())
        .unwrap_or_default()
}

/// What one chooses from where a runbook is to be started, wherever that is. What is chosen is among it, there or not.
pub fn runbook_choices(
    runbooks: Loaded<List<RunbookSummary>>,
    chosen: Signal<String>,
) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let chosen = chosen.get();
        let Some(known) = runbooks.value().map(|list| list.items) else {
            return Vec::new();
        };
        let mut choices = Vec::new();
        if chosen.is_empty() {
            choices.push(Choice::new("", "Choose a runbook"));
        } else if known.iter().all(|one| one.id.as_str() != chosen) {
            choices.push(Choice::new(chosen, "A runbook that is not there"));
        }
        choices.extend(
            known
                .iter()
                .map(|one| Choice::new(one.id.to_string(), one.label())),
        );
        choices
    })
}

fn row(runbook: RunbookSummary) -> Row {
    let (tone, words) = publication_state(&runbook.publication, runbook.enabled);
    let state_key = SortKey::text(&words);
    let state = move || {
        let words = words.clone();
        view! { <Badge tone=tone label=words /> }
    };
    let mut starts = runbook.actions.clone();
    starts.extend(runbook.events.iter().map(|name| format!("Event {name}")));
    starts.extend(
        runbook
            .workflows
            .iter()
            .map(|name| format!("Workflow {name}")),
    );
    starts.extend(
        runbook
            .schedules
            .iter()
            .map(|name| format!("Schedule {name}")),
    );
    if runbook.public {
        starts.push("Public address".to_owned());
    }
    let last = runbook.last_run.clone();
    let last_key = last
        .as_ref()
        .map_or(0, |(_, _, at)| i64::try_from(*at).unwrap_or(i64::MAX));
    let last = move || {
        last.clone()
            .map(|(_, status, _)| view! { <StatusBadge status=status /> })
    };
    let changed = i64::try_from(runbook.updated_at).unwrap_or(i64::MAX);
    Row {
        key: format!("{}-{}-{last_key}", runbook.id, runbook.version),
        href: Some(Route::Runbook(runbook.id.to_string()).to_string()),
        cells: vec![
            Cell::text(runbook.name),
            Cell::new(state, state_key),
            Cell::text(starts.join(", ")),
            Cell::text(runbook.steps.to_string()),
            Cell::new(last, SortKey::Number(last_key)),
            Cell::time(changed),
        ],
    }
}
