//! The buttons above a ticket.

use leptos::prelude::*;
use shared::action::{
    OnTicket, PLAIN_NOTE, Place, allowed_names, reasons, runbook_reason, step_reason,
};
use shared::api::{RunbookSummary, TicketWorkflow};
use shared::desk::Record;
use shared::desk::resource::TICKET_TYPE;
use shared::model::{ActsOn, DeskAction, SystemUse};

use super::Shown;
use crate::client::{self, Fault, Records, Ticket, use_live};
use crate::load::Loaded;
use crate::page::acting::{ActDialog, Target};
use crate::ui::{Button, Icon, error_words, use_shortcut};

/// What the desk could offer, and what decides of it.
#[derive(Debug, Clone)]
struct Known {
    actions: Vec<DeskAction>,
    runbooks: Vec<RunbookSummary>,
}

impl Known {
    async fn read() -> Result<Self, Fault> {
        let both = futures::future::try_join(client::desk_actions(), client::runbooks());
        let (actions, runbooks) = both.await?;
        let actions = actions.items.into_iter();
        Ok(Self {
            actions: actions.map(|record| record.record.value).collect(),
            runbooks: runbooks.items,
        })
    }

    /// What is offered on a ticket: nothing that would only answer that it cannot start.
    fn offers(&self, ticket: &Ticket, types: &[Record], inside: Option<&TicketWorkflow>) -> Offers {
        let id = ticket.tickettype_id.map(Into::into);
        let own = types.iter().find(|one| one.get("id") == id.as_ref());
        let allowed = own
            .map(|own| allowed_names(&own.clone().into()))
            .unwrap_or_default();
        let place = Place::Ticket(OnTicket {
            ticket_type: ticket.tickettype_name.as_deref().unwrap_or_default(),
            status: ticket.status_name.as_deref(),
            allowed: &allowed,
        });
        let mut offers = Offers::default();
        let on_tickets = self.actions.iter();
        for action in on_tickets.filter(|action| action.records == ActsOn::Ticket) {
            let mut why = reasons(action, place);
            why.extend(inside.and_then(|inside| step_reason(action, inside)));
            why.extend(runbook_reason(action, &self.runbooks));
            if why.is_empty() {
                offers.offered.push(action.clone());
            } else {
                let words: Vec<String> = why.iter().map(ToString::to_string).collect();
                offers.others.push((action.name.clone(), words.join("; ")));
            }
        }
        if let Some(inside) = inside {
            let place = |action: &DeskAction| {
                let mut rows = inside.offers.iter();
                rows.position(|offer| offer.action == action.name)
            };
            offers.offered.sort_by_key(place);
        }
        offers
    }
}

/// What the buttons are made of, as it is read from the desk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sources {
    known: Loaded<Known>,
    types: Loaded<Records>,
    /// Where the ticket is in a workflow.
    pub(super) inside: Loaded<Option<TicketWorkflow>>,
}

impl Sources {
    pub(super) fn read(ticket: Option<u64>) -> Self {
        let live = use_live();
        Self {
            known: Loaded::new(Known::read),
            types: Loaded::new(|| client::records(&TICKET_TYPE, "count=1000")),
            inside: Loaded::new(move || {
                live.connections.track();
                async move {
                    match ticket {
                        Some(ticket) => client::workflow_of_ticket(ticket).await,
                        None => Ok(None),
                    }
                }
            }),
        }
    }

    /// Whether the desk has answered, be it that it cannot; tracked.
    pub(super) fn are_read(self) -> bool {
        self.known.state.with(Option::is_some)
            && self.types.state.with(Option::is_some)
            && self.inside.state.with(Option::is_some)
    }
}

/// What is offered on a ticket, and what is not.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Offers {
    /// In the order of the settings; in a workflow, in that of its step.
    offered: Vec<DeskAction>,
    /// Names, and why not.
    others: Vec<(String, String)>,
}

/// Nothing while it is not known, and what kept it from being known.
pub(super) type KnownOffers = Memo<Option<Result<Offers, String>>>;

/// Follows the ticket: one that changes its type, its status or its step gets other buttons, and any other change leaves
/// them alone.
pub(super) fn offers(sources: Sources, ticket: Memo<Ticket>) -> KnownOffers {
    let Sources {
        known,
        types,
        inside,
    } = sources;
    Memo::new(move |_| {
        let inside = match inside.state.get()? {
            Ok(inside) => inside,
            Err(fault) => return Some(Err(fault.to_string())),
        };
        known.state.with(|known| {
            types
                .state
                .with(|types| match (known.as_ref()?, types.as_ref()?) {
                    (Ok(known), Ok(types)) => {
                        Some(Ok(ticket.with(|ticket| {
                            known.offers(ticket, &types.records, inside.as_ref())
                        })))
                    }
                    (Err(fault), _) | (_, Err(fault)) => Some(Err(fault.to_string())),
                })
        })
    })
}

/// Why the other actions are not offered; folded away until somebody misses one.
#[component]
pub(super) fn NotOffered(offers: KnownOffers) -> impl IntoView {
    let others = Memo::new(move |_| match offers.get() {
        Some(Ok(offers)) => offers.others,
        _ => Vec::new(),
    });
    let summary = move || match others.with(Vec::len) {
        1 => "1 action is not offered".to_owned(),
        many => format!("{many} actions are not offered"),
    };
    let row = |(name, why): (String, String)| {
        view! { <li><strong>{name}</strong> ": " {error_words(&why)}</li> }
    };
    view! {
        <Show when=move || !others.with(Vec::is_empty)>
            <details class="not-offered">
                <summary>{summary}</summary>
                <ul>{move || others.get().into_iter().map(row).collect_view()}</ul>
            </details>
        </Show>
    }
    .into_any()
}

#[component]
pub(super) fn ActionButtons(shown: Shown, offers: KnownOffers) -> impl IntoView {
    let chosen = RwSignal::new(None::<DeskAction>);
    let note = DeskAction {
        name: PLAIN_NOTE.to_owned(),
        ..DeskAction::default()
    };
    let own = note.clone();
    use_shortcut("A", "Add a note", move || chosen.set(Some(own.clone())));
    let button = move |action: DeskAction| {
        let icon = match action.system_use {
            SystemUse::QueueRunbook => Icon::Play,
            SystemUse::None => Icon::Note,
        };
        let name = action.name.clone();
        view! {
            <Button icon=icon on_press=move |()| chosen.set(Some(action.clone()))>{name}</Button>
        }
    };
    let offered = Memo::new(move |_| match offers.get()? {
        Ok(offers) => Some(Ok(offers.offered)),
        Err(fault) => Some(Err(fault)),
    });
    let buttons = move || match offered.get() {
        None => ().into_any(),
        Some(Ok(list)) => list.into_iter().map(button).collect_view().into_any(),
        Some(Err(fault)) => view! { <span class="muted">{fault}</span> }.into_any(),
    };
    let target = Target {
        records: ActsOn::Ticket,
        id: shown.id,
    };
    let done = move |_| {
        shown.follows.set(true);
        shown.actions.again();
        shown.runs.again();
        shown.inside.again();
    };
    view! {
        <div class="action-bar" role="toolbar" aria-label="Actions">
            {button(note)} {buttons}
        </div>
        <ActDialog target=target chosen=chosen on_done=Callback::new(done) />
    }
    .into_any()
}
