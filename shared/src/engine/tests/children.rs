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
        waits,
    } = call
    else {
        panic!("it starts nothing");
    };
    assert_eq!((runbook.as_str(), depth, waits), ("other", 1, false));
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
    assert!(matches!(call, ChildCall::Start { waits: true, .. }));
    for pause in [1_000, 2_000, 4_000] {
        script.apply(id, child(RunStatus::Running, None, None));
        let Some((sleep, Effect::Sleep { until })) = script.run.next() else {
            panic!("it does not wait");
        };
        assert_eq!(until, script.now + pause);
        assert_eq!(script.run.status(), RunStatus::Waiting);
        script.now = until;
        script.apply(sleep, Event::Woken);
        let (next, call) = script.calls();
        assert_eq!(
            call,
            ChildCall::Await {
                run_id: other_run()
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
    for (wait, event, words) in [
        (
            true,
            child(RunStatus::Failed, None, Some(late.clone())),
            "it was late",
        ),
        (true, child(RunStatus::Cancelled, None, None), "cancelled"),
        (
            true,
            Event::NoAnswer {
                attempts: Vec::new(),
                error: ErrorDetail::new("switched_off", "it is switched off"),
            },
            "switched off",
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
