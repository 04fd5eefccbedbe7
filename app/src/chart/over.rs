//! What is laid over a chart that is only looked at: how it went with each step, and which links were taken.

use std::collections::BTreeMap;

use leptos::prelude::*;
use shared::model::StepId;

use crate::ui::{Icon, IconView, Tone};

/// What a run made of a chart. `E` is a way out of its steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Over<E> {
    pub marks: BTreeMap<StepId, Mark>,
    /// What is said of all other steps.
    pub rest: Mark,
    pub links: Taken<E>,
}

impl<E> Over<E> {
    pub(super) fn mark(&self, step: &StepId) -> &Mark {
        self.marks.get(step).unwrap_or(&self.rest)
    }
}

/// The links that were taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken<E> {
    /// Whether that of the start was.
    pub from_start: bool,
    /// Each by the step that it leaves.
    pub from_steps: Vec<(StepId, E)>,
}

impl<E: PartialEq> Taken<E> {
    pub(super) fn contains(&self, step: &StepId, exit: &E) -> bool {
        let mut taken = self.from_steps.iter();
        taken.any(|(from, way)| from == step && way == exit)
    }
}

/// How it went with a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub icon: Icon,
    pub tone: Tone,
    /// "Succeeded".
    pub state: String,
    /// "1.2 s, 3 tries"; empty where there is nothing to tell.
    pub took: String,
    /// "4 visits, 1 failed"; empty where it was one.
    pub visits: String,
}

impl Mark {
    /// All of it: "Succeeded, 1.2 s, 3 tries, 4 visits".
    pub fn sentence(&self) -> String {
        let parts = [&self.state, &self.took, &self.visits];
        let told: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        told.join(", ")
    }
}

/// On the edges of a card, so that it moves nothing. The card's own sentence says the same.
pub(super) fn badges(mark: &Mark) -> AnyView {
    let state = if mark.took.is_empty() {
        mark.state.clone()
    } else {
        format!("{}, {}", mark.state, mark.took)
    };
    let class = format!("badge step-card-mark {}", mark.tone.class());
    let icon = mark.icon;
    let visits = (!mark.visits.is_empty()).then(|| mark.visits.clone());
    view! {
        <span class=class aria-hidden="true">
            <IconView icon=icon />
            <span class="badge-label">{state}</span>
        </span>
        {visits
            .map(|visits| {
                view! { <span class="badge step-card-mark step-card-visits tone-neutral" aria-hidden="true">{visits}</span> }
            })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_told_in_one_sentence() {
        let mark = |took: &str, visits: &str| Mark {
            icon: Icon::Check,
            tone: Tone::Good,
            state: "Succeeded".to_owned(),
            took: took.to_owned(),
            visits: visits.to_owned(),
        };
        for (mark, sentence) in [
            (mark("", ""), "Succeeded"),
            (mark("1.2 s, 3 tries", ""), "Succeeded, 1.2 s, 3 tries"),
            (mark("3 ms", "4 visits"), "Succeeded, 3 ms, 4 visits"),
        ] {
            assert_eq!(mark.sentence(), sentence);
        }
    }
}
