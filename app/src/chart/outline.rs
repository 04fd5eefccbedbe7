//! The chart as a list, for those who cannot or would not use the picture.

use leptos::prelude::*;
use shared::chart::outline::{Line, outline};
use shared::chart::{ChartStep as _, Exit};
use shared::model::StepId;

use super::drawn::Drawn;
use super::state::{Chart, Selection};
use crate::ui::IconView;

/// Every step with where its ways lead; pressing one selects it.
#[component]
pub fn Outline<D: Drawn>(chart: Chart<D>) -> impl IntoView {
    let lines = Memo::new(move |_| chart.draft.with(|draft| outline(draft)));
    let item = move |line: Line| {
        let id = line.step.clone();
        let own = line.step.clone();
        let selected = move || {
            chart
                .selected
                .with(|s| matches!(s, Some(Selection::Step(step)) if *step == own))
        };
        let ways = line
            .ways
            .iter()
            .map(|(way, target)| {
                let leads = match target {
                    Ok((number, name)) => format!("{way} leads to {number}. {name}"),
                    Err(said) => format!("{way} {said}"),
                };
                let from = line.step.clone();
                let label = way.clone();
                let is_taken = move || {
                    let over = chart.over?;
                    let exit = chart.draft.with(|draft| exit_of(draft, &from, &label))?;
                    over.with(|over| over.links.contains(&from, &exit).then_some(", taken"))
                };
                let class = if target.is_ok() {
                    "outline-way"
                } else {
                    "outline-way outline-open"
                };
                view! { <li class=class>{leads} {is_taken}</li> }
            })
            .collect_view();
        let marked = line.step.clone();
        let mark = Memo::new(move |_| {
            let over = chart.over?;
            Some(over.with(|over| over.mark(&marked).clone()))
        });
        let mark = move || {
            mark.get().map(|mark| {
                let (class, label) = (
                    format!("outline-mark {}", mark.tone.class()),
                    mark.sentence(),
                );
                view! { <span class=class><IconView icon=mark.icon /> {label}</span> }
            })
        };
        view! {
            <li class="outline-step">
                <button
                    type="button"
                    class="outline-button"
                    aria-pressed=move || if selected() { "true" } else { "false" }
                    on:click=move |_| chart.selected.set(Some(Selection::Step(id.clone())))
                >
                    <span class="outline-number">{line.number}</span>
                    {line.name}
                    {mark}
                    {line.unreachable.then(|| view! { <span class="muted">"Nothing leads here"</span> })}
                </button>
                <ul class="outline-ways">{ways}</ul>
            </li>
        }
        .into_any()
    };
    view! {
        <ol class="outline" aria-label=D::ORDER>
            {move || lines.get().into_iter().map(item).collect_view()}
        </ol>
    }
    .into_any()
}

/// The way out of a step with that label.
fn exit_of<D: Drawn>(draft: &D, step: &StepId, label: &str) -> Option<Exit<D>> {
    let step = draft.find(step)?;
    let mut exits = step.exits().into_iter();
    exits.find(|exit| step.label(exit) == label)
}
