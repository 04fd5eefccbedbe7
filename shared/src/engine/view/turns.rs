//! Whose turn each passage of a run is part of, where steps go through the elements of arrays.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use super::{RunView, StepVisit};
use crate::model::Way;

/// Where a passage stands among the loops around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turn {
    /// The numbers, from 1, of the elements whose turn it is, the outermost first.
    pub elements: Vec<u32>,
    /// The name of the outermost loop around it, with which a replay from it begins.
    pub around: Option<String>,
}

/// What is known of a line of steps: the main one, or that of an element whose turn goes on beside others.
#[derive(Debug, Default)]
struct Line<'r> {
    /// The passage that gave the element its turn.
    opener: Option<&'r StepVisit>,
    /// Loops whose elements have their turns one after the other, and how many had it; the innermost last.
    loops: Vec<(&'r StepVisit, u32)>,
}

impl<'r> Line<'r> {
    fn pass(&mut self, visit: &'r StepVisit) {
        if visit.kind != "for_each" {
            return;
        }
        let gives_a_turn = visit.way == Some(Way::Element);
        let is_side_by_side = !visit.elements.is_empty();
        if gives_a_turn && is_side_by_side && self.opener.is_none() {
            self.opener = Some(visit);
            return;
        }
        let known = self
            .loops
            .iter()
            .position(|(known, _)| known.step == visit.step);
        let passed = match known {
            // Loops inside of it are over.
            Some(place) => {
                self.loops.truncate(place + 1);
                self.loops.pop().map_or(0, |(_, passed)| passed)
            }
            None => 0,
        };
        if gives_a_turn {
            self.loops.push((visit, passed + 1));
        }
    }
}

impl RunView {
    /// For each passage, whose turn it is part of.
    pub fn turns(&self) -> Vec<Turn> {
        let mut lines: BTreeMap<&[u32], Line<'_>> = BTreeMap::new();
        let mut turns = Vec::with_capacity(self.visits.len());
        for visit in &self.visits {
            end_within(&mut lines, &visit.elements);
            lines.entry(&visit.elements).or_default().pass(visit);
            turns.push(turn(&lines, visit));
            // What follows an end begins anew.
            if visit.kind == "end" {
                lines.clear();
            }
        }
        turns
    }
}

/// A line goes on when all turns are over for which it has waited.
fn end_within<'r>(lines: &mut BTreeMap<&'r [u32], Line<'r>>, path: &'r [u32]) {
    let behind = lines.range::<[u32], _>((Excluded(path), Unbounded));
    let within = behind.map(|(path, _)| *path);
    let within: Vec<_> = within.take_while(|one| one.starts_with(path)).collect();
    for path in within {
        lines.remove(path);
    }
}

fn turn(lines: &BTreeMap<&[u32], Line<'_>>, visit: &StepVisit) -> Turn {
    let mut elements = Vec::new();
    let mut around = None;
    for depth in 0..=visit.elements.len() {
        let Some(path) = visit.elements.get(..depth) else {
            continue;
        };
        elements.extend(path.last());
        let Some(line) = lines.get(path) else {
            continue;
        };
        let first = line.opener.or(line.loops.first().map(|(first, _)| *first));
        around = around.or(first);
        elements.extend(line.loops.iter().map(|(_, passed)| passed));
    }
    // No way leads from an end back to a loop.
    let around = around.filter(|around| around.step != visit.step && visit.kind != "end");
    Turn {
        elements,
        around: around.map(|around| around.name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::view::tests::{run, visit};
    use crate::engine::{RunStatus, VisitState};
    use crate::model::StepId;

    /// Passages as `step` or `step/way`, each with the elements that are named beside it.
    fn told(passages: &[(&str, &[u32])]) -> Vec<String> {
        let mut run = run(RunStatus::Running);
        for (written, elements) in passages {
            let (step, way) = written.split_once('/').unwrap_or((written, ""));
            let kind = match step {
                "outer" | "inner" => "for_each",
                "end" => "end",
                _ => "set",
            };
            let mut visit = visit(kind, VisitState::Succeeded, 0, Some(1));
            visit.step = StepId::parse(step).unwrap();
            visit.name = step.to_owned();
            visit.elements = elements.to_vec();
            visit.way = match way {
                "element" => Some(Way::Element),
                "finished" => Some(Way::Finished),
                _ => None,
            };
            run.visits.push(visit);
        }
        let words = run.turns().into_iter().map(|turn| {
            let numbers: Vec<String> = turn.elements.iter().map(ToString::to_string).collect();
            format!("{} {}", numbers.join("."), turn.around.unwrap_or_default())
        });
        words.map(|words| words.trim().to_owned()).collect()
    }

    #[test]
    fn turns_one_after_the_other_are_counted() {
        let passages: &[(&str, &[u32])] = &[
            ("first", &[]),
            ("outer/element", &[]),
            ("work", &[]),
            ("inner/element", &[]),
            ("work", &[]),
            ("inner/element", &[]),
            ("work", &[]),
            ("inner/finished", &[]),
            ("outer/element", &[]),
            // The second inner loop begins anew.
            ("inner/element", &[]),
            // It is left early.
            ("outer/element", &[]),
            ("work", &[]),
            ("outer/finished", &[]),
            ("last", &[]),
        ];
        assert_eq!(
            told(passages),
            [
                "",
                "1",
                "1 outer",
                "1.1 outer",
                "1.1 outer",
                "1.2 outer",
                "1.2 outer",
                "1 outer",
                "2",
                "2.1 outer",
                "3",
                "3 outer",
                "",
                "",
            ]
        );
    }

    #[test]
    fn turns_side_by_side_stand_among_those_one_after_the_other() {
        let passages: &[(&str, &[u32])] = &[
            ("outer/element", &[1]),
            ("outer/element", &[2]),
            ("inner/element", &[2]),
            ("work", &[1]),
            ("inner/element", &[2]),
            ("work", &[2]),
            ("inner/finished", &[2]),
            ("outer/finished", &[]),
            ("last", &[]),
            // The same the other way round: each outer element spreads anew.
            ("outer/element", &[]),
            ("inner/element", &[1]),
            ("work", &[1]),
            ("inner/finished", &[]),
            ("outer/element", &[]),
            ("inner/element", &[1]),
            ("work", &[1]),
        ];
        assert_eq!(
            told(passages),
            [
                "1",
                "2",
                "2.1 outer",
                "1 outer",
                "2.2 outer",
                "2.2 outer",
                "2 outer",
                "",
                "",
                "1",
                "1.1 outer",
                "1.1 outer",
                "1 outer",
                "2",
                "2.1 outer",
                "2.1 outer",
            ]
        );
    }

    #[test]
    fn a_run_that_starts_again_counts_anew() {
        let passages: &[(&str, &[u32])] = &[
            ("outer/element", &[]),
            ("outer/element", &[]),
            ("end", &[]),
            ("outer/element", &[]),
        ];
        assert_eq!(told(passages), ["1", "2", "2", "1"]);
    }
}
