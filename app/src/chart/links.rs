//! The lines between cards, and the one being pulled.

use leptos::prelude::*;
use shared::chart::ChartStep as _;
use shared::chart::edit;
use shared::chart::geometry::{self, Rect};
use shared::chart::link::Link;

use super::drawn::Drawn;
use super::state::{Chart, Selection};

/// All links, under the cards. What they say is also in each card's sentence, so they are hidden from screen readers.
#[component]
pub(super) fn Links<D: Drawn>(chart: Chart<D>) -> impl IntoView {
    let paths = Memo::new(move |_| chart.draft.with(|draft| paths(draft)));
    let lit = move |ends: &Ends| {
        chart.selected.with(|selected| match selected {
            Some(Selection::Step(id)) => ends.iter().flatten().any(|end| end == id.as_str()),
            Some(Selection::Start) => ends[0].is_none(),
            None => false,
        })
    };
    let drawn = move || {
        paths
            .get()
            .into_iter()
            .map(|(class, path, ends)| {
                let highlighted = lit(&ends);
                view! {
                    <path
                        class=class
                        class:link-lit=highlighted
                        d=path
                        marker-end="url(#link-arrow)"
                    />
                }
            })
            .collect_view()
    };
    let pulled = move || {
        let pull = chart.pull.get()?;
        let from = chart
            .draft
            .with(|draft| Some(geometry::exit(draft.find(&pull.from)?, &pull.exit)))?;
        let path = Link::between(from, pull.to, &[]).to_svg();
        Some(view! { <path class="link link-pulled" d=path /> })
    };
    view! {
        <svg class="links" aria-hidden="true">
            <defs>
                <marker
                    id="link-arrow"
                    viewBox="0 0 8 8"
                    refX="7"
                    refY="4"
                    markerWidth="8"
                    markerHeight="8"
                    orient="auto"
                >
                    <path class="link-arrow" d="M1 1L7 4L1 7" />
                </marker>
            </defs>
            {drawn}
            {pulled}
        </svg>
    }
    .into_any()
}

/// The two steps at a link's ends; the start has no id.
type Ends = [Option<String>; 2];

fn paths<D: Drawn>(draft: &D) -> Vec<(&'static str, String, Ends)> {
    let start = geometry::start_card(draft);
    let mut cards: Vec<Rect> = draft.steps().iter().map(geometry::card).collect();
    cards.push(start);
    let mut paths = Vec::new();
    if let Some(first) = draft.first().and_then(|id| draft.find(id)) {
        let entry = geometry::entry(&geometry::card(first));
        let link = Link::between(geometry::start_exit(&start), entry, &cards);
        paths.push(("link", link.to_svg(), [None, Some(first.id().to_string())]));
    }
    for step in draft.steps() {
        for exit in step.exits() {
            let target = step.target(&exit).and_then(|target| draft.find(target));
            let Some(target) = target else {
                continue;
            };
            let entry = geometry::entry(&geometry::card(target));
            let link = Link::between(geometry::exit(step, &exit), entry, &cards);
            let class = if D::Step::is_good(&exit) {
                "link link-good"
            } else {
                "link link-bad"
            };
            let ends = [Some(step.id().to_string()), Some(target.id().to_string())];
            paths.push((class, link.to_svg(), ends));
        }
    }
    paths
}

/// Leads the start to the selected step.
pub(super) fn start_with_selected<D: Drawn>(chart: Chart<D>) {
    if let Some(Selection::Step(id)) = chart.selected.get_untracked() {
        chart.change("Start here", None, |draft| edit::start_with(draft, &id));
    }
}
