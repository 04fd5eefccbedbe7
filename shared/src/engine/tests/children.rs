//! Runs that start other runbooks.

use super::*;
use crate::problem::ErrorDetail;

fn parent(wait: bool) -> Bundle {
    let ways = if wait {
        r#", "next": { "success": "good", "failure": "bad" }"#
    } else {
        ""
    };
    let steps = format!(
        r#"[
        {{ "id": "one", "name": "Hand over", "type": "start_runbook", "runbook": "other", "wait": {wait},
           "variables": [{{ "name": "City", "value": "<<Place^city>>" }}, {{ "name": "Note", "value": "in <<Place^city!>>" }}] {ways} }},
        {{ "id": "good", "name": "Good", "type": "set", "variables": [{{ "name": "Out", "value": "<<response^Answer>>" }}], "next": {{ "done": "end" }} }},
        {{ "id": "end", "name": "End", "type": "end", "outcome": "success" }},
        {{ "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }}]"#
    );
    bundle("[]", "[]", &steps)
}

const PLACE: (&str, &str) = ("Place", r#"{"city": "Bern"}"#);

fn other_run() -> RunId {
    RunId::new(RunbookId::parse("other").unwrap(), 0, START, 9)
}

fn child(status: RunStatus, outputs: Option<&str>, error: Option<ErrorDetail>) -> Event {
    Event::Child(Box::new(Child {
        run_id: other_run(),
        status,
        outputs: outputs.map(str::to_owned),
        error,
    }))
}

impl Script {
    fn calls(&mut self) -> (EffectId, ChildCall) {
        match self.run.next() {
            Some((id, Effect::Child(call))) => (id, call),
            other => panic!("no call, but {other:?}"),
        }
    }
}

#[test]
fn a_run_ends_with_the_start_of_another_one() {
    let mut script = Script::new(&parent(false), &[PLACE]);
    let (id, call) = script.calls();
    let ChildCall::Start {
        runbook,
        variables,
        key,
        depth,
        wait_ms,
    } = call
    else {
        panic!("it starts nothing");
    };
    assert_eq!((runbook.as_str(), depth, wait_ms), ("other", 1, None));
    assert!(key.ends_with("/one/0"), "{key}");
    let shown: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(shown, [("City", r#""Bern""#), ("Note", r#""in Bern""#)]);
    script.apply(id, child(RunStatus::Queued, None, None));
    assert_eq!(script.finished(), Outcome::Succeeded);
    let visit = &script.run.view(&[]).visits[0];
    let words = visit.explanation.as_deref().unwrap();
    assert!(words.contains(&other_run().to_string()), "{words}");
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn the_end_of_another_run_is_waited_for_and_its_answer_taken() {
    let mut script = Script::new(&parent(true), &[PLACE]);
    let (mut id, call) = script.calls();
    assert!(matches!(
        call,
        ChildCall::Start {
            wait_ms: Some(1_000),
            ..
        }
    ));
    // The first look follows at once: the start was answered soon, so that the other run is known.
    for pause in [0, 1_000, 2_000, 4_000] {
        script.apply(id, child(RunStatus::Running, None, None));
        let Some((sleep, Effect::Sleep { until })) = script.run.next() else {
            panic!("it does not wait");
        };
        let visit = &script.run.view(&[]).visits[0];
        assert_eq!(visit.started_run, Some(other_run()));
        assert_eq!(until, script.now + pause);
        assert_eq!(script.run.status(), RunStatus::Waiting);
        script.now = until;
        script.apply(sleep, Event::Woken);
        let (next, call) = script.calls();
        assert_eq!(
            call,
            ChildCall::Await {
                run_id: other_run(),
                wait_ms: 25_000
            }
        );
        id = next;
    }
    script.apply(
        id,
        child(RunStatus::Succeeded, Some(r#"{"Answer": 7.50}"#), None),
    );
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(script.run.variables().get("Out").unwrap().json(), "7.50");
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn what_became_of_the_other_run_is_told() {
    let late = ErrorDetail::new("timeout", "it was late");
    let nested = "the runbook ended as failed at `Bad`; before that, `Go` failed: the runbook that this step started did not end well: it was late";
    let nested = ErrorDetail::new("runbook_failed", nested);
    for (wait, event, words) in [
        (
            true,
            child(RunStatus::Failed, None, Some(late.clone())),
            "it was late",
        ),
        // However many stand between, the reason is told once.
        (
            true,
            child(RunStatus::Failed, None, Some(nested)),
            "started did not end well: it was late",
        ),
        (true, child(RunStatus::Cancelled, None, None), "cancelled"),
        (
            true,
            Event::NoAnswer {
                attempts: Vec::new(),
                error: ErrorDetail::new("switched_off", "it is switched off"),
            },
            "the other runbook could not be started: it is switched off",
        ),
        (
            false,
            Event::NoAnswer {
                attempts: Vec::new(),
                error: ErrorDetail::new("switched_off", "it is switched off"),
            },
            "switched off",
        ),
    ] {
        let mut script = Script::new(&parent(wait), &[PLACE]);
        let (id, _) = script.calls();
        script.apply(id, event);
        let outcome = script.finished();
        let message = &error_of(&outcome).message;
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn runs_do_not_start_one_another_for_ever() {
    let bundle = parent(false);
    for (depth, goes_on) in [(9, true), (10, false)] {
        let started_by = StartedBy::Runbook {
            run_id: other_run(),
            name: "Other".to_owned(),
            depth,
        };
        let trigger = Trigger {
            started_by,
            ..trigger(&[PLACE])
        };
        let mut run = Run::new(plan_of(&bundle), trigger, context(), Detail::Lean, START);
        match run.next() {
            Some((_, Effect::Child(ChildCall::Start { depth: below, .. }))) => {
                assert!(goes_on);
                assert_eq!(below, depth + 1);
            }
            Some((_, Effect::Finished(outcome))) => {
                assert!(!goes_on);
                assert_eq!(error_of(&outcome).code, "too_deep");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_cannot_be_filled_is_named() {
    let mut script = Script::new(&parent(true), &[("Place", "{}")]);
    let outcome = script.finished();
    let error = error_of(&outcome);
    assert!(error.message.contains("`City`"), "{error:?}");
    assert_eq!(error.at.field.as_deref(), Some("variables[0].value"));
}

/// The parent, with output variables and a time limit of its step.
fn taking(more: &str) -> Bundle {
    let steps = format!(
        r#"[
        {{ "id": "one", "name": "Hand over", "type": "start_runbook", "runbook": "other", "wait": true, {more}
           "variables": [], "next": {{ "success": "good", "failure": "bad" }} }},
        {{ "id": "good", "name": "Good", "type": "set", "variables": [{{ "name": "Out", "value": "<<Got>>" }}], "next": {{ "done": "end" }} }},
        {{ "id": "end", "name": "End", "type": "end", "outcome": "success" }},
        {{ "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }}]"#
    );
    bundle("[]", "[]", &steps)
}

const GOT: &str = r#""outputs": [{ "name": "Got", "value": "response^Ans", "type": "integer" }],"#;

#[test]
fn output_variables_are_taken_from_its_answer() {
    for (answer, expected) in [
        (r#"{"Ans": 7}"#, Ok("7")),
        (r#"{"Ans": "x"}"#, Err("type_mismatch")),
        ("{}", Err("no_such_key")),
    ] {
        let mut script = Script::new(&taking(GOT), &[]);
        let (id, _) = script.calls();
        script.apply(id, child(RunStatus::Succeeded, Some(answer), None));
        let outcome = script.finished();
        match expected {
            Ok(value) => {
                assert_eq!(outcome, Outcome::Succeeded);
                assert_eq!(script.run.variables().get("Out").unwrap().json(), value);
            }
            Err(code) => assert_eq!(error_of(&outcome).code, code),
        }
        assert_eq!(script.replayed(), script.run);
    }
}

#[test]
fn what_publishing_says_of_its_outputs_is_what_the_run_does() {
    let codes = |bundle: &Bundle| -> Vec<String> {
        let document = PlanDocument::gather(&bundle.runbooks[0], &bundle.integrations, None);
        let problems = crate::engine::plan::check(&document);
        problems
            .into_iter()
            .map(|problem| problem.detail.code)
            .collect()
    };
    let desk = "desk_start_incomplete";
    let other = |codes: Vec<String>| -> Vec<String> {
        codes.into_iter().filter(|code| code != desk).collect()
    };
    assert!(other(codes(&taking(GOT))).is_empty());
    let header = r#""outputs": [{ "name": "Got", "value": "response@status" }],"#;
    assert_eq!(other(codes(&taking(header))), ["not_in_answer"]);
    // Nobody waits, so nothing comes back.
    let mut unset = parent(false);
    unset.runbooks[0].steps[0].outputs = taking(GOT).runbooks[0].steps[0].outputs.clone();
    assert!(codes(&unset).contains(&"outputs_never_set".to_owned()));
}

#[test]
fn its_end_is_waited_for_as_long_as_the_step_says() {
    let mut script = Script::new(&taking(r#""timeout_ms": 3000,"#), &[]);
    let (start, call) = script.calls();
    assert!(matches!(
        call,
        ChildCall::Start {
            wait_ms: Some(1_000),
            ..
        }
    ));
    script.now = START + 990;
    script.apply(start, child(RunStatus::Running, None, None));
    for wait_ms in [2_000, 0] {
        let Some((sleep, Effect::Sleep { until })) = script.run.next() else {
            panic!("it does not wait");
        };
        assert!(until <= START + 3_000);
        let visit = &script.run.view(&[]).visits[0];
        assert_eq!(visit.gives_up_at, Some(START + 3_000));
        script.now = until;
        script.apply(sleep, Event::Woken);
        let (look, call) = script.calls();
        let run_id = other_run();
        assert_eq!(call, ChildCall::Await { run_id, wait_ms });
        script.now = until.max(START + 2_490);
        script.apply(look, child(RunStatus::Running, None, None));
    }
    let outcome = script.finished();
    assert_eq!(error_of(&outcome).code, "timeout");
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn a_run_that_is_cancelled_names_the_one_that_it_waits_for() {
    let mut script = Script::new(&parent(true), &[PLACE]);
    let (id, _) = script.calls();
    // Its id is not known before it has been started.
    assert!(script.run.is_starting_another());
    assert!(script.run.runs_waited_for().is_empty());
    script.apply(id, child(RunStatus::Running, None, None));
    assert!(!script.run.is_starting_another());
    assert_eq!(script.run.runs_waited_for(), [other_run()]);
    let entry = script.run.cancel(script.now).unwrap();
    script.journal.push(entry);
    assert!(script.run.runs_waited_for().is_empty());
    let visit = &script.run.view(&[]).visits[0];
    assert_eq!(visit.started_run, Some(other_run()));
    let message = &visit.error.as_ref().unwrap().message;
    assert!(message.ends_with("was cancelled, too"), "{message}");
    assert_eq!(script.replayed(), script.run);
    // One that is handed over to is nobody's to cancel.
    let mut script = Script::new(&parent(false), &[PLACE]);
    let (id, _) = script.calls();
    script.apply(id, child(RunStatus::Queued, None, None));
    assert!(script.run.runs_waited_for().is_empty());
}
