//! Runs that do again what another one did.

use std::collections::BTreeMap;

use super::*;
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
                step_name: Some("Use".to_owned())
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
        // What was secret stays so.
        let shown = serde_json::to_string(&second.run.view(&[])).unwrap();
        assert!(!shown.contains("4711"), "{shown}");
        // And once more, from the run that was replayed.
        assert!(again(&second, Some("two"), &[]).is_ok());
        let third = started(&second, &again(&second, None, &[]).unwrap());
        assert!(third.run.variables().get("Token").is_none());
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
        (None, &[("Id", "1")], "unknown_input", Some("Id")),
        (None, &[("Count", "[1]")], "input_type", Some("Count")),
    ] {
        let error = again(&first, from, edits).unwrap_err();
        assert_eq!(error.code, code, "{from:?} {edits:?}");
        assert_eq!(error.at.field.as_deref(), field);
    }
}

#[test]
fn a_step_of_a_loop_is_replayed_with_its_loop() {
    let steps = r#"[
        { "id": "one", "name": "Each", "type": "for_each", "over": "<<List>>", "next": { "element": "set", "finished": "two", "empty": "two" } },
        { "id": "set", "name": "Set", "type": "set", "variables": [{ "name": "Last", "value": "<<response>>" }], "next": { "done": "one" } },
        { "id": "two", "name": "After", "type": "set", "variables": [{ "name": "Out", "value": "<<Last>>" }], "next": { "done": "good" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" }]"#;
    let mut first = Script::new(&bundle("[]", "[]", steps), &[("List", "[1, 2]")]);
    assert_eq!(first.finished(), Outcome::Succeeded);
    let error = again(&first, Some("set"), &[]).unwrap_err();
    assert_eq!(error.code, "step_in_loop");
    assert!(error.message.contains("`Each`"), "{error}");
    let mut whole = started(&first, &again(&first, Some("one"), &[]).unwrap());
    assert_eq!(whole.finished(), Outcome::Succeeded);
    assert_eq!(whole.run.state.visits.len(), first.run.state.visits.len());
    let mut after = started(
        &first,
        &again(&first, Some("two"), &[("Last", "5")]).unwrap(),
    );
    assert_eq!(after.finished(), Outcome::Succeeded);
    assert_eq!(after.run.variables().get("Out").unwrap().json(), "5");
}
