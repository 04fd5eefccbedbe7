//! Laying out a chart: steps in columns by how far they are from the start, ordered
//! within a column so that links cross little, and so far apart that the words on them have room.

use std::collections::{HashMap, HashSet};

use super::document::{ChartStep, Charted};
use super::geometry::{CARD_HEIGHT, CARD_WIDTH, GAP_X, GAP_Y, Point, card, gap_behind, snapped};
use super::outline::outline;
use crate::model::StepId;

/// Moves every card to its place; nothing else changes.
pub fn tidy<D: Charted>(draft: &mut D) {
    let columns = columns(draft);
    let heights = draft.steps().iter().map(|step| card(step).height);
    let row_height = heights.fold(CARD_HEIGHT, f64::max) + GAP_Y;
    let mut rows: HashMap<StepId, f64> = HashMap::new();
    let mut x = CARD_WIDTH + GAP_X;
    for column in columns {
        let steps = column.iter().filter_map(|id| draft.find(id));
        let gap = steps.map(gap_behind).fold(GAP_X, f64::max);
        let mut wanted: Vec<(f64, StepId)> = column
            .into_iter()
            .map(|id| (wanted_row(draft, &rows, &id), id))
            .collect();
        wanted.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let mut free = f64::NEG_INFINITY;
        for (row, id) in wanted {
            let row = row.max(free);
            free = row + 1.0;
            if let Some(step) = super::edit::step_mut(draft, &id) {
                step.set_at(snapped(Point::new(x, row * row_height)));
            }
            rows.insert(id, row);
        }
        x += CARD_WIDTH + gap;
    }
}

/// The same, where all cards lie on one another: whoever wrote them down said nothing of their places.
pub fn spread_out<D: Charted>(draft: &mut D) {
    let mut places = draft.steps().iter().map(ChartStep::at);
    let first = places.next();
    let mut places = places.peekable();
    let is_heap = places.peek().is_some() && places.all(|at| Some(at) == first);
    if is_heap {
        tidy(draft);
    }
}

/// Where the ways of a step lead.
fn targets<S: ChartStep>(step: &S) -> Vec<&StepId> {
    let exits = step.exits();
    exits.iter().filter_map(|exit| step.target(exit)).collect()
}

/// The steps by their longest way from the start, so that links run to the right; what nothing leads to
/// stands in the last column.
fn columns<D: Charted>(draft: &D) -> Vec<Vec<StepId>> {
    let order = forward_order(draft);
    let place: HashMap<&StepId, usize> = order.iter().map(|step| step.id()).zip(0..).collect();
    let mut depths = vec![0; order.len()];
    for (at, step) in order.iter().enumerate() {
        let here = depths.get(at).copied().unwrap_or_default();
        let targets = targets(*step).into_iter();
        for next in targets.filter_map(|id| place.get(id)) {
            // What leads back does not count.
            if *next > at
                && let Some(depth) = depths.get_mut(*next)
            {
                *depth = (*depth).max(here + 1);
            }
        }
    }
    let last = depths.iter().max().map_or(0, |depth| depth + 1);
    let mut columns: Vec<Vec<StepId>> = vec![Vec::new(); last + 1];
    for line in outline(draft) {
        let here = if line.unreachable {
            last
        } else {
            let at = place.get(&line.step).copied();
            at.and_then(|at| depths.get(at)).copied().unwrap_or(last)
        };
        if let Some(column) = columns.get_mut(here) {
            column.push(line.step);
        }
    }
    columns
}

/// What the start leads to, each step before those that it leads on to, but for links that lead back.
fn forward_order<D: Charted>(draft: &D) -> Vec<&D::Step> {
    let mut seen: HashSet<&StepId> = HashSet::new();
    let mut finished = Vec::new();
    // Each step on the way down, with those of its ways that are still to be walked.
    let mut path: Vec<(&D::Step, Vec<&StepId>)> = Vec::new();
    let mut enter = |path: &mut Vec<_>, id| {
        if let Some(step) = draft.find(id)
            && seen.insert(step.id())
        {
            path.push((step, targets(step)));
        }
    };
    if let Some(first) = draft.first() {
        enter(&mut path, first);
    }
    while let Some((step, ways)) = path.last_mut() {
        if let Some(next) = ways.pop() {
            enter(&mut path, next);
        } else {
            finished.push(*step);
            path.pop();
        }
    }
    finished.reverse();
    finished
}

/// Beside what leads to it: the first way goes straight on, later ways go down.
fn wanted_row<D: Charted>(draft: &D, rows: &HashMap<StepId, f64>, id: &StepId) -> f64 {
    draft
        .steps()
        .iter()
        .filter_map(|step| {
            let row = rows.get(step.id())?;
            let exits = step.exits();
            let index = exits
                .iter()
                .position(|exit| step.target(exit) == Some(id))?;
            Some(row + f64::from(u32::try_from(index).unwrap_or(0)))
        })
        .min_by(f64::total_cmp)
        .unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bundle, Step};

    #[test]
    fn a_tidy_chart_runs_to_the_right_and_covers_nothing() {
        let example = include_bytes!("../../../tests/examples/ask-a-question.json");
        let mut runbook = Bundle::parse(example).unwrap().runbooks.remove(0);
        for step in &mut runbook.steps {
            step.at = [0, 0];
        }
        tidy(&mut runbook);
        let x: Vec<i32> = runbook.steps.iter().map(|step| step.at[0]).collect();
        assert!(x[0] < x[1] && x[1] < x[2] && x[3] <= x[2], "{x:?}");
        for (index, step) in runbook.steps.iter().enumerate() {
            for other in &runbook.steps[index + 1..] {
                assert!(!card(step).overlaps(&card(other)));
            }
        }
        let once = runbook.clone();
        tidy(&mut runbook);
        assert_eq!(runbook, once);
    }

    #[test]
    fn cards_on_a_heap_are_spread_out_and_others_stay() {
        let example = include_bytes!("../../../tests/examples/ask-a-question.json");
        let placed = Bundle::parse(example).unwrap().runbooks.remove(0);
        let mut runbook = placed.clone();
        spread_out(&mut runbook);
        assert_eq!(runbook, placed);
        let mut tidied = placed;
        for step in runbook.steps.iter_mut().chain(&mut tidied.steps) {
            step.at = [0, 0];
        }
        spread_out(&mut runbook);
        tidy(&mut tidied);
        assert_eq!(runbook, tidied);
        runbook.steps.truncate(1);
        let alone = runbook.clone();
        spread_out(&mut runbook);
        assert_eq!(runbook, alone);
    }

    #[test]
    fn links_run_to_the_right_but_for_those_that_lead_back() {
        let example = include_bytes!("../../../tests/examples/ask-a-question.json");
        let mut runbook = Bundle::parse(example).unwrap().runbooks.remove(0);
        let step = |text: &str| serde_json::from_str::<Step>(text).unwrap();
        // a → b → c → end, a's failure to the end at once, c's failure back to a.
        runbook.first_step = Some(StepId::parse("a").unwrap());
        runbook.steps = vec![
            step(r#"{"id": "end", "name": "E", "type": "end", "outcome": "failed", "at": [0, 0]}"#),
            step(
                r#"{"id": "a", "name": "A", "type": "method", "method": "m", "at": [0, 0], "next": {"success": "b", "failure": "end"}}"#,
            ),
            step(
                r#"{"id": "b", "name": "B", "type": "method", "method": "m", "at": [0, 0], "next": {"success": "c", "failure": "end"}}"#,
            ),
            step(
                r#"{"id": "c", "name": "C", "type": "method", "method": "m", "at": [0, 0], "next": {"success": "end", "failure": "a"}}"#,
            ),
        ];
        tidy(&mut runbook);
        let x: Vec<i32> = runbook.steps.iter().map(|step| step.at[0]).collect();
        assert!(x[1] < x[2] && x[2] < x[3] && x[3] < x[0], "{x:?}");
    }
}
