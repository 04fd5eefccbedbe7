//! One ticket: its actions in time, its fields, its buttons.

use crate::{
    frame::{Crumb, PageHeader},
    route::Route,
    ui::{EmptyState, Icon},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn Ticket() -> impl IntoView {
    let params = use_params_map();
    let id = Signal::derive(move || params.with(|params| params.get("id").unwrap_or_default()));
    view! {
        <PageHeader title=id crumbs=vec![Crumb::new("Desk", Route::Desk)] />
        <div class="page">
            <EmptyState icon=Icon::DeskAction title="Nothing here yet" text="There is nothing to show of this one yet." />
        </div>
    }
    .into_any()
}
