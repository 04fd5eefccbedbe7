//! The worked example, from its start to the answer on the ticket.

use super::*;

#[test]
fn the_example_asks_posts_back_and_answers() {
    let bundle = example();
    let mut script = Script::new(
        &bundle,
        &[
            ("TicketId", "42"),
            ("Prompt", r#""Why is the \"sky\" blue?""#),
        ],
    );
    assert_eq!(script.run.status(), RunStatus::Queued);

    let (ask, call) = script.http();
    assert_eq!(
        call.request.url().as_str(),
        "http://127.0.0.1:9099/v1/completions"
    );
    assert_eq!(
        call.request.header("content-type"),
        Some("application/json")
    );
    assert_eq!(
        call.request.body().unwrap(),
        br#"{"model": "example", "max_tokens": 200, "prompt": "Why is the \"sky\" blue?"}"#
    );
    assert_eq!(
        call.request.header("authorization"),
        None,
        "the login is added when it is sent"
    );
    assert_eq!((call.timeout_ms, call.repeatable), (30_000, false));
    assert!(
        script.run.next().is_none(),
        "the next step waits for this one"
    );
    script.apply(ask, Event::Begun);
    assert_eq!(script.run.status(), RunStatus::Running);
    script.answer(
        ask,
        200,
        r#"{"choices": [{"text": "\n\nBecause it <is>."}]}"#,
    );

    let post = script.step(201, r#"{"id": 7}"#);
    assert_eq!(
        post.request.url().as_str(),
        "http://desk.test:8787/api/actions"
    );
    assert_eq!(post.request.destination(), crate::request::Destination::Own);
    assert!(post.repeatable, "the desk knows repeats by their key");
    assert_eq!(
        post.request.body().unwrap(),
        br#"[{"ticket_id": 42, "outcome": "ChatGPT", "note_html": "\n\nBecause it <is>.", "hiddenfromuser": false}]"#
    );
    assert_ne!(call.key, post.key);

    assert_eq!(script.finished(), Outcome::Succeeded);
    assert!(script.run.next().is_none());
    assert_eq!(script.run.status(), RunStatus::Succeeded);
    assert_eq!(
        script.run.outputs().unwrap().as_str(),
        r#"{"ResponseText":"\n\nBecause it <is>."}"#
    );

    let view = script.run.view(&["sk-example".to_owned()]);
    let steps: Vec<&str> = view
        .visits
        .iter()
        .map(|visit| visit.step.as_str())
        .collect();
    assert_eq!(steps, ["ask", "post", "done"]);
    let attempt = &view.visits[0].attempts[0];
    assert_eq!(
        attempt.request.headers.last().unwrap(),
        &("Authorization".to_owned(), "Bearer ••••••".to_owned())
    );
    assert_eq!(attempt.response.as_ref().unwrap().status, 200);
    assert_eq!(view.visits[0].variables[0].name, "ResponseText");
    assert_eq!(view.inputs[0].value, "42");
    assert_eq!(view.outputs.len(), 1);
    assert_eq!(view.summary.version, Some(3));
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn a_refusal_takes_the_failure_way_and_its_reason_is_the_outcome() {
    let mut script = Script::new(&example(), &[("TicketId", "42"), ("Prompt", "\"?\"")]);
    script.step(429, r#"{"error": "slow down"}"#);
    let outcome = script.finished();
    let error = error_of(&outcome);
    assert_eq!(error.code, "unsuccessful");
    assert!(error.message.contains("429 Too Many Requests"), "{error}");
    assert_eq!(error.at.step.as_ref().unwrap().as_str(), "ask");
    let summary = script.run.summary();
    assert_eq!(summary.status, RunStatus::Failed);
    assert_eq!(summary.step_name.unwrap(), "Ask Question");
    assert_eq!(script.run.outputs(), None);
}
