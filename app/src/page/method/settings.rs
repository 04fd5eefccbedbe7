//! Time limit, repeating, and a login of the method's own.

use leptos::prelude::*;
use shared::model::{Authorization, Method};

use super::bench::Bench;
use crate::page::integration::authorization::AuthorizationFields;
use crate::page::integration::words::{authorization_kind, authorization_name};
use crate::page::retry::RetryFields;
use crate::ui::field::{Choice, Segments};
use crate::ui::{Bound, CopyButton, NumberField, Switch};

pub(super) fn settings(bench: Bench) -> AnyView {
    let draft = bench.editing.draft;
    let timeout = Bound::of(
        draft,
        |draft| draft.timeout_ms.map(u64::from),
        |draft, ms: Option<u64>| draft.timeout_ms = ms.and_then(|ms| u32::try_from(ms).ok()),
    );
    let repeatable = Bound::of(
        draft,
        |draft| {
            match draft.repeatable {
                None => "verb",
                Some(true) => "yes",
                Some(false) => "no",
            }
            .to_owned()
        },
        |draft, choice: String| {
            draft.repeatable = match choice.as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
        },
    );
    let repeats = move || {
        let words = if draft.with(Method::is_repeatable) {
            "After a crash in the middle of the request it is sent again."
        } else {
            "After a crash in the middle of the request the step takes its failure way, because a second sending could do harm."
        };
        view! { <p class="field-note">{words}</p> }
    };
    let key = Bound::of(
        draft,
        |draft| draft.idempotency_key,
        |draft, on| draft.idempotency_key = on,
    );
    let retry = Bound::of(
        draft,
        |draft| draft.retry.clone(),
        |draft, retry| draft.retry = retry,
    );
    let inherited = bench
        .integration
        .with_value(|record| authorization_name(authorization_kind(&record.value.auth)).to_owned());
    let has_own = Bound::of(
        draft,
        |draft| draft.auth.is_some(),
        |draft, own| draft.auth = own.then(Authorization::default),
    );
    let auth = Bound::of(
        draft,
        |draft| draft.auth.clone().unwrap_or_default(),
        |draft, auth| draft.auth = Some(auth),
    );
    let saved = Signal::derive(move || {
        bench
            .editing
            .saved
            .with(|saved| saved.auth.clone().unwrap_or_default())
    });
    let id = bench.id().to_string();
    let shown = id.clone();
    view! {
        <div class="stack stack-large form">
            <NumberField
                label="Time limit"
                value=timeout
                min=100
                max=900_000
                unit="ms"
                optional=true
                example=Method::DEFAULT_TIMEOUT_MS.to_string()
                hint="For the whole answer. 30 seconds where nothing is set.".to_owned()
            />
            <div class="field">
                <Segments
                    label="May it be sent twice?"
                    value=repeatable
                    choices=vec![
                        Choice::new("verb", "As the verb says"),
                        Choice::new("yes", "Yes"),
                        Choice::new("no", "No"),
                    ]
                />
                {repeats}
            </div>
            <Switch
                label="Send an idempotency key"
                hint="A header Idempotency-Key, the same with every try, for services that tell a repeat by it."
                value=key
            />
            <RetryFields value=retry unset="Do not try again" overrides=false />
            <div class="stack">
                <Switch
                    label="A login of its own"
                    hint=format!("Otherwise it signs in as the integration does: {inherited}.")
                    value=has_own
                />
                <Show when=move || has_own.get()>
                    <AuthorizationFields auth=auth saved=saved missing=bench.missing_secrets />
                </Show>
            </div>
            <div class="row muted">
                "Id " <code>{shown}</code>
                <CopyButton text=Signal::stored(id) label="Copy the id" />
            </div>
        </div>
    }
    .into_any()
}
