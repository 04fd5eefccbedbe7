//! All ticket workflows.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use shared::api::{DocumentKind, WorkflowRecord, WorkflowSummary};

use super::example::{example, missing_actions, what_else_is_made};
use super::{desk_names, to_settings};
use crate::chart::DeskNames;
use crate::client::{self, Fault};
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::page::begun::{self, Begun};
use crate::page::drafting::publication_state;
use crate::page::pending::track_settled;
use crate::route::Route;
use crate::ui::unsaved::go;
use crate::ui::{
    Badge, Button, ButtonKind, Cell, Column, Confirm, EmptyState, Icon, Render, Row, SortKey,
    Table, announce, confirm, toast, use_shortcut,
};

/// The page.
#[component]
pub fn Workflows() -> impl IntoView {
    let list = Loaded::new(|| {
        track_settled();
        client::workflows()
    });
    let desk = Loaded::new(desk_names);
    let busy = RwSignal::new(false);
    let make = move |from_example: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let made = if from_example {
                make_example().await
            } else {
                client::create_workflow(&json!({ "name": "New workflow", "steps": [] })).await
            };
            let has_left = busy.try_set(false).is_some();
            match made {
                Ok(record) => {
                    let id = record.record.value.id.to_string();
                    let page = format!("{}?tab=chart", Route::Workflow(id.clone()));
                    let kind = DocumentKind::Workflow;
                    let within = None;
                    match from_example {
                        false => begun::open(Begun { kind, id, within }, page, has_left),
                        true if !has_left => go(page),
                        true => {}
                    }
                }
                Err(fault) => toast(format!("The workflow was not made. {fault}")),
            }
        });
    };
    // Its actions stand on tickets at once, and stay: that is said before.
    let ask = move || {
        spawn_local(async move {
            let said = match desk_names().await {
                Ok(desk) => what_else_is_made(&desk),
                Err(fault) => return toast(format!("The workflow was not made. {fault}")),
            };
            // Whoever has gone on to another page meanwhile is not asked there.
            if busy.is_disposed() {
                return;
            }
            match said {
                None => make(true),
                Some(said) => {
                    let question = Confirm::danger("Make the example?", said, "Make");
                    confirm(
                        Confirm {
                            danger: false,
                            ..question
                        },
                        move || make(true),
                    );
                }
            }
        });
    };
    use_shortcut("N", "New workflow", move || make(false));
    let new = move || {
        view! {
            <Button kind=ButtonKind::Primary icon=Icon::Plus busy=busy on_press=move |()| make(false)>
                "New workflow"
            </Button>
        }
    };
    let empty = Render::new(move || {
        view! {
            <EmptyState
                icon=Icon::Runbooks
                title="No workflows yet"
                text="A workflow leads tickets from step to step: in each, certain actions are allowed, and they lead on. Entering a step, leaving it or staying in it can start a runbook."
            >
                {new()}
                <Button busy=busy on_press=move |()| ask()>"Start from an example"</Button>
            </EmptyState>
        }
    });
    let state = list.table("workflows", move |list| {
        let desk = desk.value().unwrap_or_default();
        let items = list.items.iter();
        let items = items.filter(|item| !begun::is_gone(item.id.as_str()));
        items.cloned().map(|item| row(item, &desk)).collect()
    });
    view! {
        <PageHeader title="Workflows" crumbs=vec![to_settings()]>
            {new()}
        </PageHeader>
        <div class="page page-wide">
            <Table
                label="Workflows"
                columns=vec![
                    Column::new("Name").sorts(),
                    Column::new("State").width("13rem"),
                    Column::new("Ticket types").secondary(),
                    Column::new("Steps").width("5rem").end().secondary(),
                    Column::new("Changed").width("8rem").sorts().secondary(),
                ]
                state=state
                empty=empty
                on_retry=Callback::new(move |()| list.again())
            />
        </div>
    }
    .into_any()
}

/// With the actions that it needs and the desk does not have.
async fn make_example() -> Result<WorkflowRecord, Fault> {
    let desk = desk_names().await?;
    let missing = missing_actions(&desk);
    for action in &missing {
        client::create_desk_action(action).await?;
    }
    let record = client::create_workflow(&example(&desk)).await?;
    if !missing.is_empty() {
        let names: Vec<_> = missing.into_iter().map(|action| action.name).collect();
        announce(format!("Made its actions, too: {}", names.join(", ")));
    }
    Ok(record)
}

fn row(workflow: WorkflowSummary, desk: &DeskNames) -> Row {
    let (tone, words) = publication_state(&workflow.publication, true);
    let state_key = SortKey::text(&words);
    let state = move || {
        let words = words.clone();
        view! { <Badge tone=tone label=words /> }
    };
    let types = workflow.ticket_types.iter();
    let types: Vec<String> = types.map(|id| desk.ticket_type(*id)).collect();
    let types = types.join(", ");
    let changed = i64::try_from(workflow.updated_at).unwrap_or(i64::MAX);
    Row {
        key: format!("{}-{}-{types}", workflow.id, workflow.version),
        href: Some(Route::Workflow(workflow.id.to_string()).to_string()),
        cells: vec![
            Cell::text(workflow.name),
            Cell::new(state, state_key),
            Cell::text(types),
            Cell::text(workflow.steps.to_string()),
            Cell::time(changed),
        ],
    }
}
