//! What a run is waiting for, and until when.

use leptos::prelude::*;
use shared::engine::RunView;
use shared::engine::view::waits::Wait;
use shared::model::Timestamp;

use crate::ui::clock::{duration, exact};
use crate::ui::{Notice, Tone};

/// A sentence for each thing that is waited for. What counts down is for the eye: read out each second, it would
/// drown everything else.
#[component]
pub(super) fn Waits(run: Memo<RunView>, seconds: Signal<i64>) -> impl IntoView {
    let waits = Memo::new(move |_| run.with(RunView::waits));
    let all = move || {
        waits
            .get()
            .into_iter()
            .map(|wait| {
                let (words, until, since) = words(wait);
                let left = move || {
                    let now = Timestamp::try_from(seconds.get()).unwrap_or(0);
                    match (until, since) {
                        (Some(until), _) if now < until => {
                            Some(format!("{} left", whole(until - now)))
                        }
                        (Some(_), _) => Some("any moment now".to_owned()),
                        (None, Some(since)) => {
                            Some(format!("for {}", whole(now.saturating_sub(since))))
                        }
                        (None, None) => None,
                    }
                };
                view! {
                    <Notice tone=Tone::Active>
                        <p class="run-wait">
                            <span>{words}</span>
                            <span class="run-left muted numeric" aria-hidden="true">{left}</span>
                        </p>
                    </Notice>
                }
            })
            .collect_view()
    };
    view! { <Show when=move || !waits.with(Vec::is_empty)><div class="stack stack-small">{all}</div></Show> }.into_any()
}

/// To the second: tenths would flicker.
fn whole(ms: u64) -> String {
    duration((ms / 1_000 * 1_000).max(1_000)).replace(".0 s", " s")
}

fn words(wait: Wait) -> (String, Option<Timestamp>, Option<Timestamp>) {
    let at = |until: Timestamp| exact(i64::try_from(until).unwrap_or(i64::MAX));
    match wait {
        Wait::Turn(_) => (
            "Waits for its turn: it has been accepted and not begun yet.".to_owned(),
            None,
            None,
        ),
        Wait::Sleep { step, until } => (
            format!(
                "Waits until {}: that is what the step “{step}” is for.",
                at(until)
            ),
            Some(until),
            None,
        ),
        Wait::Retry { step, tries, until } => {
            let tries = if tries == 1 {
                "once".to_owned()
            } else {
                format!("{tries} times")
            };
            let words = format!(
                "Waits until {} to try “{step}” again, which was tried {tries}.",
                at(until)
            );
            (words, Some(until), None)
        }
        Wait::Restart { until } => (
            format!(
                "Waits until {} to start again from its start, because it failed.",
                at(until)
            ),
            Some(until),
            None,
        ),
        Wait::Run { step, .. } => (
            format!("Waits for the end of the run that the step “{step}” has started."),
            None,
            None,
        ),
        Wait::Answer { step, since, .. } => (
            format!("Waits for the answer to the request of “{step}”."),
            None,
            Some(since),
        ),
    }
}
