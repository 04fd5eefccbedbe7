//! What a caller is told of the run.

use std::{io::Write as _, net::TcpStream};

use edge_tests::{
    Gate, Options, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends, with},
    console::{get, post, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::{bern, ended, open, run_id, start, waited_for};

/// A server with a runbook that asks the stub, and then tells it.
fn asking(stub: &Stub, answer: &Value) -> Server {
    let server = Server::start(&Options::default());
    let outputs = json!({"outputs": [
        {"name": "Sky", "value": "response^sky!"},
        {"name": "Key", "value": "response^key", "secret": true, "default": null},
        {"name": "Number", "value": "response^number", "default": null},
    ]});
    Bundle::new()
        .integration(
            "weather",
            &stub.url(""),
            &json!({"type": "bearer", "token": {"secret": "sk-very-secret"}}),
            [
                method("ask", "POST", "/ask", &outputs),
                method("tell", "PUT", "/tell", &json!({})),
            ],
        )
        .runbook(chain(
            "rb",
            &with(&open(&json!({})), answer),
            &[sends("ask"), sends("tell")],
        ))
        .import(&server);
    stub.reply("PUT", "/tell", Reply::json(200, &json!({})));
    server
}

fn grey() -> Reply {
    let body = r#"{"sky": "grey", "key": "a-secret-of-the-service", "number": 1.50}"#;
    Reply::new(200, &[("content-type", "application/json")], body)
}

#[test]
fn an_accepted_start_is_told_its_run() {
    let stub = Stub::start();
    let server = asking(&stub, &json!({}));
    let gate = Gate::new();
    stub.reply("POST", "/ask", grey().behind(&gate));
    let answer = start(&server, "rb").json(&bern()).send().expect(202);
    let id = run_id(&answer);
    assert_eq!(answer.json(), json!({"run_id": id, "status": "queued"}));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    stub.wait_for(1, "POST", "/ask");
    assert_eq!(
        get(&server, &format!("/console/runs/{id}"))["status"],
        "running"
    );
    gate.open();
    let run = wait_for_end(&server, &id);
    assert_eq!(
        (&run["status"], &run["started_by"]),
        (&json!("succeeded"), &json!({"type": "public"}))
    );
}

#[test]
fn who_waits_is_told_the_answer_but_no_secret() {
    let stub = Stub::start();
    let server = asking(&stub, &waited_for(&json!(["Sky", "Key", "City", "Number"])));
    stub.reply("POST", "/ask", grey());
    let answer = start(&server, "rb").json(&bern()).send().expect(200);
    let id = run_id(&answer);
    assert_eq!(
        answer.json(),
        json!({"run_id": id, "status": "succeeded", "outputs": {"Sky": "grey", "City": "Bern", "Number": 1.5}})
    );
    assert!(answer.text().contains("1.50"), "{}", answer.text());
    let run = get(&server, &format!("/console/runs/{id}"));
    assert!(
        !run.to_string().contains("a-secret-of-the-service"),
        "{run}"
    );
}

#[test]
fn who_waits_is_told_of_a_failure_at_once() {
    let stub = Stub::start();
    // Nobody here waits for as long as this.
    let answer = json!({"answer": {"when": "finished", "within_ms": 600_000, "outputs": ["Sky"]}});
    let server = asking(&stub, &answer);
    stub.reply(
        "POST",
        "/ask",
        Reply::json(500, &json!({"why": "sk-very-secret"})),
    );
    let answer = start(&server, "rb").json(&bern()).send().expect(502);
    let id = run_id(&answer);
    let told = answer.json();
    let mut names: Vec<_> = told.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["error", "run_id", "status"]);
    assert_eq!(told["status"], "failed");
    assert_eq!(
        (&told["error"]["code"], &told["error"]["at"]["step"]),
        (&json!("unsuccessful"), &json!("step-0"))
    );
    // A caller from outside gets no text of the service, which its owner reads.
    assert_eq!(
        told["error"]["message"],
        "A service that the runbook asks answered 500."
    );
    assert_eq!(
        get(&server, &format!("/console/runs/{id}"))["error"]["code"],
        "unsuccessful"
    );
    assert_eq!(stub.count("PUT", "/tell"), 0);
}

#[test]
fn nothing_of_the_inside_is_told_outside() {
    let stub = Stub::start();
    let server = asking(&stub, &waited_for(&json!(["Sky", "City"])));
    // The service gives back what it was sent.
    let echo = Reply::json(200, &json!({"sky": "Bearer sk-very-secret", "key": null}));
    stub.reply("POST", "/ask", echo);
    stub.reply("POST", "/ask", Reply::raw(""));
    let answer = start(&server, "rb").json(&bern()).send().expect(200);
    let outputs = json!({"Sky": "Bearer ••••••", "City": "Bern"});
    assert_eq!(answer.json()["outputs"], outputs);

    let answer = start(&server, "rb").json(&bern()).send().expect(502);
    let told = answer.json()["error"].clone();
    assert_eq!(told["code"], "connection_failed");
    assert!(!answer.text().contains("127.0.0.1"), "{}", answer.text());
    let run = get(&server, &format!("/console/runs/{}", run_id(&answer)));
    let owner = run["error"]["message"].as_str().unwrap();
    assert!(owner.contains("127.0.0.1"), "{owner}");

    super::switch(&server, "rb", false);
    let answer = start(&server, "rb").json(&bern()).send().expect(409);
    assert_eq!(answer.json()["error"]["code"], "switched_off");
    assert!(!answer.text().contains("settings"), "{}", answer.text());
}

#[test]
fn a_cancelled_run_is_told_as_one() {
    let stub = Stub::start();
    let server = asking(&stub, &waited_for(&json!(["Sky"])));
    let gate = Gate::new();
    stub.reply("POST", "/ask", grey().behind(&gate));
    std::thread::scope(|scope| {
        let caller = scope.spawn(|| start(&server, "rb").json(&bern()).send());
        stub.wait_for(1, "POST", "/ask");
        let run = wait_for(|| {
            let run = get(&server, "/console/runs")["items"][0]["run_id"].clone();
            run.as_str().map(str::to_owned)
        });
        let _ = post(&server, &format!("/console/runs/{run}/cancel"), &json!({})).expect(200);
        let answer = caller.join().unwrap().expect(502).json();
        let error = json!({"code": "cancelled", "message": "The run was cancelled."});
        assert_eq!(
            answer,
            json!({"run_id": run, "status": "cancelled", "error": error})
        );
        gate.open();
    });
}

#[test]
fn who_waits_too_long_is_told_that_it_goes_on() {
    let stub = Stub::start();
    let answer = json!({"answer": {"when": "finished", "within_ms": 50, "outputs": ["Sky"]}});
    let server = asking(&stub, &answer);
    let gate = Gate::new();
    stub.reply("POST", "/ask", grey().behind(&gate));
    let answer = start(&server, "rb").json(&bern()).send().expect(202);
    let id = run_id(&answer);
    assert_eq!(answer.json(), json!({"run_id": id, "status": "running"}));
    gate.open();
    assert_eq!(wait_for_end(&server, &id)["status"], "succeeded");
}

#[test]
fn a_caller_that_hangs_up_stops_nothing() {
    let stub = Stub::start();
    let server = asking(&stub, &waited_for(&json!(["Sky"])));
    let gate = Gate::new();
    stub.reply("POST", "/ask", grey().behind(&gate));
    let mut caller = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    let body = bern().to_string();
    let request = format!(
        "POST /api/automation/rb HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: {}\r\n\r\n{body}",
        server.port(),
        body.len()
    );
    caller.write_all(request.as_bytes()).unwrap();
    stub.wait_for(1, "POST", "/ask");
    drop(caller);
    gate.open();
    stub.wait_for(1, "PUT", "/tell");
    assert_eq!(ended(&server, 1)[0]["status"], "succeeded");
}
