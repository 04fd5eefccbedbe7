//! The way to what tickets go through.

use leptos::prelude::*;

use crate::route::Route;
use crate::ui::ButtonLink;

#[component]
pub(super) fn Workflows() -> impl IntoView {
    view! {
        <section class="section">
            <h2>"Workflows"</h2>
            <div class="stack">
                <p class="muted">
                    "The steps that tickets of a type go through: which actions each allows, where they lead, and which runbooks entering, leaving or staying in a step starts."
                </p>
                <div class="row">
                    <ButtonLink href=Route::Workflows.to_string()>"Workflows"</ButtonLink>
                </div>
            </div>
        </section>
    }
    .into_any()
}
