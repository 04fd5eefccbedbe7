//! How this workspace and this browser are set.

mod applications;
mod events;
mod schedules;
mod service_levels;
mod transfer;
mod workflows;

use leptos::prelude::*;
use leptos::task::spawn_local;

use self::applications::Applications;
use self::events::Events;
use self::schedules::Schedules;
use self::transfer::{Export, Import};
use self::workflows::Workflows;
use crate::client;
use crate::frame::PageHeader;
use crate::page::desk_sections::LISTS;
use crate::route::Route;
use crate::session::use_session;
use crate::ui::field::{Choice, Segments};
use crate::ui::theme::{Theme, set_theme, theme};
use crate::ui::{Bound, Button, ButtonLink, Icon, toast};

/// The page.
#[component]
pub fn Settings() -> impl IntoView {
    let session = use_session();
    let colours = Bound::new(
        Signal::derive(move || theme().get().name().to_owned()),
        Callback::new(|name: String| set_theme(Theme::named(&name))),
    );
    let choices = vec![
        Choice::new(Theme::System.name(), "As the system has them"),
        Choice::new(Theme::Light.name(), "Light"),
        Choice::new(Theme::Dark.name(), "Dark"),
    ];
    view! {
        <PageHeader title="Settings" />
        <div class="page stack stack-large form">
            <section class="section">
                <h2>"This browser"</h2>
                <div class="stack">
                    <Segments label="Colours" value=colours choices=choices />
                    <div>
                        <Button icon=Icon::SignOut on_press=|()| sign_out()>"Sign out"</Button>
                    </div>
                </div>
            </section>
            {lists()}
            {actions()}
            <Workflows />
            {ticket_rules()}
            <Events />
            {service_levels::section()}
            <Schedules />
            <Applications />
            <Export />
            <Import />
            {deleted()}
            <section class="section">
                <h2>"This workspace"</h2>
                <dl class="facts">
                    <dt>"Public address"</dt>
                    <dd class="code">{session.public_url}</dd>
                    <dt>"Version"</dt>
                    <dd class="code">{session.version}</dd>
                </dl>
            </section>
        </div>
    }
    .into_any()
}

/// The way to what can be pressed at the desk.
fn actions() -> AnyView {
    view! {
        <section class="section">
            <h2>"Actions"</h2>
            <div class="stack">
                <p class="muted">
                    "The buttons on tickets, users and assets: what they ask, where they are offered, and which runbooks they start. Which of them a ticket type allows is set at the ticket type."
                </p>
                <div class="row">
                    <ButtonLink href=Route::Actions.to_string()>"Actions"</ButtonLink>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// The way to what is done with tickets by themselves.
fn ticket_rules() -> AnyView {
    view! {
        <section class="section">
            <h2>"Ticket rules"</h2>
            <div class="stack">
                <p class="muted">
                    "What is set on new and changed tickets that meet certain conditions, one rule after the other: which team gets them, how urgent they are."
                </p>
                <div class="row">
                    <ButtonLink href=Route::TicketRules.to_string()>"Ticket rules"</ButtonLink>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// The way to what can be brought back.
fn deleted() -> AnyView {
    view! {
        <section class="section">
            <h2>"Deleted"</h2>
            <div class="stack">
                <p class="muted">
                    "Integrations, methods, runbooks, actions, event triggers, workflows and schedules that were deleted can be brought back for 30 days."
                </p>
                <div class="row">
                    <ButtonLink href=Route::Deleted.to_string()>"Deleted"</ButtonLink>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// The ways to what tickets choose from.
fn lists() -> AnyView {
    let links = LISTS
        .into_iter()
        .map(|(name, word)| {
            let href = Route::Records(name.to_owned()).to_string();
            view! { <li><a href=href>{word}</a></li> }
        })
        .collect_view();
    view! {
        <section class="section">
            <h2>"Lists"</h2>
            <p class="muted">"Who works on tickets, and what a ticket is given."</p>
            <ul class="plain-list">{links}</ul>
        </section>
    }
    .into_any()
}

fn sign_out() {
    spawn_local(async move {
        match client::sign_out().await {
            // A full load: nothing that was shown to whoever was signed in stays in memory.
            Ok(()) => {
                let _ = window().location().assign("/");
            }
            Err(fault) => toast(format!("You are still signed in. {fault}")),
        }
    });
}
