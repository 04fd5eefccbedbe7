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
use crate::load::{Loaded, show_named};
use crate::page::begun::take_back_untouched;
use crate::page::deleting::{Deleting, refusal, told_by};
use crate::page::drafting::{Drafted, Head, chart_tab, field, keep_selection_in_address};
use crate::route::Route;
use crate::ui::{Confirm, Tab, Tabs, confirm};

/// The page.
#[component]
pub fn Workflow() -> impl IntoView {
    show_named(
        "workflow",
        |id| async move {
            match WorkflowId::parse(&id) {
                Ok(id) => client::workflow(&id).await,
                Err(_) => Err(Fault::not_found()),
            }
        },
        |record| view! { <Editor record=record /> }.into_any(),
    )
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
    take_back_untouched(id.get_value(), editing);
    keep_selection_in_address(chart);
    let rename = field(
        chart,
        "Rename",
        Some("rename"),
        |draft: &Document| draft.name.clone(),
        |draft, name| draft.name = name,
    );
    let delete = move |()| {
        let is_published = publication.with_untracked(|publication| publication.version.is_some());
        ask_delete(id.get_value(), rename.peek(), is_published, refused);
    };
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

/// Asks where tickets enter it, or are inside; a mere draft is deleted at once.
fn ask_delete(id: WorkflowId, name: String, is_published: bool, refused: RwSignal<Option<String>>) {
    spawn_local(async move {
        let inside = match client::workflow_tickets(&id).await {
            Ok(inside) => inside.counts.iter().map(|one| one.count).sum::<u64>(),
            Err(fault) => {
                refused.try_set(Some(refusal(&fault)));
                return;
            }
        };
        // Whoever has gone on to another page meanwhile is not asked there, and nothing is deleted.
        if refused.is_disposed() {
            return;
        }
        if !is_published && inside == 0 {
            delete(id, &name, refused);
            return;
        }
        let inside = match inside {
            0 => "No ticket is inside.".to_owned(),
            1 => "1 ticket is inside: no step holds it any more.".to_owned(),
            many => format!("{many} tickets are inside: no step holds them any more."),
        };
        let question = Confirm::danger(
            format!("Delete {name}?"),
            format!(
                "New tickets do not enter it any more. {inside} It can be brought back for 30 days, under Settings > Deleted."
            ),
            "Delete",
        );
        confirm(question, move || {
            delete(id.clone(), &name, refused);
        });
    });
}

/// Where that fails, `refused` says why.
fn delete(id: WorkflowId, name: &str, refused: RwSignal<Option<String>>) {
    let deleting = Deleting {
        kind: "workflows",
        id: id.to_string(),
        done: format!("Deleted {name}"),
        list: Route::Workflows.to_string(),
        page: Route::Workflow(id.to_string()),
    };
    let request = async move { client::delete_workflow(&id).await };
    deleting.send(request, told_by(refused));
}
