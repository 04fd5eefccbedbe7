//! One workflow: details, flow chart, the tickets inside.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::WorkflowRecord;
use shared::model::{Workflow as Document, WorkflowId};

use super::details::Details;
use super::inside::Inside;
use super::step_panel::StepPanel;
use super::triggers::Runbooks;
use super::{desk_names, to_settings};
use crate::chart::DeskNames;
use crate::client::{self, Fault};
use crate::frame::Crumb;
use crate::load::{Loaded, show_loaded};
use crate::page::drafting::{Drafted, Head, chart_tab, field, keep_selection_in_address};
use crate::page::integration::commands::{refusal, restore};
use crate::route::{Route, use_id};
use crate::ui::unsaved::go_instead;
use crate::ui::{Tab, Tabs, toast_undo};

/// The page.
#[component]
pub fn Workflow() -> impl IntoView {
    let id = use_id();
    // Another id is another page: nothing of the last one's draft may stay.
    (move || {
        let id = id.get();
        let record = Loaded::new(move || {
            let id = WorkflowId::parse(&id);
            async move {
                match id {
                    Ok(id) => client::workflow(&id).await,
                    Err(_) => Err(Fault::not_found()),
                }
            }
        });
        show_loaded("workflow", record, |record| {
            view! { <Editor record=record /> }.into_any()
        })
    })
    .into_any()
}

#[component]
fn Editor(record: WorkflowRecord) -> impl IntoView {
    let id = StoredValue::new(record.record.value.id.clone());
    let desk = Loaded::new(desk_names);
    let desk: Signal<DeskNames> = Signal::derive(move || desk.value().unwrap_or_default());
    // Read once, not for each step that is selected.
    provide_context(Runbooks(Loaded::new(client::runbooks)));
    let drafted = Drafted::new(record.record, record.publication, desk);
    let Drafted {
        editing,
        publication,
        chart,
        refused,
        ..
    } = drafted;
    keep_selection_in_address(chart);
    let rename = field(
        chart,
        "Rename",
        Some("rename"),
        |draft: &Document| draft.name.clone(),
        |draft, name| draft.name = name,
    );
    let delete = move |()| delete(id.get_value(), rename.peek(), refused);
    let panel = |chart| view! { <StepPanel chart=chart /> }.into_any();
    let chart_tab = move || chart_tab(chart, panel).into_any();
    let details_tab = move || view! { <Details chart=chart name=rename /> }.into_any();
    let inside_tab =
        move || view! { <Inside workflow=id.get_value() publication=publication /> }.into_any();
    let count = Signal::derive(move || {
        let steps = editing.draft.with(|draft| draft.steps.len());
        (steps > 0).then(|| steps.to_string())
    });
    view! {
        <div class="drafting">
        <Head
            drafted=drafted
            crumbs=vec![to_settings(), Crumb::new("Workflows", Route::Workflows)]
            name=rename
            enabled=Signal::stored(true)
            on_delete=delete
        />
        <Tabs
            label="Workflow"
            tabs=vec![
                Tab::new("details", "Details", details_tab),
                Tab::new("chart", "Flow Chart", chart_tab).with_note(count),
                Tab::new("tickets", "Tickets inside", inside_tab),
            ]
        />
        </div>
    }
    .into_any()
}

/// Deletes at once, and offers to take it back; where tickets are still inside, `refused` says so.
fn delete(id: WorkflowId, name: String, refused: RwSignal<Option<String>>) {
    refused.set(None);
    spawn_local(async move {
        match client::delete_workflow(&id).await {
            Ok(()) => {
                go_instead(Route::Workflows);
                let back = Route::Workflow(id.to_string());
                toast_undo(format!("Deleted {name}"), move || {
                    restore("workflows", id.to_string(), back.clone());
                });
            }
            Err(fault) => {
                refused.try_set(Some(refusal(&fault)));
            }
        }
    });
}
