//! What a test gave: the samples it takes, and then its answer or why there is none.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use shared::api::TestReport;
use shared::model::Method;

use super::bench::Bench;
use super::error;
use super::response::response;
use super::samples::samples;
use crate::browser::{element, has_command_key};
use crate::client::Fault;
use crate::ui::clock::duration;
use crate::ui::{EmptyState, ErrorPanel, Icon, Spinner};

const RESULT: &str = "method-result";

/// Brings the result into sight where it begins below the window: on a page too narrow to have it beside the request.
pub(super) fn show() {
    request_animation_frame(|| {
        if let Some(result) = element(RESULT) {
            let height = document()
                .document_element()
                .map_or(0.0, |page| f64::from(page.client_height()));
            let top = result.get_bounding_client_rect().top();
            if (0.0..height * 0.75).contains(&top) {
                return;
            }
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Start);
            result
                .unchecked_into::<web_sys::Element>()
                .scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}

pub(super) fn result(bench: Bench) -> AnyView {
    let waiting = move || {
        bench.sending.get().then(|| {
            let limit = bench
                .editing
                .draft
                .with_untracked(|draft| draft.timeout_ms.unwrap_or(Method::DEFAULT_TIMEOUT_MS));
            let label = format!(
                "Waiting for the answer, {} at most",
                duration(u64::from(limit))
            );
            view! { <div class="result-waiting"><Spinner label=label show_label=true /></div> }
        })
    };
    let held_back = move || error::held_back(bench);
    let outcome = move || match bench.report.get() {
        None if bench.sending.get() || error::is_held_back(bench) => ().into_any(),
        None => nothing_yet(),
        Some(report) => {
            // Beside what kept this test from being sent it would pass for its answer.
            let former = move || {
                error::is_held_back(bench).then(|| {
                    view! { <p class="muted">"What the test before this one gave:"</p> }
                })
            };
            view! {
                {former}
                {show_report(bench, report)}
            }
            .into_any()
        }
    };
    view! {
        <div class="stack">
            {samples(bench)}
            <section id=RESULT class="result" class:result-old=move || bench.sending.get() aria-label="Result">
                {waiting} {held_back} {outcome}
            </section>
        </div>
    }
    .into_any()
}

fn show_report(bench: Bench, report: Result<TestReport, Fault>) -> AnyView {
    match report {
        Ok(report) if report.response.is_some() => response(bench, report),
        Ok(report) => error::no_answer(bench, report),
        Err(fault) => view! {
            <ErrorPanel
                title="The test was not sent"
                text=fault.to_string()
                on_retry=Callback::new(move |()| bench.send())
                retrying=bench.sending
            />
        }
        .into_any(),
    }
}

fn nothing_yet() -> AnyView {
    let keys = if has_command_key() {
        "⌘ Enter"
    } else {
        "Ctrl Enter"
    };
    view! {
        <EmptyState
            icon=Icon::Play
            title="Not sent yet"
            text=format!("Send test, or {keys}, sends the request as it stands on the screen, saved or not. Its answer appears here, and each output variable shows its value.")
        />
    }
    .into_any()
}
