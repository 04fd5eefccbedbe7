//! The way to what starts by the clock.

use leptos::prelude::*;

use crate::route::Route;
use crate::ui::ButtonLink;

#[component]
pub(super) fn Schedules() -> impl IntoView {
    view! {
        <section class="section">
            <h2>"Schedules"</h2>
            <div class="stack">
                <p class="muted">
                    "Runbooks that start at certain times, such as every weekday at nine, or so long before or after a date of each ticket. What came due while the server was down starts once, late."
                </p>
                <div class="row">
                    <ButtonLink href=Route::Schedules.to_string()>"Schedules"</ButtonLink>
                </div>
            </div>
        </section>
    }
    .into_any()
}
