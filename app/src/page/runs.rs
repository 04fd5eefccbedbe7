//! What ran, and what is running.

use crate::{
    frame::PageHeader,
    ui::{EmptyState, Icon},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Runs() -> impl IntoView {
    view! {
        <PageHeader title="Runs" />
        <div class="page">
            <EmptyState
                icon=Icon::Runs
                title="No runs yet"
                text="A run appears here as soon as a runbook is started. It shows every step with its request, response and variables."
            />
        </div>
    }
    .into_any()
}
