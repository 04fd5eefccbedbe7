//! The single-page app: a thin shell around `shared`.

use leptos::prelude::*;

fn main() {
    leptos::mount::mount_to_body(|| view! { <main><h1>"Nimbus"</h1></main> });
}
