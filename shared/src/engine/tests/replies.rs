//! Steps that answer the caller while the run goes on.

use super::*;
use crate::model::{Access, AnswerWhen};

fn answering(respond: &str, more: &str) -> Bundle {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "PUT", "path": "/a",
        "outputs": [{ "name": "Out", "value": "response^out" }, { "name": "Token", "value": "response^token", "default": 1, "secret": true }] }]"#;
    let steps = format!(
        r#"[{{ "id": "one", "name": "A", "type": "method", "method": "m", "next": {{ "success": "answer", "failure": "two" }} }},
        {{ "id": "answer", "name": "Answer", "type": "respond", {respond}, "next": {{ "done": "two" }} }}, {more}
        {{ "id": "two", "name": "B", "type": "method", "method": "m", "next": {{ "success": "late", "failure": "late" }} }},
        {{ "id": "late", "name": "Late", "type": "respond", "status": 500, "next": {{ "done": "good" }} }},
        {{ "id": "good", "name": "Good", "type": "end", "outcome": "success" }}]"#
    );
    let mut bundle = bundle(methods, "[]", &steps);
    let start = &mut bundle.runbooks[0].start;
    start.access = Access::DeskAndPublic;
    start.answer.when = AnswerWhen::Finished;
    bundle
}

fn called(bundle: &Bundle) -> Script {
    let mut script = Script::new(bundle, &[]);
    let mut called = trigger(&[("Name", r#""a\"<b>""#)]);
    called.started_by = StartedBy::Public;
    script.run = Run::new(plan_of(bundle), called, context(), Detail::Full, START);
    script
}

impl Script {
    fn reply(&mut self) -> (EffectId, Reply) {
        match self.run.next() {
            Some((id, Effect::Respond(reply))) => (id, *reply),
            other => panic!("no reply, but {other:?}"),
        }
    }
}

const CREATED: &str = r#""status": 201, "body": "{\"name\": \"<<Name>>\", \"out\": <<Out>>}",
    "headers": [{ "name": "Location", "value": "/things/<<Out>>" }, { "name": "X-Off", "value": "1", "on": false }]"#;

#[test]
fn the_caller_is_answered_once_and_the_run_goes_on() {
    let mut script = called(&answering(CREATED, ""));
    script.step(200, r#"{"out": 7.0}"#);
    let (id, reply) = script.reply();
    assert_eq!(reply.status, 201);
    assert_eq!(
        reply.body.as_deref(),
        Some(r#"{"name": "a\"<b>", "out": 7.0}"#)
    );
    let headers = [
        ("Location", "/things/7.0"),
        ("Content-Type", "application/json"),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(reply.headers, headers);
    assert_eq!(script.run.reply(), None, "before that is in the journal");
    script.apply(id, Event::Responded);
    assert_eq!(script.run.reply(), Some(&reply));
    assert_eq!(script.run.status(), RunStatus::Running);
    script.step(500, "{}");
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(
        script.run.reply(),
        Some(&reply),
        "the later one changes nothing"
    );
    let visits = script.run.view(&[]).visits;
    assert_eq!(visits[1].reply.as_ref(), Some(&reply));
    let words = |visit: &StepVisit| visit.explanation.clone().unwrap();
    assert_eq!(words(&visits[1]), "answered the caller with 201");
    assert_eq!(
        words(&visits[3]),
        "nothing was sent: the caller has an answer already"
    );
    assert_eq!(visits[3].reply, None);
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn a_crash_before_the_answer_answers_the_same_and_one_behind_it_keeps_it() {
    let mut script = called(&answering(CREATED, ""));
    script.step(200, r#"{"out": 7}"#);
    let (id, reply) = script.reply();
    script.run = script.replayed();
    let resumed = script.run.resume(script.now);
    assert_eq!(resumed[0].event, Event::Repeated);
    script.journal.extend(resumed);
    assert_eq!(script.reply(), (id, reply.clone()));
    script.apply(id, Event::Responded);
    assert_eq!(script.replayed().reply(), Some(&reply));
}

#[test]
fn where_nobody_waits_nothing_is_sent() {
    let explained = |script: &Script| script.run.view(&[]).visits[1].explanation.clone().unwrap();
    // From the console.
    let bundle = answering(CREATED, "");
    let mut script = Script::new(&bundle, &[("Name", "1")]);
    script.step(200, r#"{"out": 7}"#);
    assert!(explained(&script).contains("nobody waits"));
    script.step(200, r#"{"out": 7}"#);
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(script.run.reply(), None);
    // By a caller who is answered at once.
    let mut bundle = answering(CREATED, "");
    bundle.runbooks[0].start.answer.when = AnswerWhen::Accepted;
    let mut script = called(&bundle);
    script.step(200, r#"{"out": 7}"#);
    assert!(explained(&script).contains("nobody waits"));
    // By one who has been told that it takes longer: who asks again is answered so.
    let mut bundle = answering(CREATED, "");
    bundle.runbooks[0].start.answer.within_ms = Some(5);
    let mut script = called(&bundle);
    script.step(200, r#"{"out": 7}"#);
    let (id, reply) = script.reply();
    script.apply(id, Event::Responded);
    assert!(explained(&script).contains("idempotency key"));
    assert_eq!(script.run.reply(), Some(&reply));
}

#[test]
fn values_cannot_break_out_of_their_place() {
    for (content_type, body, expected) in [
        (None, r#"\"<<Name>>\""#, r#""a\"<b>""#),
        (
            Some("application/problem+json; charset=utf-8"),
            "<<Name>>",
            r#""a\"<b>""#,
        ),
        (
            Some("text/html"),
            "<p><<Name>></p>",
            "<p>a&quot;&lt;b&gt;</p>",
        ),
        (
            Some("application/xml"),
            "<p><<Name>></p>",
            "<p>a&quot;&lt;b&gt;</p>",
        ),
        (Some("text/plain"), "Hello <<Name!>>", "Hello a\"<b>"),
    ] {
        let row = content_type.map_or_else(String::new, |media_type| {
            format!(r#"{{ "name": "content-type", "value": "{media_type}" }}"#)
        });
        let respond = format!(r#""status": 200, "headers": [{row}], "body": "{body}""#);
        let mut script = called(&answering(&respond, ""));
        script.step(200, r#"{"out": 7}"#);
        let (_, reply) = script.reply();
        assert_eq!(reply.body.as_deref(), Some(expected), "{content_type:?}");
        let content_type = content_type.unwrap_or("application/json");
        assert_eq!(reply.headers[0].1, content_type);
        assert_eq!(reply.headers.len(), 1);
    }
    let mut script = called(&answering(
        r#""status": 204, "headers": [{ "name": "X", "value": "<<Out>>" }]"#,
        "",
    ));
    script.step(200, r#"{"out": "a\r\nSet-Cookie: b"}"#);
    assert_eq!(error_of(&script.finished()).code, "header_line_break");
}

#[test]
fn what_is_secret_is_not_answered() {
    // Copied first, so that publishing cannot tell.
    let copy = r#"{ "id": "copy", "name": "Copy", "type": "set", "variables": [{ "name": "Copy", "value": "<<Token>>" }], "next": { "done": "leak" } },
        { "id": "leak", "name": "Leak", "type": "respond", "status": 200, "body": "[<<Copy>>]", "next": { "done": "two" } },"#;
    let mut bundle = answering(r#""status": 200"#, copy);
    let copy = crate::model::StepId::parse("copy").unwrap();
    bundle.runbooks[0].steps[0]
        .next
        .insert(crate::model::Way::Success, copy);
    let mut script = called(&bundle);
    script.step(200, r#"{"out": 1, "token": "tok-4711"}"#);
    let outcome = script.finished();
    assert_eq!(error_of(&outcome).code, "secret_in_answer");
    assert_eq!(script.run.reply(), None);
}

#[test]
fn publishing_says_what_is_wrong_with_an_answer() {
    let codes = |bundle: &Bundle| -> Vec<(String, String)> {
        let document = PlanDocument::gather(&bundle.runbooks[0], &bundle.integrations, None);
        let problems = plan::check(&document).into_iter();
        let about = problems.filter(|problem| {
            let step = problem.detail.at.step.as_ref();
            step.is_some_and(|step| step.as_str() == "answer")
        });
        about
            .map(|problem| {
                let field = problem.detail.at.field.unwrap_or_default();
                (problem.detail.code, field)
            })
            .collect()
    };
    for (respond, code, field) in [
        (r#""status": 200, "body": "{}""#, "", ""),
        (r#""status": 100"#, "status", "status"),
        (r#""status": 600"#, "status", "status"),
        (
            r#""status": 204, "body": "1""#,
            "body_not_permitted",
            "body",
        ),
        (
            r#""status": 304, "body": "1""#,
            "body_not_permitted",
            "body",
        ),
        (r#""status": 200, "body": "{""#, "invalid_json", "body"),
        (
            r#""status": 200, "body": "[<<Token>>]""#,
            "secret_in_answer",
            "body",
        ),
        (
            r#""status": 200, "headers": [{ "name": "X", "value": "<<Token>>" }]"#,
            "secret_in_answer",
            "headers[0].value",
        ),
        (
            r#""status": 200, "headers": [{ "name": "Set-Cookie", "value": "a=b" }]"#,
            "header_not_allowed",
            "headers[0].name",
        ),
        (
            r#""status": 200, "headers": [{ "name": "Connection", "value": "close" }]"#,
            "header_reserved",
            "headers[0].name",
        ),
        (
            r#""status": 200, "headers": [{ "name": "", "value": "close" }]"#,
            "header_name",
            "headers[0].name",
        ),
        (
            r#""status": 200, "headers": [{ "name": "A", "value": "1" }, { "name": "a", "value": "2" }]"#,
            "duplicate_header",
            "headers[1].name",
        ),
        (
            r#""status": 200, "headers": [{ "name": "Content-Type", "value": "<<Out>>" }]"#,
            "content_type",
            "headers[0].value",
        ),
        (
            r#""status": 200, "body": "[<<Nobody>>]""#,
            "unknown_variable",
            "body",
        ),
    ] {
        let expected: Vec<(String, String)> = [(code.to_owned(), field.to_owned())]
            .into_iter()
            .filter(|_| !code.is_empty())
            .collect();
        assert_eq!(codes(&answering(respond, "")), expected, "{respond}");
    }
    let mut bundle = answering(r#""status": 200"#, "");
    bundle.runbooks[0].start.answer.when = AnswerWhen::Accepted;
    assert_eq!(codes(&bundle), [("nobody_waits".to_owned(), String::new())]);
}
