//! The whole app: its routes, and the services that every page relies on.

use crate::{frame::Frame, page, session::SignedIn, ui};
use leptos::prelude::*;
use leptos_router::{
    components::{Redirect, Route, Router, Routes},
    path,
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

/// The router with a page for every address.
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

#[component]
fn Pages() -> impl IntoView {
    ui::unsaved::follow_router();
    view! {
        <Routes fallback=|| view! { <page::not_found::NotFound /> }>
            <Route path=path!("/") view=|| view! { <Redirect path="/desk" /> } />
            <Route path=path!("/desk") view=page::desk::Desk />
            <Route path=path!("/desk/tickets/:id") view=page::lazy::ticket />
            <Route path=path!("/integrations") view=page::lazy::integrations />
            <Route path=path!("/integrations/:id") view=page::lazy::integration />
            <Route path=path!("/integrations/:id/methods/:method") view=page::lazy::method />
            <Route path=path!("/runbooks") view=page::lazy::runbooks />
            <Route path=path!("/runbooks/:id") view=page::lazy::runbook />
            <Route path=path!("/runs") view=page::lazy::runs />
            <Route path=path!("/runs/:id") view=page::lazy::run />
            <Route path=path!("/settings") view=page::lazy::settings />
            <Route path=path!("/settings/new-application") view=page::lazy::new_application />
            <Route path=path!("/settings/applications/:id") view=page::lazy::application />
            <Route path=path!("/auth/authorize") view=page::lazy::authorize />
            <Route path=path!("/gallery") view=page::not_found::gallery_or_not_found />
        </Routes>
    }
    .into_any()
}
