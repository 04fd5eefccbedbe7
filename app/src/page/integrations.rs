//! The APIs that runbooks can reach.

use crate::{
    frame::PageHeader,
    ui::{EmptyState, Icon},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Integrations() -> impl IntoView {
    view! {
        <PageHeader title="Integrations" />
        <div class="page">
            <EmptyState
                icon=Icon::Integrations
                title="No integrations yet"
                text="An integration holds the base URL of an API and how to log in to it. Its methods are the requests that runbooks make."
            />
        </div>
    }
    .into_any()
}
