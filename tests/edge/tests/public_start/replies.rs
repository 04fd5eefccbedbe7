//! Steps that answer the caller while the run goes on.

use edge_tests::{
    Answer, Call, Gate, Options, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends, with},
    console::{code, get, post, run, text, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::{bern, ended, open, start, waited_for};

const SHUT_IN: &str = "sandbox; default-src 'none'";

/// A runbook that asks the stub, answers with `respond`, and then tells the stub.
fn answering(respond: &Value, settings: &Value) -> Value {
    let step = json!({"type": "respond", "next": {"done": "step-2"}});
    let steps = [sends("ask"), with(&step, respond), sends("tell")];
    chain("rb", &with(&open(&json!({})), settings), &steps)
}

fn with_stub(stub: &Stub, runbook: Value) -> Server {
    let server = Server::start(&Options::default());
    let outputs = json!({"outputs": [{"name": "Sky", "value": "response^sky"}]});
    Bundle::new()
        .integration(
            "weather",
            &stub.url(""),
            &json!({"type": "none"}),
            [
                method("ask", "PUT", "/ask", &outputs),
                method("tell", "PUT", "/tell", &json!({})),
            ],
        )
        .runbook(runbook)
        .import(&server);
    server
}

fn created() -> Value {
    json!({
        "status": 201,
        "headers": [{"name": "Location", "value": "/skies/<<Sky>>"}, {"name": "X-City", "value": "<<City>> ü"}],
        "body": "{\"city\": \"<<City>>\", \"sky\": <<Sky>>}",
    })
}

fn grey() -> Reply {
    Reply::json(200, &json!({"sky": "grey"}))
}

fn fine() -> Reply {
    Reply::json(200, &json!({}))
}

fn call(server: &Server, key: &str) -> Call {
    start(server, "rb")
        .header("idempotency-key", key)
        .json(&bern())
}

fn is_created(answer: &Answer) {
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.text(), r#"{"city": "Bern", "sky": "grey"}"#);
}

/// The one run.
fn only(server: &Server) -> String {
    wait_for(|| {
        let list = get(server, "/console/runs");
        let runs = list["items"].as_array().unwrap();
        assert!(runs.len() < 2, "{list}");
        runs.first().map(|run| text(&run["run_id"]))
    })
}

#[test]
fn the_caller_is_answered_and_the_run_goes_on() {
    let stub = Stub::start();
    let server = with_stub(&stub, answering(&created(), &waited_for(&json!(["Sky"]))));
    stub.reply("PUT", "/ask", grey());
    let gate = Gate::new();
    stub.reply("PUT", "/tell", Reply::json(500, &json!({})).behind(&gate));
    let answer = call(&server, "k").send();
    is_created(&answer);
    for (name, value) in [
        ("content-type", "application/json"),
        ("location", "/skies/grey"),
        ("content-security-policy", SHUT_IN),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.headers["x-city"].as_bytes(), "Bern ü".as_bytes());
    let id = only(&server);
    stub.wait_for(1, "PUT", "/tell");
    assert_eq!(
        get(&server, &format!("/console/runs/{id}"))["status"],
        "running"
    );
    is_created(&call(&server, "k").send());
    gate.open();
    let ended = wait_for_end(&server, &id);
    assert_eq!(
        ended["status"], "failed",
        "what comes later is not the caller's concern"
    );
    is_created(&call(&server, "k").send());
    let visit = &ended["visits"][1];
    assert_eq!(visit["explanation"], "answered the caller with 201");
    assert_eq!(visit["reply"]["status"], 201);
    assert_eq!(visit["reply"]["body"], r#"{"city": "Bern", "sky": "grey"}"#);
    assert_eq!(stub.count("PUT", "/ask"), 1);
}

#[test]
fn a_crash_changes_no_answer() {
    let stub = Stub::start();
    let mut server = with_stub(&stub, answering(&created(), &waited_for(&json!(["Sky"]))));
    stub.reply("PUT", "/ask", grey());
    stub.reply("PUT", "/tell", fine().behind(&Gate::new()));
    let gate = Gate::new();
    stub.reply("PUT", "/tell", fine().behind(&gate));
    stub.reply("PUT", "/tell", fine());
    is_created(&call(&server, "k").send());
    stub.wait_for(1, "PUT", "/tell");
    // While it goes on, from what was written down.
    server.restart();
    is_created(&call(&server, "k").send());
    stub.wait_for(2, "PUT", "/tell");
    is_created(&call(&server, "k").send());
    gate.open();
    assert_eq!(wait_for_end(&server, &only(&server))["status"], "succeeded");
    server.restart();
    is_created(&call(&server, "k").send());
    assert_eq!(stub.count("PUT", "/ask"), 1);
    ended(&server, 1);
}

#[test]
fn who_asks_again_after_a_crash_gets_the_answer_that_comes_later() {
    let stub = Stub::start();
    let mut server = with_stub(&stub, answering(&created(), &waited_for(&json!(["Sky"]))));
    stub.reply("PUT", "/ask", grey().behind(&Gate::new()));
    let gate = Gate::new();
    stub.reply("PUT", "/ask", grey().behind(&gate));
    stub.reply("PUT", "/tell", fine());
    std::thread::scope(|scope| {
        let first = call(&server, "k");
        scope.spawn(move || assert!(first.try_send().is_err(), "its connection is cut"));
        stub.wait_for(1, "PUT", "/ask");
        server.kill();
    });
    server.restart();
    std::thread::scope(|scope| {
        let again = call(&server, "k");
        let again = scope.spawn(move || again.send());
        stub.wait_for(2, "PUT", "/ask");
        gate.open();
        is_created(&again.join().unwrap());
    });
    ended(&server, 1);
}

#[test]
fn who_waited_too_long_is_answered_when_asking_again() {
    let stub = Stub::start();
    let answer = json!({"answer": {"when": "finished", "within_ms": 50}});
    let server = with_stub(&stub, answering(&created(), &answer));
    let gate = Gate::new();
    stub.reply("PUT", "/ask", grey().behind(&gate));
    stub.reply("PUT", "/tell", fine());
    let told = call(&server, "k").send().expect(202).json();
    gate.open();
    let run = wait_for_end(&server, &text(&told["run_id"]));
    let words = text(&run["visits"][1]["explanation"]);
    assert!(words.contains("told already"), "{words}");
    is_created(&call(&server, "k").send());
}

#[test]
fn who_asks_how_it_went_is_told_what_the_step_has_answered() {
    let stub = Stub::start();
    let answer = json!({"answer": {"when": "finished", "within_ms": 50, "poll": true}});
    let server = with_stub(&stub, answering(&created(), &answer));
    let (asked, told) = (Gate::new(), Gate::new());
    stub.reply("PUT", "/ask", grey().behind(&asked));
    stub.reply("PUT", "/tell", fine().behind(&told));
    let id = text(&call(&server, "k").send().expect(202).json()["run_id"]);
    let poll = || server.get(&format!("/api/automation/rb/runs/{id}")).send();
    assert_eq!(poll().expect(202).json()["status"], "running");
    asked.open();
    stub.wait_for(1, "PUT", "/tell");
    // While it goes on, and when it has ended.
    is_created(&poll());
    told.open();
    wait_for_end(&server, &id);
    is_created(&poll());
    is_created(&call(&server, "k").send());
}

#[test]
fn nothing_of_an_answer_acts_on_the_console() {
    let stub = Stub::start();
    let page = json!({
        "status": 200,
        "headers": [{"name": "Content-Type", "value": "text/html; charset=utf-8"}],
        "body": "<script>alert(1)</script><p><<City>></p>",
    });
    let runbook = answering(&page, &waited_for(&json!([])));
    let server = with_stub(&stub, runbook.clone());
    stub.reply("PUT", "/ask", grey());
    stub.reply("PUT", "/tell", fine());
    let city = json!({"city": "<img src=x>"});
    let answer = start(&server, "rb").json(&city).send().expect(200);
    assert_eq!(
        answer.text(),
        "<script>alert(1)</script><p>&lt;img src=x&gt;</p>"
    );
    assert_eq!(answer.header("content-security-policy"), Some(SHUT_IN));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));

    for (name, expected) in [
        ("Set-Cookie", "header_not_allowed"),
        ("Content-Security-Policy", "header_not_allowed"),
        ("Clear-Site-Data", "header_not_allowed"),
        ("Transfer-Encoding", "header_reserved"),
        ("Connection", "header_reserved"),
    ] {
        let mut draft = runbook.clone();
        draft["steps"][1]["headers"] = json!([{"name": name, "value": "a"}]);
        let report = post(&server, "/console/runbooks/rb/check", &draft)
            .expect(200)
            .json();
        let problems = report["problems"].as_array().unwrap();
        let is_told =
            |problem: &Value| problem["code"] == expected && problem["severity"] == "error";
        assert!(problems.iter().any(is_told), "{report}");
    }
}

#[test]
fn an_answer_may_be_empty_and_goes_to_callers_only() {
    let stub = Stub::start();
    let server = with_stub(
        &stub,
        answering(&json!({"status": 204}), &waited_for(&json!(["Sky"]))),
    );
    stub.reply("PUT", "/ask", grey());
    stub.reply("PUT", "/tell", fine());
    let answer = call(&server, "k").send().expect(204);
    assert_eq!(
        (answer.text().as_str(), answer.header("content-type")),
        ("", None)
    );
    let run = run(&server, "rb", &json!({"City": "Rome"}));
    assert_eq!(run["status"], "succeeded");
    assert_eq!(run["outputs"][0]["value"], "\"grey\"");
    let words = text(&run["visits"][1]["explanation"]);
    assert!(words.contains("nobody waits"), "{words}");
    // A key that was used with another body is refused before anything else.
    let other = start(&server, "rb")
        .header("idempotency-key", "k")
        .json(&json!({"city": "Rome"}));
    assert_eq!(code(&other.send().expect(422)), "idempotency_key_reused");
}
