//! One method: the request on the left, its result on the right.

use crate::{
    frame::{Crumb, PageHeader},
    route::Route,
    ui::{EmptyState, Icon},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn Method() -> impl IntoView {
    let params = use_params_map();
    let read =
        move |name: &str| params.with_untracked(|params| params.get(name).unwrap_or_default());
    let integration = read("id");
    let crumbs = vec![
        Crumb::new("Integrations", Route::Integrations),
        Crumb::new(integration.clone(), Route::Integration(integration)),
    ];
    view! {
        <PageHeader title=read("method") crumbs=crumbs />
        <div class="page page-wide">
            <EmptyState icon=Icon::Method title="Nothing here yet" text="There is nothing to show of this one yet." />
        </div>
    }
    .into_any()
}
