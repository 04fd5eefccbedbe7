//! What someone sees who is not signed in.

use crate::ui::{EmptyState, Icon};
use leptos::prelude::*;

/// Says how to get in: sign-in is by a link that the server prints.
#[component]
pub fn SignIn() -> impl IntoView {
    view! {
        <div class="page">
            <EmptyState
                icon=Icon::Lock
                title="Sign in with a link"
                text="Starting Nimbus prints a sign-in link that is good once. Open the newest one in this browser."
            />
        </div>
    }
    .into_any()
}
