//! Runs that do again what another one did.

use std::collections::BTreeMap;

use super::*;
use crate::api::ReplayPoint;
use crate::engine::replay::Replayed;
use crate::model::{RawJson, StepId};
use crate::problem::ErrorDetail;

const METHODS: &str = r#"[{ "id": "m", "name": "M", "http_method": "POST", "path": "/login",
      "outputs": [{ "name": "Token", "value": "response^token!", "secret": true }, { "name": "Id", "value": "response^id" }] },
    { "id": "n", "name": "N", "http_method": "POST", "path": "/use/<<Id>>",
      "headers": [{ "name": "X-Token", "value": "<<Token>>" }],
      "query": [{ "name": "q", "value": "<<Question>>" }, { "name": "s", "value": "<<response@status>>" }] }]"#;

const STEPS: &str = r#"[
    { "id": "one", "name": "Log in", "type": "method", "method": "m", "next": { "success": "two", "failure": "bad" } },
    { "id": "two", "name": "Use", "type": "method", "method": "n", "next": { "success": "good", "failure": "bad" } },
    { "id": "good", "name": "Good", "type": "end", "outcome": "success" },
    { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }]"#;

const INPUTS: &str = r#"[{ "name": "Question", "value": "request^q", "type": "string" }, { "name": "Count", "value": "request^n", "type": "integer", "required": false }]"#;

/// A run that failed at its second step.
fn failed() -> Script {
    let mut script = Script::new(&bundle(METHODS, INPUTS, STEPS), &[("Question", r#""why""#)]);
    script.step(201, r#"{"token": "tok/en-4711", "id": 1.50}"#);
    script.step(500, "{}");
    assert_eq!(error_of(&script.finished()).at.step, Some(step("two")));
    script
}

fn step(id: &str) -> StepId {
    StepId::parse(id).unwrap()
}

fn again(
    script: &Script,
    from: Option<&str>,
    edits: &[(&str, &str)],
) -> Result<Trigger, ErrorDetail> {
    let replayed = Replayed {
        plan: Arc::clone(script.run.plan()),
        trigger: script.run.trigger.clone(),
        context: context(),
        started_at: START,
        journal: script.journal.clone(),
    };
    let edits: BTreeMap<String, RawJson> = edits
        .iter()
        .map(|(name, value)| ((*name).to_owned(), RawJson::parse(value).unwrap()))
        .collect();
    replayed.again(script.run.plan(), from.map(step).as_ref(), &edits)
}

fn started(script: &Script, trigger: &Trigger) -> Script {
    let plan = Arc::clone(script.run.plan());
    // It is read again from what is stored.
    let trigger = serde_json::from_str(&serde_json::to_string(trigger).unwrap()).unwrap();
    Script {
        run: Run::new(plan, trigger, context(), Detail::Full, START),
        journal: Vec::new(),
        now: START,
    }
}

#[test]
fn a_run_starts_again_with_what_it_started_with() {
    let first = failed();
    for (edits, question) in [(&[][..], "why"), (&[("Question", r#""how""#)], "how")] {
        let mut second = started(&first, &again(&first, None, edits).unwrap());
        assert_eq!(second.http().1.request.url().path(), "/v1/login");
        assert_eq!(
            second.run.variables().get("Question").unwrap().json(),
            format!("\"{question}\"")
        );
        assert!(second.run.variables().get("Token").is_none());
    }
}

#[test]
fn a_run_goes_on_from_a_step_with_what_it_had_there() {
    let first = failed();
    for (edits, url) in [
        (&[][..], "/v1/use/1.50?q=why&s=201"),
        (
            &[("Id", "7.0"), ("Question", r#""a b""#)],
            "/v1/use/7.0?q=a%20b&s=201",
        ),
    ] {
        let trigger = again(&first, Some("two"), edits).unwrap();
        assert_eq!(
            trigger.started_by,
            StartedBy::Replay {
                run_id: context().run_id,
                ticket_id: None,
                step_name: Some("Use".to_owned()),
                edited: edits.iter().map(|(name, _)| (*name).to_owned()).collect(),
            }
        );
        let mut second = started(&first, &trigger);
        let (effect, call) = second.http();
        let sent = call.request.url();
        assert_eq!(format!("{}?{}", sent.path(), sent.query().unwrap()), url);
        assert_eq!(call.request.header("x-token"), Some("tok/en-4711"));
        second.answer(effect, 200, r#"{"echo": "tok/en-4711"}"#);
        assert_eq!(second.finished(), Outcome::Succeeded);
        assert_eq!(second.replayed(), second.run);
        // What it began with is told: what was there, and what was given instead.
        let given = |name: &str, old| {
            let edit = edits.iter().find(|(edited, _)| *edited == name);
            edit.map_or(old, |(_, value)| *value)
        };
        let began_with = second.run.view(&[]).began_with;
        let mut told: Vec<_> = began_with
            .iter()
            .map(|variable| (variable.name.as_str(), variable.value.as_str()))
            .collect();
        told.sort_unstable();
        let expected = [
            ("Id", given("Id", "1.50")),
            ("Question", given("Question", r#""why""#)),
            ("Token", "\"••••••\""),
        ];
        assert_eq!(told, expected);
        assert_eq!(first.run.view(&[]).began_with, []);
        // What was secret stays so.
        let shown = serde_json::to_string(&second.run.view(&[])).unwrap();
        assert!(!shown.contains("4711"), "{shown}");
        // And once more, from the run that was replayed: it begins where that one began, with its edits.
        assert!(again(&second, Some("two"), &[]).is_ok());
        let trigger = again(&second, None, &[]).unwrap();
        let mut third = started(&second, &trigger);
        let sent = third.http().1.request;
        assert_eq!(sent.url(), call.request.url());
        assert_eq!(sent.header("x-token"), Some("tok/en-4711"));
        assert!(matches!(
            &trigger.started_by,
            StartedBy::Replay { step_name: Some(name), .. } if name == "Use"
        ));
    }
}

#[test]
fn what_cannot_be_replayed_is_told() {
    let first = failed();
    for (from, edits, code, field) in [
        (Some("none"), &[][..], "no_such_step", None),
        (Some("good"), &[], "step_not_passed", None),
        (
            Some("two"),
            &[("Idd", "1")],
            "unknown_variable",
            Some("Idd"),
        ),
        // What belongs to the run is its own.
        (
            Some("two"),
            &[("run", "1")],
            "unknown_variable",
            Some("run"),
        ),
        (
            Some("two"),
            &[("Count", "[1]")],
            "input_type",
            Some("Count"),
        ),
        (None, &[("Id", "1")], "unknown_input", Some("Id")),
        (None, &[("Count", "[1]")], "input_type", Some("Count")),
    ] {
        let error = again(&first, from, edits).unwrap_err();
        assert_eq!(error.code, code, "{from:?} {edits:?}");
        assert_eq!(error.at.field.as_deref(), field);
    }
}

fn preview(script: &Script, from: Option<&str>, secrets: &[String]) -> ReplayPoint {
    let replayed = Replayed {
        plan: Arc::clone(script.run.plan()),
        trigger: script.run.trigger.clone(),
        context: context(),
        started_at: START,
        journal: script.journal.clone(),
    };
    let from = from.map(step);
    replayed
        .preview(script.run.plan(), from.as_ref(), secrets)
        .unwrap()
}

fn shown(point: &ReplayPoint) -> Vec<(&str, Option<&str>)> {
    let variables = point.variables.iter();
    variables
        .map(|variable| (variable.name.as_str(), variable.value.as_deref()))
        .collect()
}

#[test]
fn an_input_variable_that_was_missing_can_be_given() {
    let first = failed();
    let mut from_start = started(&first, &again(&first, None, &[("Count", "3")]).unwrap());
    from_start.http();
    let trigger = again(&first, Some("two"), &[("Count", r#""4""#)]).unwrap();
    let from_step = started(&first, &trigger);
    for (script, count) in [(&from_start, "3"), (&from_step, "4")] {
        let variables = script.run.variables();
        assert_eq!(variables.get("Count").unwrap().json(), count);
    }
}

#[test]
fn it_is_told_how_a_replay_begins() {
    let first = failed();
    let start = preview(&first, None, &[]);
    assert_eq!((&start.from_step, start.is_whole_loop), (&None, false));
    let inputs = [("Question", Some(r#""why""#)), ("Count", None)];
    assert_eq!(shown(&start), inputs);
    let behind = preview(&first, Some("two"), &[]);
    assert_eq!(behind.from_step, Some(step("two")));
    assert_eq!(behind.step_name.as_deref(), Some("Use"));
    assert!(!behind.is_whole_loop);
    let masked = Some("\"••••••\"");
    let expected = [
        ("Question", Some(r#""why""#)),
        ("Count", None),
        ("Id", Some("1.50")),
        ("Token", masked),
    ];
    assert_eq!(shown(&behind), expected);
    // A run that began at a step begins there again.
    let trigger = again(&first, Some("two"), &[("Id", r#""open-sesame""#)]).unwrap();
    let second = started(&first, &trigger);
    let again = preview(&second, None, &["open-sesame".to_owned()]);
    assert_eq!(again.from_step, Some(step("two")));
    assert!(!again.is_whole_loop);
    assert!(shown(&again).contains(&("Id", masked)));
    assert!(shown(&again).contains(&("Token", masked)));
}

#[test]
fn a_step_of_a_loop_is_replayed_with_its_loop() {
    for at_once in [1, 2] {
        let steps = format!(
            r#"[
            {{ "id": "one", "name": "Each", "type": "for_each", "over": "<<List>>", "at_once": {at_once},
               "next": {{ "element": "set", "finished": "two", "empty": "two" }} }},
            {{ "id": "set", "name": "Set", "type": "set", "variables": [{{ "name": "All", "value": "<<response>>", "add_to_array": true }}], "next": {{ "done": "one" }} }},
            {{ "id": "two", "name": "After", "type": "set", "variables": [{{ "name": "Out", "value": "<<All>>" }}], "next": {{ "done": "good" }} }},
            {{ "id": "good", "name": "Good", "type": "end", "outcome": "success" }}]"#
        );
        let mut first = Script::new(&bundle("[]", "[]", &steps), &[("List", "[1, 2]")]);
        assert_eq!(first.finished(), Outcome::Succeeded);
        for from in ["set", "one"] {
            let point = preview(&first, Some(from), &[]);
            assert_eq!(point.from_step, Some(step("one")), "{from} {at_once}");
            assert_eq!(point.step_name.as_deref(), Some("Each"));
            assert_eq!(point.is_whole_loop, from == "set");
            assert_eq!(shown(&point), [("List", Some("[1, 2]"))]);
            let trigger = again(&first, Some(from), &[]).unwrap();
            assert!(matches!(
                &trigger.started_by,
                StartedBy::Replay { step_name: Some(name), .. } if name == "Each"
            ));
            let mut whole = started(&first, &trigger);
            assert_eq!(whole.finished(), Outcome::Succeeded);
            assert_eq!(whole.run.state.visits.len(), first.run.state.visits.len());
            assert_eq!(whole.run.variables().get("Out").unwrap().json(), "[1,2]");
        }
        let trigger = again(&first, Some("two"), &[("All", "5")]).unwrap();
        let mut after = started(&first, &trigger);
        assert_eq!(after.finished(), Outcome::Succeeded);
        assert_eq!(after.run.variables().get("Out").unwrap().json(), "5");
    }
}

#[test]
fn what_follows_a_loop_that_was_left_early_is_replayed_alone() {
    let steps = r#"[
        { "id": "one", "name": "Each", "type": "for_each", "over": "<<List>>", "next": { "element": "is", "finished": "bad", "empty": "bad" } },
        { "id": "is", "name": "Is it", "type": "condition", "when": { "all": [{ "left": "<<response>>", "op": "equals", "right": "2" }] }, "next": { "met": "two", "not_met": "one" } },
        { "id": "two", "name": "Found", "type": "set", "variables": [{ "name": "Out", "value": "<<response>>" }], "next": { "done": "good" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" },
        { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }]"#;
    let mut first = Script::new(&bundle("[]", "[]", steps), &[("List", "[1, 2, 3]")]);
    assert_eq!(first.finished(), Outcome::Succeeded);
    for (from, begins) in [
        ("one", "one"),
        ("is", "one"),
        ("two", "two"),
        ("good", "good"),
    ] {
        let point = preview(&first, Some(from), &[]);
        assert_eq!(point.from_step, Some(step(begins)), "{from}");
        assert_eq!(point.is_whole_loop, from == "is");
        let mut second = started(&first, &again(&first, Some(from), &[]).unwrap());
        assert_eq!(second.finished(), Outcome::Succeeded);
        assert_eq!(second.run.variables().get("Out").unwrap().json(), "2");
    }
}
