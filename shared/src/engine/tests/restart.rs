//! What becomes of a run whose process stopped.

use super::*;

/// A POST, then a PUT.
fn two_requests(extra: &str) -> Bundle {
    let methods = format!(
        r#"[{{ "id": "a", "name": "A", "http_method": "POST", "path": "/a"{extra} }},
            {{ "id": "b", "name": "B", "http_method": "PUT", "path": "/b" }}]"#
    );
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "a", "next": { "success": "two", "failure": "bad" } },
        { "id": "two", "name": "B", "type": "method", "method": "b", "next": { "success": "good", "failure": "bad" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" },
        { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }]"#;
    bundle(&methods, "[]", steps)
}

/// The process stops, and another makes the run of its journal.
fn restarted(script: &Script) -> Script {
    Script {
        run: script.replayed(),
        journal: script.journal.clone(),
        now: script.now + 1_000,
    }
}

fn resumed(script: &mut Script) -> Vec<Event> {
    let entries = script.run.resume(script.now);
    script.journal.extend(entries.iter().cloned());
    entries.into_iter().map(|entry| entry.event).collect()
}

#[test]
fn a_run_that_has_not_begun_is_executed_freely() {
    let script = Script::new(&two_requests(""), &[]);
    let mut script = restarted(&script);
    assert!(resumed(&mut script).is_empty());
    assert_eq!(script.run.status(), RunStatus::Queued);
    assert_eq!(
        script.http().1.request.method(),
        crate::model::HttpMethod::Post
    );
}

#[test]
fn a_put_in_flight_is_sent_again_and_the_post_before_it_is_not() {
    let mut script = Script::new(&two_requests(""), &[]);
    let (post, call) = script.http();
    assert!(!call.repeatable);
    script.apply(post, Event::Begun);
    script.answer(post, 200, "{}");
    let (put, first) = script.http();
    let mut script = restarted(&script);
    assert_eq!(resumed(&mut script), [Event::Repeated]);
    let (again, second) = script.http();
    assert_eq!(
        (again, &second),
        (put, &first),
        "the same request, under the same key"
    );
    script.answer(again, 200, "{}");
    assert_eq!(script.finished(), Outcome::Succeeded);
    let view = script.run.view(&[]);
    let attempts = &view.visits[1].attempts;
    assert_eq!(attempts.len(), 2, "both sendings are shown");
    assert_eq!(attempts[0].error.as_ref().unwrap().code, "interrupted");
    assert_eq!(attempts[1].response.as_ref().unwrap().status, 200);
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn a_post_in_flight_is_not_repeated_and_says_why() {
    let mut script = Script::new(&two_requests(""), &[]);
    let (post, _) = script.http();
    script.apply(post, Event::Begun);
    let mut script = restarted(&script);
    assert_eq!(resumed(&mut script), [Event::Interrupted]);
    let outcome = script.finished();
    let error = error_of(&outcome);
    assert_eq!(error.code, "interrupted");
    assert!(
        error.message.contains("not marked as safe to repeat"),
        "{error}"
    );
    let view = script.run.view(&[]);
    let [attempt] = view.visits[0].attempts.as_slice() else {
        panic!("what was sent is not shown: {view:?}");
    };
    assert_eq!(attempt.request.method, "POST");
    assert_eq!(attempt.error.as_ref().unwrap().code, "interrupted");
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn a_post_is_repeated_where_that_does_no_harm() {
    for extra in [
        r#", "repeatable": true"#,
        r#", "headers": [{ "name": "idempotency-key", "value": "<<run^id>>" }]"#,
    ] {
        let mut script = Script::new(&two_requests(extra), &[]);
        let (post, call) = script.http();
        assert!(call.repeatable, "{extra}");
        script.apply(post, Event::Begun);
        let mut script = restarted(&script);
        assert_eq!(resumed(&mut script), [Event::Repeated], "{extra}");
    }
    let mut script = Script::new(
        &two_requests(
            r#", "repeatable": false, "headers": [{ "name": "Idempotency-Key", "value": "1" }]"#,
        ),
        &[],
    );
    assert!(
        !script.http().1.repeatable,
        "the author's word counts first"
    );
}

#[test]
fn a_request_that_brings_the_process_down_is_not_sent_for_ever() {
    let mut script = Script::new(&two_requests(""), &[]);
    script.step(200, "{}");
    for _ in 0..limits::MAX_REPEATS {
        script = restarted(&script);
        assert_eq!(resumed(&mut script), [Event::Repeated]);
    }
    script = restarted(&script);
    assert_eq!(resumed(&mut script), [Event::Interrupted]);
    assert!(
        error_of(&script.finished())
            .message
            .contains("again and again")
    );
}

#[test]
fn an_ended_run_says_again_how_it_ended() {
    let mut script = Script::new(&two_requests(""), &[]);
    script.step(500, "{}");
    let outcome = script.finished();
    let mut script = restarted(&script);
    assert!(resumed(&mut script).is_empty());
    assert_eq!(script.finished(), outcome);
}

#[test]
fn what_came_up_after_the_last_event_is_new() {
    let mut script = Script::new(&two_requests(""), &[]);
    let (post, _) = script.http();
    script.answer(post, 200, "{}");
    // The process stops after the commit, before anybody asked for the next effect.
    let mut script = restarted(&script);
    assert_eq!(
        resumed(&mut script),
        [Event::Repeated],
        "nobody can tell that it was not sent"
    );
    assert!(script.run.next().is_some());
}

#[test]
fn a_journal_is_read_as_it_was_written() {
    let text = Entry {
        effect: EffectId(0),
        event: answered(200, &[("A", "b")], "{\"a\": 1}"),
        at: START,
    };
    let binary = Entry {
        event: Event::Answered {
            attempts: vec![sending(Some(401)), sending(Some(200))],
            response: Response {
                status: 200,
                headers: Vec::new(),
                body: vec![0xff, 0, 1].into(),
                time_ms: 1,
            },
        },
        ..text.clone()
    };
    let others = [
        Event::Begun,
        Event::Repeated,
        Event::Interrupted,
        Event::Cancelled,
    ]
    .map(|event| Entry {
        event,
        ..text.clone()
    });
    for entry in others.into_iter().chain([text, binary]) {
        let written = serde_json::to_string(&entry).unwrap();
        assert_eq!(
            serde_json::from_str::<Entry>(&written).unwrap(),
            entry,
            "{written}"
        );
    }
}
