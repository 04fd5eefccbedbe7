//! The way to what events of the desk start.

use leptos::prelude::*;

use crate::route::Route;
use crate::ui::ButtonLink;

#[component]
pub(super) fn Events() -> impl IntoView {
    view! {
        <section class="section">
            <h2>"Events"</h2>
            <div class="stack">
                <p class="muted">
                    "What happens at the desk can start runbooks: a ticket that is closed, a customer that is made. The log says what each event started, and why another one started nothing."
                </p>
                <div class="row">
                    <ButtonLink href=Route::EventTriggers.to_string()>"Event triggers"</ButtonLink>
                    <ButtonLink href=Route::EventLog.to_string()>"Events log"</ButtonLink>
                </div>
            </div>
        </section>
    }
    .into_any()
}
