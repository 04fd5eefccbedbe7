//! A word while the server tells nothing of what changes.

use leptos::prelude::*;

use crate::client;
use crate::ui::{Icon, IconView};

/// Stands over the page, so that nothing moves when it comes and goes; empty while there is a connection.
#[component]
pub(super) fn ConnectionNotice() -> impl IntoView {
    let is_lost = client::is_lost();
    view! {
        <div class="connection" role="status">
            <Show when=move || is_lost.get()>
                <p class="connection-words">
                    <IconView icon=Icon::Warning />
                    <span>"Connection lost. What is shown may be old. Trying again…"</span>
                </p>
            </Show>
        </div>
    }
    .into_any()
}
