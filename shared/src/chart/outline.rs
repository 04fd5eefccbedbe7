//! The chart as a list: the twin for screen readers and for a quick look.

use std::collections::{HashSet, VecDeque};

use crate::model::{Runbook, Step, StepId, Way};

/// A step with where its ways lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub step: StepId,
    /// Its place in the order of running, from 1.
    pub number: usize,
    pub name: String,
    /// The ways out with the number and name of where they lead; nothing where they lead nowhere.
    pub ways: Vec<(Way, Option<(usize, String)>)>,
    /// No way leads here from the start.
    pub unreachable: bool,
}

/// All steps, in the order in which a run comes to them; what no run comes to stands last.
pub fn outline(runbook: &Runbook) -> Vec<Line> {
    let (order, reachable) = order(runbook);
    let number = |id: &StepId| order.iter().position(|step| step.id == *id).map(|n| n + 1);
    order
        .iter()
        .enumerate()
        .map(|(index, step)| Line {
            step: step.id.clone(),
            number: index + 1,
            name: step.name.clone(),
            ways: step
                .kind
                .ways()
                .iter()
                .map(|way| {
                    let target = step
                        .next
                        .get(way)
                        .and_then(|id| Some((number(id)?, runbook.step(id)?.name.clone())));
                    (*way, target)
                })
                .collect(),
            unreachable: index >= reachable,
        })
        .collect()
}

/// The steps in order, and how many of them the start leads to.
fn order(runbook: &Runbook) -> (Vec<&Step>, usize) {
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    let mut waiting: VecDeque<&StepId> = runbook.first_step.iter().collect();
    while let Some(id) = waiting.pop_front() {
        if !seen.insert(id) {
            continue;
        }
        if let Some(step) = runbook.step(id) {
            order.push(step);
            waiting.extend(step.kind.ways().iter().filter_map(|way| step.next.get(way)));
        }
    }
    let reachable = order.len();
    order.extend(runbook.steps.iter().filter(|step| !seen.contains(&step.id)));
    (order, reachable)
}

/// A sentence for a step: "1. Ask Question: success leads to 2 Post, failure leads nowhere".
pub fn sentence(line: &Line) -> String {
    let ways: Vec<String> = line
        .ways
        .iter()
        .map(|(way, target)| match target {
            Some((number, name)) => format!("{way} leads to {number} {name}"),
            None => format!("{way} leads nowhere"),
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
    use crate::model::Bundle;

    #[test]
    fn the_example_as_a_list() {
        let example = include_bytes!("../../../tests/examples/ask-a-question.json");
        let mut runbook = Bundle::parse(example).unwrap().runbooks.remove(0);
        edit::disconnect(&mut runbook, &StepId::parse("post").unwrap(), Way::Success);
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
