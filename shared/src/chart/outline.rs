//! The chart as a list: the twin for screen readers and for a quick look.

use std::collections::{HashSet, VecDeque};

use super::document::{ChartStep, Charted, GONE};
use crate::model::StepId;

/// The number and name of the step that a way leads to, or what is said of one that leads to none.
pub type Leads = Result<(usize, String), &'static str>;

/// A step with where its ways lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub step: StepId,
    /// Its place in the order of running, from 1.
    pub number: usize,
    pub name: String,
    /// The words of the ways out, with where they lead.
    pub ways: Vec<(String, Leads)>,
    /// No way leads here from the start.
    pub unreachable: bool,
}

/// All steps, in the order in which one comes to them; what nothing leads to stands last.
pub fn outline<D: Charted>(draft: &D) -> Vec<Line> {
    let (order, reachable) = order(draft);
    let number = |id: &StepId| order.iter().position(|step| step.id() == id).map(|n| n + 1);
    let named = |id: &StepId| Some((number(id)?, draft.find(id)?.name().to_owned()));
    let leads = |target: Option<&StepId>| {
        let target = target.ok_or(D::Step::NOWHERE)?;
        named(target).ok_or(GONE)
    };
    order
        .iter()
        .enumerate()
        .map(|(index, step)| Line {
            step: step.id().clone(),
            number: index + 1,
            name: step.name().to_owned(),
            ways: step
                .exits()
                .iter()
                .map(|exit| (step.label(exit), leads(step.target(exit))))
                .collect(),
            unreachable: index >= reachable,
        })
        .collect()
}

/// The steps in order, and how many of them the start leads to.
fn order<D: Charted>(draft: &D) -> (Vec<&D::Step>, usize) {
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    let mut waiting: VecDeque<&StepId> = draft.first().into_iter().collect();
    while let Some(id) = waiting.pop_front() {
        if !seen.insert(id) {
            continue;
        }
        if let Some(step) = draft.find(id) {
            order.push(step);
            let exits = step.exits();
            waiting.extend(exits.iter().filter_map(|exit| step.target(exit)));
        }
    }
    let reachable = order.len();
    let steps = draft.steps().iter();
    order.extend(steps.filter(|step| !seen.contains(step.id())));
    (order, reachable)
}

/// A sentence for a step: "1. Ask Question: success leads to 2 Post, failure leads nowhere".
pub fn sentence(line: &Line) -> String {
    let ways: Vec<String> = line
        .ways
        .iter()
        .map(|(way, target)| match target {
            Ok((number, name)) => format!("{way} leads to {number} {name}"),
            Err(said) => format!("{way} {said}"),
        })
        .collect();
    let mut text = format!("{}. {}", line.number, line.name);
    if !ways.is_empty() {
        text.push_str(": ");
        text.push_str(&ways.join(", "));
    }
    if line.unreachable {
        text.push_str(" (nothing leads here)");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::edit;
    use crate::model::{Bundle, Way};

    #[test]
    fn the_example_as_a_list() {
        let example = include_bytes!("../../../tests/examples/ask-a-question.json");
        let mut runbook = Bundle::parse(example).unwrap().runbooks.remove(0);
        edit::disconnect(&mut runbook, &StepId::parse("post").unwrap(), &Way::Success);
        let lines: Vec<String> = outline(&runbook).iter().map(sentence).collect();
        assert_eq!(
            lines,
            [
                "1. Ask Question: success leads to 2 Post ChatGPT Action to Ticket, failure leads to 3 Not answered",
                "2. Post ChatGPT Action to Ticket: success leads nowhere, failure leads to 3 Not answered",
                "3. Not answered",
                "4. Answered (nothing leads here)",
            ]
        );
    }
}
