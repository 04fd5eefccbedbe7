//! What is told of `<<response>>` within the turns of elements.

use serde_json::{Value, json};

use super::problems;

const BODY: &str = r#"[{"ticket_id": 1, "outcome": "Note", "note": "TEXT"}]"#;

/// A Halo API action whose note is `text`.
fn action(id: &str, text: &str, success: &str, failure: &str) -> Value {
    json!({ "id": id, "name": id, "type": "desk_action", "action": "add_action", "body": BODY.replace("TEXT", text),
        "outputs": [{ "name": "Got", "value": "response^id" }], "next": { "success": success, "failure": failure } })
}

fn each(id: &str, over: &str, element: &str, after: &str) -> Value {
    json!({ "id": id, "name": id, "type": "for_each", "over": over,
        "next": { "element": element, "finished": after, "empty": after } })
}

fn decide(id: &str, left: &str, met: &str, not_met: &str) -> Value {
    json!({ "id": id, "name": id, "type": "condition",
        "when": { "all": [{ "left": left, "op": "equals", "right": "x" }] }, "next": { "met": met, "not_met": not_met } })
}

/// The steps at which somebody is told that the element is gone, with the field.
fn told(mut steps: Vec<Value>) -> Vec<String> {
    let first = steps[0]["id"].clone();
    steps.push(json!({ "id": "end", "name": "end", "type": "end", "outcome": "success" }));
    let bundle = json!({ "format": "nimbus.bundle/1",
        "runbooks": [{ "id": "rb", "name": "R", "first_step": first, "steps": steps }] });
    let told = problems(&bundle).into_iter();
    told.filter_map(|problem| {
        problem
            .strip_prefix("warning element_replaced ")
            .map(str::to_owned)
    })
    .collect()
}

#[test]
fn the_element_is_gone_behind_an_answer_of_its_turn() {
    let use_it = "<<response^name!>>";
    for (steps, expected) in [
        // Nothing got an answer before it.
        (
            vec![
                each("each", "<<ticket^list>>", "a", "end"),
                action("a", use_it, "each", "each"),
            ],
            vec![],
        ),
        // The second one sees the answer of the first, on both of its ways.
        (
            vec![
                each("each", "<<ticket^list>>", "a", "end"),
                action("a", "", "b", "c"),
                action("b", use_it, "each", "each"),
                decide("c", "<<response^name>>", "each", "each"),
            ],
            vec!["b body", "c when.all[0].left"],
        ),
        // Its output variable and what stands beside an answer say whose they are.
        (
            vec![
                each("each", "<<ticket^list>>", "a", "end"),
                action("a", "", "b", "each"),
                action("b", "<<Got>> <<response@status>>", "each", "each"),
            ],
            vec![],
        ),
        // By one of the ways that lead to it.
        (
            vec![
                each("each", "<<ticket^list>>", "if", "end"),
                decide("if", "<<response^name>>", "a", "b"),
                action("a", "", "b", "each"),
                action("b", use_it, "each", "each"),
            ],
            vec!["b body"],
        ),
        // Before the loop, behind it, and where the loop is left for good, it is no element anyway.
        (
            vec![
                action("a", "", "b", "end"),
                action("b", use_it, "each", "end"),
                each("each", "<<response^list>>", "c", "d"),
                action("c", use_it, "each", "e"),
                action("d", use_it, "end", "end"),
                action("e", use_it, "end", "end"),
            ],
            vec![],
        ),
        // Without a loop a circle is none.
        (
            vec![action("a", "", "b", "a"), action("b", use_it, "a", "end")],
            vec![],
        ),
        // A step that is tried again by a way back sees its own answer.
        (
            vec![
                each("each", "<<ticket^list>>", "a", "end"),
                action("a", use_it, "each", "a"),
            ],
            vec!["a body"],
        ),
    ] {
        let ids: Vec<_> = steps.iter().map(|step| step["id"].clone()).collect();
        assert_eq!(told(steps), expected, "{ids:?}");
    }
}

#[test]
fn a_loop_in_a_loop_has_elements_of_its_own() {
    let inner = |over: &str, more: Vec<Value>| {
        let mut steps = vec![
            each("rows", "<<ticket^rows>>", "cells", "end"),
            each("cells", over, "a", "behind"),
        ];
        steps.extend(more);
        told(steps)
    };
    // What to go through is not asked again when an element's turn is over.
    let unused = || {
        vec![
            action("a", "<<response^name!>>", "cells", "cells"),
            decide("behind", "<<Got>>", "rows", "rows"),
        ]
    };
    assert_eq!(inner("<<response^cells>>", unused()), [""; 0]);
    // Behind the inner loop it is the last answer of that.
    let used = || {
        vec![
            action("a", "<<response^name!>>", "cells", "cells"),
            decide("behind", "<<response^name>>", "rows", "rows"),
        ]
    };
    assert_eq!(
        inner("<<response^cells>>", used()),
        ["behind when.all[0].left"]
    );
    let steps = vec![
        each("rows", "<<ticket^rows>>", "get", "end"),
        action("get", "<<response^id>>", "cells", "rows"),
        each("cells", "<<response^cells>>", "a", "rows"),
        action("a", "<<response^name!>>", "cells", "cells"),
    ];
    assert_eq!(told(steps), ["cells over"]);
}

#[test]
fn the_warning_names_the_steps_and_what_to_do() {
    let bundle = json!({ "format": "nimbus.bundle/1", "runbooks": [{ "id": "rb", "name": "R", "first_step": "each", "steps": [
        each("each", "<<ticket^list>>", "a", "end"),
        action("a", "", "b", "each"),
        action("b", "<<response^name!>>", "each", "each"),
        { "id": "end", "name": "end", "type": "end", "outcome": "success" },
    ] }] });
    let problems = super::check(&super::document(&bundle));
    let problem = problems
        .iter()
        .find(|problem| problem.detail.code == "element_replaced");
    let detail = &problem.unwrap().detail;
    assert_eq!(
        detail.message,
        "`<<response^name!>>` is the answer of `a` here, and not the element of `each` any more: to use the answer, take what you need of it as an output variable of `a`; to use the element, have a step before `a` set a variable to what you need of it"
    );
    assert_eq!(detail.at.offset, Some(BODY.find("TEXT").unwrap()));
}

/// Were every answer carried along every way, this would take minutes.
#[test]
fn a_large_loop_is_judged_at_once() {
    let count = 500;
    let next = |place: usize| {
        if place + 1 == 2 * count {
            "each".to_owned()
        } else {
            format!("s{}", place + 1)
        }
    };
    let mut steps = vec![each("each", "<<ticket^list>>", "s0", "end")];
    steps.extend((0..count).map(|place| {
        let next = next(place);
        decide(&format!("s{place}"), "<<response^name>>", &next, &next)
    }));
    steps.extend(
        (count..2 * count).map(|place| action(&format!("s{place}"), "", &next(place), "s0")),
    );
    // By the way back, every condition may see any answer.
    assert_eq!(told(steps).len(), count);
}
