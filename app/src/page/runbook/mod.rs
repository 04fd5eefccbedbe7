//! One runbook: details, flow chart, runs.

mod conditions;
mod desk_action;
mod desk_keys;
mod details;
mod draft;
mod for_each;
mod inputs;
mod public_access;
mod publish;
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
mod started_from;
mod step_panel;
mod test_run;
mod variables;

use leptos::prelude::*;
use shared::api::{IntegrationSummary, Publication, RunbookRecord, SwitchedOff};
use shared::model::{HasSecrets as _, RunbookId, StepId};

use self::details::Details;
use self::publish::{PublishBar, Publishing};
use self::step_panel::StepPanel;
use self::test_run::TestRun;
use crate::chart::{Chart, FlowChart, Outline, Selection};
use crate::client::{self, Fault};
use crate::editing::{Editing, SaveButtons, SaveState, SaveTrouble};
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::integration::commands::{refusal, restore, still_used};
use crate::page::runs::RunsTable;
use crate::route::{Route, use_id};
use crate::ui::{Badge, Button, ButtonKind, Icon, Menu, MenuItem, Tab, Tabs, in_address};
use crate::ui::{Confirm, Notice, Tone, confirm, error_words};

/// The page.
#[component]
pub fn Runbook() -> impl IntoView {
    let id = use_id();
    // Another id is another page: nothing of the last one's draft may stay.
    (move || {
        let id = id.get();
        let record = Loaded::new(move || {
            let id = RunbookId::parse(&id);
            async move {
                match id {
                    Ok(id) => client::runbook(&id).await,
                    Err(_) => Err(Fault::not_found()),
                }
            }
        });
        show_loaded("runbook", record, |record| {
            view! { <Editor record=record /> }.into_any()
        })
    })
    .into_any()
}

#[component]
fn Editor(record: RunbookRecord) -> impl IntoView {
    let id = StoredValue::new(record.record.value.id.clone());
    let missing_secrets = RwSignal::new(record.record.missing_secrets.clone());
    let publication = RwSignal::new(record.publication.clone());
    let editing = Editing::new(record.record.value, record.record.version);
    let stored_secrets = Memo::new(move |_| {
        editing
            .saved
            .with(|saved| missing_secrets.with(|missing| saved.stored_places(missing)))
    });
    let integrations = Loaded::new(client::integrations);
    let methods: Signal<Vec<IntegrationSummary>> = Signal::derive(move || {
        integrations
            .value()
            .map(|list| list.items)
            .unwrap_or_default()
    });
    let publishing = Publishing::new(editing.draft);
    let chart = Chart::new(editing.draft, methods, publishing.problems.into());
    keep_selection_in_address(chart);
    let save = Callback::new(move |()| {
        save_then(editing, publication, missing_secrets, || ());
    });
    let publish = Callback::new(move |()| {
        save_then(editing, publication, missing_secrets, move || {
            publishing.publish(id.get_value(), publication);
        });
    });
    let reload = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            match client::runbook(&id.get_value()).await {
                Ok(record) => {
                    publication.set(record.publication);
                    missing_secrets.set(record.record.missing_secrets);
                    editing.take(record.record.value, record.record.version);
                    chart.forget();
                }
                Err(fault) => editing.fault.set(Some(fault)),
            }
        });
    });
    let overwrite = Callback::new(move |()| {
        leptos::task::spawn_local(async move {
            if let Ok(record) = client::runbook(&id.get_value()).await {
                editing.version.set(record.record.version);
                save.run(());
            }
        });
    });
    let testing = RwSignal::new(false);
    let rename = draft::field(
        chart,
        "Rename",
        Some("rename"),
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    );
    let title = Signal::derive(move || editing.draft.with(|draft| draft.name.clone()));
    let enabled = Signal::derive(move || editing.saved.with(|saved| saved.enabled));
    let state = view! {
        <PublicationBadge publication=publication enabled=enabled />
        <SaveState dirty=editing.dirty() saving=editing.saving />
    }
    .into_any();
    let refused = RwSignal::new(None::<String>);
    let delete = move || ask_delete(id.get_value(), title.get_untracked(), refused);
    let commands = Signal::derive(move || {
        let mut commands = Vec::new();
        if publication.with(|publication| publication.version.is_some()) {
            commands.push(MenuItem::new("Unpublish", Icon::Stop, move || {
                publishing.unpublish(id.get_value(), publication);
            }));
        }
        commands.push(MenuItem::new("Delete runbook", Icon::Trash, delete).danger());
        commands
    });
    let chart_tab = move || chart_tab(chart).into_any();
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
    let count = Signal::derive(move || {
        let steps = editing.draft.with(|draft| draft.steps.len());
        (steps > 0).then(|| steps.to_string())
    });
    view! {
        <div class="runbook">
        <PageHeader
            title=title
            rename=rename
            crumbs=vec![Crumb::new("Runbooks", Route::Runbooks)]
            state=state
        >
            <Menu label="More" items=commands />
            <Button icon=Icon::Play on_press=move |()| testing.set(true)>"Run a test"</Button>
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
                hint="Saves the draft and makes it the version that runs"
            >
                "Publish"
            </Button>
        </PageHeader>
        <SaveTrouble fault=editing.fault on_overwrite=overwrite on_reload=reload />
        {move || refused.get().map(|why| view! { <div class="runbook-notice">{still_used(why)}</div> })}
        {move || publication.get().switched_off.map(switched_off_notice)}
        <PublishBar publishing=publishing publication=publication chart=chart dirty=editing.dirty() />
        <Tabs
            label="Runbook"
            tabs=vec![
                Tab::new("details", "Details", details_tab),
                Tab::new("chart", "Flow Chart", chart_tab).with_note(count),
                Tab::new("runs", "Runs", runs_tab),
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
        <div class="runbook-notice">
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

/// A reload shows the same step in the panel.
fn keep_selection_in_address(chart: Chart) {
    let step = in_address("step");
    let named = StepId::parse(&step.peek())
        .ok()
        .filter(|id| chart.draft.with_untracked(|draft| draft.step(id).is_some()));
    chart.selected.set(named.map(Selection::Step));
    Effect::new(move |_| {
        let selected = match chart.selected.get() {
            Some(Selection::Step(id)) => id.to_string(),
            Some(Selection::Start) | None => String::new(),
        };
        step.set(selected);
    });
}

fn chart_tab(chart: Chart) -> impl IntoView {
    view! {
        <div class="runbook-chart">
            <div class="runbook-chart-main">
                <FlowChart chart=chart />
            </div>
            <Show when=move || chart.has_panel()>
                <aside class="runbook-panel" aria-label="Selected step">
                    <Show when=move || chart.as_list.get()>
                        <Outline chart=chart />
                    </Show>
                    <StepPanel chart=chart />
                </aside>
            </Show>
        </div>
    }
}

/// Draft or published, whether they differ, and whether starts are accepted.
#[component]
fn PublicationBadge(
    #[prop(into)] publication: Signal<Publication>,
    enabled: Signal<bool>,
) -> impl IntoView {
    let state = Memo::new(move |_| publication.with(|now| publication_state(now, enabled.get())));
    let tone = Signal::derive(move || state.with(|state| state.0));
    let label = Signal::derive(move || state.with(|state| state.1.clone()));
    view! { <Badge tone=tone label=label /> }.into_any()
}

/// What a badge says of it.
pub fn publication_state(publication: &Publication, enabled: bool) -> (Tone, String) {
    match (publication.version, publication.changed) {
        (Some(_), _) if !enabled => (Tone::Warning, "Switched off".to_owned()),
        (None, _) => (Tone::Neutral, publication_words(publication)),
        (Some(_), true) => (Tone::Warning, publication_words(publication)),
        (Some(_), false) => (Tone::Good, publication_words(publication)),
    }
}

/// "Draft", "Published, version 3", or that the draft has moved on.
fn publication_words(publication: &Publication) -> String {
    match (publication.version, publication.changed) {
        (None, _) => "Draft".to_owned(),
        (Some(version), false) => format!("Published, version {version}"),
        (Some(version), true) => format!("Version {version} runs; the draft differs"),
    }
}

fn save_then(
    editing: Editing<shared::model::Runbook>,
    publication: RwSignal<Publication>,
    missing_secrets: RwSignal<Vec<String>>,
    then: impl FnOnce() + 'static,
) {
    if !editing.dirty().get_untracked() {
        then();
        return;
    }
    editing.save(
        move |version, draft| async move {
            let record = client::save_runbook(version, &draft).await?;
            publication.set(record.publication);
            missing_secrets.set(record.record.missing_secrets);
            Ok((record.record.value, record.record.version))
        },
        then,
    );
}

fn ask_delete(id: RunbookId, name: String, refused: RwSignal<Option<String>>) {
    let question = Confirm::danger(
        format!("Delete {name}?"),
        "Nothing can start it any more. It can be brought back for 30 days.",
        "Delete",
    );
    confirm(question, move || {
        let (id, name) = (id.clone(), name.clone());
        refused.set(None);
        leptos::task::spawn_local(async move {
            match client::delete_runbook(&id).await {
                Ok(()) => {
                    crate::ui::unsaved::go_instead(Route::Runbooks);
                    let back = Route::Runbook(id.to_string());
                    crate::ui::toast_undo(format!("Deleted {name}"), move || {
                        restore("runbooks", id.to_string(), back.clone());
                    });
                }
                Err(fault) => {
                    refused.try_set(Some(refusal(&fault)));
                }
            }
        });
    });
}
