//! What someone sees who is not signed in.

use crate::ui::{EmptyState, Icon};
use leptos::prelude::*;

/// Says how to get in: sign-in is by a link that the server prints.
#[component]
pub fn SignIn(
    /// A link was tried, and did not work.
    #[prop(optional)]
    used_up: bool,
) -> impl IntoView {
    let text = if used_up {
        "That link was used already, or is older than 10 minutes. Each start of Nimbus prints a new one, and POST /console/sign-in-links with the admin token answers with one. Open it in this tab, or in another one of this browser."
    } else {
        "A link is good once, for 10 minutes. Each start of Nimbus prints a new one, and POST /console/sign-in-links with the admin token answers with one. Open it in this tab, or in another one of this browser."
    };
    view! {
        <div class="page">
            <EmptyState
                icon=Icon::Lock
                title="Sign in with a link"
                text=text
            />
        </div>
    }
    .into_any()
}
