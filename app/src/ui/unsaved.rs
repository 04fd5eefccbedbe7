//! Changes are never lost silently: leaving a page that has some asks first.
//!
//! Three ways lead away: a link or [`go`], the browser's back and forward, and closing the window.
//! The first two get the app's own question; for the last the browser has its own.

use crate::ui::{Confirm, dialog::confirm_of_page};
use leptos::{ev, prelude::*, wasm_bindgen::JsCast};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use std::{cell::RefCell, fmt::Display, rc::Rc};
use wasm_bindgen::prelude::Closure;

type Navigate = Rc<dyn Fn(&str, NavigateOptions)>;

thread_local! {
    static DIRTY: RefCell<Vec<(u32, ArcSignal<bool>)>> = const { RefCell::new(Vec::new()) };
    static NEXT: RefCell<u32> = const { RefCell::new(0) };
    static NAVIGATE: RefCell<Option<Navigate>> = const { RefCell::new(None) };
    /// The address of the page that is shown, for when the browser has already moved on to another.
    static HERE: RefCell<String> = const { RefCell::new(String::new()) };
    /// Going back was confirmed: the browser's next move asks no more.
    static LET_GO: RefCell<bool> = const { RefCell::new(false) };
}

/// While the calling page is there, leaving it asks first when `dirty` says so.
pub fn guard_unsaved(dirty: impl Into<Signal<bool>>) {
    let dirty: ArcSignal<bool> = dirty.into().into();
    let number = NEXT.with_borrow_mut(|next| {
        *next = next.wrapping_add(1);
        *next
    });
    DIRTY.with_borrow_mut(|all| all.push((number, dirty)));
    on_cleanup(move || DIRTY.with_borrow_mut(|all| all.retain(|(other, _)| *other != number)));
}

/// Whether anything on this page is not saved.
pub fn has_unsaved() -> bool {
    DIRTY.with_borrow(|all| {
        all.iter()
            .any(|(_, dirty)| dirty.try_get_untracked().unwrap_or(false))
    })
}

/// Goes to another page of the app, asking first where changes would be lost.
pub fn go(to: impl Display) {
    let to = to.to_string();
    leave(move || navigate(&to, NavigateOptions::default()));
}

/// Puts another address in the place of this one, without asking: the address of what was just saved.
pub fn go_instead(to: impl Display) {
    navigate(
        &to.to_string(),
        NavigateOptions {
            replace: true,
            ..NavigateOptions::default()
        },
    );
}

/// Puts another address in the place of this one, and leaves what is seen where it is.
pub fn stay_at(to: &str) {
    navigate(
        to,
        NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        },
    );
}

fn navigate(to: &str, options: NavigateOptions) {
    if let Some(navigate) = NAVIGATE.with_borrow(Clone::clone) {
        navigate(to, options);
    }
}

fn leave(away: impl Fn() + Send + Sync + 'static) {
    if !has_unsaved() {
        away();
        return;
    }
    confirm_of_page(question(), away);
}

fn question() -> Confirm {
    Confirm {
        title: "Discard your changes?".to_owned(),
        text: "This page has changes that are not saved. Leaving it discards them.".to_owned(),
        action: "Discard".to_owned(),
        cancel: "Stay".to_owned(),
        danger: true,
    }
}

/// The page of an address: everything but what only chooses a part of it.
fn page_of(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address)
}

/// Whether the page of `address` is shown.
pub fn is_at(address: &str) -> bool {
    HERE.with_borrow(|here| page_of(here) == page_of(address))
}

fn address_now() -> String {
    let location = window().location();
    format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    )
}

/// Learns how to move, and where the app is; called once, inside the router.
pub fn follow_router() {
    let navigate = use_navigate();
    NAVIGATE.with_borrow_mut(|kept| {
        *kept = Some(Rc::new(move |to: &str, options| navigate(to, options)));
    });
    let location = use_location();
    Effect::new(move |_| {
        let (path, search) = (location.pathname.get(), location.search.get());
        let question = if search.is_empty() { "" } else { "?" };
        HERE.with_borrow_mut(|here| *here = format!("{path}{question}{search}"));
    });
}

/// Starts watching for ways out; called once, before the router listens itself.
pub fn watch_leaving() {
    listen("click", |event| {
        if let Some(to) = followed_link(&event)
            && has_unsaved()
        {
            event.prevent_default();
            event.stop_propagation();
            leave(move || self::navigate(&to, NavigateOptions::default()));
        }
    });
    listen("popstate", |event| {
        let here = HERE.with_borrow(Clone::clone);
        let free = LET_GO.with_borrow_mut(|let_go| std::mem::replace(let_go, false));
        if free || page_of(&here) == page_of(&address_now()) || !has_unsaved() {
            return;
        }
        event.stop_immediate_propagation();
        // The browser has moved already. Its new entry is kept, with this page on top of it, until the answer is known.
        let history = window().history();
        if let Ok(history) = &history {
            let _ = history.push_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&here));
        }
        confirm_of_page(question(), || {
            LET_GO.with_borrow_mut(|let_go| *let_go = true);
            if let Ok(history) = window().history() {
                let _ = history.back();
            }
        });
    });
    let handle = window_event_listener(ev::beforeunload, |event| {
        if has_unsaved() {
            event.prevent_default();
        }
    });
    std::mem::forget(handle);
}

/// Listens on the window before anyone else does, as long as the page lives.
fn listen(name: &str, act: impl Fn(web_sys::Event) + 'static) {
    let closure = Closure::<dyn Fn(web_sys::Event)>::new(act);
    let _ = window().add_event_listener_with_callback_and_bool(
        name,
        closure.as_ref().unchecked_ref(),
        true,
    );
    closure.forget();
}

/// Where a click leads, if it follows a link to another page of the app in this window.
fn followed_link(event: &web_sys::Event) -> Option<String> {
    let click: &web_sys::MouseEvent = event.dyn_ref()?;
    let changed = click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key();
    if click.button() != 0 || changed || event.default_prevented() {
        return None;
    }
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    let link: web_sys::HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let elsewhere = link.origin() != window().location().origin().ok()?
        || !matches!(link.target().as_str(), "" | "_self");
    let path = link.pathname();
    (!elsewhere && path != window().location().pathname().ok()?)
        .then(|| format!("{path}{}", link.search()))
}

#[cfg(test)]
mod tests {
    use super::page_of;

    #[test]
    fn a_query_is_the_same_page() {
        for (address, page) in [
            ("/runs", "/runs"),
            ("/runs?status=failed", "/runs"),
            ("/runs#top", "/runs"),
        ] {
            assert_eq!(page_of(address), page);
        }
    }
}
