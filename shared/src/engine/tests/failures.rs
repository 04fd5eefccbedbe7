//! Ways of failure, and the reasons they give.

use super::*;
use crate::model::{Runbook, StepId};
use crate::problem::ErrorDetail;

const METHOD: &str = r#"[{ "id": "m", "name": "Look up", "http_method": "GET", "path": "/things/<<Id>>",
    "outputs": [{ "name": "Out", "value": "response^value" }, { "name": "Status", "value": "response@status" }] }]"#;
const INPUT: &str = r#"[{ "name": "Id", "type": "string", "required": false }]"#;
const STEPS: &str = r#"[
    { "id": "one", "name": "Look up", "type": "method", "method": "m", "next": { "success": "good", "failure": "bad" } },
    { "id": "good", "name": "Found", "type": "end", "outcome": "success" },
    { "id": "bad", "name": "Not found", "type": "end", "outcome": "failed" }]"#;

fn no_answer(code: &str) -> Event {
    Event::NoAnswer {
        attempts: vec![sending(None)],
        error: crate::problem::ErrorDetail::new(code, "there was no answer within 30 s"),
    }
}

#[test]
fn where_no_way_leads_on_the_run_fails_with_the_reason_of_the_step() {
    let steps = STEPS.replace(r#", "failure": "bad""#, "");
    let mut script = Script::new(&bundle(METHOD, INPUT, &steps), &[("Id", "\"7\"")]);
    script.step(404, r#""nobody is called so""#);
    let outcome = script.finished();
    let error = error_of(&outcome);
    assert_eq!(error.code, "unsuccessful");
    assert!(error.message.contains("nobody is called so"), "{error}");
    let at = error.at.step.as_ref().map(StepId::as_str);
    assert_eq!(at, Some("one"));
}

#[test]
fn every_failure_takes_the_failure_way_with_a_reason() {
    let json = &[("Content-Type", "application/json; charset=utf-8")];
    let html = &[("content-type", "text/html")];
    for (event, code, words) in [
        (answered(404, json, "{}"), "unsuccessful", "404 Not Found"),
        (answered(301, json, "{}"), "unsuccessful", "301"),
        (
            answered(199, json, r#"{"value": 1}"#),
            "unsuccessful",
            "199",
        ),
        (
            answered(200, json, r#"{"valu": 1}"#),
            "no_such_key",
            "`Out` finds nothing",
        ),
        (answered(200, json, "<html>"), "invalid_json", "HTML"),
        (answered(200, json, ""), "invalid_json", "empty"),
        (answered(200, &[], "plain"), "invalid_json", "not JSON"),
        (
            answered(200, html, "<html>"),
            "not_an_object",
            "`Out` finds nothing",
        ),
        (no_answer("timeout"), "timeout", "within 30 s"),
        (Event::Interrupted, "interrupted", "start the runbook again"),
    ] {
        let mut script = Script::new(&bundle(METHOD, INPUT, STEPS), &[("Id", "\"7\"")]);
        let (id, _) = script.http();
        script.apply(id, event.clone());
        let outcome = script.finished();
        let error = error_of(&outcome);
        assert_eq!(error.code, code, "{event:?}: {error}");
        assert!(error.message.contains(words), "{error}");
        assert_eq!(error.at.step.as_ref().unwrap().as_str(), "one");
        let view = script.run.view(&[]);
        assert_eq!(view.visits[0].way, Some(crate::model::Way::Failure));
        assert_eq!(view.visits[0].state, VisitState::Failed);
        assert_eq!(view.visits[0].error.as_ref().unwrap().code, code);
        assert!(
            view.visits[0].variables.is_empty(),
            "nothing is taken from a failure"
        );
        assert_eq!(script.replayed(), script.run);
    }
}

#[test]
fn a_request_that_cannot_be_built_fails_its_step_without_being_sent() {
    for (variables, code, field) in [
        (&[][..], "unresolved", "method.path"),
        (&[("Id", "\"..\"")], "dot_segment", "method.path"),
        (&[("Id", "\"\"")], "empty_segment", "method.path"),
    ] {
        let mut script = Script::new(&bundle(METHOD, INPUT, STEPS), variables);
        let outcome = script.finished();
        let error = error_of(&outcome);
        assert_eq!(
            (error.code.as_str(), error.at.field.as_deref()),
            (code, Some(field))
        );
        assert!(script.run.view(&[]).visits[0].attempts.is_empty());
    }
}

#[test]
fn a_failure_that_lies_behind_is_told_with_its_step() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "GET", "path": "/a" },
        { "id": "tell", "name": "Tell", "http_method": "POST", "path": "/b",
          "body": { "type": "json", "text": "{\"why\": <<response^why>>, \"status\": <<response@status>>}" } }]"#;
    let steps = r#"[
        { "id": "one", "name": "Try", "type": "method", "method": "m", "next": { "success": "end", "failure": "tell" } },
        { "id": "tell", "name": "Tell", "type": "method", "method": "tell", "next": { "success": "end", "failure": "end" } },
        { "id": "end", "name": "Sorry", "type": "end", "outcome": "failed" }]"#;
    let mut script = Script::new(&bundle(methods, "[]", steps), &[]);
    script.step(503, r#"{"why": "closed"}"#);
    let told = script.step(200, "{}");
    assert_eq!(
        told.request.body().unwrap(),
        br#"{"why": "closed", "status": 503}"#
    );
    let outcome = script.finished();
    let error = error_of(&outcome);
    assert_eq!(error.at.step.as_ref().unwrap().as_str(), "one");
    assert!(
        error.message.contains("`Sorry`") && error.message.contains("`Try` failed"),
        "{error}"
    );
}

#[test]
fn conditions_choose_a_way_or_fail_the_run() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "GET", "path": "/a" }]"#;
    let steps = r#"[
        { "id": "one", "name": "Urgent?", "type": "condition", "when": { "all": [{ "left": "<<Id>>", "op": "greater", "right": "5" }] },
          "next": { "met": "yes", "not_met": "no" } },
        { "id": "yes", "name": "Yes", "type": "end", "outcome": "success" },
        { "id": "no", "name": "No", "type": "end", "outcome": "failed" }]"#;
    for (variables, status, code) in [
        (&[("Id", "7")][..], RunStatus::Succeeded, None),
        (&[("Id", "\"7\"")], RunStatus::Succeeded, None),
        (&[("Id", "3")], RunStatus::Failed, Some("ended_as_failed")),
        (&[], RunStatus::Failed, Some("condition_undecided")),
    ] {
        let mut script = Script::new(&bundle(methods, INPUT, steps), variables);
        let outcome = script.finished();
        assert_eq!(script.run.status(), status);
        let code_found =
            matches!(outcome, Outcome::Failed { .. }).then(|| error_of(&outcome).code.clone());
        assert_eq!(code_found.as_deref(), code);
        let view = script.run.view(&[]);
        let has_explanation = view.visits[0].explanation.is_some();
        assert_eq!(has_explanation, !variables.is_empty());
        assert_eq!(script.replayed(), script.run);
    }
}

#[test]
fn a_run_that_circles_is_stopped() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "GET", "path": "/<<Id>>" }]"#;
    let circle = r#"[
        { "id": "one", "name": "A", "type": "condition", "when": { "all": [] }, "next": { "met": "two", "not_met": "two" } },
        { "id": "two", "name": "B", "type": "method", "method": "m", "next": { "success": "one", "failure": "one" } }]"#;
    // Nothing is sent, because the path cannot be built: it circles within one event.
    let mut script = Script::new(&bundle(methods, INPUT, circle), &[]);
    let outcome = script.finished();
    let error = error_of(&outcome);
    assert_eq!(error.code, "too_many_steps");
    assert!(error.message.contains("circles"), "{error}");
    // The same with answers between.
    let mut script = Script::new(&bundle(methods, INPUT, circle), &[("Id", "1")]);
    for _ in 0..Runbook::MAX_STEPS / 2 {
        script.step(200, "{}");
    }
    let outcome = script.finished();
    assert_eq!(error_of(&outcome).code, "too_many_steps");
    let visits = script.run.view(&[]).visits.len();
    assert_eq!(visits, usize::try_from(Runbook::MAX_STEPS).unwrap());
}

#[test]
fn a_cancelled_run_says_so_and_takes_nothing_more() {
    let mut script = Script::new(&bundle(METHOD, INPUT, STEPS), &[("Id", "\"7\"")]);
    let (id, _) = script.http();
    script.apply(id, Event::Begun);
    let entry = script.run.cancel(START + 50).unwrap();
    assert_eq!(entry.event, Event::Cancelled);
    script.journal.push(entry);
    assert_eq!(script.finished(), Outcome::Cancelled);
    assert_eq!(script.run.status(), RunStatus::Cancelled);
    let visit = &script.run.view(&[]).visits[0];
    let code = |error: &Option<ErrorDetail>| error.as_ref().map(|error| error.code.clone());
    assert_eq!(code(&visit.error).as_deref(), Some("cancelled"));
    // What was under way is shown as it was sent.
    let [attempt] = visit.attempts.as_slice() else {
        panic!("{visit:?}");
    };
    assert_eq!(code(&attempt.error).as_deref(), Some("cancelled"));
    assert!(attempt.request.url.starts_with("https://api.example.com/"));
    assert_eq!(attempt.response, None);
    assert_eq!(
        (attempt.sent_at, attempt.ended_at),
        (START + 10, Some(START + 50))
    );
    let late = script.run.apply(id, answered(200, &[], "{}"), START + 60);
    assert_eq!(late, Err(ApplyError::Ended));
    assert!(script.run.cancel(START + 70).is_err());
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn an_event_for_another_effect_is_refused_and_changes_nothing() {
    let mut script = Script::new(&bundle(METHOD, INPUT, STEPS), &[("Id", "\"7\"")]);
    let before = script.run.clone();
    let refused = script
        .run
        .apply(EffectId(9), answered(200, &[], "{}"), START);
    assert_eq!(refused, Err(ApplyError::UnknownEffect(EffectId(9))));
    assert_eq!(script.run, before);
    let (id, _) = script.http();
    script.answer(id, 500, "");
    assert_eq!(
        script.run.apply(id, answered(200, &[], "{}"), START),
        Err(ApplyError::Ended)
    );
}
