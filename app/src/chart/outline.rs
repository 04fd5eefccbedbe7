//! The chart as a list, for those who cannot or would not use the picture.

use leptos::prelude::*;
use shared::chart::outline::{Line, outline};

use super::drawn::Drawn;
use super::state::{Chart, Selection};

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
                let class = if target.is_ok() {
                    "outline-way"
                } else {
                    "outline-way outline-open"
                };
                view! { <li class=class>{leads}</li> }
            })
            .collect_view();
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
