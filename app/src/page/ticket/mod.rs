//! One ticket: its actions, its fields, the buttons that act on it, the runs they start.

mod act;
mod deadlines;
mod inside;
mod timeline;

use leptos::prelude::*;
use shared::api::{LiveEvent, RunsQuery, TicketWorkflow};
use shared::engine::RunSummary;

use self::act::{ActionButtons, NotOffered, Sources, offers};
use self::inside::InWorkflow;
use self::timeline::Timeline;
use crate::client::{self, Fault, Thread, Ticket as Record, use_live};
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::desk::TicketStatus;
use crate::page::listing::list_as_it_was;
use crate::page::pending::{self, Deletion, key};
use crate::page::prose::prose;
use crate::page::runs::{StatusBadge, started_on_ticket};
use crate::route::{Route, use_id};
use crate::ui::clock::parse_instant;
use crate::ui::unsaved::{go, go_instead};
use crate::ui::{ButtonLink, Icon, Menu, MenuItem, Skeleton, Time, use_shortcut};

/// The page.
#[component]
pub fn Ticket() -> impl IntoView {
    let id = use_id();
    (move || {
        let id: Option<u64> = id.get().parse().ok();
        let ticket = Loaded::new(move || async move {
            match id {
                Some(id) => client::ticket(id).await,
                None => Err(Fault::not_found()),
            }
        });
        // Shown together: buttons that come after the page would push it down.
        let sources = Sources::read(id);
        let is_complete = Memo::new(move |_| sources.are_read());
        show_loaded("ticket", ticket, move |record| {
            (move || {
                if is_complete.get() {
                    view! { <Page first=record.clone() ticket=ticket sources=sources /> }.into_any()
                } else {
                    view! { <div class="page"><Skeleton lines=6 /></div> }.into_any()
                }
            })
            .into_any()
        })
    })
    .into_any()
}

/// The parts of the page that change while one looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    pub(super) id: u64,
    pub(super) actions: Loaded<Thread>,
    /// The runs that actions on this ticket started, the newest first.
    pub(super) runs: Loaded<Vec<RunSummary>>,
    /// Where it is in a workflow.
    pub(super) inside: Loaded<Option<TicketWorkflow>>,
    /// What one set off here stays in sight as it goes on, until one scrolls elsewhere.
    pub(super) follows: RwSignal<bool>,
}

#[component]
fn Page(first: Record, ticket: Loaded<Record>, sources: Sources) -> impl IntoView {
    let id = first.id;
    let live = use_live();
    let shown = Shown {
        id,
        actions: Loaded::new(move || {
            live.connections.track();
            client::thread(id)
        }),
        runs: Loaded::new(move || {
            live.connections.track();
            async move {
                let query = RunsQuery {
                    ticket: Some(id),
                    ..RunsQuery::default()
                };
                client::runs(&query).await.map(|list| list.items)
            }
        }),
        inside: sources.inside,
        follows: RwSignal::new(false),
    };
    live.each(move |event| {
        if matches!(event, LiveEvent::Ticket { ticket_id } if ticket_id == id) {
            shown.actions.again();
            shown.inside.again();
            ticket.again();
        }
    });
    live.each_run(move |run| {
        if timeline::belongs_to(&run, id) {
            let has_ended = run.status.has_ended();
            shown.runs.state.update(|state| {
                if let Some(Ok(runs)) = state {
                    match runs.iter_mut().find(|other| other.run_id == run.run_id) {
                        Some(old) => *old = run,
                        None => runs.insert(0, run),
                    }
                }
            });
            if has_ended {
                shown.actions.again();
                // What is being read at this moment may be older, and would take its place.
                shown.runs.again();
            }
        }
    });
    let delete = move || {
        let key = key("Tickets", id);
        pending::delete(Deletion {
            key,
            method: "DELETE",
            path: format!("/api/Tickets/{id}"),
            body: None,
            name: format!("ticket {id}"),
            done: "Deleted",
        });
        go_instead(list_as_it_was(&Route::Desk));
    };
    // Where it says which rule fits this ticket and why another one does not.
    let rules = format!("{}?ticket={id}", Route::TicketRules);
    let items = Signal::stored(vec![
        MenuItem::new("Try ticket rules", Icon::Play, move || go(&rules)),
        MenuItem::new("Delete ticket", Icon::Trash, delete).danger(),
    ]);
    let edit = Route::EditTicket(id.to_string());
    let to_edit = edit.clone();
    use_shortcut("E", "Edit", move || go(&to_edit));
    use_shortcut("N", "New ticket", || go(Route::NewTicket));
    let now = Memo::new(move |_| ticket.value().unwrap_or_else(|| first.clone()));
    // Only another text draws it anew: what somebody has marked in it stays marked.
    let reported = Memo::new(move |_| {
        now.with(|ticket| (ticket.details.clone(), ticket.details_html.clone()))
    });
    let details = move || {
        let (text, html) = reported.get();
        let is_empty = text.trim().is_empty() && html.is_empty();
        (!is_empty).then(|| {
            view! {
                <article class="ticket-details">
                    <h2 class="visually-hidden">"What was reported"</h2>
                    {prose(text, html)}
                </article>
            }
        })
    };
    let offers = offers(sources, now);
    let is_closed = Signal::derive(move || now.with(|ticket| ticket.isclosed));
    let title = Signal::derive(move || now.with(|ticket| ticket.summary.clone()));
    let state = move || {
        let ticket = now.get();
        view! {
            <TicketStatus name=ticket.status_name.unwrap_or_default() closed=ticket.isclosed />
        }
    };
    view! {
        <PageHeader
            title=title
            crumbs=vec![Crumb::new("Desk", Route::Desk)]
            state=state.into_any()
        >
            <Menu label="More" items=items />
            <ButtonLink icon=Icon::Edit href=edit.to_string()>"Edit"</ButtonLink>
        </PageHeader>
        <ActionButtons shown=shown offers=offers />
        <div
            class="page ticket"
            on:wheel=move |_| shown.follows.set(false)
            on:touchmove=move |_| shown.follows.set(false)
        >
            <div class="ticket-main">
                {details}
                <Timeline shown=shown />
            </div>
            <aside class="ticket-side" aria-label="Fields">
                {move || fields(now.get())}
                <InWorkflow inside=shown.inside closed=is_closed />
                <NotOffered offers=offers />
                <Runs shown=shown />
            </aside>
        </div>
    }
    .into_any()
}

fn fields(ticket: Record) -> AnyView {
    let deadlines = deadlines::rows(&deadlines::Deadlines::of(&ticket));
    let opened = ticket.dateoccurred.as_deref().and_then(parse_instant);
    let closed = ticket.dateclosed.as_deref().and_then(parse_instant);
    let one = |section: &str, id: Option<u64>| {
        id.map(|id| Route::Record(section.to_owned(), id.to_string()).to_string())
    };
    let rows = [
        ("Number", Some(ticket.id.to_string()), None),
        ("Type", ticket.tickettype_name, None),
        ("Priority", ticket.priority_name, None),
        ("Category", ticket.category_1, None),
        (
            "Customer",
            ticket.client_name,
            one("customers", ticket.client_id),
        ),
        ("Site", ticket.site_name, one("sites", ticket.site_id)),
        ("User", ticket.user_name, one("users", ticket.user_id)),
        ("E-mail", ticket.user_email, None),
        ("Agent", ticket.agent_name, None),
        ("Team", ticket.team, None),
    ];
    let known = rows
        .into_iter()
        .map(|(name, value, href)| (name.to_owned(), value, href));
    let custom = ticket.customfields.iter().filter_map(|field| {
        let text = |name: &str| field.get(name).map(shared::desk::form::text_of);
        let name = text("label").or_else(|| text("name"))?;
        Some((name, text("value"), None))
    });
    let rows = known
        .chain(custom)
        .filter_map(|(name, value, href)| {
            Some((name, value.filter(|value| !value.is_empty())?, href))
        })
        .map(|(name, value, href)| {
            let value = match href {
                Some(href) => view! { <a href=href>{value}</a> }.into_any(),
                None => value.into_any(),
            };
            view! { <dt>{name}</dt> <dd>{value}</dd> }
        })
        .collect_view();
    let assets = ticket.user_id.map(|id| {
        let href = format!("{}?user_id={id}", Route::Records("assets".to_owned()));
        view! { <dt>"Assets"</dt> <dd><a href=href>"Of the user"</a></dd> }
    });
    view! {
        <dl class="ticket-fields">
            {deadlines} {rows} {assets}
            {opened.map(|at| view! { <dt>"Opened"</dt> <dd><Time at=at /></dd> })}
            {closed.map(|at| view! { <dt>"Closed"</dt> <dd><Time at=at /></dd> })}
        </dl>
    }
    .into_any()
}

/// The runs that this ticket's actions and events started.
#[component]
fn Runs(shown: Shown) -> impl IntoView {
    let row = |run: RunSummary| {
        let started = i64::try_from(run.started_at).unwrap_or(i64::MAX);
        let status = run.status;
        let cause = started_on_ticket(&run);
        view! {
            <li>
                <a href=Route::Run(run.run_id.to_string()).to_string()>{run.runbook_name}</a>
                <StatusBadge status=status />
                <span class="muted">{cause}</span>
                <Time at=started />
            </li>
        }
    };
    let runs = move || shown.runs.value().unwrap_or_default();
    view! {
        <Show when=move || !runs().is_empty()>
            <section class="ticket-runs">
                <h2>"Runs it started"</h2>
                <ul>{move || runs().into_iter().map(row).collect_view()}</ul>
            </section>
        </Show>
    }
    .into_any()
}
