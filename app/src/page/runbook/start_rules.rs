//! What starts from outside are held to, which of them are wanted, which were not, and which were refused.

use leptos::prelude::*;
use shared::api::{IgnoredStart, RefusedStart, StartsReport};
use shared::model::{Runbook, StartLimits};

use super::sections;
use crate::chart::Chart;
use crate::load::Loaded;
use crate::page::drafting::{Conditions, WhenIn, field, problem_at};
use crate::ui::{Bound, Button, NumberField, TextField, Time, error_words};

/// Folded away where nothing is set: most runbooks need none of it.
#[component]
pub(super) fn StartRules(chart: Chart, starts: Loaded<StartsReport>) -> impl IntoView {
    let (has_limits, has_conditions) = chart
        .draft
        .with_untracked(|draft| (!draft.start.limits.is_empty(), !draft.start.when.is_empty()));
    let conditions = WhenIn::new(
        chart,
        "conditions to start".to_owned(),
        |draft| Some(&draft.start.when),
        |draft| Some(&mut draft.start.when),
    );
    // What was refused or ignored since the page was read is there as soon as its list is opened.
    let toggled = move |event: leptos::ev::Event| {
        let details: web_sys::Element = event_target(&event);
        if details.has_attribute("open") {
            starts.again();
        }
    };
    view! {
        <details class="start-rules" id=sections::LIMITS.id open=has_limits>
            <summary>"Limits: size, rate and where starts come from"</summary>
            <Limits chart=chart />
        </details>
        <details class="start-rules" id=sections::CONDITIONS.id open=has_conditions on:toggle=toggled>
            <summary>"Conditions to start"</summary>
            <div class="stack">
                <p class="muted">
                    "Starts that do not meet them are answered with 200, start nothing, and are listed below. They look at the request, such as "
                    <code>"<<request^action>>"</code> " or " <code>"<<request@header[x-github-event]>>"</code>
                    ", and at the input variables."
                </p>
                <Conditions at=conditions example="<<request@header[x-github-event]>>" />
                <Ignored starts=starts />
            </div>
        </details>
        <details class="start-rules" on:toggle=toggled>
            <summary>"Refused starts"</summary>
            <Refused starts=starts />
        </details>
    }
    .into_any()
}

#[component]
fn Limits(chart: Chart) -> impl IntoView {
    let sources: Bound<String> = field(
        chart,
        "Change the allowed addresses",
        Some("sources"),
        |draft| draft.start.limits.sources.join(", "),
        |draft, text: String| {
            draft.start.limits.sources = text
                .split([',', ';', ' ', '\n'])
                .filter(|source| !source.is_empty())
                .map(str::to_owned)
                .collect();
        },
    );
    let typed = RwSignal::new(sources.peek());
    Effect::new(move |_| typed.set(sources.get()));
    let take = move || {
        if typed.get_untracked() != sources.peek() {
            sources.set(typed.get_untracked());
        }
    };
    view! {
        <div class="field-grid">
            <NumberField
                label="Largest body"
                value=limit(chart, "Change the largest body", |limits| &mut limits.body_bytes)
                unit="bytes"
                min=1
                max=u64::from(StartLimits::MOST_BODY_BYTES)
                optional=true
                example=StartLimits::MOST_BODY_BYTES.to_string()
            />
            <NumberField
                label="Starts a second"
                value=limit(chart, "Change the rate", |limits| &mut limits.per_second)
                min=1
                max=u64::from(StartLimits::MOST_PER_SECOND)
                optional=true
                hint=Some("Whoever starts it more often is told when to try again.".to_owned())
            />
            <NumberField
                label="Starts at once"
                value=limit(chart, "Change the burst", |limits| &mut limits.burst)
                min=1
                max=u64::from(StartLimits::MOST_BURST)
                optional=true
                hint=Some("As many as in a second where this is empty.".to_owned())
            />
            <div on:focusout=move |_| take()>
                <TextField
                    label="Allowed addresses"
                    value=typed
                    code=true
                    optional=true
                    example="203.0.113.7, 203.0.113.0/24"
                    hint=Some(
                        "Addresses and networks (CIDR), with commas between them.".to_owned(),
                    )
                    error=problem_at(chart, "start.limits.sources")
                    on_enter=move |()| take()
                />
            </div>
        </div>
        <p class="muted">
            "As an address counts who connects: on Cloudflare the caller; on one's own machine whoever reaches Nimbus's port, which behind a proxy is the proxy. Where it is not known, nobody gets in."
        </p>
    }
    .into_any()
}

fn limit(
    chart: Chart,
    label: &'static str,
    part: fn(&mut StartLimits) -> &mut Option<u32>,
) -> Bound<Option<u64>> {
    field(
        chart,
        label,
        Some(label),
        move |draft: &Runbook| part(&mut draft.start.limits.clone()).map(u64::from),
        move |draft, value: Option<u64>| {
            *part(&mut draft.start.limits) = value.and_then(|value| u32::try_from(value).ok());
        },
    )
}

/// The starts that were not wanted.
#[component]
fn Ignored(starts: Loaded<StartsReport>) -> impl IntoView {
    let row = |start: IgnoredStart| {
        let at = i64::try_from(start.at).unwrap_or_default();
        view! {
            <li>
                <Time at=Signal::stored(at) />
                " "
                {start.explanation}
            </li>
        }
    };
    let list = move || match starts.value().map(|report| report.ignored) {
        Some(ignored) if !ignored.is_empty() => view! {
            <ul class="ignored-starts">{ignored.into_iter().map(row).collect_view()}</ul>
        }
        .into_any(),
        _ => view! { <p class="muted">"None so far."</p> }.into_any(),
    };
    view! {
        <div class="stack stack-small">
            <h3>"Ignored starts"</h3>
            {list}
            <div>
                <Button small=true on_press=move |()| starts.again()>"Look again"</Button>
            </div>
        </div>
    }
    .into_any()
}

/// The starts that were refused: their callers were told little, and may be nobody who reads it.
#[component]
fn Refused(starts: Loaded<StartsReport>) -> impl IntoView {
    let row = |start: RefusedStart| {
        let at = i64::try_from(start.at).unwrap_or_default();
        let from = start.from.map(|from| format!(" From {from}."));
        let times = (start.times > 1).then(|| format!(" {} times so far.", start.times));
        view! {
            <li>
                <Time at=Signal::stored(at) />
                " " <span class="numeric">{start.status}</span> " "
                {error_words(&start.reason)}
                {from}
                {times}
            </li>
        }
    };
    let list = move || match starts.value().map(|report| report.refused) {
        Some(refused) if !refused.is_empty() => view! {
            <ul class="ignored-starts">{refused.into_iter().map(row).collect_view()}</ul>
        }
        .into_any(),
        _ => view! { <p class="muted">"None since Nimbus was started."</p> }.into_any(),
    };
    view! {
        <div class="stack stack-small">
            <p class="muted">
                "Starts that were answered with an error, the latest first, and what can be done about each. With 401, callers are told no reason: that is seen only here. They are kept in memory, so a restart forgets them."
            </p>
            {list}
            <div>
                <Button small=true on_press=move |()| starts.again()>"Look again"</Button>
            </div>
        </div>
    }
    .into_any()
}
