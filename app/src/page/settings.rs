//! How this workspace and this browser are set.

use crate::{
    frame::PageHeader,
    ui::{EmptyState, Icon},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <PageHeader title="Settings" />
        <div class="page">
            <EmptyState
                icon=Icon::Settings
                title="Nothing to set yet"
                text="What belongs to the whole workspace is set here."
            />
        </div>
    }
    .into_any()
}
