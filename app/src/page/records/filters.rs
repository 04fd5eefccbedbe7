//! What narrows a list, beside the search: what its records belong to, and whether they are in use.

use leptos::prelude::*;
use shared::desk::Resource;
use shared::desk::resource::{
    AGENT, ASSET, ASSET_TYPE, CLIENT, FieldKind, LOOKUP, PRIORITY, SITE, STATUS, TEAM, TICKET_TYPE,
    USER,
};

use super::reference::ReferenceField;
use super::section::{Section, text};
use crate::client::{self, encoded};
use crate::load::Loaded;
use crate::page::desk::narrowing;
use crate::page::listing::filter_in_address;
use crate::ui::field::Choice;
use crate::ui::{Bound, Checkbox, SelectField};

/// The parameters that narrow lists of records.
const PARAMETERS: [&str; 5] = [
    "client_id",
    "site_id",
    "user_id",
    "assettype_id",
    "lookupid",
];

/// What narrows the list, as the address has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Narrowed {
    values: [Option<Bound<String>>; PARAMETERS.len()],
    inactive: Option<Bound<String>>,
}

/// Whether a list of the resource takes the parameter.
fn takes(resource: &Resource, parameter: &str) -> bool {
    let is_reference = resource
        .field(parameter)
        .is_some_and(|field| matches!(field.kind, FieldKind::Reference(_)));
    is_reference
        || resource
            .filters
            .iter()
            .any(|filter| filter.parameter == parameter)
}

impl Narrowed {
    pub(super) fn in_address(section: &Section) -> Self {
        let resource = section.resource;
        Self {
            values: PARAMETERS.map(|name| takes(resource, name).then(|| filter_in_address(name))),
            inactive: resource
                .has_inactive()
                .then(|| filter_in_address("inactive")),
        }
    }

    fn value(self, parameter: &str) -> Option<Bound<String>> {
        let at = PARAMETERS.iter().position(|name| *name == parameter)?;
        self.values.get(at).copied().flatten()
    }

    fn set(self) -> Vec<(&'static str, String)> {
        let values = PARAMETERS.into_iter().zip(self.values);
        values
            .filter_map(|(name, value)| Some((name, value?.get())))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// As parameters of the desk's list, after others.
    pub(super) fn parameters(self) -> String {
        let mut parameters = pairs(self.set(), "&");
        if self
            .inactive
            .is_some_and(|inactive| !inactive.get().is_empty())
        {
            parameters.push_str("&includeinactive=true");
        }
        parameters
    }

    /// What a new record of such a list has filled in, as the query of its address.
    pub(super) fn prefill(self) -> String {
        pairs(self.set(), "?")
    }

    pub(super) fn is_set(self) -> bool {
        !self.set().is_empty()
    }
}

fn pairs(values: Vec<(&str, String)>, first: &'static str) -> String {
    let mut text = String::new();
    for (name, value) in values {
        text.push_str(if text.is_empty() { first } else { "&" });
        text.extend([name, "=", &encoded(&value)]);
    }
    text
}

/// A reference that stands in the address as text.
fn reference(value: Bound<String>) -> Bound<Option<u64>> {
    Bound::new(
        Signal::derive(move || value.get().parse().ok()),
        Callback::new(move |id: Option<u64>| {
            value.set(id.map(|id| id.to_string()).unwrap_or_default());
        }),
    )
}

#[component]
pub(super) fn Filters(section: &'static Section, narrowed: Narrowed) -> impl IntoView {
    // Where nothing is chosen, a site or a user is a choice of too many: they come with links from elsewhere.
    let only_when_set = |name: &str| matches!(name, "site_id" | "user_id");
    let field = move |name: &'static str, label: &'static str, to, none: &'static str| {
        let value = narrowed.value(name)?;
        let shown = move || !only_when_set(name) || !value.get().is_empty();
        Some(view! {
            <Show when=shown>
                <ReferenceField label=label to=to value=reference(value) none=none />
            </Show>
        })
    };
    let inactive = narrowed.inactive.map(|inactive| {
        let value = Bound::new(
            Signal::derive(move || !inactive.get().is_empty()),
            Callback::new(move |on: bool| {
                inactive.set(if on { "true".to_owned() } else { String::new() });
            }),
        );
        view! {
            <div class="filter-check">
                <Checkbox label="Include inactive" value=value />
            </div>
        }
    });
    let of_lookup = (*section.resource == LOOKUP)
        .then(|| narrowed.value("lookupid"))
        .flatten()
        .map(|value| view! { <LookupFilter value=value /> });
    let asset_type = (*section.resource == ASSET)
        .then(|| field("assettype_id", "Asset type", &ASSET_TYPE, "All types"))
        .flatten();
    view! {
        {field("client_id", "Customer", &CLIENT, "All customers")}
        {asset_type}
        {of_lookup}
        {field("site_id", "Site", &SITE, "All sites")}
        {field("user_id", "User", &USER, "All users")}
        {inactive}
    }
    .into_any()
}

/// The fields that narrow the list of tickets.
#[component]
pub fn TicketFilters() -> impl IntoView {
    [
        ("status_id", "Status", &STATUS, "Any status"),
        ("agent_id", "Agent", &AGENT, "Any agent"),
        ("team_id", "Team", &TEAM, "Any team"),
        ("priority_id", "Priority", &PRIORITY, "Any priority"),
        ("tickettype_id", "Type", &TICKET_TYPE, "Any type"),
        ("client_id", "Customer", &CLIENT, "Any customer"),
    ]
    .map(|(name, label, to, none)| {
        let value = reference(narrowing(name));
        view! { <ReferenceField label=label to=to value=value none=none /> }
    })
    .collect_view()
    .into_any()
}

/// The lists that lookups are of have numbers only.
#[component]
fn LookupFilter(value: Bound<String>) -> impl IntoView {
    let lookups = Loaded::new(|| client::records(&LOOKUP, "count=5000"));
    let choices = Signal::derive(move || {
        let all = lookups.value().map(|list| list.records).unwrap_or_default();
        let mut ids: Vec<u64> = all
            .iter()
            .filter_map(|lookup| text(lookup, "lookupid").parse().ok())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let ids = ids
            .into_iter()
            .map(|id| Choice::new(id.to_string(), format!("List {id}")));
        std::iter::once(Choice::new("", "All lists"))
            .chain(ids)
            .collect()
    });
    view! { <SelectField label="List" value=value choices=choices /> }.into_any()
}
