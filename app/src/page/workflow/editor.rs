//! One workflow: details, flow chart, the tickets inside.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{Publication, WorkflowRecord};
use shared::model::{Workflow as Document, WorkflowId};

use super::details::Details;
use super::inside::Inside;
use super::step_panel::StepPanel;
use super::triggers::Runbooks;
use super::{desk_names, to_settings};
use crate::chart::{Chart, DeskNames};
use crate::client::{self, Fault};
use crate::editing::{Editing, SaveButtons, SaveState, SaveTrouble};
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::drafting::{
    PublicationBadge, PublishBar, Publishing, chart_tab, field, keep_selection_in_address,
};
use crate::page::integration::commands::{refusal, restore, still_used};
use crate::route::{Route, use_id};
use crate::ui::unsaved::go_instead;
use crate::ui::{Button, ButtonKind, Icon, Menu, MenuItem, Tab, Tabs, toast_undo};

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
    let publication = RwSignal::new(record.publication.clone());
    let editing = Editing::new(record.record.value, record.record.version);
    let desk = Loaded::new(desk_names);
    let desk: Signal<DeskNames> = Signal::derive(move || desk.value().unwrap_or_default());
    // Read once, not for each step that is selected.
    provide_context(Runbooks(Loaded::new(client::runbooks)));
    let publishing = Publishing::new(editing.draft);
    let chart = Chart::new(editing.draft, desk, publishing.problems.into());
    keep_selection_in_address(chart);
    let save = Callback::new(move |()| save_then(editing, publication, || ()));
    let publish = Callback::new(move |()| {
        save_then(editing, publication, move || {
            publishing.publish(publication);
        });
    });
    let reload = Callback::new(move |()| {
        spawn_local(async move {
            match client::workflow(&id.get_value()).await {
                Ok(record) => {
                    publication.set(record.publication);
                    editing.take(record.record.value, record.record.version);
                    chart.forget();
                }
                Err(fault) => editing.fault.set(Some(fault)),
            }
        });
    });
    let overwrite = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(record) = client::workflow(&id.get_value()).await {
                editing.version.set(record.record.version);
                save.run(());
            }
        });
    });
    let rename = field(
        chart,
        "Rename",
        Some("rename"),
        |draft: &Document| draft.name.clone(),
        |draft, name| draft.name = name,
    );
    let title = Signal::derive(move || editing.draft.with(|draft| draft.name.clone()));
    let state = view! {
        <PublicationBadge publication=publication enabled=Signal::stored(true) />
        <SaveState dirty=editing.dirty() saving=editing.saving />
    }
    .into_any();
    let refused = RwSignal::new(None::<String>);
    let delete = move || delete(id.get_value(), title.get_untracked(), refused);
    let commands = Signal::derive(move || {
        let mut commands = Vec::new();
        if publication.with(|publication| publication.version.is_some()) {
            commands.push(MenuItem::new("Unpublish", Icon::Stop, move || {
                publishing.unpublish(publication);
            }));
        }
        commands.push(MenuItem::new("Delete workflow", Icon::Trash, delete).danger());
        commands
    });
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
        <PageHeader
            title=title
            rename=rename
            crumbs=vec![to_settings(), Crumb::new("Workflows", Route::Workflows)]
            state=state
        >
            <Menu label="More" items=commands />
            <SaveButtons
                dirty=editing.dirty()
                saving=editing.saving
                on_save=save
                on_discard=move |()| {
                    editing.discard();
                    chart.forget();
                }
                secondary=true
            />
            <Button
                kind=ButtonKind::Primary
                busy=publishing.busy
                on_press=publish
                hint="Saves the draft and makes it the version that new tickets enter"
            >
                "Publish"
            </Button>
        </PageHeader>
        <SaveTrouble fault=editing.fault on_overwrite=overwrite on_reload=reload />
        {move || refused.get().map(|why| view! { <div class="drafting-notice">{still_used(why)}</div> })}
        <PublishBar publishing=publishing publication=publication chart=chart dirty=editing.dirty() />
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

fn save_then(
    editing: Editing<Document>,
    publication: RwSignal<Publication>,
    then: impl FnOnce() + 'static,
) {
    if !editing.dirty().get_untracked() {
        then();
        return;
    }
    editing.save(
        move |version, draft| async move {
            let record = client::save_workflow(version, &draft).await?;
            publication.set(record.publication);
            Ok((record.record.value, record.record.version))
        },
        then,
    );
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
