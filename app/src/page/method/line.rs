//! Verb, base URL, path, and the button that sends: one line.

use leptos::prelude::*;
use shared::model::HttpMethod;

use super::bench::Bench;
use crate::browser::has_command_key;
use crate::route::Route;
use crate::ui::field::Choice;
use crate::ui::{Bound, Button, ButtonKind, Icon, SelectField, TextField};

/// Where the path is typed.
pub(super) const PATH: &str = "method-path";

pub(super) fn request_line(bench: Bench) -> AnyView {
    let draft = bench.editing.draft;
    let verb = Bound::of(
        draft,
        |draft| draft.http_method.as_str().to_owned(),
        |draft, name| {
            if let Some(verb) = HttpMethod::ALL
                .into_iter()
                .find(|verb| verb.as_str() == name)
            {
                draft.http_method = verb;
            }
        },
    );
    let verbs = HttpMethod::ALL
        .into_iter()
        .map(|verb| Choice::new(verb.as_str(), verb.as_str()))
        .collect::<Vec<_>>();
    let path = Bound::of(
        draft,
        |draft| draft.path.clone(),
        |draft, path| draft.path = path,
    );
    let (base, home) = bench.integration.with_value(|record| {
        let base = record
            .value
            .base_url
            .trim()
            .trim_end_matches('/')
            .to_owned();
        (base, Route::Integration(record.value.id.to_string()))
    });
    let base = if base.is_empty() {
        "no base URL yet".to_owned()
    } else {
        base
    };
    let keys = if has_command_key() {
        "⌘ Enter"
    } else {
        "Ctrl Enter"
    };
    view! {
        <div class="request-line">
            <div class="request-verb">
                <SelectField label="HTTP method" hide_label=true value=verb choices=Signal::stored(verbs) />
            </div>
            <div class="request-address">
                <a class="request-base code" href=home.to_string() title=format!("{base}: the integration's base URL, changed there")>
                    {base.clone()}
                </a>
                <TextField
                    label="Endpoint"
                    hide_label=true
                    code=true
                    id=PATH
                    value=path
                    error=bench.problem("path")
                    example="/path/<<Id>>"
                />
            </div>
            <Button
                kind=ButtonKind::Primary
                icon=Icon::Play
                busy=bench.sending
                hint=format!("{keys}; sends what is on the screen, saved or not")
                on_press=move |()| bench.send()
            >
                "Send test"
            </Button>
        </div>
    }
    .into_any()
}
