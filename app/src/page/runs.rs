//! What ran, and what is running.

use leptos::prelude::*;
use shared::api::{List, LiveEvent, RunbookSummary, RunsQuery};
use shared::engine::{RunStatus, RunSummary, StartedBy};
use shared::model::RunbookId;

use crate::client::{self, Fault, use_live};
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::page::failed_deliveries::FailedDeliveries;
use crate::route::Route;
use crate::ui::field::Choice;
use crate::ui::table::{SortKey, TableState};
use crate::ui::{
    Badge, Bound, Button, Cell, Column, EmptyState, Icon, Render, Row, SelectField, Table, Time,
    Tone, clock, error_words, in_address,
};

/// The page.
#[component]
pub fn Runs() -> impl IntoView {
    view! {
        <PageHeader title="Runs" />
        <div class="page page-wide">
            <FailedDeliveries />
            <RunsTable />
        </div>
    }
    .into_any()
}

const STATUSES: [RunStatus; 6] = [
    RunStatus::Queued,
    RunStatus::Running,
    RunStatus::Waiting,
    RunStatus::Succeeded,
    RunStatus::Failed,
    RunStatus::Cancelled,
];

/// The runs of one runbook, or of all with a filter; the newest first, and live.
#[component]
pub fn RunsTable(#[prop(optional)] runbook: Option<RunbookId>) -> impl IntoView {
    let of_one = runbook.is_some();
    let chosen = in_address("runbook");
    let status = in_address("status");
    let live = use_live();
    let query = Memo::new(move |_| RunsQuery {
        runbook: runbook
            .clone()
            .or_else(|| RunbookId::parse(&chosen.get()).ok()),
        status: status_named(&status.get()),
        ..RunsQuery::default()
    });
    let runs = Loaded::new(move || {
        live.connections.track();
        let query = query.get();
        async move { client::runs(&query).await }
    });
    Effect::new(move |_| {
        if let Some(LiveEvent::Run { run }) = live.event.get() {
            let query = query.get_untracked();
            runs.state.update(|state| {
                if let Some(Ok(list)) = state {
                    take_in(list, &query, *run);
                }
            });
        }
    });
    let more_busy = RwSignal::new(false);
    let more = move |()| {
        let Some(after) = runs.value().and_then(|list| list.next) else {
            return;
        };
        let query = RunsQuery {
            after: Some(after),
            ..query.get_untracked()
        };
        more_busy.set(true);
        leptos::task::spawn_local(async move {
            let page = client::runs(&query).await;
            more_busy.set(false);
            match page {
                Ok(page) => runs.state.update(|state| {
                    if let Some(Ok(list)) = state {
                        list.items.extend(page.items);
                        list.next = page.next;
                    }
                }),
                Err(fault) => crate::ui::toast(fault.to_string()),
            }
        });
    };
    let has_more = move || {
        runs.state
            .with(|state| matches!(state, Some(Ok(list)) if list.next.is_some()))
    };
    let state = Signal::derive(move || table_state(runs.state.get(), of_one));
    let mut columns = vec![Column::new("Status").width("8.5rem")];
    if !of_one {
        columns.push(Column::new("Runbook"));
    }
    columns.extend([
        Column::new("Started by").secondary(),
        Column::new("Last step").secondary(),
        Column::new("Started").width("8rem"),
        Column::new("Took").width("6rem").end().secondary(),
    ]);
    let empty = move || {
        if status.get().is_empty() {
            view! {
                <EmptyState
                    icon=Icon::Runs
                    title="No runs yet"
                    text="A run appears here as soon as a runbook is started. It shows every step with its request, response and variables."
                />
            }
            .into_any()
        } else {
            view! {
                <EmptyState
                    icon=Icon::Filter
                    title="No run has this status"
                    text="Choose another status above, or all of them."
                />
            }
            .into_any()
        }
    };
    view! {
        <div class="filters">
            {(!of_one).then(|| view! { <RunbookFilter value=chosen /> })}
            <SelectField label="Status" value=status choices=Signal::stored(status_choices()) />
        </div>
        <Table
            label="Runs"
            columns=columns
            state=state
            empty=Render::new(empty)
            on_retry=Callback::new(move |()| runs.again())
        />
        <Show when=has_more>
            <div class="older">
                <Button busy=more_busy on_press=more>"Show older runs"</Button>
            </div>
        </Show>
    }
    .into_any()
}

#[component]
fn RunbookFilter(value: Bound<String>) -> impl IntoView {
    let runbooks = Loaded::new(client::runbooks);
    let choices = Signal::derive(move || {
        let all: Vec<RunbookSummary> = runbooks.value().map(|list| list.items).unwrap_or_default();
        std::iter::once(Choice::new("", "All runbooks"))
            .chain(
                all.into_iter()
                    .map(|r| Choice::new(r.id.to_string(), r.name)),
            )
            .collect()
    });
    view! { <SelectField label="Runbook" value=value choices=choices /> }.into_any()
}

fn status_choices() -> Vec<Choice> {
    std::iter::once(Choice::new("", "Any status"))
        .chain(STATUSES.map(|status| Choice::new(status.as_str(), status_word(status))))
        .collect()
}

fn status_named(name: &str) -> Option<RunStatus> {
    STATUSES.into_iter().find(|status| status.as_str() == name)
}

/// A run's news into the list: in its place where it is there, else on top; out where the filter no longer holds.
fn take_in(list: &mut List<RunSummary>, query: &RunsQuery, run: RunSummary) {
    let fits = query.runbook.as_ref().is_none_or(|id| *id == run.runbook)
        && query.status.is_none_or(|status| status == run.status);
    let at = list
        .items
        .iter()
        .position(|other| other.run_id == run.run_id);
    match (at, fits) {
        (Some(at), true) => {
            if let Some(old) = list.items.get_mut(at) {
                *old = run;
            }
        }
        (Some(at), false) => {
            list.items.remove(at);
        }
        (None, true) => list.items.insert(0, run),
        (None, false) => {}
    }
}

fn table_state(state: Option<Result<List<RunSummary>, Fault>>, of_one: bool) -> TableState {
    match state {
        None => TableState::Loading,
        Some(Err(fault)) => TableState::Failed {
            title: "Could not load the runs".to_owned(),
            text: fault.to_string(),
        },
        Some(Ok(list)) => {
            TableState::Ready(list.items.into_iter().map(|run| row(run, of_one)).collect())
        }
    }
}

fn row(run: RunSummary, of_one: bool) -> Row {
    let status = run.status;
    let started = i64::try_from(run.started_at).unwrap_or(i64::MAX);
    let took = run.ended_at.map(|end| end.saturating_sub(run.started_at));
    let mut cells = vec![Cell::new(
        move || view! { <StatusBadge status=status /> },
        SortKey::text(status.as_str()),
    )];
    if !of_one {
        cells.push(Cell::text(run.runbook_name.clone()));
    }
    let step = match (&run.error, run.step_name.clone()) {
        (Some(error), _) => {
            let message = error.message.clone();
            let key = SortKey::text(&message);
            Cell::new(move || error_words(&message), key)
        }
        (None, name) => Cell::text(name.unwrap_or_default()),
    };
    cells.extend([
        Cell::text(started_by(&run)),
        step,
        Cell::new(
            move || view! { <Time at=started /> },
            SortKey::Number(started),
        ),
        Cell::text(took.map(clock::duration).unwrap_or_default()),
    ]);
    Row {
        key: format!("{}-{}-{:?}", run.run_id, status.as_str(), run.step),
        href: Some(Route::Run(run.run_id.to_string()).to_string()),
        cells,
    }
}

/// What started a run, in words.
pub fn started_by(run: &RunSummary) -> String {
    let what = match &run.started_by {
        StartedBy::Public => "Public address".to_owned(),
        StartedBy::Action { name, ticket_id } => format!("Ticket {ticket_id}: {name}"),
        StartedBy::Console => "Console".to_owned(),
        StartedBy::Runbook { name, .. } => format!("Runbook {name}"),
        StartedBy::Replay {
            step_name: Some(step),
            ..
        } => format!("Replay from {step}"),
        StartedBy::Replay { .. } => "Replay".to_owned(),
    };
    if run.version.is_none() {
        return format!("{what}, test of the draft");
    }
    what
}

/// A run's status: icon and word.
#[component]
pub fn StatusBadge(#[prop(into)] status: Signal<RunStatus>) -> impl IntoView {
    let tone = Signal::derive(move || match status.get() {
        RunStatus::Queued => Tone::Neutral,
        RunStatus::Running | RunStatus::Waiting => Tone::Active,
        RunStatus::Succeeded => Tone::Good,
        RunStatus::Failed => Tone::Bad,
        RunStatus::Cancelled => Tone::Warning,
    });
    let label = Signal::derive(move || status_word(status.get()).to_owned());
    view! { <Badge tone=tone label=label /> }.into_any()
}

fn status_word(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Queued => "Queued",
        RunStatus::Running => "Running",
        RunStatus::Waiting => "Waiting",
        RunStatus::Succeeded => "Succeeded",
        RunStatus::Failed => "Failed",
        RunStatus::Cancelled => "Cancelled",
    }
}
