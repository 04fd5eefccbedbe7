//! All parts side by side, to look at; in debug builds only.

use crate::frame::PageHeader;
use leptos::prelude::*;

/// The page.
#[component]
pub fn Gallery() -> impl IntoView {
    view! { <PageHeader title="Gallery" /> }.into_any()
}
