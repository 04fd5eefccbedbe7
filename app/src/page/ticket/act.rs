//! The buttons above a ticket.

use leptos::prelude::*;
use shared::action::{OnTicket, Place, allowed_names, reasons, runbook_reason};
use shared::api::RunbookSummary;
use shared::desk::Record;
use shared::desk::resource::TICKET_TYPE;
use shared::model::{ActsOn, DeskAction, SystemUse};

use super::Shown;
use crate::client::{self, Fault, Records, Ticket};
use crate::load::Loaded;
use crate::page::acting::{ActDialog, Target};
use crate::ui::{Button, Icon, use_shortcut};

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
    fn offered(&self, ticket: &Ticket, types: &[Record]) -> Vec<DeskAction> {
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
        let offered = self.actions.iter().filter(|action| {
            reasons(action, place).is_empty() && runbook_reason(action, &self.runbooks).is_none()
        });
        offered.cloned().collect()
    }
}

/// What the buttons are made of, as it is read from the desk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offers {
    known: Loaded<Known>,
    types: Loaded<Records>,
}

impl Offers {
    pub(super) fn read() -> Self {
        Self {
            known: Loaded::new(Known::read),
            types: Loaded::new(|| client::records(&TICKET_TYPE, "count=1000")),
        }
    }

    /// Whether the desk has answered, be it that it cannot; tracked.
    pub(super) fn are_read(self) -> bool {
        self.known.state.with(Option::is_some) && self.types.state.with(Option::is_some)
    }
}

#[component]
pub(super) fn ActionButtons(shown: Shown, ticket: Memo<Ticket>, offers: Offers) -> impl IntoView {
    let Offers { known, types } = offers;
    // A ticket that changes its type or status gets other buttons, and any other change leaves them alone.
    let offered = Memo::new(move |_| {
        known.state.with(|known| {
            types
                .state
                .with(|types| match (known.as_ref()?, types.as_ref()?) {
                    (Ok(known), Ok(types)) => Some(Ok(
                        ticket.with(|ticket| known.offered(ticket, &types.records))
                    )),
                    (Err(fault), _) | (_, Err(fault)) => Some(Err(fault.to_string())),
                })
        })
    });
    let chosen = RwSignal::new(None::<DeskAction>);
    let note = DeskAction {
        name: "Note".to_owned(),
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
    };
    view! {
        <div class="action-bar" role="toolbar" aria-label="Actions">
            {button(note)} {buttons}
        </div>
        <ActDialog target=target chosen=chosen on_done=Callback::new(done) />
    }
    .into_any()
}
