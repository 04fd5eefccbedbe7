//! Elements that have their turns side by side.

use super::*;

const METHOD: &str = r#"[{ "id": "m", "name": "M", "http_method": "PUT", "path": "/<<response>>",
      "outputs": [{ "name": "Out", "value": "response^id", "add_to_array": true }, { "name": "Last", "value": "response^id" }] },
    { "id": "post", "name": "P", "http_method": "POST", "path": "/<<response>>" }]"#;

const ENDS: &str = r#"{ "id": "good", "name": "Good", "type": "end", "outcome": "success" },
    { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" },
    { "id": "again", "name": "Again", "type": "end", "outcome": "failed_retry" }"#;

fn each(at_once: u32, body: &str) -> Bundle {
    let steps = format!(
        r#"[{{ "id": "one", "name": "Each", "type": "for_each", "over": "<<List>>", "at_once": {at_once},
            "next": {{ "element": "send", "finished": "good", "empty": "bad" }} }}, {body}, {ENDS}]"#
    );
    bundle(METHOD, "[]", &steps)
}

const SEND: &str = r#"{ "id": "send", "name": "Send", "type": "method", "method": "m", "next": { "success": "one", "failure": "bad" } }"#;

impl Script {
    /// The requests that go out now, by their paths.
    fn sent(&mut self) -> Vec<(EffectId, String)> {
        let mut sent = Vec::new();
        while let Some((id, effect)) = self.run.next() {
            match effect {
                Effect::Http(call) => sent.push((id, call.request.url().path().to_owned())),
                other => panic!("no request, but {other:?}"),
            }
        }
        sent
    }

    fn variable(&self, name: &str) -> Option<&str> {
        Some(self.run.variables().get(name)?.json())
    }
}

fn paths(sent: &[(EffectId, String)]) -> Vec<&str> {
    sent.iter().map(|(_, path)| path.as_str()).collect()
}

#[test]
fn so_many_have_their_turn_and_what_they_add_stands_in_their_order() {
    let mut script = Script::new(
        &each(2, SEND),
        &[("List", "[1, 2, 3, 4]"), ("Out", "[ 0 ]")],
    );
    let first = script.sent();
    assert_eq!(paths(&first), ["/v1/1", "/v1/2"]);
    script.answer(first[1].0, 200, r#"{"id": "b"}"#);
    let third = script.sent();
    assert_eq!(
        paths(&third),
        ["/v1/3"],
        "the next one begins when one ends"
    );
    script.answer(third[0].0, 200, r#"{"id": "c"}"#);
    let fourth = script.sent();
    assert_eq!(paths(&fourth), ["/v1/4"]);
    assert_eq!(
        script.variable("Out"),
        Some("[ 0 ]"),
        "nothing is merged before the first"
    );
    script.answer(first[0].0, 200, r#"{"id": "a"}"#);
    assert_eq!(script.variable("Out"), Some(r#"[0,"a","b","c"]"#));
    assert!(script.sent().is_empty());
    script.answer(fourth[0].0, 200, r#"{"id": "d"}"#);
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(script.variable("Out"), Some(r#"[0,"a","b","c","d"]"#));
    assert_eq!(script.variable("Last"), Some(r#""d""#));
    assert_eq!(script.variable("response"), Some(r#"{"id": "d"}"#));
    let view = script.run.view(&[]);
    let told: Vec<(&str, &[u32], &str)> = view
        .visits
        .iter()
        .map(|visit| {
            let words = visit.explanation.as_deref().unwrap_or_default();
            (visit.step.as_str(), visit.elements.as_slice(), words)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("one", [1].as_slice(), "element 1 of 4"),
            ("one", &[2], "element 2 of 4"),
            ("send", &[1], ""),
            ("send", &[2], ""),
            ("one", &[3], "element 3 of 4"),
            ("send", &[3], ""),
            ("one", &[4], "element 4 of 4"),
            ("send", &[4], ""),
            ("one", &[], "went through 4 elements, 2 at a time"),
            ("good", &[], ""),
        ]
    );
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn a_turn_knows_what_was_known_before_and_nothing_of_the_others() {
    let body = r#"{ "id": "send", "name": "Set", "type": "set", "next": { "done": "one" }, "variables": [
        { "name": "Seen", "value": "<<Last ?? 0>>", "add_to_array": true }, { "name": "Last", "value": "<<response>>" }] }"#;
    for (at_once, seen) in [(1, "[9,1,2]"), (2, "[9,9,9]"), (32, "[9,9,9]")] {
        let mut script = Script::new(
            &each(at_once, body),
            &[("List", "[1, 2, 3]"), ("Last", "9")],
        );
        assert_eq!(script.finished(), Outcome::Succeeded);
        assert_eq!(script.variable("Seen"), Some(seen), "{at_once}");
        assert_eq!(script.variable("Last"), Some("3"), "{at_once}");
    }
}

#[test]
fn whoever_fails_or_ends_ends_the_run_for_all() {
    let to = |failure: &str| {
        let send = SEND.replace(r#""failure": "bad""#, &format!(r#""failure": "{failure}""#));
        each(3, &send)
    };
    let list = [("List", "[1, 2, 3]")];
    let mut script = Script::new(&to("bad"), &list);
    let sent = script.sent();
    script.answer(sent[1].0, 404, "{}");
    let outcome = script.finished();
    assert_eq!(error_of(&outcome).code, "unsuccessful");
    assert!(sent.iter().all(|(id, _)| !script.run.waits_for(*id)));
    let visits = script.run.view(&[]).visits;
    let states: Vec<VisitState> = visits.iter().map(|visit| visit.state).collect();
    assert_eq!(
        states,
        [
            VisitState::Succeeded,
            VisitState::Succeeded,
            VisitState::Succeeded,
            VisitState::Failed,
            VisitState::Failed,
            VisitState::Failed,
            VisitState::Succeeded
        ]
    );
    let code = |visit: &StepVisit| visit.error.as_ref().map(|error| error.code.clone());
    assert_eq!(code(&visits[3]).as_deref(), Some("cancelled"));
    // What others had sent is shown, too.
    let tries: Vec<usize> = visits.iter().map(|visit| visit.attempts.len()).collect();
    assert_eq!(tries, [0, 0, 0, 1, 1, 1, 0]);
    assert_eq!(script.replayed(), script.run);

    // An end within a turn ends the run, with what that turn knows.
    let mut script = Script::new(&to("good"), &list);
    let sent = script.sent();
    script.answer(sent[0].0, 200, r#"{"id": 1}"#);
    script.answer(sent[2].0, 404, r#""nobody""#);
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(script.variable("response"), Some(r#""nobody""#));
    assert_eq!(script.variable("Out"), None);
    assert_eq!(script.replayed(), script.run);

    let mut script = Script::new(&to("again"), &list);
    let sent = script.sent();
    script.answer(sent[1].0, 500, "{}");
    assert!(!script.run.waits_for(sent[0].0));
    let Some((id, Effect::Sleep { .. })) = script.run.next() else {
        panic!("it waits before it starts again");
    };
    script.apply(id, Event::Woken);
    assert_eq!(script.sent().len(), 3, "all turns begin again");
    assert_eq!(script.replayed(), script.run);
}

#[test]
fn a_turn_ends_at_a_loop_that_stands_around_its_own() {
    for (outer, inner) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
        let steps = format!(
            r#"[
            {{ "id": "one", "name": "Rows", "type": "for_each", "over": "<<Rows>>", "at_once": {outer}, "next": {{ "element": "two", "finished": "good", "empty": "good" }} }},
            {{ "id": "two", "name": "Cells", "type": "for_each", "over": "<<response>>", "at_once": {inner}, "next": {{ "element": "set", "finished": "one", "empty": "one" }} }},
            {{ "id": "set", "name": "Set", "type": "set", "variables": [{{ "name": "Out", "value": "<<response>>", "add_to_array": true }}], "next": {{ "done": "if" }} }},
            {{ "id": "if", "name": "If", "type": "condition", "when": {{ "all": [{{ "left": "<<response>>", "op": "greater", "right": "1" }}] }}, "next": {{ "met": "one", "not_met": "two" }} }},
            {{ "id": "good", "name": "Good", "type": "end", "outcome": "success" }}]"#
        );
        let bundle = bundle("[]", "[]", &steps);
        let mut script = Script::new(&bundle, &[("Rows", "[[1, 2, 3], [], [1, 1], [3, 1]]")]);
        assert_eq!(script.finished(), Outcome::Succeeded);
        // One after the other, leaving the inner loop leaves out the rest of its elements, and no more:
        // the next row begins anew. Side by side, all of them have begun.
        let out = if inner == 1 {
            "[1,2,1,1,3]"
        } else {
            "[1,2,3,1,1,3,1]"
        };
        assert_eq!(script.variable("Out"), Some(out), "{outer} {inner}");
    }
}

#[test]
fn a_crash_resumes_each_turn() {
    let body = r#"{ "id": "send", "name": "If", "type": "condition", "when": { "all": [{ "left": "<<response>>", "op": "equals", "right": "2" }] }, "next": { "met": "post", "not_met": "nap" } },
        { "id": "nap", "name": "Nap", "type": "condition", "when": { "all": [{ "left": "<<response>>", "op": "equals", "right": "3" }] }, "next": { "met": "sleep", "not_met": "put" } },
        { "id": "sleep", "name": "Sleep", "type": "sleep", "for_ms": 60000, "next": { "finished": "put" } },
        { "id": "put", "name": "Put", "type": "method", "method": "m", "next": { "success": "one", "failure": "one" } },
        { "id": "post", "name": "Post", "type": "method", "method": "post", "next": { "success": "one", "failure": "one" } }"#;
    let mut script = Script::new(&each(3, body), &[("List", "[1, 2, 3, 4]")]);
    let mut begun = Vec::new();
    while let Some((id, effect)) = script.run.next() {
        begun.push((id, matches!(effect, Effect::Sleep { .. })));
    }
    assert_eq!(begun.len(), 3);
    assert_eq!(script.run.wakes_at(), None, "others are under way");
    script.apply(begun[0].0, Event::Begun);
    let mut script = Script {
        run: script.replayed(),
        journal: script.journal.clone(),
        now: script.now,
    };
    let resumed = script.run.resume(script.now);
    let events: Vec<&Event> = resumed.iter().map(|entry| &entry.event).collect();
    assert_eq!(events, [&Event::Repeated, &Event::Interrupted]);
    script.journal.extend(resumed);
    assert_eq!(script.replayed(), script.run);
    let mut sleeping = None;
    while let Some((id, effect)) = script.run.next() {
        match effect {
            Effect::Sleep { .. } => sleeping = Some(id),
            // The first element's, once more, and the fourth's, which began when the second's ended.
            _ => script.answer(id, 200, r#"{"id": 1}"#),
        }
    }
    assert_eq!(script.run.wakes_at(), Some(START + 60_000));
    assert_eq!(script.run.status(), RunStatus::Waiting);
    script.apply(sleeping.unwrap(), Event::Woken);
    script.step(200, r#"{"id": 3}"#);
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(script.variable("Out"), Some("[1,3,1]"));
}

#[test]
fn all_turns_together_pass_through_so_many_steps_and_hold_so_much() {
    let list = format!("[{}]", vec!["1"; 40].join(","));
    let mut bundle = each(32, SEND);
    bundle.runbooks[0].max_steps = Some(50);
    let mut script = Script::new(&bundle, &[("List", &list)]);
    assert_eq!(error_of(&script.finished()).code, "too_many_steps");
    assert!(script.run.view(&[]).visits.len() <= 50);

    let part = format!(
        r#"{{"id": "{}"}}"#,
        "x".repeat(limits::MAX_VARIABLE_BYTES / 10)
    );
    let mut script = Script::new(&each(32, SEND), &[("List", &list)]);
    let sent = script.sent();
    let mut answered = 0;
    for (id, _) in sent {
        if script.run.outcome().is_none() {
            script.answer(id, 200, &part);
            answered += 1;
        }
    }
    assert!((3..12).contains(&answered), "{answered}");
    assert_eq!(error_of(&script.finished()).code, "variables_too_large");
}

#[test]
fn what_all_turns_know_counts_once() {
    let steps = format!(
        r#"[{{ "id": "one", "name": "Copy", "type": "set", "variables": [{{ "name": "Copy", "value": "<<Big>>" }}], "next": {{ "done": "each" }} }},
        {{ "id": "each", "name": "Each", "type": "for_each", "over": "<<List>>", "at_once": 2, "next": {{ "element": "inner", "finished": "good", "empty": "bad" }} }},
        {{ "id": "inner", "name": "Inner", "type": "for_each", "over": "<<List>>", "at_once": 2, "next": {{ "element": "set", "finished": "each", "empty": "bad" }} }},
        {{ "id": "set", "name": "Set", "type": "set", "variables": [{{ "name": "Out", "value": "<<response>>", "add_to_array": true }}], "next": {{ "done": "inner" }} }}, {ENDS}]"#
    );
    let big = format!("\"{}\"", "x".repeat(limits::MAX_VARIABLE_BYTES / 5 * 2));
    let inputs = [("List", "[1, 2, 3]"), ("Big", big.as_str())];
    let mut script = Script::new(&bundle("[]", "[]", &steps), &inputs);
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(script.variable("Out"), Some("[1,2,3,1,2,3,1,2,3]"));
}

#[test]
fn what_cannot_be_merged_fails_the_run() {
    let body = r#"{ "id": "send", "name": "If", "type": "condition", "when": { "all": [{ "left": "<<response>>", "op": "equals", "right": "1" }] }, "next": { "met": "set", "not_met": "add" } },
        { "id": "set", "name": "Set", "type": "set", "variables": [{ "name": "X", "value": "text" }], "next": { "done": "one" } },
        { "id": "add", "name": "Add", "type": "set", "variables": [{ "name": "X", "value": "1", "add_to_array": true }], "next": { "done": "one" } }"#;
    for at_once in [1, 2] {
        let mut script = Script::new(&each(at_once, body), &[("List", "[1, 2]")]);
        let outcome = script.finished();
        assert_eq!(error_of(&outcome).code, "not_an_array", "{at_once}");
        assert!(error_of(&outcome).at.step.is_some());
    }
    let mut script = Script::new(&each(2, body), &[("List", "[2, 3, 1]")]);
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(
        script.variable("X"),
        Some(r#""text""#),
        "the last one counts"
    );
}

#[test]
fn publishing_says_how_many_can_have_their_turn() {
    for (at_once, is_good) in [(0, false), (1, true), (32, true), (33, false)] {
        let bundle = each(at_once, SEND);
        let document = PlanDocument::gather(&bundle.runbooks[0], &bundle.integrations, None);
        let problems = plan::check(&document);
        let told = problems
            .iter()
            .any(|problem| problem.detail.code == "at_once");
        assert_eq!(told, !is_good, "{at_once}: {problems:?}");
    }
}
