//! One integration: its address, its login, its methods.

use crate::{
    frame::{Crumb, PageHeader},
    route::Route,
    ui::{EmptyState, Icon},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn Integration() -> impl IntoView {
    let params = use_params_map();
    let id = Signal::derive(move || params.with(|params| params.get("id").unwrap_or_default()));
    view! {
        <PageHeader title=id crumbs=vec![Crumb::new("Integrations", Route::Integrations)] />
        <div class="page">
            <EmptyState icon=Icon::Integrations title="Nothing here yet" text="There is nothing to show of this one yet." />
        </div>
    }
    .into_any()
}
