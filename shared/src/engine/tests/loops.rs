//! Steps that go through the elements of an array.

use super::*;
use crate::problem::Problem;

const METHOD: &str = r#"[{ "id": "m", "name": "M", "http_method": "PUT", "path": "/<<response^id>>",
    "outputs": [{ "name": "Ids", "value": "response^id", "add_to_array": true }] }]"#;

/// Sends one request for each element, and adds what it got to an array.
fn each(over: &str, more: &str) -> Bundle {
    let steps = format!(
        r#"[
        {{ "id": "one", "name": "Each", "type": "for_each", "over": "{over}" {more},
           "next": {{ "element": "send", "finished": "good", "empty": "bad" }} }},
        {{ "id": "send", "name": "Send", "type": "method", "method": "m", "next": {{ "success": "one", "failure": "bad" }} }},
        {{ "id": "good", "name": "Good", "type": "end", "outcome": "success" }},
        {{ "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }}]"#
    );
    bundle(METHOD, "[]", &steps)
}

fn paths(script: &mut Script, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| {
            let call = script.step(200, &format!(r#"{{"id": {number}.50}}"#));
            call.request.url().path().to_owned()
        })
        .collect()
}

#[test]
fn one_element_is_told_as_one() {
    let mut script = Script::new(&each("<<List>>", ""), &[("List", r#"[{"id": 7}]"#)]);
    paths(&mut script, 1);
    assert_eq!(script.finished(), Outcome::Succeeded);
    let visits = script.run.view(&[]).visits;
    let words = visits[visits.len() - 2].explanation.as_deref();
    assert_eq!(words, Some("went through 1 element"));
}

#[test]
fn each_element_has_its_turn_in_order() {
    let list = r#"[{"id": 7}, {"id": "a b"}, {"id": 9}]"#;
    for (more, count, words) in [
        ("", 3, "went through 3 elements"),
        (r#", "limit": 3"#, 3, "went through 3 elements"),
        (
            r#", "limit": 2"#,
            2,
            "went through the first 2 of 3 elements",
        ),
    ] {
        let mut script = Script::new(&each("<<List>>", more), &[("List", list)]);
        let sent = paths(&mut script, count);
        assert_eq!(sent, ["/v1/7", "/v1/a%20b", "/v1/9"][..count]);
        assert_eq!(script.finished(), Outcome::Succeeded);
        let ids = ["[0.50,1.50,2.50]", "[0.50,1.50]"][3 - count];
        assert_eq!(script.run.variables().get("Ids").unwrap().json(), ids);
        let view = script.run.view(&[]);
        assert_eq!(
            view.visits[0].explanation.as_deref(),
            Some(&*format!("element 1 of {count}"))
        );
        let end = &view.visits[view.visits.len() - 2];
        assert_eq!(end.explanation.as_deref(), Some(words));
        assert_eq!(script.replayed(), script.run);
    }
}

#[test]
fn what_cannot_be_gone_through_is_told() {
    for (over, list, code) in [
        ("<<List>>", "[]", None),
        ("<<List>>", r#"{"a": 1}"#, Some("not_an_array")),
        ("<<List>>", r#""a""#, Some("not_an_array")),
        ("<<List^a>>", "[]", Some("not_an_array")),
        ("[1, 2]", "[]", Some("not_an_array")),
    ] {
        let mut script = Script::new(&each(over, ""), &[("List", list)]);
        let outcome = script.finished();
        let error = error_of(&outcome);
        match code {
            // The way for an empty array leads to an end.
            None => assert_eq!(error.code, "ended_as_failed"),
            Some(code) => assert!(
                error.code == code || over.contains('^'),
                "{over} {list}: {error:?}"
            ),
        }
    }
}

#[test]
fn loops_stand_in_each_other() {
    let steps = r#"[
        { "id": "one", "name": "Rows", "type": "for_each", "over": "<<Rows>>", "next": { "element": "two", "finished": "good", "empty": "good" } },
        { "id": "two", "name": "Cells", "type": "for_each", "over": "<<response>>", "next": { "element": "set", "finished": "one", "empty": "one" } },
        { "id": "set", "name": "Set", "type": "set", "variables": [{ "name": "Out", "value": "<<response>>", "add_to_array": true }], "next": { "done": "two" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" }]"#;
    let bundle = bundle("[]", "[]", steps);
    let mut script = Script::new(&bundle, &[("Rows", "[[1, 2], [], [3], [[4]]]")]);
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(
        script.run.variables().get("Out").unwrap().json(),
        "[1,2,3,[4]]"
    );
}

#[test]
fn a_long_array_needs_as_many_steps() {
    let list = format!("[{}]", vec!["1"; 600].join(","));
    let steps = r#"[
        { "id": "one", "name": "Each", "type": "for_each", "over": "<<List>>", "next": { "element": "set", "finished": "good", "empty": "good" } },
        { "id": "set", "name": "Set", "type": "set", "variables": [{ "name": "Last", "value": "<<response>>" }], "next": { "done": "one" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" }]"#;
    let mut bundle = bundle("[]", "[]", steps);
    let mut script = Script::new(&bundle, &[("List", &list)]);
    assert_eq!(error_of(&script.finished()).code, "too_many_steps");
    bundle.runbooks[0].max_steps = Some(2_000);
    let mut script = Script::new(&bundle, &[("List", &list)]);
    assert_eq!(script.finished(), Outcome::Succeeded);
}

#[test]
fn publishing_says_what_is_wrong_with_a_loop() {
    // The answer of these runbooks is not what this is about.
    let of = |bundle: &mut Bundle| -> Vec<(String, String)> {
        bundle.runbooks[0].start.answer.outputs.clear();
        let document = PlanDocument::gather(&bundle.runbooks[0], &bundle.integrations, None);
        let told = |problem: Problem| {
            let field = problem.detail.at.field.unwrap_or_default();
            (problem.detail.code, field)
        };
        plan::check(&document).into_iter().map(told).collect()
    };
    let problem = |code: &str, field: &str| (code.to_owned(), field.to_owned());
    assert!(of(&mut each("<<ticket^list>>", "")).is_empty());
    assert_eq!(
        of(&mut each("", r#", "limit": 0"#)),
        [
            problem("nothing_to_go_through", "over"),
            problem("limit", "limit")
        ]
    );
    let mut open = each("<<ticket^list>>", "");
    let bad = crate::model::StepId::parse("bad").unwrap();
    open.runbooks[0].steps[1]
        .next
        .insert(crate::model::Way::Success, bad.clone());
    assert_eq!(of(&mut open), [problem("loop_not_closed", "next.element")]);
    open.runbooks[0].max_steps = Some(0);
    assert!(of(&mut open).contains(&problem("max_steps", "max_steps")));
}
