//! One runbook: details, flow chart, runs, versions.

mod desk_action;
mod desk_keys;
mod details;
mod for_each;
mod inputs;
mod places;
mod public_access;
mod published;
mod respond;
mod running;
mod sections;
mod set;
mod signature;
mod signing_secrets;
mod sleep;
mod start_rules;
mod start_runbook;
mod started_by_itself;
mod started_by_workflows;
mod started_from;
mod step_panel;
mod test_run;
mod variables;
mod versions;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{IntegrationSummary, RunbookRecord, SwitchedOff};
use shared::model::{HasSecrets as _, RunbookId};

use self::details::Details;
use self::step_panel::StepPanel;
use self::test_run::TestRun;
use self::versions::Versions;
use crate::client::{self, Fault};
use crate::frame::Crumb;
use crate::load::{Loaded, show_named};
use crate::page::deleting::{Deleting, refusal, told_by};
use crate::page::drafting::{Drafted, Head, chart_tab, field, keep_selection_in_address};
use crate::page::integration::commands::select_title;
use crate::page::runs::RunsTable;
use crate::route::Route;
use crate::ui::{Button, Confirm, Icon, Notice, Render, Tab, Tabs, Tone, confirm, error_words};

/// The page.
#[component]
pub fn Runbook() -> impl IntoView {
    show_named(
        "runbook",
        |id| async move {
            match RunbookId::parse(&id) {
                Ok(id) => client::runbook(&id).await,
                Err(_) => Err(Fault::not_found()),
            }
        },
        |record| view! { <Editor record=record /> }.into_any(),
    )
}

#[component]
fn Editor(record: RunbookRecord) -> impl IntoView {
    let is_new = record.record.version == 1 && record.record.value.steps.is_empty();
    if is_new {
        select_title();
    }
    let id = StoredValue::new(record.record.value.id.clone());
    let integrations = Loaded::new(client::integrations);
    let methods: Signal<Vec<IntegrationSummary>> = Signal::derive(move || {
        integrations
            .value()
            .map(|list| list.items)
            .unwrap_or_default()
    });
    let drafted = Drafted::new(record.record, record.publication, methods);
    let Drafted {
        editing,
        publication,
        missing_secrets,
        chart,
        refused,
        ..
    } = drafted;
    let stored_secrets = Memo::new(move |_| {
        editing
            .saved
            .with(|saved| missing_secrets.with(|missing| saved.stored_places(missing)))
    });
    keep_selection_in_address(chart);
    let testing = RwSignal::new(false);
    let rename = field(
        chart,
        "Rename",
        Some("rename"),
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    );
    let enabled = Signal::derive(move || editing.saved.with(|saved| saved.enabled));
    let delete = move |()| ask_delete(id.get_value(), rename.peek(), refused);
    let switched_off = Render::new(move || {
        let off = publication.get().switched_off;
        off.map(switched_off_notice)
    });
    let panel = |chart| view! { <StepPanel chart=chart /> }.into_any();
    let chart_tab = move || chart_tab(chart, panel).into_any();
    let details_tab = move || {
        view! {
            <Details
                chart=chart
                stored_secrets=stored_secrets
                public_url=crate::session::use_session().public_url
            />
        }
        .into_any()
    };
    let runs_tab = move || {
        view! { <div class="page page-wide"><RunsTable runbook=id.get_value() /></div> }.into_any()
    };
    let versions_tab =
        move || view! { <Versions chart=chart publication=publication /> }.into_any();
    let count = Signal::derive(move || {
        let steps = editing.draft.with(|draft| draft.steps.len());
        (steps > 0).then(|| steps.to_string())
    });
    view! {
        <div class="drafting">
        <Head
            drafted=drafted
            crumbs=vec![Crumb::new("Runbooks", Route::Runbooks)]
            name=rename
            enabled=enabled
            on_delete=delete
            notice=switched_off
        >
            <Button icon=Icon::Play on_press=move |()| testing.set(true)>"Run a test"</Button>
        </Head>
        <Tabs
            label="Runbook"
            tabs=vec![
                Tab::new("details", "Details", details_tab),
                Tab::new("chart", "Flow Chart", chart_tab).with_note(count),
                Tab::new("runs", "Runs", runs_tab),
                Tab::new("versions", "Versions", versions_tab),
            ]
        />
        <TestRun open=testing editing=editing />
        </div>
    }
    .into_any()
}

/// Why the runbook switched itself off, and how to switch it on again.
fn switched_off_notice(off: SwitchedOff) -> AnyView {
    let why = off.error.map(|error| error.message).unwrap_or_default();
    view! {
        <div class="drafting-notice">
            <Notice tone=Tone::Bad>
                <p>
                    {format!("It was switched off after {} failures in a row. ", off.failures)}
                    <a href=Route::Run(off.run_id.to_string()).to_string()>"The last of them"</a>
                    ": "
                    {error_words(&why)}
                </p>
                <p>"Mend the cause, then switch “Starts are accepted” on again under Details."</p>
            </Notice>
        </div>
    }
    .into_any()
}

/// Asks first. Where something still uses it, it cannot be deleted, and there is nothing to ask.
fn ask_delete(id: RunbookId, name: String, refused: RwSignal<Option<String>>) {
    spawn_local(async move {
        let users = client::users_of_runbook(&id).await;
        // Whoever has gone on to another page meanwhile is not asked there, and nothing is deleted.
        if refused.is_disposed() {
            return;
        }
        match users {
            Ok(users) if users.items.is_empty() => ask_and_delete(id, name, refused),
            Ok(_) => delete(id, &name, refused),
            Err(fault) => _ = refused.try_set(Some(refusal(&fault))),
        }
    });
}

fn ask_and_delete(id: RunbookId, name: String, refused: RwSignal<Option<String>>) {
    let question = Confirm::danger(
        format!("Delete {name}?"),
        "Nothing can start it any more. It can be brought back for 30 days, under Settings > Deleted.",
        "Delete",
    );
    confirm(question, move || delete(id.clone(), &name, refused));
}

/// Where something still uses it, `refused` says what.
fn delete(id: RunbookId, name: &str, refused: RwSignal<Option<String>>) {
    let deleting = Deleting {
        kind: "runbooks",
        id: id.to_string(),
        done: format!("Deleted {name}"),
        list: Route::Runbooks.to_string(),
        page: Route::Runbook(id.to_string()),
    };
    let request = async move { client::delete_runbook(&id).await };
    deleting.send(request, told_by(refused));
}
