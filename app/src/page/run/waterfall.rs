//! The steps of a run on one scale of time.

use leptos::prelude::*;
use shared::engine::{RunStatus, RunView, StepVisit, VisitState};

use super::visit::element_words;
use crate::ui::clock::{duration, use_now};
use crate::ui::{Icon, IconView};

/// A row a passage; pressing one shows what it did. The address holds which.
#[component]
pub(super) fn Waterfall(run: Memo<RunView>, chosen: Memo<usize>) -> impl IntoView {
    let clock = use_now();
    let rows = move || {
        let run = run.get();
        let end = run
            .summary
            .ended_at
            .unwrap_or_else(|| u64::try_from(clock.get()).unwrap_or(0));
        let scale = Scale {
            start: run.summary.started_at,
            length: end.saturating_sub(run.summary.started_at).max(1),
            end,
        };
        let failed = run.summary.status == RunStatus::Failed;
        run.visits
            .into_iter()
            .enumerate()
            .map(|(index, visit)| row(index, &visit, scale, failed, chosen))
            .collect_view()
    };
    view! {
        <nav class="waterfall" aria-label="Steps of this run">
            <Show when=move || run.with(|run| run.visits.is_empty())>
                <p class="muted">"No step has begun yet."</p>
            </Show>
            <ol>{rows}</ol>
        </nav>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Scale {
    start: u64,
    length: u64,
    end: u64,
}

impl Scale {
    /// Where a moment lies, in percent.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a width on the screen needs no more digits"
    )]
    fn place(self, at: u64) -> f64 {
        (at.saturating_sub(self.start) as f64 / self.length as f64 * 100.0).clamp(0.0, 100.0)
    }
}

fn row(
    index: usize,
    visit: &StepVisit,
    scale: Scale,
    failed: bool,
    chosen: Memo<usize>,
) -> AnyView {
    let ended = visit.ended_at.unwrap_or(scale.end);
    let left = scale.place(visit.started_at);
    let width = (scale.place(ended) - left)
        .max(1.0)
        .min(100.0 - left.min(99.0));
    let took = duration(ended.saturating_sub(visit.started_at));
    let (icon, word, class) = match visit.state {
        VisitState::Running => (Icon::Clock, "running", "bar"),
        VisitState::Waiting => (Icon::Clock, "waiting", "bar"),
        // The end itself was reached; what it says is how the run ended.
        VisitState::Succeeded if visit.kind == "end" && failed => {
            (Icon::Cross, "ends as failed", "bar bar-bad")
        }
        VisitState::Succeeded => (Icon::Check, "succeeded", "bar bar-good"),
        VisitState::Failed => (Icon::Cross, "failed", "bar bar-bad"),
    };
    let tries = visit.attempts.len();
    view! {
        <li>
            <a
                class="waterfall-row"
                href=format!("?visit={}", index + 1)
                aria-current=move || (chosen.get() == index).then_some("true")
            >
                <span class="waterfall-name">
                    <IconView icon=icon />
                    <span class="visually-hidden">{word}</span>
                    <span>
                        {visit.name.clone()}
                        {element_words(&visit.elements)
                            .map(|words| view! { " " <span class="muted waterfall-element">{words}</span> })}
                    </span>
                </span>
                <span class="waterfall-track" aria-hidden="true">
                    <span
                        class=class
                        style:left=format!("{left}%")
                        style:width=format!("{width}%")
                    ></span>
                </span>
                <span class="waterfall-took numeric">
                    {took} {(tries > 1).then(|| format!(", {tries} tries"))}
                </span>
            </a>
        </li>
    }
    .into_any()
}
