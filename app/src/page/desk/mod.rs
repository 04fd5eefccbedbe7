//! The tickets of the desk.

mod filters;

use leptos::prelude::*;
use shared::api::LiveEvent;

use self::filters::{Filters, filter_query};
use super::desk_sections::DeskSections;
use super::listing::{Listing, Pages, Search};
use crate::client::{self, Ticket, TicketList, use_live};
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::clock::parse_instant;
use crate::ui::table::{SortKey, TableState};
use crate::ui::unsaved::go;
use crate::ui::{
    Badge, Bound, ButtonKind, ButtonLink, Cell, Column, EmptyState, Icon, IconButton, Render, Row,
    Table, Time, Tone, in_address, use_shortcut,
};

/// The page.
#[component]
pub fn Desk() -> impl IntoView {
    let listing = Listing::in_address();
    let filter = in_address("view");
    let narrowed = ["client_id", "site_id", "user_id"].map(|name| (name, in_address(name)));
    let live = use_live();
    // An empty list means something else on a desk that has no ticket at all.
    let any = RwSignal::new(true);
    let tickets = Loaded::new(move || {
        live.connections.track();
        let mut query = listing.query();
        for (name, id) in narrowed {
            query.extend(["&", name, "=", &client::encoded(&id.get())]);
        }
        let filter = filter.get();
        async move {
            let filter = filter_query(&filter).await?;
            let list = client::tickets(&format!("{query}{filter}")).await?;
            if list.record_count == 0 {
                let all = client::tickets("pageinate=true&page_size=1").await?;
                any.try_set(all.record_count > 0);
            }
            Ok(list)
        }
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
        let narrowed = narrowed.iter().any(|(_, id)| !id.get().is_empty());
        nothing(any.get(), !listing.search.get().is_empty() || narrowed)
    });
    let count = Signal::derive(move || tickets.value().map(|list| list.record_count));
    let shown = Signal::derive(move || tickets.value().map_or(0, |list| list.tickets.len()));
    use_shortcut("N", "New ticket", || go(Route::NewTicket));
    view! {
        <PageHeader title="Desk">
            <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=Route::NewTicket.to_string()>
                "New ticket"
            </ButtonLink>
        </PageHeader>
        <DeskSections />
        <div class="page page-wide">
            <div class="filters">
                <Search label="Search tickets" listing=listing />
                <Filters />
                {narrowed.map(|(name, id)| move || chip(name, id, tickets))}
            </div>
            <Table
                label="Tickets"
                columns=vec![
                    Column::new("No.").width("4.5rem").sorts(),
                    Column::new("Summary").sorts(),
                    Column::new("Customer").width("13rem").secondary(),
                    Column::new("Status").width("11rem"),
                    Column::new("Agent").width("8rem").secondary(),
                    Column::new("Last action").width("7rem").sorts().secondary(),
                ]
                order=listing.by_column(vec!["id", "summary", "", "", "", "lastactiondate"])
                state=state
                empty=empty
                on_retry=Callback::new(move |()| tickets.again())
            />
            <Pages listing=listing count=count shown=shown />
        </div>
    }
    .into_any()
}

/// Says whose tickets are shown, where a link from elsewhere narrowed them, and takes that back.
fn chip(parameter: &str, id: Bound<String>, tickets: Loaded<TicketList>) -> Option<AnyView> {
    let number = id.get();
    if number.is_empty() {
        return None;
    }
    let first = tickets
        .value()
        .and_then(|list| list.tickets.into_iter().next());
    let (what, name) = match parameter {
        "client_id" => ("Customer", first.and_then(|ticket| ticket.client_name)),
        "site_id" => ("Site", first.and_then(|ticket| ticket.site_name)),
        _ => ("User", first.and_then(|ticket| ticket.user_name)),
    };
    let words = format!("{what}: {}", name.unwrap_or(number));
    let label = format!("Show the tickets of every {}", what.to_lowercase());
    let chip = view! {
        <span class="filter-own filter-set">
            <span class="filter">{words}</span>
            <IconButton icon=Icon::Cross label=label on_press=move |()| id.set(String::new()) />
        </span>
    };
    Some(chip.into_any())
}

/// What stands in the place of a list without tickets, and leads on.
fn nothing(any: bool, narrowed: bool) -> AnyView {
    let all = format!("{}?view=all", Route::Desk);
    match (any, narrowed) {
        (true, true) => view! {
            <EmptyState
                icon=Icon::Search
                title="No ticket matches"
                text="The search looks at the number, the summary and the details, and keeps to the filter. Try fewer words, or all tickets."
            >
                <ButtonLink href=all>"Show all tickets"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        (false, _) => view! {
            <EmptyState
                icon=Icon::Desk
                title="No tickets yet"
                text="Tickets come in by hand, through the API at /api/Tickets, or by a runbook. A desk that was started without --empty has three to try things on."
            >
                <ButtonLink icon=Icon::Plus href=Route::NewTicket.to_string()>"New ticket"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
        (true, false) => view! {
            <EmptyState
                icon=Icon::Filter
                title="No ticket fits this filter"
                text="Choose another filter above, show all tickets, or make the first one."
            >
                <ButtonLink href=all>"Show all tickets"</ButtonLink>
            </EmptyState>
        }
        .into_any(),
    }
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
