//! The steps of a run on one scale of time; each opens in its place.

use std::ops::Range;

use leptos::prelude::*;
use shared::engine::view::bars::{Bar, BarKind};
use shared::engine::{RunStatus, RunView};
use shared::model::Timestamp;

use super::opened::{Opened, Passages};
use super::words::{state, took, turn_words};
use crate::ui::clock::duration;
use crate::ui::{Button, Icon, IconView, Tone, id::unique_id};

/// How many rows are shown at first, and how many more each time that more are wanted.
const ROWS: usize = 200;

/// A row a passage. The address holds which is open.
#[component]
pub(super) fn Waterfall(
    of: Passages,
    open: Memo<Option<usize>>,
    /// The time now, as it passes while the run is under way.
    now: Signal<Timestamp>,
) -> impl IntoView {
    let run = of.run;
    let count = Memo::new(move |_| run.with(|run| run.visits.len()));
    let scale = Memo::new(move |_| run.with(|run| Scale::of(run, now.get())));
    // Around the one that is open, wherever that stands; then as many more as are wanted.
    let shown = RwSignal::new(first_rows(open.get_untracked()));
    let before = move || shown.with(|shown| shown.start);
    let behind = Memo::new(move |_| count.get().saturating_sub(shown.with(|shown| shown.end)));
    let earlier = move |()| shown.update(|shown| shown.start = shown.start.saturating_sub(ROWS));
    let later = move |()| shown.update(|shown| shown.end += ROWS);
    let rows = move || {
        let shown = shown.get();
        shown.start.min(count.get())..shown.end.min(count.get())
    };
    let queued = move || run.with(|run| run.queued(now.get()));
    view! {
        <section class="waterfall" aria-label="Steps of this run">
            <div class="waterfall-head">
                <h2>"Steps"</h2>
                <p class="waterfall-scale muted numeric" aria-hidden="true">
                    <span>"0 s"</span>
                    <span>{move || duration(scale.get().length / 2)}</span>
                    <span>{move || duration(scale.get().length)}</span>
                </p>
                <p class="waterfall-key muted" aria-hidden="true">
                    <span><i class="bar-good"></i><i class="bar-bad"></i>"try"</span>
                    <span><i class="bar-wait"></i>"wait"</span>
                </p>
            </div>
            {move || {
                queued()
                    .map(|bar| {
                        let took = duration(bar.until.saturating_sub(bar.from));
                        view! {
                            <div class="waterfall-row waterfall-queued">
                                <span class="waterfall-name">"Queued"</span>
                                <span class="waterfall-track" aria-hidden="true">{piece(bar, scale.get(), "bar", false)}</span>
                                <span class="waterfall-took numeric">{took}</span>
                            </div>
                        }
                    })
            }}
            <Show when=move || count.get() == 0>
                <p class="muted">{move || without_steps(run.with(|run| run.summary.status))}</p>
            </Show>
            <Show when=move || { 0 < before() }>
                <div class="older">
                    <Button small=true icon=Icon::ArrowUp on_press=earlier>
                        {move || more_words(before(), "earlier")}
                    </Button>
                </div>
            </Show>
            <ol start=move || (before() + 1).to_string()>
                <For each=rows key=|index| *index let:index>
                    <Passage index=index of=of open=open scale=scale now=now />
                </For>
            </ol>
            <Show when=move || { 0 < behind.get() }>
                <div class="older">
                    <Button small=true icon=Icon::ChevronDown on_press=later>
                        {move || more_words(behind.get(), "more")}
                    </Button>
                </div>
            </Show>
        </section>
    }
    .into_any()
}

/// What stands in place of the steps of a run that has come to none.
pub(super) fn without_steps(status: RunStatus) -> &'static str {
    if status.has_ended() {
        "It ended before any step began."
    } else {
        "No step has begun yet."
    }
}

/// The rows to begin with: the first ones, unless the open one is not among them.
fn first_rows(open: Option<usize>) -> Range<usize> {
    let start = match open {
        Some(open) if open >= ROWS => open - ROWS / 2,
        _ => 0,
    };
    start..start + ROWS
}

/// "Show 200 more steps of 1800".
fn more_words(left: usize, which: &str) -> String {
    if left > ROWS {
        format!("Show {ROWS} {which} steps of {left}")
    } else {
        let word = if left == 1 { "step" } else { "steps" };
        format!("Show {left} {which} {word}")
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    start: Timestamp,
    /// Not zero.
    length: u64,
}

impl Scale {
    fn of(run: &RunView, now: Timestamp) -> Self {
        let start = run.summary.started_at;
        let end = run.summary.ended_at.unwrap_or(now);
        Self {
            start,
            length: end.saturating_sub(start).max(1),
        }
    }

    /// Where a moment lies, in percent.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a width on the screen needs no more digits"
    )]
    fn place(self, at: Timestamp) -> f64 {
        (at.saturating_sub(self.start) as f64 / self.length as f64 * 100.0).clamp(0.0, 100.0)
    }
}

#[component]
fn Passage(
    index: usize,
    of: Passages,
    open: Memo<Option<usize>>,
    scale: Memo<Scale>,
    now: Signal<Timestamp>,
) -> impl IntoView {
    let run = of.run;
    let visit = Memo::new(move |_| run.with(|run| run.visits.get(index).cloned()));
    let failed = Memo::new(move |_| run.with(|run| run.summary.status == RunStatus::Failed));
    let is_open = Memo::new(move |_| open.get() == Some(index));
    let panel = unique_id("passage");
    let controls = panel.clone();
    // Pressing the open one closes it.
    let href = move || format!("?visit={}", if is_open.get() { 0 } else { index + 1 });
    let name = move || visit.with(|visit| visit.as_ref().map(|visit| visit.name.clone()));
    let turn = Memo::new(move |_| of.turn(index));
    let turn_words =
        move || visit.with(|visit| turn.with(|turn| turn_words(visit.as_ref()?, turn)));
    let state = Memo::new(move |_| {
        visit.with(|visit| {
            visit
                .as_ref()
                .map_or((Icon::Clock, "running", Tone::Active), |visit| {
                    state(visit, failed.get())
                })
        })
    });
    let bars = move || {
        let (scale, class) = (scale.get(), bar_class(state.get().2));
        visit.with(|visit| {
            let visit = visit.as_ref()?;
            let bars = visit.bars(now.get()).into_iter();
            let pieces = bars.map(|bar| piece(bar, scale, class, visit.is_in_vain(bar.kind)));
            Some(pieces.collect_view())
        })
    };
    let took = move || visit.with(|visit| visit.as_ref().map(|visit| took(visit, now.get())));
    let icon = Signal::derive(move || state.get().0);
    view! {
        <li>
            <a class="waterfall-row" href=href aria-expanded=move || is_open.get().to_string() aria-controls=controls>
                <span class="waterfall-name">
                    <IconView icon=icon />
                    <span class="visually-hidden">{move || state.get().1}</span>
                    <span class="waterfall-words">
                        {name}
                        {move || turn_words().map(|words| view! { " " <span class="muted waterfall-element">{words}</span> })}
                    </span>
                </span>
                <span class="waterfall-track" aria-hidden="true">{bars}</span>
                <span class="waterfall-took numeric">{took}</span>
            </a>
            <div id=panel class="waterfall-open" hidden=move || !is_open.get()>
                {move || is_open.get().then(|| view! { <Opened of=of index=index /> })}
            </div>
        </li>
    }
    .into_any()
}

fn bar_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "bar bar-good",
        Tone::Bad => "bar bar-bad",
        Tone::Neutral | Tone::Active | Tone::Warning => "bar",
    }
}

/// The last try is drawn as the step went, those before it as what they were: in vain.
fn piece(bar: Bar, scale: Scale, of_step: &'static str, is_in_vain: bool) -> AnyView {
    let left = scale.place(bar.from).min(99.5);
    let width = (scale.place(bar.until) - left).max(0.5);
    let length = duration(bar.until.saturating_sub(bar.from));
    let (class, words) = match bar.kind {
        BarKind::Queued => ("bar bar-wait", format!("Queued for {length}")),
        BarKind::Wait => ("bar bar-wait", format!("Waited {length}")),
        BarKind::Try(number) if is_in_vain => {
            ("bar bar-bad", format!("Try {number}, in vain: {length}"))
        }
        BarKind::Try(number) => (of_step, format!("Try {number}: {length}")),
        BarKind::Work => (of_step, length),
    };
    view! {
        <span class=class title=words style:left=format!("{left}%") style:width=format!("{width}%")></span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_row_is_among_those_that_are_shown_first() {
        for (open, start) in [(None, 0), (Some(3), 0), (Some(199), 0), (Some(200), 100)] {
            let rows = first_rows(open);
            assert_eq!((rows.start, rows.len()), (start, ROWS));
            assert!(open.is_none_or(|open| rows.contains(&open)));
        }
    }

    #[test]
    fn a_run_without_steps_says_whether_any_may_come() {
        for (status, words) in [
            (RunStatus::Queued, "No step has begun yet."),
            (RunStatus::Running, "No step has begun yet."),
            (RunStatus::Cancelled, "It ended before any step began."),
        ] {
            assert_eq!(without_steps(status), words);
        }
    }

    #[test]
    fn a_button_says_how_many_steps_are_left() {
        for (left, words) in [
            (1, "Show 1 more step"),
            (200, "Show 200 more steps"),
            (201, "Show 200 more steps of 201"),
        ] {
            assert_eq!(more_words(left, "more"), words);
        }
    }
}
