//! The tickets of the embedded desk.

use crate::{
    frame::PageHeader,
    ui::{EmptyState, Icon},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Desk() -> impl IntoView {
    view! {
        <PageHeader title="Desk" />
        <div class="page">
            <EmptyState
                icon=Icon::Desk
                title="No tickets yet"
                text="A ticket made through the API or by a runbook appears here. Its actions can start runbooks."
            />
        </div>
    }
    .into_any()
}
