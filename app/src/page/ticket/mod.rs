//! One ticket: its actions, its fields, the buttons that act on it, the runs they start.

mod act;
mod timeline;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use shared::api::{LiveEvent, RunsQuery};
use shared::engine::RunSummary;

use self::act::ActionButtons;
use self::timeline::Timeline;
use crate::client::{self, Action, Fault, Ticket as Record, use_live};
use crate::frame::{Crumb, PageHeader};
use crate::load::{Loaded, show_loaded};
use crate::page::desk::TicketStatus;
use crate::page::runs::StatusBadge;
use crate::route::Route;
use crate::ui::Time;
use crate::ui::clock::parse_instant;

/// The page.
#[component]
pub fn Ticket() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    (move || {
        let id: Option<u64> = id.get().parse().ok();
        let ticket = Loaded::new(move || async move {
            match id {
                Some(id) => client::ticket(id).await,
                None => Err(Fault::not_found()),
            }
        });
        show_loaded("ticket", ticket, move |record| {
            view! { <Page first=record ticket=ticket /> }.into_any()
        })
    })
    .into_any()
}

/// The parts of the page that change while one looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    pub(super) id: u64,
    pub(super) actions: Loaded<Vec<Action>>,
    /// The runs that actions on this ticket started, the newest first.
    pub(super) runs: Loaded<Vec<RunSummary>>,
    /// What one set off here stays in sight as it goes on, until one scrolls elsewhere.
    pub(super) follows: RwSignal<bool>,
}

#[component]
fn Page(first: Record, ticket: Loaded<Record>) -> impl IntoView {
    let id = first.id;
    let live = use_live();
    let shown = Shown {
        id,
        actions: Loaded::new(move || {
            live.connections.track();
            client::ticket_actions(id)
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
        follows: RwSignal::new(false),
    };
    Effect::new(move |_| match live.event.get() {
        Some(LiveEvent::Ticket { ticket_id }) if ticket_id == id => {
            shown.actions.again();
            ticket.again();
        }
        Some(LiveEvent::Run { run }) if timeline::belongs_to(&run, id) => {
            if run.status.has_ended() {
                shown.actions.again();
            }
            shown.runs.state.update(|state| {
                if let Some(Ok(runs)) = state {
                    match runs.iter_mut().find(|other| other.run_id == run.run_id) {
                        Some(old) => *old = *run,
                        None => runs.insert(0, *run),
                    }
                }
            });
        }
        _ => {}
    });
    let now = Memo::new(move |_| ticket.value().unwrap_or_else(|| first.clone()));
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
        />
        <ActionButtons shown=shown />
        <div
            class="page ticket"
            on:wheel=move |_| shown.follows.set(false)
            on:touchmove=move |_| shown.follows.set(false)
        >
            <div class="ticket-main">
                <article class="ticket-details">
                    <h2 class="visually-hidden">"What was reported"</h2>
                    <p class="prose">{move || now.with(|ticket| ticket.details.clone())}</p>
                </article>
                <Timeline shown=shown />
            </div>
            <aside class="ticket-side" aria-label="Fields">
                {move || fields(now.get())}
                <Runs shown=shown />
            </aside>
        </div>
    }
    .into_any()
}

fn fields(ticket: Record) -> AnyView {
    let opened = ticket.dateoccurred.as_deref().and_then(parse_instant);
    let rows = [
        ("Number", Some(ticket.id.to_string())),
        ("Type", ticket.tickettype_name),
        ("Priority", ticket.priority_name),
        ("Category", ticket.category_1),
        ("Customer", ticket.client_name),
        ("Site", ticket.site_name),
        ("User", ticket.user_name),
        ("E-mail", ticket.user_email),
        ("Agent", ticket.agent_name),
        ("Team", ticket.team),
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
        .map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> })
        .collect_view();
    view! {
        <dl class="ticket-fields">
            {rows}
            {opened.map(|at| view! { <dt>"Opened"</dt> <dd><Time at=at /></dd> })}
        </dl>
    }
    .into_any()
}

/// The runs that this ticket's actions started.
#[component]
fn Runs(shown: Shown) -> impl IntoView {
    let row = |run: RunSummary| {
        let started = i64::try_from(run.started_at).unwrap_or(i64::MAX);
        let status = run.status;
        view! {
            <li>
                <a href=Route::Run(run.run_id.to_string()).to_string()>{run.runbook_name}</a>
                <StatusBadge status=status />
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
