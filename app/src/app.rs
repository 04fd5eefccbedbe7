//! The whole app: its routes, and the services that every page relies on.

use std::mem::discriminant;

use crate::{
    frame::Frame,
    page,
    route::{Here, Route},
    session::SignedIn,
    ui,
};
use leptos::prelude::*;
use leptos_router::{
    components::{Redirect, Router},
    hooks::use_location,
    location::{BrowserUrl, LocationProvider},
};

/// Mounts the app; called once.
pub fn mount() {
    ui::theme::show_theme();
    ui::clock::start_clock();
    ui::shortcut::listen_for_shortcuts();
    ui::unsaved::watch_leaving();
    if let Some(starting) = document().get_element_by_id("starting") {
        starting.remove();
    }
    leptos::mount::mount_to_body(App);
}

/// The frame with the page of the address.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Frame>
                <SignedIn children=|| view! { <Pages /> } />
            </Frame>
        </Router>
    }
    .into_any()
}

/// The page of the address. Another id of the same kind leaves it where it is: it follows by itself.
#[component]
fn Pages() -> impl IntoView {
    ui::unsaved::follow_router();
    let path = use_location().pathname;
    let route = Memo::new(move |_| Route::parse(&path.get()));
    let kind = Memo::new(move |_| route.with(|route| route.as_ref().map(discriminant)));
    let address = use_context::<BrowserUrl>();
    // The browser's address follows a link when its page is there; where only the id is another one, it is there already.
    Effect::new(move |_| {
        path.track();
        if let Some(address) = &address {
            address.ready_to_complete();
        }
    });
    (move || {
        let shown = kind.get();
        // A page that is left must not take the next one's id for its own.
        let here = Memo::new(move |before: Option<&Option<Route>>| match before {
            Some(before) if route.with(|now| now.as_ref().map(discriminant)) != shown => {
                before.clone()
            }
            _ => route.get(),
        });
        provide_context(Here(here));
        route.with_untracked(|route| page(route.as_ref()))
    })
    .into_any()
}

fn page(route: Option<&Route>) -> AnyView {
    let Some(route) = route else {
        return page::not_found::NotFound().into_any();
    };
    match route {
        Route::Start => view! { <Redirect path=Route::Desk.to_string() /> }.into_any(),
        // Most visits begin here: apart from the rest it would only be fetched in more pieces.
        Route::Desk => page::desk::Desk().into_any(),
        Route::NewTicket => page::lazy::new_ticket(),
        Route::EditTicket(_) => page::lazy::edit_ticket(),
        Route::Ticket(_) => page::lazy::ticket(),
        Route::Records(_) => page::lazy::records(),
        Route::Record(..) => page::lazy::record(),
        Route::Integrations => page::lazy::integrations(),
        Route::Integration(_) => page::lazy::integration(),
        Route::Method { .. } => page::lazy::method(),
        Route::Runbooks => page::lazy::runbooks(),
        Route::Runbook(_) => page::lazy::runbook(),
        Route::Runs => page::lazy::runs(),
        Route::Run(_) => page::lazy::run(),
        Route::Settings => page::lazy::settings(),
        Route::Deleted => page::lazy::deleted(),
        Route::Actions => page::lazy::actions(),
        Route::Action(_) => page::lazy::action(),
        Route::NewAction => page::lazy::new_action(),
        Route::TicketRules => page::lazy::ticket_rules(),
        Route::TicketRule(_) => page::lazy::ticket_rule(),
        Route::NewTicketRule => page::lazy::new_ticket_rule(),
        Route::NewApplication => page::lazy::new_application(),
        Route::Application(_) => page::lazy::application(),
        Route::EventTriggers => page::lazy::event_triggers(),
        Route::EventTrigger(_) => page::lazy::event_trigger(),
        Route::NewEventTrigger => page::lazy::new_event_trigger(),
        Route::Schedules => page::lazy::schedules(),
        Route::Schedule(_) => page::lazy::schedule(),
        Route::NewSchedule => page::lazy::new_schedule(),
        Route::EventLog => page::lazy::event_log(),
        Route::Workflows => page::lazy::workflows(),
        Route::Workflow(_) => page::lazy::workflow(),
        Route::ServiceLevels => page::lazy::service_levels(),
        Route::ServiceLevel(_) => page::lazy::service_level(),
        Route::NewServiceLevel => page::lazy::new_service_level(),
        Route::Authorize => page::lazy::authorize(),
        Route::Gallery => page::not_found::gallery_or_not_found(),
    }
}
