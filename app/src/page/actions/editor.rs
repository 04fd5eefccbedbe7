//! One action: what it does, what it asks, where it is offered, and what it hands to its runbook.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{DeskActionRecord, List, RunbookSummary};
use shared::model::{ActsOn, DeskAction, RunbookId, SystemUse};
use shared::problem::Problem;

use super::asked::Fields;
use super::offered::Offered;
use super::row::delete;
use super::variables::Variables;
use super::words::records_words;
use crate::client::{self, Fault};
use crate::editing::{Editing, SaveButtons, SaveState, SaveTrouble};
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::integration::commands::select_title;
use crate::route::{Route, use_id};
use crate::ui::field::{Choice, Segments};
use crate::ui::unsaved::go_instead;
use crate::ui::{
    Bound, Icon, Menu, MenuItem, Notice, SelectField, Switch, TextField, Tone, error_words,
};

/// The page.
#[component]
pub fn Action() -> impl IntoView {
    let id = use_id();
    (move || {
        let name = id.get();
        let record = Loaded::new(move || {
            let name = name.clone();
            async move { client::desk_action(&name).await }
        });
        show_loaded("action", record, |record| {
            view! { <Editor record=record /> }.into_any()
        })
    })
    .into_any()
}

/// What is wrong with an action, by its place in it; `None` for what has no field of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problems {
    stored: RwSignal<Vec<Problem>>,
    fault: RwSignal<Option<Fault>>,
}

impl Problems {
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
    let is_new = record.record.version == 1 && record.record.value.name.starts_with("New action");
    let (action, version) = parts(record, stored);
    let editing = Editing::new(action, version);
    editing.forgive(|draft| serde_json::to_value(draft).unwrap_or_default());
    let problems = Problems {
        stored,
        fault: editing.fault,
    };
    // By which the server knows it, also while another name is typed.
    let former = move || editing.saved.with_untracked(|saved| saved.name.clone());
    let save = Callback::new(move |()| {
        if !editing.dirty().get_untracked() {
            return;
        }
        // Lines that nothing stands on are no choices.
        editing.draft.update(|draft| {
            for field in &mut draft.fields {
                field.choices.retain(|choice| !choice.trim().is_empty());
            }
        });
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
    let read = move |then: fn(Editing<DeskAction>, DeskAction, u64, Callback<()>)| {
        spawn_local(async move {
            match client::desk_action(&former()).await {
                Ok(record) => {
                    let (action, version) = parts(record, stored);
                    then(editing, action, version, save);
                }
                Err(fault) => editing.fault.set(Some(fault)),
            }
        });
    };
    let overwrite = move |()| {
        read(|editing, _, version, save| {
            editing.version.set(version);
            save.try_run(());
        });
    };
    let reload = move |()| read(|editing, action, version, _| editing.take(action, version));
    let name = Bound::of(
        editing.draft,
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    );
    let remove = move || {
        let name = former();
        editing.discard();
        delete(name, Callback::new(|()| go_instead(Route::Actions)));
    };
    let items = Signal::stored(vec![
        MenuItem::new("Delete action", Icon::Trash, remove).danger(),
    ]);
    if is_new {
        select_title();
    }
    let runbooks = Loaded::new(client::runbooks);
    let state = view! { <SaveState dirty=editing.dirty() saving=editing.saving /> }.into_any();
    let queues = Memo::new(move |_| editing.draft.with(|draft| draft.queues().is_some()));
    view! {
        <PageHeader
            title=name.signal()
            rename=name
            crumbs=vec![
                Crumb::new("Settings", Route::Settings),
                Crumb::new("Actions", Route::Actions),
            ]
            state=state
        >
            <Menu label="More" items=items />
            <SaveButtons
                dirty=editing.dirty()
                saving=editing.saving
                on_save=save
                on_discard=move |()| editing.discard()
            />
        </PageHeader>
        <div class="page stack stack-large action-page">
            <SaveTrouble fault=editing.fault on_overwrite=overwrite on_reload=reload />
            {told(problems)}
            <section class="section form" aria-label="What it does">
                <h2>"What it does"</h2>
                <div class="stack">{does(editing.draft, runbooks, problems)}</div>
            </section>
            <Fields draft=editing.draft problems=problems />
            <Offered draft=editing.draft runbooks=runbooks />
            <Show when=move || queues.get()>
                <Variables draft=editing.draft />
            </Show>
        </div>
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
    let choices = Signal::derive(move || {
        let known = runbooks.value().map(|list| list.items).unwrap_or_default();
        let chosen = runbook.get();
        let mut choices = vec![Choice::new("", "Choose a runbook")];
        if !chosen.is_empty() && known.iter().all(|one| one.id.as_str() != chosen) {
            choices.push(Choice::new(chosen, "A runbook that is not there"));
        }
        choices.extend(
            known
                .iter()
                .map(|one| Choice::new(one.id.to_string(), one.name.clone())),
        );
        choices
    });
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
