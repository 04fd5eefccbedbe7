//! The places under the desk, and the way between them.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::route::Route;

/// The sections of records, by their word in the address, in the order in which they are named.
pub const SECTIONS: [(&str, &str); 7] = [
    ("customers", "Customers"),
    ("sites", "Sites"),
    ("users", "Users"),
    ("assets", "Assets"),
    ("articles", "Knowledge base"),
    ("lookups", "Lookups"),
    ("tables", "Custom tables"),
];

/// What tickets choose from, and who works on them: set up once, so their ways begin under Settings.
pub const LISTS: [(&str, &str); 6] = [
    ("agents", "Agents"),
    ("teams", "Teams"),
    ("ticket-types", "Ticket types"),
    ("statuses", "Statuses"),
    ("priorities", "Priorities"),
    ("categories", "Categories"),
];

/// Links to the tickets and to each section; stands under the head of every list of the desk.
#[component]
pub fn DeskSections() -> impl IntoView {
    let path = use_location().pathname;
    let link = move |href: String, word: &'static str| {
        let own = href.clone();
        view! {
            <li>
                <a href=href aria-current=move || path.with(|path| *path == own).then_some("page")>
                    {word}
                </a>
            </li>
        }
    };
    let sections = SECTIONS
        .into_iter()
        .map(|(name, word)| link(Route::Records(name.to_owned()).to_string(), word))
        .collect_view();
    view! {
        <nav class="sections" aria-label="Desk">
            <ul>{link(Route::Desk.to_string(), "Tickets")} {sections}</ul>
        </nav>
    }
    .into_any()
}
