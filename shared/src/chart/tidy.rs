//! Laying out a chart: steps in columns by how far they are from the start, ordered
//! within a column so that links cross little.

use std::collections::HashMap;

use super::geometry::{CARD_HEIGHT, CARD_WIDTH, GAP_X, GAP_Y, Point, snapped};
use super::outline::outline;
use crate::model::{Runbook, StepId};

/// Moves every card to its place; nothing else changes.
pub fn tidy(runbook: &mut Runbook) {
    let columns = columns(runbook);
    let mut rows: HashMap<StepId, f64> = HashMap::new();
    let mut x = CARD_WIDTH + GAP_X;
    for column in columns {
        let mut wanted: Vec<(f64, StepId)> = column
            .into_iter()
            .map(|id| (wanted_row(runbook, &rows, &id), id))
            .collect();
        wanted.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let mut free = f64::NEG_INFINITY;
        for (row, id) in wanted {
            let row = row.max(free);
            free = row + 1.0;
            if let Some(step) = super::edit::step_mut(runbook, &id) {
                step.at = snapped(Point::new(x, row * (CARD_HEIGHT + GAP_Y)));
            }
            rows.insert(id, row);
        }
        x += CARD_WIDTH + GAP_X;
    }
}

/// The steps by their distance from the start; what nothing leads to stands in the last column.
fn columns(runbook: &Runbook) -> Vec<Vec<StepId>> {
    let mut depth: HashMap<StepId, usize> = HashMap::new();
    let mut columns: Vec<Vec<StepId>> = Vec::new();
    for line in outline(runbook) {
        let Some(step) = runbook.step(&line.step) else {
            continue;
        };
        let here = if line.unreachable {
            *depth.entry(line.step.clone()).or_insert(columns.len())
        } else {
            *depth.entry(line.step.clone()).or_insert(0)
        };
        if !line.unreachable {
            for next in step.next.values() {
                depth.entry(next.clone()).or_insert(here + 1);
            }
        }
        if columns.len() <= here {
            columns.resize(here + 1, Vec::new());
        }
        if let Some(column) = columns.get_mut(here) {
            column.push(line.step);
        }
    }
    columns
}

/// Beside what leads to it: the first way goes straight on, later ways go down.
fn wanted_row(runbook: &Runbook, rows: &HashMap<StepId, f64>, id: &StepId) -> f64 {
    runbook
        .steps
        .iter()
        .filter_map(|step| {
            let row = rows.get(&step.id)?;
            let ways = step.kind.ways();
            let index = ways.iter().position(|way| step.next.get(way) == Some(id))?;
            Some(row + f64::from(u32::try_from(index).unwrap_or(0)))
        })
        .min_by(f64::total_cmp)
        .unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::geometry::card;
    use crate::model::Bundle;

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
}
