//! An address that leads nowhere.

use crate::{
    frame::PageHeader,
    route::Route,
    ui::{ButtonLink, EmptyState, Icon},
};
use leptos::prelude::*;

/// Says so, and offers a way back.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <PageHeader title="Not found" />
        <div class="page">
            <EmptyState
                icon=Icon::Search
                title="There is nothing at this address"
                text="It may have been deleted, or the link may be incomplete."
            >
                <ButtonLink href=Route::Desk.to_string()>"Go to the desk"</ButtonLink>
            </EmptyState>
        </div>
    }
    .into_any()
}

/// All parts side by side, in debug builds only.
pub fn gallery_or_not_found() -> AnyView {
    #[cfg(debug_assertions)]
    return view! { <super::gallery::Gallery /> }.into_any();
    #[cfg(not(debug_assertions))]
    view! { <NotFound /> }.into_any()
}
