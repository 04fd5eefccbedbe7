//! The tickets of the desk.

mod filters;
mod narrowed;

use leptos::prelude::*;
use shared::api::LiveEvent;

use self::filters::{Filters, VIEW, filter_query, filter_word};
pub use self::narrowed::narrowing;
use self::narrowed::{MORE_FILTERS, More, Narrowed};
use super::desk_sections::DeskSections;
use super::due::{Due, Goal};
use super::lazy;
use super::listing::{Listing, Pages, Search, no_such_page};
use super::pending::{is_deleted, key, track_settled};
use crate::client::{self, ListedTicket, use_live};
use crate::frame::PageHeader;
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::clock::parse_instant;
use crate::ui::table::SortKey;
use crate::ui::unsaved::go;
use crate::ui::{
    Badge, Button, ButtonKind, ButtonLink, Cell, Column, EmptyState, Icon, Render, Row, Table,
    Time, Tone, in_address, put_all_in_address, toast, use_shortcut,
};

/// The page.
#[component]
pub fn Desk() -> impl IntoView {
    let listing = Listing::in_address();
    let filter = in_address(VIEW);
    let narrowed = Narrowed::in_address();
    let live = use_live();
    // An empty list means something else on a desk that has no ticket at all.
    let any = RwSignal::new(true);
    let tickets = Loaded::new(move || {
        live.connections.track();
        track_settled();
        let query = format!("{}{}", listing.query(), narrowed.query());
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
    live.each(move |event| {
        if matches!(event, LiveEvent::Ticket { .. }) {
            tickets.again();
        }
    });
    let state = tickets.table("tickets", |list| {
        let kept = |ticket: &&ListedTicket| !is_deleted(&key("Tickets", ticket.id));
        let tickets = list.tickets.iter().filter(kept);
        tickets.cloned().map(row).collect()
    });
    let count = Signal::derive(move || tickets.value().map(|list| list.record_count));
    let shown = Signal::derive(move || tickets.value().map_or(0, |list| list.tickets.len()));
    let empty = Render::new(move || {
        no_such_page(listing, count.get(), shown.get())
            .unwrap_or_else(|| nothing(any.get(), listing, narrowed.is_set(), &filter.get()))
    });
    let more = More::default();
    let exporting = RwSignal::new(false);
    let export = move |()| {
        let query = untrack(|| format!("{}{}", listing.parameters(), narrowed.query()));
        let filter = filter.peek();
        exporting.set(true);
        leptos::task::spawn_local(async move {
            let done = match filter_query(&filter).await {
                Ok(filter) => lazy::export_tickets(format!("{query}{filter}"), exporting).await,
                Err(fault) => Err(fault),
            };
            if let Err(fault) = done {
                exporting.try_set(false);
                toast(format!("The list was not exported. {fault}"));
            }
        });
    };
    use_shortcut("N", "New ticket", || go(Route::NewTicket));
    view! {
        <PageHeader title="Desk">
            <Button kind=ButtonKind::Quiet icon=Icon::Download busy=exporting on_press=export>
                "Export as CSV"
            </Button>
            <ButtonLink kind=ButtonKind::Primary icon=Icon::Plus href=Route::NewTicket.to_string()>
                "New ticket"
            </ButtonLink>
        </PageHeader>
        <DeskSections />
        <div class="page page-wide">
            <div class="filters">
                <Search label="Search tickets" listing=listing />
                <Filters more=more />
                {narrowed.chips()}
            </div>
            <Show when=move || more.is_open.get()>
                <div class="filter-fields" id=MORE_FILTERS>{move || more.fields()}</div>
            </Show>
            <Table
                label="Tickets"
                columns=vec![
                    Column::new("No.").width("4.5rem").sorts(),
                    Column::new("Summary").sorts().beside(),
                    Column::new("Customer").width("16%").secondary(),
                    Column::new("Status").width("15%"),
                    Column::new("Due").width("9rem").sorts().beside(),
                    Column::new("Agent").width("11%").secondary(),
                    Column::new("Last action").width("7rem").sorts().secondary(),
                ]
                folds=true
                order=listing.by_column(vec!["id", "summary", "", "", "slaactiondate", "", "lastactiondate"])
                state=state
                empty=empty
                on_retry=Callback::new(move |()| tickets.again())
            />
            <Pages listing=listing count=count shown=shown />
        </div>
    }
    .into_any()
}

/// What stands in the place of a list without tickets, and leads on.
fn nothing(any: bool, listing: Listing, narrowed: bool, view: &str) -> AnyView {
    let is_searched = !listing.search.get().is_empty();
    let all = |()| {
        put_all_in_address(&[(VIEW, "all"), ("page", "")]);
        // The button that was pressed is gone.
        crate::browser::focus(crate::frame::MAIN);
    };
    let filter = filter_word(view);
    if !any {
        return view! {
            <EmptyState
                icon=Icon::Desk
                title="No tickets yet"
                text="Tickets hold what people report and what was done about it. Make the first one by hand, or let them come in through the API at /api/Tickets or by a runbook."
            >
                <ButtonLink icon=Icon::Plus href=Route::NewTicket.to_string()>"New ticket"</ButtonLink>
            </EmptyState>
        }
        .into_any();
    }
    if !is_searched && !narrowed {
        return view! {
            <EmptyState
                icon=Icon::Filter
                title="No ticket fits this filter"
                text="Choose another filter above, show all tickets, or make a new one."
            >
                <Button on_press=all>"Show all tickets"</Button>
            </EmptyState>
        }
        .into_any();
    }
    let text = match (is_searched, filter) {
        (true, "All") => {
            "The search looks at the number, the summary and the details. Try fewer words."
                .to_owned()
        }
        (true, _) => format!(
            "The search looks at the number, the summary and the details, among the tickets of the filter {filter}. Try fewer words, or search all tickets."
        ),
        (false, _) => format!(
            "There is none among the tickets of the filter {filter}. Choose another one above."
        ),
    };
    let in_all = (filter != "All").then(|| {
        let word = if is_searched {
            "Search all tickets"
        } else {
            "Show all of them"
        };
        view! { <Button on_press=all>{word}</Button> }
    });
    let clear = is_searched.then(|| {
        let clear = move |()| {
            put_all_in_address(&[("search", ""), ("page", "")]);
            crate::browser::focus(crate::frame::MAIN);
        };
        view! { <Button on_press=clear>"Clear the search"</Button> }
    });
    view! {
        <EmptyState icon=Icon::Search title="No ticket matches" text=text>
            {in_all} {clear}
        </EmptyState>
    }
    .into_any()
}

fn row(ticket: ListedTicket) -> Row {
    let last = ticket.lastactiondate.as_deref().and_then(parse_instant);
    let status = ticket.status_name.clone().unwrap_or_default();
    let status_key = SortKey::text(&status);
    let closed = ticket.isclosed;
    let number = i64::try_from(ticket.id).unwrap_or(i64::MAX);
    let id = ticket.id.to_string();
    let goal = Goal::next(&ticket);
    let due = SortKey::Number(goal.due.unwrap_or(i64::MAX));
    Row {
        key: format!("{id}-{status}-{}-{goal:?}", last.unwrap_or_default()),
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
            Cell::new(move || view! { <Due goal=goal /> }, due),
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
