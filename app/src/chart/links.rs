//! The lines between cards, and the one being pulled.

use leptos::prelude::*;
use shared::chart::edit;
use shared::chart::geometry::{self, Rect};
use shared::chart::link::Link;
use shared::chart::{ChartStep as _, Exit};
use shared::model::StepId;

use super::drawn::Drawn;
use super::over::Taken;
use super::state::{Chart, Selection};

/// All links, under the cards. What they say is also in each card's sentence, so they are hidden from screen readers.
#[component]
pub(super) fn Links<D: Drawn>(chart: Chart<D>) -> impl IntoView {
    let paths = Memo::new(move |_| chart.draft.with(|draft| paths(draft)));
    // Those of a run that were not taken step back behind those that were.
    let links = Memo::new(move |_| Some(chart.over?.with(|over| over.links.clone())));
    let taken = move |link: &Drawing<Exit<D>>| {
        links.with(|links| links.as_ref().map(|links| link.is_taken(links)))
    };
    let lit = move |ends: &Ends| {
        chart.selected.with(|selected| match selected {
            Some(Selection::Step(id)) => ends.iter().flatten().any(|end| end == id),
            Some(Selection::Start) => ends[0].is_none(),
            None => false,
        })
    };
    let drawn = move || {
        paths
            .get()
            .into_iter()
            .map(|link| {
                let highlighted = lit(&link.ends);
                let taken = taken(&link);
                view! {
                    <path
                        class=link.class
                        class:link-lit=highlighted
                        class:link-taken=taken == Some(true)
                        class:link-left=taken == Some(false)
                        d=link.path
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
type Ends = [Option<StepId>; 2];

/// A link as it is drawn.
#[derive(Clone, PartialEq)]
struct Drawing<E> {
    class: &'static str,
    path: String,
    ends: Ends,
    /// By which way it leaves its step; the start has none.
    exit: Option<E>,
}

impl<E: PartialEq> Drawing<E> {
    fn is_taken(&self, links: &Taken<E>) -> bool {
        match (&self.ends[0], &self.exit) {
            (Some(step), Some(exit)) => links.contains(step, exit),
            _ => links.from_start,
        }
    }
}

fn paths<D: Drawn>(draft: &D) -> Vec<Drawing<Exit<D>>> {
    let start = geometry::start_card(draft);
    let mut cards: Vec<Rect> = draft.steps().iter().map(geometry::card).collect();
    cards.push(start);
    let mut paths = Vec::new();
    if let Some(first) = draft.first().and_then(|id| draft.find(id)) {
        let entry = geometry::entry(&geometry::card(first));
        let link = Link::between(geometry::start_exit(&start), entry, &cards);
        paths.push(Drawing {
            class: "link",
            path: link.to_svg(),
            ends: [None, Some(first.id().clone())],
            exit: None,
        });
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
            paths.push(Drawing {
                class,
                path: link.to_svg(),
                ends: [Some(step.id().clone()), Some(target.id().clone())],
                exit: Some(exit),
            });
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
