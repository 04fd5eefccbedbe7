//! Why a test was not sent or not answered, and how to put it right.

use leptos::prelude::*;
use shared::api::TestReport;
use shared::problem::ErrorDetail;

use super::bench::Bench;
use super::line::PATH;
use super::problems::tab_of;
use super::response::sent_request;
use crate::browser::focus;
use crate::route::Route;
use crate::ui::{Button, ButtonLink, Icon, Notice, Tone, error_words, show_tab};

/// What happened, in a few words.
fn title(code: &str) -> &'static str {
    match code {
        "timeout" => "No answer in time",
        "address_refused" => "This address is not allowed",
        "connection_failed" => "No connection",
        "unreachable" => "The address cannot be reached",
        "response_too_large" => "The answer is too large",
        "secret_missing" => "A secret is missing",
        "unresolved" => "A variable has no value",
        "invalid_json" => "The body is not JSON",
        code if code.starts_with("token_") || code == "no_token" => "Signing in did not work",
        code if code.starts_with("redirect") || code.ends_with("redirects") => {
            "The answer led elsewhere"
        }
        _ => "The request could not be sent",
    }
}

/// A button that leads to what has to be changed.
fn way_on(bench: Bench, detail: &ErrorDetail) -> AnyView {
    let field = detail.at.field.as_deref().unwrap_or_default();
    let has_own_login = bench
        .editing
        .draft
        .with_untracked(|draft| draft.auth.is_some());
    let is_login = field.starts_with("auth");
    if field == "path" {
        return view! {
            <Button small=true icon=Icon::Edit on_press=move |()| focus(PATH)>"Go to the endpoint"</Button>
        }
        .into_any();
    }
    let tab = match detail.code.as_str() {
        "timeout" => Some("settings"),
        _ if is_login && !has_own_login => None,
        _ => tab_of(field),
    };
    if let Some(tab) = tab {
        let words = match tab {
            "query" => "Go to Query",
            "headers" => "Go to Headers",
            "body" => "Go to Body",
            "outputs" => "Go to Output variables",
            _ => "Go to Settings",
        };
        return view! {
            <Button small=true icon=Icon::Edit on_press=move |()| show_tab("tab", tab)>{words}</Button>
        }
        .into_any();
    }
    let of_integration = is_login
        || matches!(
            detail.code.as_str(),
            "connection_failed" | "unreachable" | "address_refused"
        )
        || field == "base_url";
    if of_integration {
        let home = Route::Integration(bench.integration_id().to_string()).to_string();
        return view! { <ButtonLink href=home icon=Icon::Integrations>"Open the integration"</ButtonLink> }
            .into_any();
    }
    ().into_any()
}

fn told(bench: Bench, detail: &ErrorDetail) -> AnyView {
    let title = title(&detail.code);
    let message = error_words(&detail.message);
    let way_on = way_on(bench, detail);
    view! {
        <div role="alert">
            <Notice tone=Tone::Bad>
                <p class="notice-title">{title}</p>
                <p>{message}</p>
                <div class="row">{way_on}</div>
            </Notice>
        </div>
    }
    .into_any()
}

/// No answer: why, and the request as far as there was one.
pub(super) fn no_answer(bench: Bench, report: TestReport) -> AnyView {
    let detail = report
        .error
        .unwrap_or_else(|| ErrorDetail::new("unknown", "there was no answer: try again"));
    view! {
        <div class="stack">
            {told(bench, &detail)}
            {report
                .request
                .map(|request| {
                    view! {
                        <details class="more" open=true>
                            <summary>"The request"</summary>
                            {sent_request(request)}
                        </details>
                    }
                })}
        </div>
    }
    .into_any()
}

/// Whether sending was asked for, and something still has to be put right first.
pub(super) fn is_held_back(bench: Bench) -> bool {
    bench.held_back.get()
        && !(bench.without_sample().is_empty() && bench.problems.with(Vec::is_empty))
}

/// What keeps the test from being sent.
pub(super) fn held_back(bench: Bench) -> AnyView {
    if !is_held_back(bench) {
        return ().into_any();
    }
    let missing = bench.without_sample();
    let problems = bench.problems.get();
    let samples = (!missing.is_empty()).then(|| {
        let words = if missing.len() == 1 {
            format!("Type a sample value for `{}` above.", missing.join(", "))
        } else {
            format!(
                "Type sample values above for {}.",
                missing
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        };
        view! { <li>{error_words(&words)}</li> }
    });
    let rows = problems
        .iter()
        .map(|problem| {
            view! {
                <li>
                    <span>{error_words(&problem.message)}</span>
                    {way_on(bench, problem)}
                </li>
            }
        })
        .collect_view();
    view! {
        <div role="alert">
            <Notice tone=Tone::Warning>
                <p class="notice-title">"Not sent yet"</p>
                <ul class="held-back">{samples} {rows}</ul>
            </Notice>
        </div>
    }
    .into_any()
}
