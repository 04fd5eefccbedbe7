//! The runbooks, drafts included.

use crate::{
    frame::PageHeader,
    ui::{EmptyState, Icon},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn Runbooks() -> impl IntoView {
    view! {
        <PageHeader title="Runbooks" />
        <div class="page">
            <EmptyState
                icon=Icon::Runbooks
                title="No runbooks yet"
                text="A runbook chains methods, desk actions and conditions. A ticket action, a desk event or a public address starts it."
            />
        </div>
    }
    .into_any()
}
