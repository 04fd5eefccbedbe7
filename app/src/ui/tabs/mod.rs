//! Tabs. The URL's query holds which one is open, so that a reload or a link shows the same.

use crate::{
    browser::focus,
    ui::{Render, id::unique_id, in_address, put_in_address},
};
use leptos::prelude::*;

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

/// Opens a tab from elsewhere on its page. `query` is the row's name in the URL.
pub fn show_tab(query: &str, id: &str) {
    put_in_address(query, id);
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
    /// Which is open where the URL names none; the first, if it is not said.
    #[prop(default = "")]
    first: &'static str,
) -> impl IntoView {
    let base = StoredValue::new(unique_id("tab"));
    let count = tabs.len();
    let tabs = StoredValue::new(tabs);
    let named = in_address(query);
    let open = Memo::new(move |_| {
        let named = named.get();
        tabs.with_value(|tabs| {
            let at = |id: &str| tabs.iter().position(|tab| tab.id == id);
            at(&named).or_else(|| at(first)).unwrap_or(0)
        })
    });
    let tab_id = move |at: usize| base.with_value(|base| format!("{base}-{at}"));
    let show = move |at: usize| {
        let id = tabs.with_value(|tabs| tabs.get(at).map(|tab| tab.id));
        if at != open.get_untracked()
            && let Some(id) = id
        {
            named.set(id.to_owned());
        }
    };
    let keydown = move |event: leptos::ev::KeyboardEvent| {
        if let Some(at) = tab_for_key(&event.key(), open.get_untracked(), count) {
            event.prevent_default();
            show(at);
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
                    on:click=move |_| show(at)
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
    use super::tab_for_key;

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
