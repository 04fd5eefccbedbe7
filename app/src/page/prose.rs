//! A text as its writer formatted it.

use leptos::prelude::*;
use shared::desk::breaks_lines;

/// HTML, which the server has sanitised for whoever reads it with a session; where there is none, the plain text.
pub fn prose(text: String, html: String) -> AnyView {
    if html.is_empty() {
        return view! { <p class="prose">{text}</p> }.into_any();
    }
    let class = if breaks_lines(&html) {
        "prose-html"
    } else {
        "prose-html prose-lines"
    };
    view! { <div class=class inner_html=html></div> }.into_any()
}
