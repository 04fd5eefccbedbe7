//! Steps that wait, and requests that are sent again.

use super::*;
use crate::model::RawJson;
use crate::problem::ErrorDetail;

const MINUTE: u64 = 60_000;

/// One method in front of two ends.
fn one_request(method: &str, step: &str) -> Bundle {
    let methods = format!(r#"[{{ "id": "a", "name": "A", "path": "/a", {method} }}]"#);
    let steps = format!(
        r#"[
        {{ "id": "one", "name": "A", "type": "method", "method": "a", "next": {{ "success": "good", "failure": "bad" }} {step} }},
        {{ "id": "good", "name": "Good", "type": "end", "outcome": "success" }},
        {{ "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }}]"#
    );
    bundle(&methods, "[]", &steps)
}

/// Steps before an end.
fn before_an_end(steps: &str) -> Bundle {
    let steps = format!(
        r#"[{steps}, {{ "id": "good", "name": "Good", "type": "end", "outcome": "success" }}]"#
    );
    bundle("[]", "[]", &steps)
}

impl Script {
    fn sleeping(&mut self) -> (EffectId, u64) {
        match self.run.next() {
            Some((id, Effect::Sleep { until })) => (id, until),
            other => panic!("it does not sleep, but {other:?}"),
        }
    }

    fn wake(&mut self, id: EffectId, at: u64) {
        self.now = at;
        self.apply(id, Event::Woken);
    }

    fn silence(&mut self, id: EffectId, code: &str) {
        let error = ErrorDetail::new(code, "nothing came");
        self.apply(
            id,
            Event::NoAnswer {
                attempts: vec![sending(None)],
                error,
            },
        );
    }

    fn value(&self, name: &str) -> Option<String> {
        Some(self.run.variables().get(name)?.json().to_owned())
    }
}

const FIXED: &str =
    r#""retry": { "kind": "fixed", "count": 2, "first_ms": 5000, "max_ms": 60000 }"#;

#[test]
fn a_request_goes_out_again_after_a_failure_that_may_pass() {
    let mut script = Script::new(
        &one_request(&format!(r#""http_method": "GET", {FIXED}"#), ""),
        &[],
    );
    let (first, call) = script.http();
    script.answer(first, 503, "{}");
    assert_eq!(script.run.status(), RunStatus::Waiting);
    let (id, until) = script.sleeping();
    assert_eq!(until, script.now + 5_000);
    assert_eq!(script.run.wakes_at(), Some(until));
    assert_eq!(script.run.summary().waits_until, Some(until));
    assert_eq!(script.run.view(&[]).visits[0].state, VisitState::Waiting);
    assert_eq!(
        script
            .run
            .clone()
            .apply(id, answered(200, &[], "{}"), until),
        Err(ApplyError::WrongEvent(id))
    );

    script.wake(id, until);
    let (second, again) = script.http();
    assert_eq!(again, call, "the same request, under the same key");
    assert_eq!(
        script.run.clone().apply(second, Event::Woken, until),
        Err(ApplyError::WrongEvent(second))
    );
    script.silence(second, "timeout");
    let (id, until) = script.sleeping();
    script.wake(id, until);
    let (third, _) = script.http();
    script.answer(third, 200, "{}");
    assert_eq!(script.finished(), Outcome::Succeeded);
    let view = script.run.view(&[]);
    assert_eq!(view.visits[0].attempts.len(), 3);
    assert_eq!(view.visits[0].waits_until, None);
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn tries_come_to_an_end_and_the_last_failure_is_told() {
    let mut script = Script::new(
        &one_request(&format!(r#""http_method": "GET", {FIXED}"#), ""),
        &[],
    );
    for _ in 0..2 {
        let (id, _) = script.http();
        script.answer(id, 500, "{}");
        let (id, until) = script.sleeping();
        script.wake(id, until);
    }
    let (id, _) = script.http();
    script.answer(id, 429, "{}");
    let outcome = script.finished();
    assert!(error_of(&outcome).message.contains("429"), "{outcome:?}");
}

#[test]
fn what_is_sent_again_and_what_is_not() {
    let step = |retry: &str| format!(r#", "retry": {retry}"#);
    let often = r#"{ "kind": "exponential", "count": 10, "first_ms": 1000, "max_ms": 60000 }"#;
    for (method, step, status, again) in [
        (r#""http_method": "GET""#, String::new(), 503, false),
        (r#""http_method": "GET""#, step(often), 503, true),
        (r#""http_method": "GET""#, step(often), 404, false),
        (r#""http_method": "GET""#, step(often), 200, false),
        (
            r#""http_method": "GET""#,
            step(r#"{ "kind": "fixed", "statuses": [404] }"#),
            404,
            true,
        ),
        (
            r#""http_method": "GET""#,
            step(r#"{ "kind": "fixed", "statuses": [404] }"#),
            503,
            false,
        ),
        (r#""http_method": "POST""#, step(often), 503, false),
        (
            r#""http_method": "POST", "repeatable": true"#,
            step(often),
            503,
            true,
        ),
        (
            r#""http_method": "POST", "idempotency_key": true"#,
            step(often),
            503,
            true,
        ),
        (
            r#""http_method": "PUT", "repeatable": false"#,
            step(often),
            503,
            false,
        ),
        (
            r#""http_method": "GET", "retry": { "kind": "fixed" }"#,
            step(r#"{ "kind": "none" }"#),
            503,
            false,
        ),
        (
            r#""http_method": "GET", "retry": { "kind": "fixed" }"#,
            String::new(),
            503,
            true,
        ),
    ] {
        let mut script = Script::new(&one_request(method, &step), &[]);
        let (id, _) = script.http();
        script.answer(id, status, "{}");
        let slept = matches!(script.run.next(), Some((_, Effect::Sleep { .. })));
        assert_eq!(slept, again, "{method} {step} {status}");
        // Who wanted it to be sent again is told why it is not.
        let view = script.run.view(&[]);
        let words = view.visits[0].explanation.as_deref().unwrap_or_default();
        let is_harmful = method.contains("POST") && !again || method.contains("false");
        assert_eq!(
            words.contains("was not sent again"),
            is_harmful,
            "{method} {words}"
        );
        assert_eq!(script.replayed(), script.run);
    }
    for (code, again) in [
        ("timeout", true),
        ("connection_failed", true),
        ("answer_broken_off", true),
        ("unreachable", true),
        ("address_not_allowed", false),
        ("response_too_large", false),
        ("no_authorization", false),
    ] {
        let bundle = one_request(&format!(r#""http_method": "GET", {FIXED}"#), "");
        let mut script = Script::new(&bundle, &[]);
        let (id, _) = script.http();
        script.silence(id, code);
        let slept = matches!(script.run.next(), Some((_, Effect::Sleep { .. })));
        assert_eq!(slept, again, "{code}");
    }
}

#[test]
fn a_service_may_ask_for_a_longer_wait() {
    let bundle = one_request(&format!(r#""http_method": "GET", {FIXED}"#), "");
    for (asked, wait) in [("7200", None), ("90", Some(90_000)), ("1", Some(5_000))] {
        let mut script = Script::new(&bundle, &[]);
        let (id, _) = script.http();
        script.apply(id, answered(429, &[("Retry-After", asked)], "{}"));
        if let Some(wait) = wait {
            assert_eq!(script.sleeping().1, script.now + wait, "{asked}");
        } else {
            let outcome = script.finished();
            assert_eq!(error_of(&outcome).code, "retry_too_late");
        }
    }
}

#[test]
fn a_key_is_the_same_with_every_try_and_another_with_every_passage() {
    let bundle = one_request(
        &format!(r#""http_method": "POST", "idempotency_key": true, {FIXED}"#),
        "",
    );
    let key = |call: &HttpCall| call.request.header("Idempotency-Key").map(str::to_owned);
    let mut script = Script::new(&bundle, &[]);
    let (id, first) = script.http();
    script.answer(id, 503, "{}");
    let (id, until) = script.sleeping();
    script.wake(id, until);
    let (_, second) = script.http();
    assert_eq!(key(&first).as_deref(), Some(first.key.as_str()));
    assert_eq!(key(&second), key(&first));
}

#[test]
fn a_crash_leaves_a_wait_as_it_is() {
    let bundle = one_request(&format!(r#""http_method": "GET", {FIXED}"#), "");
    let mut script = Script::new(&bundle, &[]);
    let (id, _) = script.http();
    script.answer(id, 503, "{}");
    let sleeping = script.sleeping();
    let mut script = Script {
        run: script.replayed(),
        journal: script.journal.clone(),
        now: script.now + 1,
    };
    assert!(script.run.resume(script.now).is_empty());
    assert_eq!(script.sleeping(), sleeping);
    script.wake(sleeping.0, sleeping.1);
    let (id, _) = script.http();
    script.answer(id, 200, "{}");
    assert_eq!(script.finished(), Outcome::Succeeded);
}

#[test]
fn a_run_that_waits_can_be_cancelled() {
    let bundle = before_an_end(
        r#"{ "id": "one", "name": "Nap", "type": "sleep", "for_ms": 60000, "next": { "finished": "good" } }"#,
    );
    let mut script = Script::new(&bundle, &[]);
    let (id, _) = script.sleeping();
    script.apply(id, Event::Begun);
    script.run.cancel(script.now).unwrap();
    assert_eq!(script.finished(), Outcome::Cancelled);
    assert_eq!(script.run.wakes_at(), None);
}

#[test]
fn a_sleep_lasts_as_long_as_it_says() {
    for (step, until) in [
        (r#""for_ms": 60000"#, Some(START + MINUTE)),
        (r#""for_ms": 0"#, None),
        (r#""until": "2023-11-14T22:20:00Z""#, Some(START + 400_000)),
        (
            r#""until": "2023-11-14T23:20:00+01:00""#,
            Some(START + 400_000),
        ),
        (r#""until": "2001-01-01T00:00:00Z""#, None),
        // Without a zone it is UTC, as Halo writes it.
        (r#""until": "2023-11-14T22:20:00""#, Some(START + 400_000)),
        (r#""until": "2023-11-15""#, Some(1_700_006_400_000)),
    ] {
        let bundle = before_an_end(&format!(
            r#"{{ "id": "one", "name": "Nap", "type": "sleep", {step}, "next": {{ "finished": "good" }} }}"#
        ));
        let mut script = Script::new(&bundle, &[]);
        if let Some(until) = until {
            let (id, sleeps) = script.sleeping();
            assert_eq!(sleeps, until, "{step}");
            assert_eq!(script.run.status(), RunStatus::Queued);
            script.apply(id, Event::Begun);
            assert_eq!(script.run.status(), RunStatus::Waiting);
            script.wake(id, until);
        }
        assert_eq!(script.finished(), Outcome::Succeeded, "{step}");
    }
}

#[test]
fn a_time_that_is_none_fails_with_its_text() {
    for (until, code) in [
        ("<<When>>", "not_a_date_time"),
        ("<<Nothing>>", "undefined"),
        ("2999-01-01T00:00:00Z", "sleep_too_long"),
    ] {
        let bundle = before_an_end(&format!(
            r#"{{ "id": "one", "name": "Nap", "type": "sleep", "until": "{until}", "next": {{ "finished": "good" }} }}"#
        ));
        let mut script = Script::new(&bundle, &[("When", "\"tomorrow\"")]);
        let outcome = script.finished();
        let error = error_of(&outcome);
        assert!(
            error.code == code || code == "undefined",
            "{until}: {error:?}"
        );
        assert_eq!(error.at.step.as_ref().unwrap().as_str(), "one");
    }
}

#[test]
fn variables_are_set_row_by_row() {
    let bundle = before_an_end(
        r#"{ "id": "one", "name": "Set", "type": "set", "next": { "done": "good" }, "variables": [
            { "name": "Copy", "value": "<<In>>" },
            { "name": "Text", "value": "No. <<In^n>>" },
            { "name": "Mapped", "value": "<<In^p>>", "mappings": [{ "from": "1", "to": "High" }, { "from": "2", "to": "Low" }] },
            { "name": "List", "value": "<<Text>>", "add_to_array": true },
            { "name": "List", "value": "<<Copy^n>>", "add_to_array": true }] }"#,
    );
    let script = Script::new(&bundle, &[("In", r#"{"n": 7.50, "p": 2}"#)]);
    for (name, expected) in [
        ("Copy", r#"{"n": 7.50, "p": 2}"#),
        ("Text", r#""No. 7.50""#),
        ("Mapped", r#""Low""#),
        ("List", r#"["No. 7.50",7.50]"#),
    ] {
        assert_eq!(script.value(name).as_deref(), Some(expected), "{name}");
    }
    let visit = &script.run.view(&[]).visits[0];
    assert_eq!(visit.variables.len(), 5);
}

#[test]
fn a_variable_that_cannot_be_set_ends_the_run_and_is_named() {
    let bundle = before_an_end(
        r#"{ "id": "one", "name": "Set", "type": "set", "next": { "done": "good" }, "variables": [
            { "name": "Copy", "value": "<<In^missing>>" }] }"#,
    );
    let mut script = Script::new(&bundle, &[("In", "{}")]);
    let outcome = script.finished();
    let error = error_of(&outcome);
    assert!(error.message.contains("`Copy`"), "{error:?}");
    assert_eq!(error.at.field.as_deref(), Some("variables[0].value"));
}

#[test]
fn a_failed_run_starts_again_three_times() {
    let methods = r#"[{ "id": "a", "name": "A", "http_method": "POST", "path": "/a",
        "outputs": [{ "name": "Out", "value": "response^v", "default": 0 }] }]"#;
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "a", "next": { "success": "ask", "failure": "bad" } },
        { "id": "ask", "name": "Ask", "type": "condition", "when": { "all": [{ "left": "<<Out>>", "op": "equals", "right": "1" }] }, "next": { "met": "good", "not_met": "bad" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" },
        { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed_retry" }]"#;
    let bundle = bundle(methods, "[]", steps);
    let mut script = Script::new(&bundle, &[]);
    for wait in [10_000, MINUTE, 5 * MINUTE] {
        let (id, _) = script.http();
        script.answer(id, 200, r#"{"v": 2}"#);
        let (id, until) = script.sleeping();
        assert_eq!(until, script.now + wait);
        assert_eq!(script.run.status(), RunStatus::Waiting);
        script.wake(id, until);
        assert_eq!(
            script.value("Out"),
            None,
            "it begins with what it began with"
        );
    }
    let mut good = script.run.clone();
    let (id, _) = good.next().unwrap();
    good.apply(id, answered(200, &[], r#"{"v": 1}"#), script.now)
        .unwrap();
    assert_eq!(good.outcome(), Some(&Outcome::Succeeded));
    assert_eq!(
        good.outputs(),
        Some(RawJson::parse(r#"{"Out":1}"#).unwrap())
    );

    let (id, _) = script.http();
    script.answer(id, 500, "{}");
    let outcome = script.finished();
    assert!(error_of(&outcome).message.contains("500"));
    assert_eq!(script.run.view(&[]).visits.len(), 11);
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn each_try_is_shown_with_its_own_answer() {
    let mut script = Script::new(
        &one_request(&format!(r#""http_method": "GET", {FIXED}"#), ""),
        &[],
    );
    let (first, _) = script.http();
    script.answer(first, 503, r#"{"try": 1}"#);
    let (id, until) = script.sleeping();
    script.wake(id, until);
    let last = script.run.view(&[]).visits[0].attempts.pop().unwrap();
    assert_eq!((last.sent_at, last.ended_at), (script.now, None));
    script.step(200, r#"{"try": 2}"#);
    let attempts = &script.run.view(&[]).visits[0].attempts;
    let told: Vec<_> = attempts
        .iter()
        .map(|attempt| {
            attempt
                .response
                .as_ref()
                .map(|response| response.body.as_str())
        })
        .collect();
    assert_eq!(told, [Some(r#"{"try": 1}"#), Some(r#"{"try": 2}"#)]);
    assert_eq!(attempts[0].ended_at, Some(attempts[0].sent_at + 9));
}
