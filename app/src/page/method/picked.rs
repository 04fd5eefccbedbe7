//! What was pointed at in the response: its path, ready to become an output variable.

use leptos::prelude::*;
use shared::json::{Kind, Limits, duplicate_keys};
use shared::output::path_at;

use super::bench::Bench;
use super::outputs::make;
use crate::ui::{Button, ButtonKind, CopyButton, Icon, announce};

/// Takes the value at a byte of the body; a text without its quotes, as one mostly wants it.
pub(super) fn pick(bench: Bench, offset: usize) {
    let path = bench.response.with_untracked(|response| {
        let body = &response.as_ref()?.body.0;
        let path = path_at(body, offset)?;
        let is_text = Kind::of(&path.extract(body).ok()?) == Some(Kind::String);
        Some(path.with_bare(is_text))
    });
    if let Some(path) = &path {
        announce(format!("Path {path}"));
    } else {
        announce("No path leads to this value.");
    }
    bench.picked.set(path);
}

/// `body` is the body of the last response; `is_pretty` is whether its values can be pointed at as it is shown.
pub(super) fn picked(bench: Bench, body: &str, is_pretty: Signal<bool>) -> AnyView {
    // Nothing can be clicked in it, and output variables find nothing there.
    if let Err(error) = duplicate_keys(body.as_bytes(), Limits::default()) {
        let words = format!(
            "This body is not JSON (line {}, column {}), so output variables find nothing in it.",
            error.line(),
            error.column()
        );
        return view! { <p class="muted">{words}</p> }.into_any();
    }
    let content = move || {
        match bench.picked.get() {
        None if !is_pretty.get() => ().into_any(),
        None => view! { <p class="muted">"Click a value, or press Enter on its line, to get its path."</p> }.into_any(),
        Some(path) => {
            let text = path.to_string();
            view! {
                <code class="picked-path">{text.clone()}</code>
                <CopyButton text=Signal::stored(text) label="Copy the path" />
                <Button kind=ButtonKind::Secondary small=true icon=Icon::Plus on_press=move |()| make(bench, &path)>
                    "Make output variable"
                </Button>
            }
            .into_any()
        }
    }
    };
    view! { <div class="picked">{content}</div> }.into_any()
}
