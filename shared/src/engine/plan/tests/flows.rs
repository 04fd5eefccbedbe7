//! What is told of variables, held against a search for ways that set them or do not.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{check, document};

/// A chart of requests, each with where its success and its failure lead. The step `i` sets
/// `V i`, and asks for every variable.
fn chart(ways: &[(usize, usize)]) -> Value {
    let count = ways.len();
    let asked: Vec<String> = (0..count)
        .map(|index| format!("\"<<V{index}>>\""))
        .collect();
    let text = format!("[{}]", asked.join(","));
    let steps: Vec<Value> = ways
        .iter()
        .enumerate()
        .map(|(index, (success, failure))| {
            json!({ "id": format!("s{index}"), "name": "S", "type": "desk_action", "action": "add_action", "body": text,
                "outputs": [{ "name": format!("V{index}"), "value": "response^a" }],
                "next": { "success": format!("s{}", success % count), "failure": format!("s{}", failure % count) } })
        })
        .collect();
    json!({ "format": "nimbus.bundle/1",
        "runbooks": [{ "id": "rb", "name": "R", "first_step": "s0", "steps": steps }] })
}

/// The steps that a run can come to without setting a variable, or with having set it.
fn reached(ways: &[(usize, usize)], variable: usize, with: bool) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = vec![(0, false)];
    while let Some((place, is_set)) = open.pop() {
        if seen.insert((place, is_set)) {
            let (success, failure) = ways[place];
            open.push((success % ways.len(), is_set || place == variable));
            open.push((failure % ways.len(), is_set));
        }
    }
    let wanted = seen.into_iter().filter(|(_, is_set)| *is_set == with);
    wanted.map(|(place, _)| place).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_variable_is_told_of_by_the_ways_that_lead_to_it(ways in prop::collection::vec((0..9_usize, 0..9_usize), 1..9)) {
        let mut expected = BTreeSet::new();
        for variable in 0..ways.len() {
            let (with, without) = (reached(&ways, variable, true), reached(&ways, variable, false));
            for place in &without {
                let code = if with.contains(place) { "variable_sometimes_missing" } else { "unknown_variable" };
                expected.insert((code.to_owned(), format!("s{place}"), 2 + variable * 9));
            }
        }
        let problems = check(&document(&chart(&ways)));
        let told: BTreeSet<_> = problems
            .into_iter()
            .map(|problem| problem.detail)
            .filter(|detail| detail.code.contains("variable"))
            .map(|detail| (detail.code, detail.at.step.unwrap().to_string(), detail.at.offset.unwrap()))
            .collect();
        prop_assert_eq!(told, expected);
    }
}

/// Were every change carried along every way at once, this would take minutes.
#[test]
fn a_large_chart_with_ways_back_is_judged_at_once() {
    let count = 1_000;
    for back in [0, 1] {
        let mut large = chart(&[(0, 0)]);
        let steps: Vec<Value> = (0..count)
            .map(|index| {
                let failure = if back == 0 { 0 } else { usize::saturating_sub(index, back) };
                json!({ "id": format!("s{index}"), "name": "S", "type": "desk_action", "action": "add_action", "body": "[{\"ticket_id\": 1, \"outcome\": \"Note\"}]",
                    "outputs": [{ "name": format!("V{index}"), "value": "response^a" }],
                    "next": { "success": format!("s{}", (index + 1) % count), "failure": format!("s{failure}") } })
            })
            .collect();
        large["runbooks"][0]["steps"] = json!(steps);
        let problems = check(&document(&large));
        let codes: Vec<&str> = problems
            .iter()
            .map(|problem| problem.detail.code.as_str())
            .collect();
        assert_eq!(codes, ["no_end"]);
    }
}
