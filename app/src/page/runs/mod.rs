//! What ran, and what is running.

mod chart;
mod filters;
mod list;
mod replays;
mod row;
mod selection;
mod statistics;
mod words;

use leptos::prelude::*;
use shared::model::RunbookId;

use self::filters::{Filters, Narrowed};
use self::list::RunList;
use self::replays::Replaying;
use self::selection::{Chosen, Selection};
use self::statistics::Days;
use crate::frame::PageHeader;
use crate::load::table_state;
use crate::page::failed_deliveries::FailedDeliveries;
use crate::ui::{Button, EmptyState, Icon, Render, Table};

pub use words::{StatusBadge, started_by_link, started_on_ticket, status_word};

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

/// The runs of one runbook with what they add up to, or of all; the newest first, and live.
#[component]
pub fn RunsTable(#[prop(optional)] runbook: Option<RunbookId>) -> impl IntoView {
    let of_one = runbook.is_some();
    let narrowed = Narrowed::in_address();
    let days = runbook
        .clone()
        .map(|runbook| view! { <Days runbook=runbook /> });
    let query = Memo::new(move |_| narrowed.query(runbook.clone()));
    let list = RunList::new(query);
    let selection = Selection::new();
    Effect::new(move |_| {
        query.track();
        selection.chosen.update(std::collections::BTreeSet::clear);
    });
    let state = Signal::derive(move || {
        list.rows.with(|answer| {
            table_state(answer.as_ref(), "runs", |rows| {
                let rows = rows.iter();
                rows.map(|shown| row::row(shown, of_one, selection, list))
                    .collect()
            })
        })
    });
    let has_more = Memo::new(move |_| list.next.with(Option::is_some));
    view! {
        {days}
        <Filters narrowed=narrowed of_one=of_one />
        <div class="runs-line">
            <Chosen selection=selection list=list />
            <Fresh list=list />
        </div>
        <Replaying selection=selection />
        // Not a control of its own: it notes whether somebody looks at the rows.
        <div
            on:pointerenter=move |_| list.is_read.set(true)
            on:pointerleave=move |_| list.is_read.set(false)
            on:focusin=move |_| list.is_read.set(true)
            on:focusout=move |_| list.is_read.set(false)
        >
            <Table
                label="Runs"
                columns=row::columns(of_one)
                folds=true
                state=state
                empty=Render::new(move || empty(narrowed))
                on_retry=Callback::new(move |()| list.again())
            />
        </div>
        <Show when=move || has_more.get()>
            <div class="older">
                <Button busy=list.more_busy on_press=move |()| list.more()>"Show older runs"</Button>
            </div>
        </Show>
    }
    .into_any()
}

/// Runs that have begun while somebody read: they come when they are wanted.
#[component]
fn Fresh(list: RunList) -> impl IntoView {
    let count = Memo::new(move |_| list.fresh.with(Vec::len));
    view! {
        <div role="status">
            <Show when=move || { 0 < count.get() }>
                <Button small=true icon=Icon::ArrowUp on_press=move |()| list.show_fresh()>
                    {move || {
                        let count = count.get();
                        let word = if count == 1 { "run" } else { "runs" };
                        format!("Show {count} new {word}")
                    }}
                </Button>
            </Show>
        </div>
    }
    .into_any()
}

fn empty(narrowed: Narrowed) -> AnyView {
    if narrowed.is_set() {
        return view! {
            <EmptyState
                icon=Icon::Filter
                title="No run fits these filters"
                text="Choose others above, or clear them. Variables are searched once a run waits or has ended."
            />
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::Runs
            title="No runs yet"
            text="A run appears here as soon as a runbook is started. It shows every step with its request, response and variables."
        />
    }
    .into_any()
}
