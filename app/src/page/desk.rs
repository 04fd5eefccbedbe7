//! The tickets of the desk.

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use shared::api::LiveEvent;

use crate::client::{self, Ticket, TicketList, use_live};
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::clock::parse_instant;
use crate::ui::table::{SortKey, TableState};
use crate::ui::{
    Badge, Bound, Button, Cell, Column, EmptyState, Icon, Render, Row, Table, TextField, Time,
    Tone, in_address,
};

/// How long nothing must be typed before the search runs, in milliseconds.
const CALM_MS: u32 = 250;
const PAGE_SIZE: u64 = 50;

/// The page.
#[component]
pub fn Desk() -> impl IntoView {
    let search = in_address("search");
    let page = in_address("page");
    let typed = RwSignal::new(search.peek());
    let latest = StoredValue::new(0_u32);
    let typing = Bound::new(
        typed,
        Callback::new(move |text: String| {
            typed.set(text.clone());
            latest.update_value(|turn| *turn += 1);
            let turn = latest.get_value();
            leptos::task::spawn_local(async move {
                TimeoutFuture::new(CALM_MS).await;
                if latest.try_get_value() == Some(turn) {
                    page.set(String::new());
                    search.set(text);
                }
            });
        }),
    );
    let live = use_live();
    let tickets = Loaded::new(move || {
        live.connections.track();
        let (search, page) = (search.get(), number(&page.get()));
        async move { client::tickets(&search, page).await }
    });
    Effect::new(move |_| {
        if let Some(LiveEvent::Ticket { .. }) = live.event.get() {
            tickets.again();
        }
    });
    let state = Signal::derive(move || match tickets.state.get() {
        None => TableState::Loading,
        Some(Err(fault)) => TableState::Failed {
            title: "Could not load the tickets".to_owned(),
            text: fault.to_string(),
        },
        Some(Ok(list)) => TableState::Ready(list.tickets.into_iter().map(row).collect()),
    });
    let empty = Render::new(move || {
        if search.get().is_empty() {
            view! {
                <EmptyState
                    icon=Icon::Desk
                    title="No tickets yet"
                    text="Tickets come in through the API at /api/Tickets, or by a runbook. A desk that was started without --empty has three to try things on."
                />
            }
        } else {
            view! {
                <EmptyState
                    icon=Icon::Search
                    title="No ticket matches"
                    text="The search looks at the number, the summary and the details. Try fewer words."
                />
            }
        }
        .into_any()
    });
    view! {
        <PageHeader title="Desk" />
        <div class="page page-wide">
            <div class="filters">
                <TextField label="Search tickets" value=typing />
            </div>
            <Table
                label="Tickets"
                columns=vec![
                    Column::new("No.").width("4.5rem").sorts(),
                    Column::new("Summary"),
                    Column::new("Customer").width("13rem").secondary(),
                    Column::new("Status").width("8rem"),
                    Column::new("Agent").width("8rem").secondary(),
                    Column::new("Last action").width("7rem").secondary(),
                ]
                state=state
                empty=empty
                on_retry=Callback::new(move |()| tickets.again())
            />
            <Pages tickets=tickets page=page />
        </div>
    }
    .into_any()
}

/// The page that the address names; the first where it names none.
fn number(page: &str) -> u32 {
    page.parse().unwrap_or(1).max(1)
}

#[component]
fn Pages(tickets: Loaded<TicketList>, page: Bound<String>) -> impl IntoView {
    let pages = move || {
        let count = tickets.value().map_or(0, |list| list.record_count);
        u32::try_from(count.div_ceil(PAGE_SIZE)).unwrap_or(u32::MAX)
    };
    let here = move || number(&page.get());
    let words = move || format!("Page {} of {}", here(), pages());
    view! {
        <Show when=move || 1 < pages()>
            <nav class="older" aria-label="Pages">
                <Button
                    small=true
                    disabled=Signal::derive(move || here() <= 1)
                    on_press=move |()| page.set((number(&page.peek()) - 1).to_string())
                >
                    "Previous"
                </Button>
                <span class="muted numeric">{words}</span>
                <Button
                    small=true
                    disabled=Signal::derive(move || here() >= pages())
                    on_press=move |()| page.set((number(&page.peek()) + 1).to_string())
                >
                    "Next"
                </Button>
            </nav>
        </Show>
    }
    .into_any()
}

fn row(ticket: Ticket) -> Row {
    let last = ticket.lastactiondate.as_deref().and_then(parse_instant);
    let status = ticket.status_name.clone().unwrap_or_default();
    let status_key = SortKey::text(&status);
    let closed = ticket.isclosed;
    let number = i64::try_from(ticket.id).unwrap_or(i64::MAX);
    let id = ticket.id.to_string();
    Row {
        key: format!("{id}-{status}-{}", last.unwrap_or_default()),
        href: Some(Route::Ticket(id.clone()).to_string()),
        cells: vec![
            Cell::new(
                move || view! { <span class="numeric">{id.clone()}</span> },
                SortKey::Number(number),
            ),
            Cell::text(ticket.summary),
            Cell::text(ticket.client_name.unwrap_or_default()),
            Cell::new(
                move || view! { <TicketStatus name=status.clone() closed=closed /> },
                status_key,
            ),
            Cell::text(ticket.agent_name.unwrap_or_default()),
            Cell::new(
                move || last.map(|at| view! { <Time at=at /> }),
                SortKey::Number(last.unwrap_or_default()),
            ),
        ],
    }
}

/// A ticket's status: icon and word.
#[component]
pub fn TicketStatus(name: String, closed: bool) -> impl IntoView {
    let tone = if closed { Tone::Good } else { Tone::Neutral };
    view! { <Badge tone=tone label=name /> }.into_any()
}
