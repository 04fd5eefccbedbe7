//! A run laid over the flow chart that it went through: how it stands with each step, and which links it took.

use std::collections::{BTreeMap, BTreeSet};

use super::{RunView, StepVisit, VisitState};
use crate::model::{Runbook, StepId, Way};

/// What a run made of the steps and links of its runbook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaidOver {
    /// The steps that it has come to.
    pub steps: BTreeMap<StepId, Passages>,
    /// The links that it took: each by the step that it leaves, and the way.
    pub links: BTreeSet<(StepId, Way)>,
    /// Whether it took the link of the start; a replay may begin elsewhere.
    pub from_start: bool,
}

/// A run's passages through one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passages {
    /// Their places among the visits of the run, in the order in which they began; never none.
    pub visits: Vec<usize>,
    /// The place of the one that says how it stands with the step: the last that is still under way, where elements have
    /// their turns side by side; else one with which the run failed, though others ended after it; else the last.
    pub latest: usize,
    /// How many failed. Those that were stopped did not.
    pub failed: usize,
}

impl LaidOver {
    /// `runbook` is the one that the run executes, as it was when it started.
    pub fn of(run: &RunView, runbook: &Runbook) -> Self {
        let mut all = Self::default();
        let mut round = None;
        // By their steps: in which round, and how much the passage counts that says how it stands.
        let mut heaviest = BTreeMap::new();
        for (place, visit) in run.visits.iter().enumerate() {
            // What starts again begins where the run began.
            if round != Some(visit.restarts) {
                round = Some(visit.restarts);
                all.from_start |= runbook.first_step.as_ref() == Some(&visit.step);
            }
            let link = runbook.step(&visit.step).zip(visit.way);
            let link = link.filter(|(step, way)| step.next.contains_key(way));
            if let Some((_, way)) = link {
                all.links.insert((visit.step.clone(), way));
            }
            let weight = if is_under_way(visit) {
                Weight::UnderWay
            } else if has_failed(visit) && link.is_none() {
                Weight::Fatal
            } else {
                Weight::Ended
            };
            let passages = all.steps.entry(visit.step.clone()).or_insert(Passages {
                visits: Vec::new(),
                latest: place,
                failed: 0,
            });
            passages.visits.push(place);
            passages.failed += usize::from(has_failed(visit));
            let weight = (visit.restarts, weight);
            let heaviest = heaviest.entry(&visit.step).or_insert(weight);
            if weight >= *heaviest {
                *heaviest = weight;
                passages.latest = place;
            }
        }
        all
    }
}

/// How much a passage says of its step, beside the others of the same round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Ended,
    /// It failed, and led nowhere.
    Fatal,
    UnderWay,
}

fn is_under_way(visit: &StepVisit) -> bool {
    visit.ended_at.is_none()
}

fn has_failed(visit: &StepVisit) -> bool {
    visit.state == VisitState::Failed && !visit.was_stopped()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::RunStatus;
    use crate::engine::view::tests::{run, visit};
    use crate::problem::ErrorDetail;

    /// `ask` leads to `each`, whose elements go through `work` and back, and then to `done`; failures of `ask` to `bad`.
    fn runbook() -> Runbook {
        let written = r#"{"id": "rb", "name": "R", "first_step": "ask", "steps": [
            {"id": "ask", "name": "Ask", "type": "method", "method": "m", "next": {"success": "each", "failure": "bad"}},
            {"id": "each", "name": "Each", "type": "for_each", "over": "<<L>>",
                "next": {"element": "work", "finished": "done", "empty": "done"}},
            {"id": "work", "name": "Work", "type": "method", "method": "m", "next": {"success": "each"}},
            {"id": "done", "name": "Done", "type": "end", "outcome": "success"},
            {"id": "bad", "name": "Bad", "type": "end", "outcome": "failed_retry"}]}"#;
        serde_json::from_str(written).unwrap()
    }

    /// Passages as `step`, `step/way` or `step!` for one that was stopped; `…` stands behind what is under way, a number
    /// behind the passages of a later round.
    fn laid(passages: &[&str]) -> LaidOver {
        let mut run = run(RunStatus::Running);
        for written in passages {
            let restarts = written.chars().last().and_then(|last| last.to_digit(10));
            let written = written.trim_end_matches(char::is_numeric);
            let is_under_way = written.ends_with('…');
            let is_stopped = written.ends_with('!');
            let written = written.trim_end_matches(['…', '!']);
            let (step, way) = written.split_once('/').unwrap_or((written, ""));
            let way: Option<Way> = serde_json::from_value(way.into()).ok();
            let state = match (is_under_way, is_stopped || way == Some(Way::Failure)) {
                (true, _) => VisitState::Running,
                (false, true) => VisitState::Failed,
                (false, false) => VisitState::Succeeded,
            };
            let mut visit = visit("method", state, 0, (!is_under_way).then_some(1));
            visit.step = StepId::parse(step).unwrap();
            visit.way = way;
            visit.restarts = u8::try_from(restarts.unwrap_or(0)).unwrap();
            visit.error = is_stopped.then(|| ErrorDetail::new("cancelled", "it was cancelled"));
            run.visits.push(visit);
        }
        LaidOver::of(&run, &runbook())
    }

    /// `step latest/visits`, with how many failed, where any did.
    fn steps(laid: &LaidOver) -> Vec<String> {
        let steps = laid.steps.iter().map(|(id, passages)| {
            let visits: Vec<_> = passages.visits.iter().map(ToString::to_string).collect();
            let failed = match passages.failed {
                0 => String::new(),
                failed => format!(" -{failed}"),
            };
            format!("{id} {}/{}{failed}", passages.latest, visits.join(","))
        });
        steps.collect()
    }

    fn links(laid: &LaidOver) -> Vec<String> {
        let start = laid.from_start.then(|| "start".to_owned());
        let links = laid.links.iter();
        let links = links.map(|(step, way)| format!("{step}/{}", way.label()));
        start.into_iter().chain(links).collect()
    }

    #[test]
    fn each_step_and_link_tells_what_the_run_made_of_it() {
        let cases: &[(&[&str], &[&str], &[&str])] = &[
            (&[], &[], &[]),
            (&["ask…"], &["ask 0/0"], &["start"]),
            (
                &["ask/failure", "bad"],
                &["ask 0/0 -1", "bad 1/1"],
                &["start", "ask/failure"],
            ),
            // Who fails and is led nowhere took no link.
            (
                &["ask/success", "each/element", "work/failure"],
                &["ask 0/0", "each 1/1", "work 2/2 -1"],
                &["start", "ask/success", "each/element"],
            ),
            // One element after the other.
            (
                &[
                    "ask/success",
                    "each/element",
                    "work/success",
                    "each/element",
                    "work…",
                ],
                &["ask 0/0", "each 3/1,3", "work 4/2,4"],
                &["start", "ask/success", "each/element", "work/success"],
            ),
            // Side by side: the second has ended before the first.
            (
                &[
                    "ask/success",
                    "each/element",
                    "each/element",
                    "work…",
                    "work/success",
                ],
                &["ask 0/0", "each 2/1,2", "work 3/3,4"],
                &["start", "ask/success", "each/element", "work/success"],
            ),
            // Side by side: the first fails and leads nowhere, and the second ends after it.
            (
                &[
                    "ask/success",
                    "each/element",
                    "each/element",
                    "work/failure",
                    "work/success",
                ],
                &["ask 0/0", "each 2/1,2", "work 3/3,4 -1"],
                &["start", "ask/success", "each/element", "work/success"],
            ),
            // What failed in the round before is over.
            (
                &["work/failure", "work/success1"],
                &["work 1/0,1 -1"],
                &["work/success"],
            ),
            (
                &["ask/success", "each/empty", "done"],
                &["ask 0/0", "done 2/2", "each 1/1"],
                &["start", "ask/success", "each/empty"],
            ),
            // It was cancelled.
            (&["ask!"], &["ask 0/0"], &["start"]),
            // It started again.
            (
                &["ask/failure", "bad", "ask…1"],
                &["ask 2/0,2 -1", "bad 1/1"],
                &["start", "ask/failure"],
            ),
            // A replay begins at a step, and so it does when it starts again.
            (
                &["work/success", "each/finished", "done"],
                &["done 2/2", "each 1/1", "work 0/0"],
                &["each/finished", "work/success"],
            ),
            (&["bad", "bad1"], &["bad 1/0,1"], &[]),
        ];
        for (passages, expected_steps, expected_links) in cases {
            let laid = laid(passages);
            assert_eq!(steps(&laid), *expected_steps, "{passages:?}");
            assert_eq!(links(&laid), *expected_links, "{passages:?}");
        }
    }
}
