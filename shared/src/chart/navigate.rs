//! Getting about the chart with the arrow keys.

use super::document::{ChartStep, Charted};
use super::geometry::card;
use crate::model::StepId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
}

/// The step whose card is nearest in a direction; from nowhere, the first step.
pub fn neighbour<D: Charted>(
    draft: &D,
    from: Option<&StepId>,
    direction: Direction,
) -> Option<StepId> {
    let Some(here) = from.and_then(|id| draft.find(id)) else {
        let first = draft.steps().first().map(ChartStep::id);
        return draft.first().or(first).cloned();
    };
    let centre = card(here).centre();
    draft
        .steps()
        .iter()
        .filter(|step| step.id() != here.id())
        .filter_map(|step| {
            let there = card(step).centre();
            let (x, y) = (there.x - centre.x, there.y - centre.y);
            let (along, across) = match direction {
                Direction::Left => (-x, y),
                Direction::Right => (x, y),
                Direction::Up => (-y, x),
                Direction::Down => (y, x),
            };
            // Ahead, and more ahead than aside, or at least half as much.
            (along > 0.0 && across.abs() <= along * 2.0).then(|| (along + 2.0 * across.abs(), step))
        })
        .min_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, step)| step.id().clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Bundle;

    #[test]
    fn arrow_keys_walk_the_example() {
        let example = include_bytes!("../../../tests/examples/ask-a-question.json");
        let runbook = Bundle::parse(example).unwrap().runbooks.remove(0);
        for (from, direction, to) in [
            (None, Direction::Right, Some("ask")),
            (Some("ask"), Direction::Right, Some("post")),
            (Some("post"), Direction::Right, Some("done")),
            (Some("done"), Direction::Down, Some("failed")),
            (Some("done"), Direction::Up, None),
            (Some("post"), Direction::Left, Some("ask")),
        ] {
            let from = from.map(|id| StepId::parse(id).unwrap());
            let found = neighbour(&runbook, from.as_ref(), direction);
            assert_eq!(found.as_ref().map(StepId::as_str), to);
        }
    }
}
