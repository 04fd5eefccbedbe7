//! Whose answer `<<response>>` is where a step uses it: that of a step before it, or the element of a loop.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, reached, reached_from};
use crate::engine::steps;
use crate::model::{Step, StepKind, Way};

/// What the ways of a chart say of `<<response>>`, by the places of its steps.
#[derive(Debug)]
pub(super) struct Answers<'d> {
    steps: &'d [Step],
    /// The ways that lead to each step, and where they come from.
    before: BTreeMap<usize, Vec<(usize, Way)>>,
    /// The steps of an element's turn, for each step that goes through an array.
    bodies: BTreeMap<usize, BTreeSet<usize>>,
}

impl<'d> Answers<'d> {
    pub(super) fn of(steps: &'d [Step], graph: &Graph) -> Self {
        let each = steps.iter().enumerate();
        let each = each.filter(|(_, step)| matches!(step.kind, StepKind::ForEach { .. }));
        let mut before: BTreeMap<usize, Vec<(usize, Way)>> = BTreeMap::new();
        for place in reached(graph) {
            for (way, next) in graph.next.get(place).into_iter().flatten() {
                before.entry(*next).or_default().push((place, *way));
            }
        }
        Self {
            steps,
            before,
            bodies: each.map(|(place, _)| (place, body(place, graph))).collect(),
        }
    }

    /// The steps that may have set what a step uses.
    pub(super) fn used_at(&self, place: usize) -> BTreeSet<usize> {
        let before = |place: usize| self.before.get(&place).into_iter().flatten();
        // What to go through is looked up once, before the first turn.
        let own = self.bodies.get(&place);
        let is_own =
            |other: &usize| own.is_some_and(|body| *other == place || body.contains(other));
        let mut waiting: Vec<(usize, Way)> = before(place)
            .copied()
            .filter(|(other, _)| !is_own(other))
            .collect();
        let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
        while let Some((place, way)) = waiting.pop() {
            let step = self.steps.get(place);
            if step.is_some_and(|step| sets_response(step, way)) {
                found.insert(place);
            } else if seen.insert(place) {
                waiting.extend(before(place));
            }
        }
        found
    }

    /// The step in whose turns another one is, and the steps of such a turn; the innermost of several.
    pub(super) fn loop_around(&self, place: usize) -> Option<(usize, &BTreeSet<usize>)> {
        let around = self.bodies.iter().filter(|(_, body)| body.contains(&place));
        let innermost = around.min_by_key(|(_, body)| body.len());
        innermost.map(|(each, body)| (*each, body))
    }
}

/// Whether `<<response>>` behind a way is the step's own, also where that is silence.
fn sets_response(step: &Step, way: Way) -> bool {
    steps::takes_outputs(step) || way == Way::Element
}

/// The steps from which the next element gets its turn. What leaves the loop for good is none of them, and neither is
/// what a run comes to without the loop.
fn body(each: usize, graph: &Graph) -> BTreeSet<usize> {
    let next = graph.next.get(each);
    let element = next.and_then(|next| next.get(&Way::Element));
    let (Some(first), Some(element)) = (graph.first, element) else {
        return BTreeSet::new();
    };
    let outside = reached_from(first, graph, Some(each));
    let mut inside = reached_from(*element, graph, Some(each));
    inside.retain(|place| !outside.contains(place));
    let mut before: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for place in &inside {
        for next in graph
            .next
            .get(*place)
            .into_iter()
            .flat_map(BTreeMap::values)
        {
            before.entry(*next).or_default().push(*place);
        }
    }
    let mut body = BTreeSet::new();
    let mut waiting = vec![each];
    while let Some(place) = waiting.pop() {
        for before in before.get(&place).into_iter().flatten() {
            if body.insert(*before) {
                waiting.push(*before);
            }
        }
    }
    body
}
