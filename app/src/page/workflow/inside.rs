//! Which tickets are inside, in which version and step, and the move to the latest version.

use leptos::prelude::*;
use shared::api::{Publication, TicketInStep, TicketsInStep, WorkflowTickets};
use shared::model::WorkflowId;

use super::moving::Moving;
use crate::client::{self, use_live};
use crate::load::{Loaded, failed};
use crate::route::Route;
use crate::ui::{Cell, Column, EmptyState, Icon, Row, Skeleton, SortKey, Table, TableState};

/// How long a list rests before it is read again, in milliseconds.
const REST_MS: u32 = 1_000;

#[component]
pub(super) fn Inside(
    workflow: WorkflowId,
    #[prop(into)] publication: Signal<Publication>,
) -> impl IntoView {
    let key = StoredValue::new(workflow.clone());
    let live = use_live();
    let fetch = move || {
        live.connections.track();
        // Another version is the latest one then.
        publication.with(|publication| publication.version);
        let id = key.get_value();
        async move { client::workflow_tickets(&id).await }
    };
    // On a busy desk tickets change all the time.
    let inside = Loaded::paced(fetch, |_| REST_MS);
    live.each(move |event| {
        if matches!(event, shared::api::LiveEvent::Ticket { .. }) {
            inside.again();
        }
    });
    let stage = Memo::new(move |_| {
        inside.state.with(|state| match state {
            None => Stage::Waiting,
            Some(Err(fault)) => Stage::Failed(fault.clone()),
            Some(Ok(inside)) if inside.counts.is_empty() => Stage::Empty,
            Some(Ok(_)) => Stage::Ready,
        })
    });
    let now = Memo::new(move |_| inside.value().unwrap_or_default());
    let is_published = move || publication.with(|publication| publication.version.is_some());
    let body = move || match stage.get() {
        Stage::Waiting => view! { <Skeleton lines=4 /> }.into_any(),
        Stage::Failed(fault) => failed(
            "tickets inside",
            &fault,
            Callback::new(move |()| inside.again()),
        ),
        Stage::Empty => {
            let text = if is_published() {
                "New tickets of its types enter its first step. Those that were there before stay outside."
            } else {
                "Once it is published, new tickets of its types enter its first step. Each stays in its version until it is moved."
            };
            view! { <EmptyState icon=Icon::Desk title="No tickets inside" text=text /> }.into_any()
        }
        Stage::Ready => lists(now),
    };
    view! {
        <div class="page page-wide stack stack-large">
            <Moving workflow=workflow.clone() inside=now on_moved=Callback::new(move |()| inside.again()) />
            {body}
        </div>
    }
    .into_any()
}

#[derive(Debug, Clone, PartialEq)]
enum Stage {
    Waiting,
    Failed(client::Fault),
    Empty,
    Ready,
}

fn lists(inside: Memo<WorkflowTickets>) -> AnyView {
    let counts = Signal::derive(move || {
        let newest = inside.with(|inside| inside.newest_version);
        let rows = inside.with(|inside| {
            let counts = inside.counts.iter();
            counts.map(|count| count_row(count, newest)).collect()
        });
        TableState::Ready(rows)
    });
    let tickets = Signal::derive(move || {
        TableState::Ready(inside.with(|inside| inside.tickets.iter().map(ticket_row).collect()))
    });
    let total = move || {
        inside.with(|inside| {
            let all: u64 = inside.counts.iter().map(|count| count.count).sum();
            let shown = u64::try_from(inside.tickets.len()).unwrap_or(u64::MAX);
            (shown < all).then(|| format!("The first {shown} of {all}."))
        })
    };
    view! {
        <section class="stack">
            <h2>"By version and step"</h2>
            <Table
                label="Tickets by version and step"
                columns=vec![
                    Column::new("Version").sorts(),
                    Column::new("Step").sorts(),
                    Column::new("Tickets").width("6rem").end().sorts(),
                ]
                state=counts
                empty=|| ().into_any()
            />
        </section>
        <section class="stack">
            <h2>"Tickets"</h2>
            <p class="muted">{total}</p>
            <Table
                label="Tickets inside"
                columns=vec![
                    Column::new("Ticket").width("6rem").sorts(),
                    Column::new("Summary").sorts(),
                    Column::new("Step").sorts(),
                    Column::new("Version").width("6rem").end().sorts(),
                    Column::new("Since").width("9rem").sorts().secondary(),
                ]
                state=tickets
                empty=|| ().into_any()
            />
        </section>
    }
    .into_any()
}

fn count_row(count: &TicketsInStep, newest: Option<u32>) -> Row {
    let version = if newest == Some(count.version) {
        format!("{} (latest)", count.version)
    } else {
        count.version.to_string()
    };
    Row {
        key: format!(
            "{}.{}.{}.{}",
            version, count.step, count.step_name, count.count
        ),
        href: None,
        cells: vec![
            Cell::new(
                move || version.clone(),
                SortKey::Number(i64::from(count.version)),
            ),
            Cell::text(&count.step_name),
            Cell::new(
                {
                    let count = count.count;
                    move || count
                },
                SortKey::Number(i64::try_from(count.count).unwrap_or(i64::MAX)),
            ),
        ],
    }
}

fn ticket_row(ticket: &TicketInStep) -> Row {
    let since = i64::try_from(ticket.entered_at).unwrap_or(i64::MAX);
    let id = ticket.ticket_id;
    Row {
        key: format!(
            "{id}.{}.{}.{since}.{}",
            ticket.version, ticket.step, ticket.summary
        ),
        href: Some(Route::Ticket(id.to_string()).to_string()),
        cells: vec![
            Cell::new(
                move || id,
                SortKey::Number(i64::try_from(id).unwrap_or(i64::MAX)),
            ),
            Cell::text(&ticket.summary),
            Cell::text(&ticket.step_name),
            Cell::new(
                {
                    let version = ticket.version;
                    move || version
                },
                SortKey::Number(i64::from(ticket.version)),
            ),
            Cell::time(since),
        ],
    }
}
