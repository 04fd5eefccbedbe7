//! A button that has the person choose a file.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::ui::{Button, Icon};

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub name: String,
    /// `None` where the browser could not read it.
    pub bytes: Option<Vec<u8>>,
}

/// Choosing the same file again hands it out again.
#[component]
pub fn FileButton(
    /// Media types and ends of names, between commas.
    accept: &'static str,
    #[prop(into)] on_file: Callback<Chosen>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let choose = move |()| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let picked = move |_| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        // So that choosing the same file again is a change again.
        input.set_value("");
        spawn_local(async move {
            let read = JsFuture::from(file.array_buffer()).await.ok();
            on_file.try_run(Chosen {
                name: file.name(),
                bytes: read.map(|read| js_sys::Uint8Array::new(&read).to_vec()),
            });
        });
    };
    view! {
        <Button icon=Icon::Upload disabled=disabled on_press=choose>"Choose a file"</Button>
        <input
            type="file"
            accept=accept
            class="visually-hidden"
            tabindex="-1"
            aria-hidden="true"
            node_ref=input
            on:change=picked
        />
    }
    .into_any()
}
