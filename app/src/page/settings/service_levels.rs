//! The way to how soon tickets are to be answered and solved.

use leptos::prelude::*;

use crate::route::Route;
use crate::ui::ButtonLink;

pub(super) fn section() -> AnyView {
    view! {
        <section class="section">
            <h2>"Service levels"</h2>
            <div class="stack">
                <p class="muted">
                    "How soon tickets of each priority are to be answered and solved, in which working hours. Tickets show when they are due, and warnings and missed deadlines can start runbooks."
                </p>
                <div class="row">
                    <ButtonLink href=Route::ServiceLevels.to_string()>"Service levels"</ButtonLink>
                </div>
            </div>
        </section>
    }
    .into_any()
}
