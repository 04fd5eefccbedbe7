//! An answer: status, time, size, body, headers, and the request that led to it.

use leptos::prelude::*;
use shared::api::TestReport;
use shared::engine::{Headers, ReceivedResponse, SentRequest};

use super::bench::Bench;
use super::picked::{pick, picked};
use crate::ui::clock::duration;
use crate::ui::field::{Choice, Segments};
use crate::ui::{Badge, CopyButton, JsonView, Notice, Tab, Tabs, Tone, error_words};

/// A size as people say it: "812 B", "1.4 KB", "3.0 MB".
fn size(bytes: usize) -> String {
    let tenths = |unit: usize| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", tenths(1_000)),
        _ => format!("{} MB", tenths(1_000_000)),
    }
}

/// The reason phrase of the statuses that one meets.
fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No content",
        301 => "Moved permanently",
        302 => "Found",
        304 => "Not modified",
        307 => "Temporary redirect",
        308 => "Permanent redirect",
        400 => "Bad request",
        401 => "Unauthorized",
        402 => "Payment required",
        403 => "Forbidden",
        404 => "Not found",
        405 => "Method not allowed",
        406 => "Not acceptable",
        408 => "Request timeout",
        409 => "Conflict",
        410 => "Gone",
        413 => "Too large",
        415 => "Unsupported media type",
        422 => "Unprocessable",
        429 => "Too many requests",
        500 => "Server error",
        502 => "Bad gateway",
        503 => "Unavailable",
        504 => "Gateway timeout",
        _ => "",
    }
}

fn tone(status: u16) -> Tone {
    match status {
        200..=299 => Tone::Good,
        300..=399 => Tone::Warning,
        _ => Tone::Bad,
    }
}

pub(super) fn response(bench: Bench, report: TestReport) -> AnyView {
    let Some(answer) = report.response else {
        return ().into_any();
    };
    let status = format!("{} {}", answer.status, phrase(answer.status));
    let facts = format!(
        "{} · {}",
        duration(u64::from(answer.time_ms)),
        size(answer.bytes)
    );
    let meaning = (!(200..300).contains(&answer.status)).then(|| {
        view! { <p class="muted">"In a runbook this is unsuccessful: the step takes its failure way."</p> }
    });
    let warnings = report
        .warnings
        .iter()
        .map(|warning| {
            let warning = error_words(warning);
            view! { <Notice tone=Tone::Warning>{warning}</Notice> }
        })
        .collect_view();
    let count = Signal::stored(Some(answer.headers.len().to_string()));
    let headers = answer.headers.clone();
    let request = report.request;
    let answer = StoredValue::new(answer);
    let headers = StoredValue::new(headers);
    let request = StoredValue::new(request);
    let mut tabs = vec![
        Tab::new("body", "Body", move || body(bench, answer)),
        Tab::new("headers", "Headers", move || {
            headers_table(headers.get_value())
        })
        .with_note(count),
    ];
    if request.with_value(Option::is_some) {
        tabs.push(Tab::new("request", "Request", move || {
            request.get_value().map(sent_request).into_any()
        }));
    }
    view! {
        <div class="result-head">
            <Badge tone=tone(answer.with_value(|answer| answer.status)) label=status.trim().to_owned() />
            <span class="muted numeric">{facts}</span>
        </div>
        {meaning} {warnings}
        <Tabs label="Response" query="result" tabs=tabs />
    }
    .into_any()
}

fn body(bench: Bench, answer: StoredValue<ReceivedResponse>) -> AnyView {
    let text = answer.with_value(|answer| answer.body.clone());
    if text.is_empty() {
        return view! { <p class="muted">"The answer has no body."</p> }.into_any();
    }
    let text = Signal::stored(text);
    let shape = RwSignal::new("pretty".to_owned());
    let is_pretty = Signal::derive(move || shape.get() != "raw");
    let shown = move || {
        if is_pretty.get() {
            view! {
                <JsonView
                    label="Body of the response"
                    text=text
                    on_pick=Callback::new(move |offset: usize| pick(bench, offset))
                />
            }
            .into_any()
        } else {
            let raw = text.get();
            view! { <pre class="raw" tabindex="0" role="region" aria-label="Raw body">{raw}</pre> }
                .into_any()
        }
    };
    view! {
        <div class="stack stack-small">
            <div class="spread">
                <Segments
                    label="How the body is shown"
                    hide_label=true
                    value=shape
                    choices=vec![Choice::new("pretty", "Pretty"), Choice::new("raw", "Raw")]
                />
                <CopyButton text=text label="Copy the body" />
            </div>
            {text.with_untracked(|text| picked(bench, text, is_pretty))}
            {shown}
        </div>
    }
    .into_any()
}

fn headers_table(headers: Headers) -> AnyView {
    if headers.is_empty() {
        return view! { <p class="muted">"None."</p> }.into_any();
    }
    let rows = headers
        .into_iter()
        .map(|(name, value)| view! { <tr><th scope="row">{name}</th><td>{value}</td></tr> })
        .collect_view();
    view! { <table class="header-table code"><tbody>{rows}</tbody></table> }.into_any()
}

/// A request as it left, secrets masked.
pub(super) fn sent_request(request: SentRequest) -> AnyView {
    let line = format!("{} {}", request.method, request.url);
    let body = request.body.filter(|body| !body.is_empty());
    view! {
        <div class="stack stack-small">
            <p class="code sent-line">{line}</p>
            {headers_table(request.headers)}
            {body.map(|body| view! { <JsonView label="Body of the request" text=Signal::stored(body) /> })}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_read_as_people_say_them() {
        for (bytes, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_450, "1.4 KB"),
            (3_000_000, "3.0 MB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }
}
