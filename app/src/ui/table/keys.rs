//! The keys of a table's rows.

use crate::ui::name_shortcut;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// The id of the field that searches the rows of a page's table: Down leads from there to the first one.
pub const SEARCH: &str = "list-search";

const LINK: &str = ".row-link";

/// Lists the keys of the rows, and leads from the page itself to them.
pub(super) fn lead_to_rows() {
    for (keys, does) in [
        ("ArrowUp", "The row above"),
        ("ArrowDown", "The row below, or the first one"),
        ("Home", "The first row"),
        ("End", "The last row"),
    ] {
        name_shortcut(keys, does);
    }
    let handle = window_event_listener(ev::keydown, |event| {
        let key = event.key();
        let held = event.ctrl_key() || event.meta_key() || event.alt_key() || event.shift_key();
        let active = document().active_element();
        let leads = active.is_none_or(|active| match active.tag_name().as_str() {
            // Where nothing of the page has focus.
            "BODY" | "MAIN" => matches!(key.as_str(), "ArrowDown" | "Home" | "End"),
            _ => active.id() == SEARCH && key == "ArrowDown",
        });
        if held || !leads || event.default_prevented() || event.is_composing() {
            return;
        }
        let Ok(links) = document().query_selector_all(LINK) else {
            return;
        };
        let at = match key.as_str() {
            "ArrowDown" | "Home" => 0,
            "End" => links.length().saturating_sub(1),
            _ => return,
        };
        focus(&event, links.item(at).and_then(|link| link.dyn_into().ok()));
    });
    on_cleanup(move || handle.remove());
}

fn focus(event: &ev::KeyboardEvent, link: Option<HtmlElement>) {
    if let Some(link) = link {
        event.prevent_default();
        let _ = link.focus();
    }
}

/// Up, Down, Home and End move focus between the rows' links.
pub(super) fn move_between_rows(event: ev::KeyboardEvent) {
    let key = event.key();
    if !matches!(key.as_str(), "ArrowDown" | "ArrowUp" | "Home" | "End") {
        return;
    }
    let Some(target) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return;
    };
    // A field inside a row keeps its own keys.
    if !target.class_list().contains("row-link") {
        return;
    }
    let Ok(Some(row)) = target.closest("tr") else {
        return;
    };
    let Some(parent) = row.parent_element() else {
        return;
    };
    let next = match key.as_str() {
        "ArrowDown" => row.next_element_sibling(),
        "ArrowUp" => row.previous_element_sibling(),
        "Home" => parent.first_element_child(),
        _ => parent.last_element_child(),
    };
    let link = next.and_then(|next| next.query_selector(LINK).ok().flatten());
    focus(&event, link.and_then(|link| link.dyn_into().ok()));
}
