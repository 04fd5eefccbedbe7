//! A word while the server tells nothing of what changes, or nothing at all.

use leptos::prelude::*;

use crate::client;
use crate::ui::{Button, Icon, IconView};

/// Stands over the page, so that nothing moves when it comes and goes; empty while there is a connection.
#[component]
pub(super) fn ConnectionNotice() -> impl IntoView {
    let (is_lost, is_signed_out) = (client::is_lost(), client::is_signed_out());
    let is_merely_lost = move || is_lost.get() && !is_signed_out.get();
    view! {
        <div class="connection" role="status">
            <Show when=is_merely_lost>
                <p class="connection-words">
                    <IconView icon=Icon::Warning />
                    <span>"Connection lost. What is shown may be old. Trying again…"</span>
                </p>
            </Show>
            <Show when=move || is_signed_out.get()>
                <div class="connection-words">
                    <IconView icon=Icon::Lock />
                    <span>
                        "You are signed out. What is shown may be old. Once you have signed in in another tab, this page goes on where it is."
                    </span>
                    <Button small=true on_press=|()| sign_in()>"Sign in"</Button>
                </div>
            </Show>
        </div>
    }
    .into_any()
}

/// A full load of this address leads to sign-in; the browser asks first where changes would be lost.
fn sign_in() {
    let _ = window().location().reload();
}
