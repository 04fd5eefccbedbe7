//! The records of the desk: customers, sites, users, assets, articles, lookups and custom tables, each as a list and one by
//! one. The tables of `shared::desk::resource` say which fields there are, so that one set of pages serves all.

mod allowed;
mod article;
mod asset;
mod belongings;
mod buttons;
mod cells;
mod create;
mod cut_off;
mod detail;
mod download;
mod editor;
mod export;
mod fields;
mod filters;
mod follow;
mod form;
mod import;
mod list;
mod named;
mod people;
pub mod reference;
mod related;
mod section;
mod table;
mod ticket;

pub use filters::TicketFilters;
pub use ticket::{EditTicket, NewTicket};

use leptos::prelude::*;

use super::not_found::NotFound;
use crate::route::{Route, use_route};
use create::Create;
use detail::Detail;
use import::Import;
use list::List;
use section::section;

/// Reads all tickets that fit these parameters and hands them out as a sheet; `busy` is true until it is done.
pub fn export_tickets(query: String, busy: RwSignal<bool>) {
    export::export(&section::TICKETS, query, busy);
}

/// The list of a section.
#[component]
pub fn Records() -> impl IntoView {
    let route = use_route();
    (move || match route.get() {
        Some(Route::Records(name)) => match section(&name) {
            Some(section) => view! { <List section=section /> }.into_any(),
            None => view! { <NotFound /> }.into_any(),
        },
        _ => ().into_any(),
    })
    .into_any()
}

/// One record of a section, a new one, or many from a sheet.
#[component]
pub fn One() -> impl IntoView {
    let route = use_route();
    (move || {
        let Some(Route::Record(name, id)) = route.get() else {
            return ().into_any();
        };
        let Some(section) = section(&name) else {
            return view! { <NotFound /> }.into_any();
        };
        match id.as_str() {
            "new" => view! { <Create section=section /> }.into_any(),
            "import" if section.imports => view! { <Import section=section /> }.into_any(),
            _ => view! { <Detail section=section id=id /> }.into_any(),
        }
    })
    .into_any()
}
