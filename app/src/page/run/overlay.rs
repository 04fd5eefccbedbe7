//! The run laid over its runbook's flow chart, as that was when the run started. A chart's code is large, so this is loaded
//! when it is wanted first.

use leptos::prelude::*;
use shared::chart::tidy::spread_out;
use shared::engine::view::laid_over::{self, LaidOver};
use shared::engine::{PlanDocument, RunStatus, RunView};
use shared::model::{StepId, Timestamp, Way};

use super::opened::Passages;
use super::waterfall::without_steps;
use super::words::{at_the_front, state, took, turn_words};
use crate::chart::{Chart, ChartFrame, Mark, Over, Selection, Taken, chart_to_come, known_of};
use crate::client;
use crate::load::Loaded;
use crate::ui::field::Choice;
use crate::ui::{Badge, Bound, ErrorPanel, Icon, SelectField, Tone};

/// What it is made of.
#[derive(Debug, Clone, Copy)]
pub struct Overlay {
    pub(super) of: Passages,
    pub(super) now: Signal<Timestamp>,
    /// The place of the passage that is looked at.
    pub(super) open: Memo<Option<usize>>,
    /// Looks at another one, or at none.
    pub(super) look_at: Callback<Option<usize>>,
    /// Shows the passage at a place.
    pub(super) passage: Callback<usize, AnyView>,
}

/// The chart with the selected step below it.
pub fn overlay(overlay: Overlay) -> AnyView {
    let id = overlay
        .of
        .run
        .with_untracked(|run| run.summary.run_id.clone());
    let plan = Loaded::new(move || {
        let id = id.clone();
        async move { client::run_plan(&id).await }
    });
    (move || match plan.state.get() {
        None => chart_to_come(),
        Some(Ok(plan)) => laid(overlay, plan),
        Some(Err(fault)) => view! {
            <ErrorPanel
                title="Could not load the flow chart"
                text=format!("{fault} What the run did is told under Steps, too.")
                on_retry=Callback::new(move |()| plan.again())
            />
        }
        .into_any(),
    })
    .into_any()
}

fn laid(overlay: Overlay, mut plan: PlanDocument) -> AnyView {
    let run = overlay.of.run;
    let known = known_of(&plan);
    spread_out(&mut plan.runbook);
    let runbook = StoredValue::new(plan.runbook.clone());
    let laid = Memo::new(move |_| {
        run.with(|run| runbook.with_value(|runbook| LaidOver::of(run, runbook)))
    });
    let over = Memo::new(move |_| {
        let now = overlay.now.get();
        run.with(|run| laid.with(|laid| over(run, laid, now)))
    });
    let selected = selected(overlay, laid);
    let chart = Chart::fixed(plan.runbook, known)
        .with_run(over.into())
        .selecting(selected);
    view! {
        <div class="run-chart">
            <ChartFrame chart=chart />
            <section class="run-step" aria-label="Selected step">
                <SelectedStep overlay=overlay chart=chart laid=laid />
            </section>
        </div>
    }
    .into_any()
}

/// The selected card, which goes with the passage that the address names: selecting a card names the step's latest one.
fn selected(overlay: Overlay, laid: Memo<LaidOver>) -> RwSignal<Option<Selection>> {
    let shown = Memo::new(move |_| {
        let place = overlay.open.get()?;
        let run = overlay.of.run;
        run.with(|run| run.visits.get(place).map(|visit| visit.step.clone()))
    });
    let selected = RwSignal::new(shown.get_untracked().map(Selection::Step));
    Effect::new(move |_| {
        let named = shown.get().map(Selection::Step);
        if named.is_some() && named != selected.get_untracked() {
            selected.set(named);
        }
    });
    Effect::new(move |_| {
        let step = match selected.get() {
            Some(Selection::Step(id)) => Some(id),
            Some(Selection::Start) | None => None,
        };
        if step != shown.get_untracked() {
            let latest = step.and_then(|id| laid.with_untracked(|laid| latest(laid, &id)));
            overlay.look_at.run(latest);
        }
    });
    selected
}

fn latest(laid: &LaidOver, step: &StepId) -> Option<usize> {
    laid.steps.get(step).map(|passages| passages.latest)
}

/// What the run did at the selected step.
#[component]
fn SelectedStep(overlay: Overlay, chart: Chart, laid: Memo<LaidOver>) -> impl IntoView {
    let run = overlay.of.run;
    let status = Memo::new(move |_| run.with(|run| run.summary.status));
    let selected = Memo::new(move |_| chart.selected.get());
    (move || match selected.get() {
        None => view! { <p class="muted">"Select a step to see what it did."</p> }.into_any(),
        Some(Selection::Start) => {
            let words = move || start_words(laid.with(|laid| laid.from_start), status.get(), laid.with(|laid| laid.steps.is_empty()));
            view! { <h2>"Start"</h2> <p class="muted">{words}</p> }.into_any()
        }
        Some(Selection::Step(id)) => {
            let name = chart.name_of(&id);
            let own = id.clone();
            // The one that the address names, where that is of this step.
            let place = Memo::new(move |_| {
                laid.with(|laid| {
                    let passages = laid.steps.get(&own)?;
                    let named = overlay.open.get().filter(|open| passages.visits.contains(open));
                    Some(named.unwrap_or(passages.latest))
                })
            });
            let choices = move || visit_choices(overlay, laid, &id);
            view! {
                <div class="run-step-head">
                    <h2>{name}</h2>
                    {move || place.get().map(|place| how_it_went(overlay, place))}
                </div>
                {move || place.get().is_none().then(|| view! { <p class="muted">{not_reached(status.get(), true)}</p> })}
                <Visits overlay=overlay place=place choices=Signal::derive(choices) />
                {move || place.get().map(|place| overlay.passage.run(place))}
            }
            .into_any()
        }
    })
    .into_any()
}

/// Which of several visits of a step is shown.
#[component]
fn Visits(
    overlay: Overlay,
    place: Memo<Option<usize>>,
    choices: Signal<Vec<Choice>>,
) -> impl IntoView {
    let choices = Memo::new(move |_| choices.get());
    let are_several = Memo::new(move |_| choices.with(|choices| choices.len() > 1));
    let value = Signal::derive(move || {
        place
            .get()
            .map(|place| place.to_string())
            .unwrap_or_default()
    });
    let choose = Callback::new(move |value: String| overlay.look_at.run(value.parse().ok()));
    view! {
        <Show when=move || are_several.get()>
            <div class="run-step-visits">
                <SelectField label="Visit" value=Bound::new(value, choose) choices=choices />
            </div>
        </Show>
    }
    .into_any()
}

fn visit_choices(overlay: Overlay, laid: Memo<LaidOver>, step: &StepId) -> Vec<Choice> {
    let places = laid.with(|laid| {
        let passages = laid.steps.get(step);
        passages
            .map(|passages| passages.visits.clone())
            .unwrap_or_default()
    });
    let count = places.len();
    if count < 2 {
        return Vec::new();
    }
    overlay.of.run.with(|run| {
        let has_failed = run.summary.status == RunStatus::Failed;
        let choices = places.into_iter().zip(1..).filter_map(|(place, number)| {
            let visit = run.visits.get(place)?;
            let turn = turn_words(visit, &overlay.of.turn(place));
            let turn = turn.map(|words| format!("{words}, ")).unwrap_or_default();
            let (_, word, _) = state(visit, has_failed);
            let label = format!("{number} of {count}: {turn}{word}");
            Some(Choice::new(place.to_string(), label))
        });
        choices.collect()
    })
}

/// How it stands with the passage that is shown.
fn how_it_went(overlay: Overlay, place: usize) -> AnyView {
    let Overlay { of, now, .. } = overlay;
    let told = Memo::new(move |_| {
        of.run.with(|run| {
            let visit = run.visits.get(place)?;
            let (icon, word, tone) = state(visit, run.summary.status == RunStatus::Failed);
            Some((icon, at_the_front(word), tone))
        })
    });
    let took = move || {
        let run = of.run;
        run.with(|run| run.visits.get(place).map(|visit| took(visit, now.get())))
    };
    view! {
        {move || told.get().map(|(icon, word, tone)| view! { <Badge tone=tone label=word icon=icon /> })}
        <span class="muted numeric">{took}</span>
    }
    .into_any()
}

/// What is laid over the chart.
fn over(run: &RunView, laid: &LaidOver, now: Timestamp) -> Over<Way> {
    let has_failed = run.summary.status == RunStatus::Failed;
    let marks = laid.steps.iter().filter_map(|(id, passages)| {
        let visit = run.visits.get(passages.latest)?;
        let (icon, word, tone) = state(visit, has_failed);
        let mark = Mark {
            icon,
            tone,
            state: at_the_front(word),
            took: took(visit, now),
            visits: visits_words(passages),
        };
        Some((id.clone(), mark))
    });
    Over {
        marks: marks.collect(),
        rest: Mark {
            icon: Icon::Circle,
            tone: Tone::Neutral,
            state: not_reached(run.summary.status, false).to_owned(),
            took: String::new(),
            visits: String::new(),
        },
        links: Taken {
            from_start: laid.from_start,
            from_steps: laid.links.iter().cloned().collect(),
        },
    }
}

/// "4 visits, 1 failed"; empty for one.
fn visits_words(passages: &laid_over::Passages) -> String {
    match (passages.visits.len(), passages.failed) {
        (0 | 1, _) => String::new(),
        (visits, 0) => format!("{visits} visits"),
        (visits, failed) => format!("{visits} visits, {failed} failed"),
    }
}

/// What is said of a step that the run has not come to: in a sentence, or on its card.
fn not_reached(status: RunStatus, in_a_sentence: bool) -> &'static str {
    match (status.has_ended(), in_a_sentence) {
        (true, true) => "The run did not come to this step.",
        (false, true) => "The run has not come to this step yet.",
        (true, false) => "Not reached",
        (false, false) => "Not reached yet",
    }
}

fn start_words(from_start: bool, status: RunStatus, is_empty: bool) -> &'static str {
    if from_start {
        "The run began here. What it was started with is told below."
    } else if is_empty {
        without_steps(status)
    } else {
        "The run began at another step, because it is a replay from there. What was known there is told below."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str) -> RunView {
        let summary = r#""run_id": "rb.0.1", "runbook": "rb", "runbook_name": "R", "version": 1, "started_by": {"type": "console"},
            "started_at": 0, "step": null, "step_name": null, "error": null, "inputs": [], "outputs": []"#;
        serde_json::from_str(&format!("{{{summary}, {text}}}")).unwrap()
    }

    fn visit(step: &str, kind: &str, state: &str, rest: &str) -> String {
        format!(
            r#"{{"step": "{step}", "name": "S", "kind": "{kind}", "state": "{state}", "started_at": 0, "explanation": null,
            "attempts": [], "variables": [], {rest}}}"#
        )
    }

    #[test]
    fn a_card_tells_the_last_visit_and_how_many_there_were() {
        let ended = r#""ended_at": 40, "way": "success", "error": null"#;
        let failed =
            r#""ended_at": 40, "way": "failure", "error": {"code": "timeout", "message": "late"}"#;
        let under_way = r#""ended_at": null, "way": null, "error": null"#;
        let visits = [
            visit("ask", "method", "failed", failed),
            visit("ask", "method", "succeeded", ended),
            visit("wait", "sleep", "waiting", under_way),
            visit(
                "end",
                "end",
                "succeeded",
                r#""ended_at": 0, "way": null, "error": null"#,
            ),
        ];
        // What fails is tried again by a link of its own.
        let runbook = r#"{"id": "rb", "name": "R", "steps": [{"id": "ask", "name": "S", "type": "method", "method": "m",
            "next": {"failure": "ask"}}]}"#;
        let runbook = serde_json::from_str(runbook).unwrap();
        for (status, ended_at, rest, end) in [
            ("running", "null", "Not reached yet", "Succeeded, 0 ms"),
            ("failed", "90", "Not reached", "Ends as failed, 0 ms"),
        ] {
            let run = run(&format!(
                r#""status": "{status}", "ended_at": {ended_at}, "visits": [{}]"#,
                visits.join(", ")
            ));
            let over = over(&run, &LaidOver::of(&run, &runbook), 1_500);
            let told: Vec<String> = over.marks.values().map(Mark::sentence).collect();
            assert_eq!(
                told,
                [
                    "Succeeded, 40 ms, 2 visits, 1 failed",
                    end,
                    "Waiting, 1.5 s"
                ]
            );
            assert_eq!(over.rest.sentence(), rest);
        }
    }
}
