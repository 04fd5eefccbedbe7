//! What one step did: each request and response, and the variables it set.

use leptos::prelude::*;
use shared::curl::curl;
use shared::engine::view::turns::Turn;
use shared::engine::{Attempt, Headers, Reply, StepVisit};

use super::replay::Start;
use super::variables;
use crate::route::Route;
use crate::ui::clock::duration;
use crate::ui::{Badge, Button, CopyButton, Icon, JsonView, Notice, Tone, error_words};

#[component]
pub(super) fn Visit(
    visit: StepVisit,
    turn: Turn,
    /// Whether its bodies and values were not kept.
    is_light: bool,
    start: RwSignal<Option<Start>>,
    /// Whether the run can be replayed.
    #[prop(into)]
    can_replay: Signal<bool>,
) -> impl IntoView {
    let step = StoredValue::new(visit.step.clone());
    let several = visit.attempts.len() > 1;
    let attempts = visit
        .attempts
        .iter()
        .enumerate()
        .map(|(index, attempt)| {
            let error = visit
                .error_of_try(attempt)
                .map(|error| error.message.clone());
            try_view(index, attempt.clone(), error, several, is_light)
        })
        .collect_view();
    let replay_words = StoredValue::new(match turn.around {
        Some(name) => format!("Replay from the loop “{name}”"),
        None => "Replay from this step".to_owned(),
    });
    let way = visit.way.map(|way| format!("Went on by the way “{way}”."));
    view! {
        <div class="visit">
            {element_words(&turn.elements).map(|words| view! { <p class="muted">"In the turn of " {words} "."</p> })}
            {visit.explanation.map(|text| view! { <p>{text}</p> })}
            {visit
                .started_run
                .map(|run| view! { <p><a href=Route::Run(run.to_string()).to_string()>"The run that it started"</a></p> })}
            {visit
                .error
                .map(|error| view! { <Notice tone=Tone::Bad>{error_words(&error.message)}</Notice> })}
            {visit.reply.map(reply)}
            {attempts}
            {variables("Variables it set", visit.variables, &[])}
            {way.map(|text| view! { <p class="muted">{text}</p> })}
            <Show when=move || can_replay.get()>
                <div class="row">
                    <Button
                        small=true
                        icon=Icon::Repeat
                        on_press=move |()| start.set(Some(Start::FromStep(step.get_value())))
                    >
                        {replay_words.get_value()}
                    </Button>
                </div>
            </Show>
        </div>
    }
    .into_any()
}

fn try_view(
    index: usize,
    attempt: Attempt,
    error: Option<String>,
    several: bool,
    is_light: bool,
) -> AnyView {
    let request = attempt.request;
    let line = format!("{} {}", request.method, request.url);
    // Without its query and body it would be another request.
    let copy = (!is_light).then(|| {
        let command = Signal::stored(curl(&request));
        view! { <CopyButton text=command label="Copy as curl" show_label=true /> }
    });
    let heading = several.then(|| view! { <h3>{format!("Try {}", index + 1)}</h3> });
    let response = attempt.response.map(|response| {
        let tone = if (200..300).contains(&response.status) {
            Tone::Good
        } else {
            Tone::Bad
        };
        let size = format!("{} B", response.bytes);
        let body = response.body.clone();
        view! {
            <h4 class="visit-part">
                "Response"
                <Badge tone=tone label=response.status.to_string() />
                <span class="muted numeric">{duration(u64::from(response.time_ms))} ", " {size}</span>
            </h4>
            {headers(response.headers)}
            {(!body.is_empty()).then(|| view! { <JsonView label="Response body" text=Signal::stored(body) /> })}
        }
    });
    let request_body = request.body.filter(|body| !body.is_empty());
    view! {
        <div class="visit-try">
            {heading}
            <h4 class="visit-part">
                "Request" {copy}
            </h4>
            <p class="code visit-line">{line}</p>
            {headers(request.headers)}
            {request_body
                .map(|body| view! { <JsonView label="Request body" text=Signal::stored(body) /> })}
            {response}
            {error.map(|error| view! { <Notice tone=Tone::Bad>{error_words(&error)}</Notice> })}
        </div>
    }
    .into_any()
}

/// What the caller was answered with.
fn reply(reply: Reply) -> AnyView {
    let body = reply.body.unwrap_or_default();
    let tone = if reply.status < 400 {
        Tone::Good
    } else {
        Tone::Bad
    };
    view! {
        <div class="visit-try">
            <h4 class="visit-part">
                "Answer to the caller" <Badge tone=tone label=reply.status.to_string() />
            </h4>
            {headers(reply.headers)}
            {(!body.is_empty()).then(|| view! { <JsonView label="Body of the answer" text=Signal::stored(body) /> })}
        </div>
    }
    .into_any()
}

/// Whose turn it was, as "element 2 › 5"; nothing outside of loops.
pub(super) fn element_words(elements: &[u32]) -> Option<String> {
    let numbers: Vec<String> = elements.iter().map(ToString::to_string).collect();
    (!numbers.is_empty()).then(|| format!("element {}", numbers.join(" › ")))
}

fn headers(headers: Headers) -> AnyView {
    if headers.is_empty() {
        return ().into_any();
    }
    let count = headers.len();
    let word = if count == 1 { "header" } else { "headers" };
    let rows = headers
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> })
        .collect_view();
    view! {
        <details class="visit-headers">
            <summary>{format!("{count} {word}")}</summary>
            <dl class="code">{rows}</dl>
        </details>
    }
    .into_any()
}
