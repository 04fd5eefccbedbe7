//! What nobody reads of a run.

use super::*;

#[test]
fn what_is_secret_is_neither_answered_nor_shown() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "POST", "path": "/login",
          "outputs": [{ "name": "Out", "value": "response^token!", "secret": true }, { "name": "Note", "value": "response^note" }] },
        { "id": "n", "name": "N", "http_method": "POST", "path": "/use",
          "headers": [{ "name": "X-Token", "value": "<<Out>>" }] }]"#;
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "m", "next": { "success": "two", "failure": "bad" } },
        { "id": "two", "name": "B", "type": "method", "method": "n", "next": { "success": "good", "failure": "bad" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" },
        { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }]"#;
    let mut script = Script::new(&bundle(methods, "[]", steps), &[]);
    script.step(
        200,
        r#"{"token": "tok/en-4711", "note": "use tok/en-4711 with sk-secret-token"}"#,
    );
    let used = script.step(200, r#"{"echo": "tok/en-4711"}"#);
    assert_eq!(used.request.header("x-token"), Some("tok/en-4711"));
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(script.run.outputs().unwrap().as_str(), "{}");
    let view = script.run.view(&["sk-secret-token".to_owned()]);
    let shown = serde_json::to_string(&view).unwrap();
    for secret in ["4711", "sk-secret"] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
    assert_eq!(
        view.visits[0].variables[1].value,
        "\"use •••••• with ••••••\""
    );
    assert!(!format!("{:?}", script.run.view(&[])).contains("4711"));
}

#[test]
fn the_parts_of_a_secret_are_secret() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "POST", "path": "/login",
          "outputs": [{ "name": "Login", "value": "response^login", "secret": true },
            { "name": "Tokens", "value": "response^token", "secret": true, "add_to_array": true }] },
        { "id": "n", "name": "N", "http_method": "POST", "path": "/use", "query": [{ "name": "key", "value": "<<Login^key>>" }],
          "headers": [{ "name": "X-Token", "value": "<<Tokens[0]>>" }] }]"#;
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "m", "next": { "success": "two", "failure": "good" } },
        { "id": "two", "name": "B", "type": "method", "method": "n", "next": { "success": "good", "failure": "good" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" }]"#;
    let mut script = Script::new(&bundle(methods, "[]", steps), &[]);
    script.step(
        200,
        r#"{"login": {"key": "key/4711", "pin": 47114711, "user": "ann"}, "token": "tok-4711"}"#,
    );
    let used = script.step(
        200,
        r#"{"echo": ["key/4711", 47114711, "tok-4711", "ann"]}"#,
    );
    assert_eq!(used.request.header("x-token"), Some("tok-4711"));
    let view = script.run.view(&[]);
    let shown = serde_json::to_string(&view).unwrap();
    assert!(!shown.contains("4711"), "{shown}");
    assert!(shown.contains("ann"), "too short to be masked: {shown}");
}

#[test]
fn more_secrets_than_can_be_looked_for_hide_all_texts() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "POST", "path": "/login",
          "outputs": [{ "name": "Out", "value": "response^all", "secret": true }] }]"#;
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "m", "next": { "success": "good", "failure": "good" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" }]"#;
    let mut script = Script::new(&bundle(methods, "[]", steps), &[]);
    let all: Vec<u32> = (100_000..102_000).collect();
    script.step(200, &format!(r#"{{"all": {all:?}, "other": "text"}}"#));
    let view = script.run.view(&[]);
    let response = view.visits[0].attempts[0].response.as_ref().unwrap();
    assert_eq!(response.body, "••••••");
    assert_eq!(view.visits[0].name, "A");
}

#[test]
fn what_is_made_of_a_secret_is_secret() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "GET", "path": "/a",
          "outputs": [{ "name": "Keys", "value": "response^keys", "secret": true }, { "name": "Id", "value": "response^id" }] }]"#;
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "m", "next": { "success": "each", "failure": "bad" } },
        { "id": "each", "name": "Each", "type": "for_each", "over": "<<Keys>>", "next": { "element": "set", "finished": "good", "empty": "good" } },
        { "id": "set", "name": "Set", "type": "set", "next": { "done": "each" }, "variables": [
            { "name": "Copy", "value": "key <<response>>" },
            { "name": "Out", "value": "<<Copy>>" },
            { "name": "All", "value": "<<Id>>", "add_to_array": true },
            { "name": "All", "value": "<<Copy>>", "add_to_array": true },
            { "name": "Plain", "value": "<<Id>>" }] },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" },
        { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }]"#;
    let mut script = Script::new(&bundle(methods, "[]", steps), &[]);
    script.step(
        200,
        r#"{"keys": ["first-secret", "other-secret"], "id": 5}"#,
    );
    assert_eq!(script.finished(), Outcome::Succeeded);
    assert_eq!(script.run.outputs().unwrap().as_str(), "{}");
    let view = serde_json::to_string(&script.run.view(&[])).unwrap();
    assert!(!view.contains("-secret"), "{view}");
    assert!(view.contains(r#"{"name":"Plain","value":"5"}"#), "{view}");
}

/// Short values are not looked for in texts, so that it is the variable as a whole that must be hidden.
#[test]
fn an_array_with_a_secret_in_it_stays_secret() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "GET", "path": "/a",
          "outputs": [{ "name": "Pin", "value": "response^pin", "secret": true }] }]"#;
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "m", "next": { "success": "set", "failure": "bad" } },
        { "id": "set", "name": "Set", "type": "set", "next": { "done": "again" }, "variables": [
            { "name": "All", "value": "<<Pin>>", "add_to_array": true },
            { "name": "All", "value": "first", "add_to_array": true }] },
        { "id": "again", "name": "Again", "type": "set", "next": { "done": "good" }, "variables": [
            { "name": "All", "value": "second", "add_to_array": true }] },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" },
        { "id": "bad", "name": "Bad", "type": "end", "outcome": "failed" }]"#;
    let mut script = Script::new(&bundle(methods, "[]", steps), &[]);
    script.step(200, r#"{"pin": "q7z"}"#);
    assert_eq!(script.finished(), Outcome::Succeeded);
    let visits = script.run.view(&[]).visits;
    for set in visits.iter().skip(1).flat_map(|visit| &visit.variables) {
        assert!(!set.value.contains("q7z"), "{set:?}");
    }
    assert_eq!(visits[1].variables.len() + visits[2].variables.len(), 3);
}

#[test]
fn a_run_is_found_by_what_may_be_read_of_it() {
    let methods = r#"[{ "id": "m", "name": "M", "http_method": "POST", "path": "/login",
          "outputs": [{ "name": "Out", "value": "response^token!", "secret": true }, { "name": "Note", "value": "response^note" }] }]"#;
    let inputs = r#"[{ "name": "City", "type": "string" }, { "name": "Long", "type": "string" }]"#;
    let steps = r#"[
        { "id": "one", "name": "A", "type": "method", "method": "m", "next": { "success": "two", "failure": "good" } },
        { "id": "two", "name": "B", "type": "method", "method": "m", "next": { "success": "good", "failure": "good" } },
        { "id": "good", "name": "Good", "type": "end", "outcome": "success" }]"#;
    let long = format!("\"{}tail\"", "x".repeat(5_000));
    let of = [("City", "\"BERN, Zytglogge\""), ("Long", long.as_str())];
    let bundle = bundle(methods, inputs, steps);
    let mut script = Script::new(&bundle, &of);
    // What executes a run keeps no more detail than that.
    let mut lean = Run::new(
        plan_of(&bundle),
        trigger(&of),
        context(),
        Detail::Lean,
        START,
    );
    script.step(200, r#"{"token": "tok/en-4711", "note": "first"}"#);
    // The note speaks of a secret that its variable does not hold any more.
    script.step(
        200,
        r#"{"token": "other-0815", "note": "Use tok/en-4711 with sk-secret-token"}"#,
    );
    for entry in &script.journal {
        lean.apply(entry.effect, entry.event.clone(), entry.at)
            .unwrap();
    }
    let secrets = ["sk-secret-token".to_owned()];
    let text = lean.searched(&secrets);
    assert_eq!(text, script.run.searched(&secrets));
    assert!(
        text.starts_with("city: bern, zytglogge\nlong: xxx"),
        "{text}"
    );
    assert!(text.contains("note: use •••••• with ••••••\n"), "{text}");
    for absent in [
        "4711",
        "0815",
        "sk-secret",
        "out:",
        "tail",
        "halo_url",
        "first",
    ] {
        assert!(!text.contains(absent), "{absent} is in {text}");
    }
    assert!(text.len() < 4_096);
}

#[test]
fn a_secret_at_the_end_of_what_is_searched_is_not_cut_in_half() {
    let steps = r#"[{ "id": "one", "name": "Good", "type": "end", "outcome": "success" }]"#;
    let inputs = r#"[{ "name": "A", "type": "string" }]"#;
    let secret = "secret-".repeat(20);
    for before in 860..1_030 {
        let value = format!("\"{}{secret}\"", "é".repeat(before / 2));
        let run = Script::new(&bundle("[]", inputs, steps), &[("A", &value)]).run;
        let text = run.searched(std::slice::from_ref(&secret));
        assert!(!text.contains("secret"), "{before}: {text}");
        assert!(text.len() <= 1_025);
    }
}
