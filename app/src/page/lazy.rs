//! Pages whose code is loaded when they are opened first, so that a first visit loads little.
//!
//! `cargo xtask build` cuts the WebAssembly at the functions marked here: what only their pages use goes into a file
//! of its own, which the browser fetches when the function is called.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{
    actions, application, authorize, deleted, event, integration, integrations, method, records,
    run, runbook, runbooks, runs, schedule, service_level, settings, ticket, ticket_rules,
    workflow,
};
use crate::client::Fault;
use crate::load::{Loaded, show_loaded};

/// Makes the view of a page.
pub type Page = fn() -> AnyView;
type Loading = Pin<Box<dyn Future<Output = Result<Page, SplitLoaderError>>>>;

/// Each route's view: the page, as soon as its code is there.
macro_rules! pages {
    ($($name:ident in $part:ident: $page:path;)*) => {
        /// Where the cuts are. The name of the function becomes part of the symbol's.
        mod code {
            use super::*;

            $(
                #[wasm_split($part, fallible)]
                pub(super) fn $name() -> Result<Page, SplitLoaderError> {
                    Ok(|| $page().into_any())
                }
            )*
        }

        $(
            pub fn $name() -> AnyView {
                show(|| Box::pin(code::$name()))
            }
        )*
    };
}

// Few parts: what two of them have in common is one more file to fetch.
pages! {
    ticket in desk: ticket::Ticket;
    records in records: records::Records;
    record in records: records::One;
    new_ticket in records: records::NewTicket;
    edit_ticket in records: records::EditTicket;
    runs in desk: runs::Runs;
    run in desk: run::Run;
    settings in desk: settings::Settings;
    deleted in desk: deleted::Deleted;
    actions in actions: actions::Actions;
    action in actions: actions::Action;
    new_action in actions: actions::NewAction;
    ticket_rules in rules: ticket_rules::TicketRules;
    ticket_rule in rules: ticket_rules::TicketRule;
    new_ticket_rule in rules: ticket_rules::NewTicketRule;
    application in desk: application::Application;
    new_application in desk: application::NewApplication;
    authorize in desk: authorize::Authorize;
    event_triggers in events: event::EventTriggers;
    event_trigger in events: event::EventTrigger;
    new_event_trigger in events: event::NewEventTrigger;
    event_log in events: event::EventLog;
    service_levels in service_levels: service_level::ServiceLevels;
    service_level in service_levels: service_level::ServiceLevel;
    new_service_level in service_levels: service_level::NewServiceLevel;
    schedules in events: schedule::Schedules;
    schedule in events: schedule::Schedule;
    new_schedule in events: schedule::NewSchedule;
    integrations in integrations: integrations::Integrations;
    integration in integrations: integration::Integration;
    method in integrations: method::Method;
    runbooks in runbooks: runbooks::Runbooks;
    runbook in runbooks: runbook::Runbook;
    workflows in runbooks: workflow::Workflows;
    workflow in runbooks: workflow::Workflow;
}

/// Work whose code is loaded when it is wanted first.
#[expect(
    clippy::unnecessary_wraps,
    reason = "what keeps the code from being loaded is the other case"
)]
mod work {
    use super::{AnyView, IntoAny, RwSignal, SplitLoaderError, records, run, wasm_split};

    /// Takes the parameters of a list, and a signal that is true as long as it is under way.
    type Export = fn(String, RwSignal<bool>);

    #[wasm_split(records, fallible)]
    pub(super) fn export() -> Result<Export, SplitLoaderError> {
        Ok(records::export_tickets)
    }

    #[wasm_split(records, fallible)]
    pub(super) fn ticket_filters() -> Result<super::Page, SplitLoaderError> {
        Ok(|| records::TicketFilters().into_any())
    }

    /// Takes what a run's page knows.
    pub(super) type Overlaid = fn(run::Overlay) -> AnyView;

    /// With the code of charts, which the page of a run does without.
    #[wasm_split(runbooks, fallible)]
    pub(super) fn run_overlay() -> Result<Overlaid, SplitLoaderError> {
        Ok(run::overlay)
    }
}

/// Hands out the tickets of a list as a sheet.
pub async fn export_tickets(query: String, busy: RwSignal<bool>) -> Result<(), Fault> {
    let export = work::export().await.map_err(|_| Fault::Offline)?;
    export(query, busy);
    Ok(())
}

/// The fields that narrow the list of tickets.
pub async fn ticket_filters() -> Result<Page, Fault> {
    work::ticket_filters().await.map_err(|_| Fault::Offline)
}

/// A run laid over its flow chart.
pub async fn run_overlay() -> Result<fn(run::Overlay) -> AnyView, Fault> {
    work::run_overlay().await.map_err(|_| Fault::Offline)
}

fn show(load: fn() -> Loading) -> AnyView {
    let page = Loaded::new(move || async move { load().await.map_err(|_| Fault::Offline) });
    show_loaded("page", page, |page| page())
}
