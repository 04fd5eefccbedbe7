//! Puts a text on the clipboard.

use crate::ui::{Icon, IconView, announce};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;

/// Copies `text`; `false` where the browser refuses (plain http on another machine than this).
pub async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Without a secure origin there is no clipboard at all, and calling it would throw.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// A button that copies, and says so in its own place.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// What is copied, as "Copy the address"; read out, and shown when pointed at.
    #[prop(into)]
    label: String,
    /// Shows the label beside the icon.
    #[prop(optional)]
    show_label: bool,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let press = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            if copy(&text).await {
                announce("Copied");
                copied.set(true);
                set_timeout(
                    move || {
                        copied.try_set(false);
                    },
                    Duration::from_secs(2),
                );
            } else {
                announce("The browser does not allow copying here. Select the text and copy it.");
            }
        });
    };
    let icon = Signal::derive(move || {
        if copied.get() {
            Icon::Check
        } else {
            Icon::Copy
        }
    });
    let (title, word) = (label.clone(), label.clone());
    let class = if show_label {
        "button"
    } else {
        "button button-quiet button-icon"
    };
    view! {
        <button
            type="button"
            class=class
            class:copied=move || copied.get()
            title=(!show_label).then_some(title)
            aria-label=(!show_label).then_some(label)
            on:click=press
        >
            <span class="button-face">
                <IconView icon=icon />
                {show_label.then_some(word)}
            </span>
        </button>
    }
    .into_any()
}
