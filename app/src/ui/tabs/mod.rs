//! Tabs. The URL's query holds which one is open, so that a reload or a link shows the same.

use crate::{browser::focus, ui::Render, ui::id::unique_id};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};

/// One tab.
#[derive(Debug, Clone)]
pub struct Tab {
    /// How the URL names it.
    pub id: &'static str,
    pub label: String,
    /// How many things are in it, or whatever else is worth a word; read out with the label.
    pub note: Signal<Option<String>>,
    pub panel: Render,
}

impl Tab {
    /// A tab without a note.
    pub fn new(id: &'static str, label: impl Into<String>, panel: impl Into<Render>) -> Self {
        Self {
            id,
            label: label.into(),
            note: Signal::stored(None),
            panel: panel.into(),
        }
    }

    /// The same with a note that may change.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<Signal<Option<String>>>) -> Self {
        self.note = note.into();
        self
    }
}

/// `search` (a query without its `?`) with one value replaced; nothing else in it changes.
fn with_query(search: &str, name: &str, value: &str) -> String {
    let own = format!("{name}={value}");
    let mut parts: Vec<&str> = search
        .split('&')
        .filter(|part| !part.is_empty() && part.split('=').next() != Some(name))
        .collect();
    parts.push(&own);
    parts.join("&")
}

/// Opens another tab of this page from outside the row of tabs.
pub fn open(query: &str, id: &str) {
    let location = window().location();
    let search = location.search().unwrap_or_default();
    let search = with_query(search.trim_start_matches('?'), query, id);
    let path = location.pathname().unwrap_or_default();
    crate::ui::unsaved::go_instead(format!("{path}?{search}"));
}

/// Which tab a key leads to, from the one at `at` of `count`.
fn tab_for_key(key: &str, at: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowRight" => Some((at + 1) % count),
        "ArrowLeft" => Some((at + count - 1) % count),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

/// A row of tabs and the panel of the open one. Without the name in the URL the first is open.
#[component]
pub fn Tabs(
    /// What the tabs are of; read out.
    #[prop(into)]
    label: String,
    tabs: Vec<Tab>,
    /// The name in the query; a page with two rows of tabs gives each its own.
    #[prop(default = "tab")]
    query: &'static str,
) -> impl IntoView {
    let base = StoredValue::new(unique_id("tab"));
    let count = tabs.len();
    let tabs = StoredValue::new(tabs);
    let queries = use_query_map();
    let location = use_location();
    let navigate = StoredValue::new_local(use_navigate());
    let open = Memo::new(move |_| {
        let named = queries.with(|queries| queries.get(query));
        tabs.with_value(|tabs| {
            tabs.iter()
                .position(|tab| Some(tab.id) == named.as_deref())
                .unwrap_or(0)
        })
    });
    let tab_id = move |at: usize| base.with_value(|base| format!("{base}-{at}"));
    let show = move |at: usize| {
        if at == open.get_untracked() {
            return;
        }
        let Some(id) = tabs.with_value(|tabs| tabs.get(at).map(|tab| tab.id)) else {
            return;
        };
        let search = with_query(&location.search.get_untracked(), query, id);
        let path = format!("{}?{search}", location.pathname.get_untracked());
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate.with_value(|navigate| navigate(&path, options));
    };
    let show = StoredValue::new_local(show);
    let keydown = move |event: leptos::ev::KeyboardEvent| {
        if let Some(at) = tab_for_key(&event.key(), open.get_untracked(), count) {
            event.prevent_default();
            show.with_value(|show| show(at));
            focus(&tab_id(at));
        }
    };
    let buttons = tabs
        .get_value()
        .into_iter()
        .enumerate()
        .map(|(at, tab)| {
            let chosen = move || open.get() == at;
            view! {
                <button
                    type="button"
                    class="tab"
                    role="tab"
                    id=tab_id(at)
                    aria-selected=move || if chosen() { "true" } else { "false" }
                    aria-controls=base.with_value(|base| format!("{base}-panel"))
                    tabindex=move || if chosen() { "0" } else { "-1" }
                    on:click=move |_| show.with_value(|show| show(at))
                >
                    {tab.label}
                    {move || tab.note.get().map(|note| view! { <span class="count numeric">{note}</span> })}
                </button>
            }
        })
        .collect_view();
    let panel = move || {
        tabs.with_value(|tabs| tabs.get(open.get()).map(|tab| tab.panel.clone()))
            .map(|panel| panel.run())
    };
    view! {
        <div class="tabs">
            <div class="tab-list" role="tablist" aria-label=label on:keydown=keydown>
                {buttons}
            </div>
            <div
                class="tab-panel"
                role="tabpanel"
                id=base.with_value(|base| format!("{base}-panel"))
                aria-labelledby=move || tab_id(open.get())
            >
                {panel}
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{tab_for_key, with_query};

    #[test]
    fn only_the_named_value_changes() {
        let cases = [
            ("", "tab=body"),
            ("tab=query", "tab=body"),
            ("a=1&tab=query&b=2", "a=1&b=2&tab=body"),
            ("tabs=1", "tabs=1&tab=body"),
            ("tab", "tab=body"),
        ];
        for (search, expected) in cases {
            assert_eq!(with_query(search, "tab", "body"), expected, "{search:?}");
        }
    }

    #[test]
    fn arrows_go_round_and_home_and_end_to_the_ends() {
        let cases = [
            ("ArrowRight", 2, Some(0)),
            ("ArrowLeft", 0, Some(2)),
            ("Home", 1, Some(0)),
            ("End", 0, Some(2)),
            ("Enter", 1, None),
        ];
        for (key, at, expected) in cases {
            assert_eq!(tab_for_key(key, at, 3), expected);
        }
    }
}
