//! The keys of a page: registered where they act, listed under `?`.

mod keys;

pub use keys::Keys;

use crate::{
    browser::{has_command_key, keep, kept, typing},
    ui::{Bound, Dialog, Switch},
};
use leptos::{ev, prelude::*};
use std::sync::Arc;

const KEPT: &str = "nimbus.single-keys";

#[derive(Clone)]
struct Shortcut {
    number: u32,
    keys: Keys,
    label: String,
    /// Nothing where the keys are only named here, and act in a part of the page that has focus.
    run: Option<Arc<dyn Fn() + Send + Sync>>,
}

thread_local! {
    static SHORTCUTS: ArcRwSignal<(u32, Vec<Shortcut>)> = ArcRwSignal::new((0, Vec::new()));
    static LIST_OPEN: ArcRwSignal<bool> = ArcRwSignal::new(false);
    /// Keys without Ctrl can be switched off: they disturb people who speak to their machine.
    static SINGLE_KEYS: ArcRwSignal<bool> = ArcRwSignal::new(kept(KEPT).as_deref() != Some("off"));
}

/// While the calling component is there, `keys` ("Ctrl Enter", "A", "Shift F") do `run`. The newest one wins.
pub fn use_shortcut(keys: &str, label: impl Into<String>, run: impl Fn() + Send + Sync + 'static) {
    register(keys, label.into(), Some(Arc::new(run)));
}

/// Lists keys that a part of the page heeds by itself while it has focus.
pub fn name_shortcut(keys: &str, label: impl Into<String>) {
    register(keys, label.into(), None);
}

fn register(keys: &str, label: String, run: Option<Arc<dyn Fn() + Send + Sync>>) {
    let keys = Keys::read(keys);
    let shortcuts = SHORTCUTS.with(Clone::clone);
    let number = shortcuts.with_untracked(|(next, _)| *next);
    shortcuts.update(|(next, list)| {
        list.push(Shortcut {
            number,
            keys,
            label,
            run,
        });
        *next = next.wrapping_add(1);
    });
    on_cleanup(move || {
        SHORTCUTS
            .with(|all| all.update(|(_, list)| list.retain(|shortcut| shortcut.number != number)));
    });
}

/// Shows the list of keys.
pub fn show_shortcuts() {
    LIST_OPEN.with(|open| open.set(true));
}

/// Listens for the keys of all pages; called once, by the app.
pub fn listen_for_shortcuts() {
    let handle = window_event_listener(ev::keydown, |event| {
        if event.default_prevented() || event.is_composing() {
            return;
        }
        let pressed = Keys::pressed(
            &event.key(),
            event.ctrl_key() || event.meta_key(),
            event.alt_key(),
            event.shift_key(),
        );
        let in_dialog = document()
            .query_selector("dialog[open]")
            .ok()
            .flatten()
            .is_some();
        let single_allowed = SINGLE_KEYS.with(GetUntracked::get_untracked) && !typing();
        if in_dialog || (!pressed.ctrl && !single_allowed) {
            return;
        }
        let found = SHORTCUTS.with(|all| {
            all.with_untracked(|(_, list)| {
                list.iter()
                    .rev()
                    .find(|shortcut| shortcut.keys == pressed)
                    .and_then(|shortcut| shortcut.run.clone())
            })
        });
        if let Some(run) = found {
            event.prevent_default();
            run();
        }
    });
    // The app lives as long as the page.
    std::mem::forget(handle);
}

/// The dialog that lists the keys; stands once in the frame.
#[component]
pub fn ShortcutDialog() -> impl IntoView {
    let shortcuts = SHORTCUTS.with(|all| RwSignal::from(all.clone()));
    let open = LIST_OPEN.with(|open| RwSignal::from(open.clone()));
    let single = SINGLE_KEYS.with(|single| RwSignal::from(single.clone()));
    let single = Bound::new(
        single,
        Callback::new(move |on: bool| {
            keep(KEPT, if on { "on" } else { "off" });
            single.set(on);
        }),
    );
    let command = has_command_key();
    let rows = move || {
        shortcuts
            .get()
            .1
            .into_iter()
            .map(|shortcut| {
                let keys = shortcut
                    .keys
                    .names(command)
                    .into_iter()
                    .map(|key| view! { <kbd class="keys">{key}</kbd> })
                    .collect_view();
                view! {
                    <div class="spread">
                        <dt>{shortcut.label}</dt>
                        <dd class="row">{keys}</dd>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <Dialog title="Keys on this page" open=open>
            <dl class="stack stack-small">{rows}</dl>
            <Switch
                label="Single keys"
                hint="Keys without Ctrl act while nothing is being typed."
                value=single
            />
        </Dialog>
    }
    .into_any()
}
