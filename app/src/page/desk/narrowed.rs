//! What narrows the list of tickets beside its filters: whose they are, and what is said of them. It stands in the address, so
//! that a filter of one's own keeps it, and links from elsewhere can bring it along.

use leptos::prelude::*;

use super::filters::{VIEW, is_about_agents};
use crate::client::{self, encoded};
use crate::load::Loaded;
use crate::page::lazy;
use crate::ui::{Bound, Icon, IconButton, in_address, put_all_in_address, toast};

/// A parameter of the desk's list that takes an id.
#[derive(Debug, Clone, Copy)]
struct Parameter {
    name: &'static str,
    /// What it narrows by, for people.
    what: &'static str,
    /// The word of the API under which a record of that id is found.
    resource: &'static str,
}

const fn by(name: &'static str, what: &'static str, resource: &'static str) -> Parameter {
    Parameter {
        name,
        what,
        resource,
    }
}

const PARAMETERS: [Parameter; 8] = [
    by("client_id", "Customer", "Client"),
    by("site_id", "Site", "Site"),
    by("user_id", "User", "Users"),
    by("status_id", "Status", "Status"),
    by("agent_id", "Agent", "Agent"),
    by("team_id", "Team", "Team"),
    by("priority_id", "Priority", "Priority"),
    by("tickettype_id", "Type", "TicketType"),
];

/// What else the address holds once `name` is `value`, while the common filter `view` holds.
fn along_with(name: &str, value: &str, view: &str) -> Vec<(&'static str, &'static str)> {
    // Another list begins with its first page.
    let mut along = vec![("page", "")];
    match name {
        // What belongs to the former one does not come along.
        "client_id" => along.extend([("site_id", ""), ("user_id", "")]),
        "site_id" => along.push(("user_id", "")),
        // Nothing can be another agent's and one's own.
        "agent_id" if !value.is_empty() && is_about_agents(view) => along.push((VIEW, "")),
        _ => {}
    }
    along
}

/// One of the parameters, as the address has it.
pub fn narrowing(name: &'static str) -> Bound<String> {
    let (value, view) = (in_address(name), in_address(VIEW));
    let change = move |value: String| {
        let mut values: Vec<(&str, &str)> = vec![(name, &value)];
        values.extend(along_with(name, &value, &view.peek()));
        put_all_in_address(&values);
    };
    Bound::new(value.signal(), Callback::new(change))
}

/// All of the parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Narrowed([(Parameter, Bound<String>); PARAMETERS.len()]);

impl Narrowed {
    pub(super) fn in_address() -> Self {
        Self(PARAMETERS.map(|parameter| (parameter, narrowing(parameter.name))))
    }

    /// As parameters of the desk's list, after others; tracked.
    pub(super) fn query(self) -> String {
        let mut query = String::new();
        for (Parameter { name, .. }, id) in self.0 {
            let id = id.get();
            if !id.is_empty() {
                query.extend(["&", name, "=", &encoded(&id)]);
            }
        }
        query
    }

    pub(super) fn is_set(self) -> bool {
        self.0.iter().any(|(_, id)| !id.get().is_empty())
    }

    /// Says what narrows the list, each with the way to take it back.
    pub(super) fn chips(self) -> AnyView {
        self.0
            .map(|(parameter, id)| {
                view! {
                    <Show when=move || !id.get().is_empty()>
                        <Chip parameter=parameter id=id />
                    </Show>
                }
            })
            .collect_view()
            .into_any()
    }
}

/// The element that holds the fields of [`More`].
pub(super) const MORE_FILTERS: &str = "more-filters";

/// The fields that narrow the list further. Their code is loaded when they are wanted first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct More {
    pub(super) is_open: RwSignal<bool>,
    pub(super) is_loading: RwSignal<bool>,
    fields: RwSignal<Option<fn() -> AnyView>>,
}

impl More {
    pub(super) fn fields(self) -> Option<AnyView> {
        self.fields.get().map(|fields| fields())
    }

    pub(super) fn turn(self) {
        if self.is_open.get_untracked() {
            self.is_open.set(false);
            return;
        }
        self.is_loading.set(true);
        leptos::task::spawn_local(async move {
            let loaded = lazy::ticket_filters().await;
            self.is_loading.try_set(false);
            match loaded {
                Ok(fields) => {
                    self.fields.try_set(Some(fields));
                    self.is_open.try_set(true);
                    crate::browser::focus_in(MORE_FILTERS);
                }
                Err(fault) => toast(format!("The filters were not loaded. {fault}")),
            }
        });
    }
}

#[component]
fn Chip(parameter: Parameter, id: Bound<String>) -> impl IntoView {
    let Parameter { what, resource, .. } = parameter;
    let record = Loaded::new(move || {
        let id = id.get();
        async move {
            // It is being taken back.
            if id.is_empty() {
                return Ok(id);
            }
            client::name_of(resource, id).await
        }
    });
    let words = move || {
        let name = record.state.get().map(|name| {
            // One that is gone is known by its number.
            name.unwrap_or_else(|_| id.get())
        });
        format!("{what}: {}", name.unwrap_or_else(|| "…".to_owned()))
    };
    let label = format!("Show the tickets of every {}", what.to_lowercase());
    let take_back = move |()| {
        id.set(String::new());
        // The button that was pressed is gone.
        crate::browser::focus(crate::frame::MAIN);
    };
    view! {
        <span class="filter-own filter-set">
            <span class="filter">{words}</span>
            <IconButton icon=Icon::Cross label=label on_press=take_back />
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::along_with;

    #[test]
    fn what_would_contradict_is_taken_back() {
        for (name, value, view, along) in [
            ("status_id", "2", "mine", vec![("page", "")]),
            (
                "client_id",
                "2",
                "",
                vec![("page", ""), ("site_id", ""), ("user_id", "")],
            ),
            ("site_id", "", "", vec![("page", ""), ("user_id", "")]),
            ("agent_id", "2", "mine", vec![("page", ""), ("view", "")]),
            ("agent_id", "2", "closed", vec![("page", "")]),
            ("agent_id", "", "unassigned", vec![("page", "")]),
        ] {
            assert_eq!(along_with(name, value, view), along, "{name} {value}");
        }
    }
}
