//! One action: what it does, what it asks, where it is offered, and what it hands to its runbook.

use leptos::prelude::*;
use serde_json::Value;
use shared::api::{DeskActionRecord, List, RunbookSummary};
use shared::model::{ActsOn, DeskAction, RunbookId, SystemUse};
use shared::problem::Problem;

use super::asked::Fields;
use super::draft;
use super::offered::Offered;
use super::row::delete;
use super::variables::Variables;
use super::words::records_words;
use crate::client::{self, Fault};
use crate::editing::Editing;
use crate::frame::Crumb;
use crate::load::{Loaded, show_loaded, show_named};
use crate::page::edited::{EditedPage, NewPage};
use crate::page::runbooks::runbook_choices;
use crate::route::Route;
use crate::ui::field::{Choice, Segments};
use crate::ui::unsaved::go_instead;
use crate::ui::{
    Bound, Icon, MenuItem, Notice, SelectField, Switch, TextField, Tone, error_words, in_address,
};

/// The page.
#[component]
pub fn Action() -> impl IntoView {
    show_named(
        "action",
        |name| async move { client::desk_action(&name).await },
        |record| view! { <Editor record=record /> }.into_any(),
    )
}

/// The page of one that is being made; the address may name its runbook, or ask for the example.
#[component]
pub fn NewAction() -> impl IntoView {
    let runbooks = Loaded::new(client::runbooks);
    // The example needs to know whether its runbook is there.
    show_loaded("runbooks", runbooks, move |known| {
        let action = if in_address("example").peek().is_empty() {
            draft::fresh(&in_address("runbook").peek())
        } else {
            draft::example(&known.items)
        };
        view! { <New action=action runbooks=runbooks /> }.into_any()
    })
}

#[component]
fn New(action: DeskAction, runbooks: Loaded<List<RunbookSummary>>) -> impl IntoView {
    let editing = Editing::new(action, 0);
    editing.forgive(sent);
    let problems = Problems::of(editing, RwSignal::new(Vec::new()));
    let create = Callback::new(move |()| {
        drop_empty_choices(editing);
        editing.create(move |draft| async move {
            let record = client::create_desk_action(&draft).await?;
            let page = Route::Action(record.record.value.name.clone());
            Ok((parts(record, problems.stored), page))
        });
    });
    view! {
        <NewPage
            editing=editing
            name=name(editing)
            crumbs=crumbs()
            class="stack stack-large action-page"
            label="Create action"
            on_create=create
        >
            {all(editing.draft, runbooks, problems)}
        </NewPage>
    }
    .into_any()
}

fn crumbs() -> Vec<Crumb> {
    vec![
        Crumb::new("Settings", Route::Settings),
        Crumb::new("Actions", Route::Actions),
    ]
}

fn name(editing: Editing<DeskAction>) -> Bound<String> {
    Bound::of(
        editing.draft,
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    )
}

/// The draft as it is sent.
fn sent(draft: &DeskAction) -> Value {
    serde_json::to_value(draft).unwrap_or_default()
}

/// Lines that nothing stands on are no choices.
fn drop_empty_choices(editing: Editing<DeskAction>) {
    editing.draft.update(|draft| {
        for field in &mut draft.fields {
            field.choices.retain(|choice| !choice.trim().is_empty());
        }
    });
}

/// What is wrong with an action, by its place in it; `None` for what has no field of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problems {
    stored: RwSignal<Vec<Problem>>,
    fault: RwSignal<Option<Fault>>,
}

impl Problems {
    fn of(editing: Editing<DeskAction>, stored: RwSignal<Vec<Problem>>) -> Self {
        Self {
            stored,
            fault: editing.fault,
        }
    }

    /// What the last save was refused for at this field, such as `fields[0].name`.
    pub(super) fn at(
        self,
        field: impl Fn() -> String + Send + Sync + 'static,
    ) -> Signal<Option<String>> {
        Signal::derive(move || {
            let field = field();
            self.fault.with(|fault| match fault {
                Some(Fault::Refused { detail, .. })
                    if detail.at.field.as_deref() == Some(field.as_str()) =>
                {
                    Some(detail.message.clone())
                }
                _ => None,
            })
        })
    }
}

fn parts(record: DeskActionRecord, problems: RwSignal<Vec<Problem>>) -> (DeskAction, u64) {
    problems.try_set(record.problems);
    (record.record.value, record.record.version)
}

#[component]
fn Editor(record: DeskActionRecord) -> impl IntoView {
    let stored = RwSignal::new(Vec::new());
    let (action, version) = parts(record, stored);
    let editing = Editing::new(action, version);
    editing.forgive(sent);
    let problems = Problems::of(editing, stored);
    // By which the server knows it, also while another name is typed.
    let former = move || editing.saved.with_untracked(|saved| saved.name.clone());
    let save = Callback::new(move |()| {
        if !editing.dirty().get_untracked() {
            return;
        }
        drop_empty_choices(editing);
        let name = former();
        let sent_name = name.clone();
        editing.save(
            move |version, draft| async move {
                let record = client::save_desk_action(&sent_name, version, &draft).await?;
                Ok(parts(record, stored))
            },
            move || {
                let now = editing.saved.try_with_untracked(|saved| saved.name.clone());
                if let Some(now) = now.filter(|now| *now != name) {
                    go_instead(Route::Action(now));
                }
            },
        );
    });
    let newest = move || async move {
        let record = client::desk_action(&former()).await?;
        Ok(parts(record, stored))
    };
    let name = name(editing);
    let remove = move || {
        let name = former();
        editing.discard();
        delete(name, Callback::new(|()| go_instead(Route::Actions)));
    };
    let items = Signal::stored(vec![
        MenuItem::new("Delete action", Icon::Trash, remove).danger(),
    ]);
    let runbooks = Loaded::new(client::runbooks);
    view! {
        <EditedPage
            editing=editing
            name=name
            crumbs=crumbs()
            class="stack stack-large action-page"
            menu=items
            on_save=save
            newest=newest
        >
            {told(problems)}
            {all(editing.draft, runbooks, problems)}
        </EditedPage>
    }
    .into_any()
}

/// All that is set up of it.
fn all(
    draft: RwSignal<DeskAction>,
    runbooks: Loaded<List<RunbookSummary>>,
    problems: Problems,
) -> AnyView {
    let queues = Memo::new(move |_| draft.with(|draft| draft.queues().is_some()));
    view! {
        <section class="section form" aria-label="What it does">
            <h2>"What it does"</h2>
            <div class="stack">{does(draft, runbooks, problems)}</div>
        </section>
        <Fields draft=draft problems=problems />
        <Offered draft=draft runbooks=runbooks />
        <Show when=move || queues.get()>
            <Variables draft=draft />
        </Show>
    }
    .into_any()
}

/// What the stored action lacks of what its runbook needs.
fn told(problems: Problems) -> impl IntoView {
    let list = move || {
        let row = |problem: Problem| view! { <li>{error_words(&problem.detail.message)}</li> };
        let list = problems.stored.get();
        (!list.is_empty()).then(|| {
            view! {
                <Notice tone=Tone::Warning>
                    <p>"As it is saved, its runbook would not start, or not with what is meant:"</p>
                    <ul>{list.into_iter().map(row).collect_view()}</ul>
                </Notice>
            }
        })
    };
    view! { <div role="status">{list}</div> }.into_any()
}

/// What it stands on, what is kept of it, and the runbook that it starts.
fn does(
    draft: RwSignal<DeskAction>,
    runbooks: Loaded<List<RunbookSummary>>,
    problems: Problems,
) -> AnyView {
    let records = Bound::of(
        draft,
        |draft| draft.records.as_str().to_owned(),
        |draft, name| {
            let chosen = ActsOn::ALL.into_iter().find(|one| one.as_str() == name);
            draft.records = chosen.unwrap_or_default();
            if draft.records != ActsOn::Ticket {
                // Nothing is written down on a user or an asset: the runbook is all that it does.
                draft.system_use = SystemUse::QueueRunbook;
            }
        },
    );
    let on_ticket = Memo::new(move |_| draft.with(|draft| draft.records == ActsOn::Ticket));
    let queues = Bound::of(
        draft,
        |draft| draft.system_use == SystemUse::QueueRunbook,
        |draft, on| {
            draft.system_use = if on {
                SystemUse::QueueRunbook
            } else {
                SystemUse::None
            };
        },
    );
    let outcome = Bound::of(
        draft,
        |draft| draft.outcome.clone().unwrap_or_default(),
        |draft, outcome| draft.outcome = Some(outcome).filter(|outcome| !outcome.is_empty()),
    );
    let hidden = Bound::of(
        draft,
        |draft| draft.hidden_from_user,
        |draft, on| draft.hidden_from_user = on,
    );
    let runbook = Bound::of(
        draft,
        |draft| {
            draft
                .runbook
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default()
        },
        |draft, id| draft.runbook = RunbookId::parse(&id).ok(),
    );
    let choices = runbook_choices(runbooks, runbook.signal());
    let link = move || {
        let chosen = runbook.get();
        (!chosen.is_empty()).then(|| {
            let href = Route::Runbook(chosen).to_string();
            view! { <p><a href=href>"Open the runbook"</a></p> }
        })
    };
    let places = ActsOn::ALL.map(|one| Choice::new(one.as_str(), records_words(one)));
    view! {
        <Segments label="It is a button on" value=records choices=places.to_vec() />
        <Show when=move || on_ticket.get()>
            <TextField
                label="Outcome"
                value=outcome
                optional=true
                hint=Some("What the action is called on the ticket, and what programs post at /api/Actions; its name where this is empty.".to_owned())
            />
            <Switch label="Hidden from user" hint="Only agents see it on the ticket, unless who takes it says otherwise." value=hidden />
            <Switch label="Queue a runbook" hint="It starts with the ticket and the action." value=queues />
        </Show>
        <Show when=move || queues.get()>
            <SelectField
                label="Runbook"
                value=runbook
                choices=choices
                error=problems.at(|| "runbook".to_owned())
            />
            {link}
        </Show>
    }
    .into_any()
}
