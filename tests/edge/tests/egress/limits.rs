//! How long a service may take, and how much it may say.

use edge_tests::{
    Gate, Reply, Stub,
    bundle::method,
    console::{self, get, items, post, start, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::{failure, gzip, is_told, no_login, serving};

const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

fn asks(id: &str, more: &Value) -> Value {
    method(id, "GET", &format!("/{id}"), more)
}

fn fine() -> Reply {
    Reply::json(200, &json!({"n": 1}))
}

#[test]
fn a_slow_service_fails_the_step_with_its_time_limit() {
    let stub = Stub::start();
    let never = Gate::new();
    let rows = [
        ("silent", fine().behind(&never)),
        ("half-a-head", fine().but_the_last(20, &never)),
        ("half-a-body", fine().but_the_last(3, &never)),
    ];
    let mut methods: Vec<Value> = rows
        .iter()
        .map(|(id, _)| asks(id, &json!({"timeout_ms": 300})))
        .collect();
    methods.push(asks("redirected", &json!({"timeout_ms": 300})));
    let server = serving(&stub.url(""), &no_login(), &[], methods);
    for (id, reply) in rows {
        stub.reply("GET", &format!("/{id}"), reply);
    }
    stub.reply("GET", "/redirected", Reply::redirect(302, "/silent"));
    for id in ["silent", "half-a-head", "half-a-body", "redirected"] {
        let error = failure(&server, id);
        is_told(error.as_ref(), "timeout", "within 0.3 s");
        let report = post(&server, &format!("/console/methods/{id}/test"), &json!({}));
        is_told(
            Some(&report.expect(200).json()["error"]),
            "timeout",
            "within 0.3 s",
        );
    }
}

/// A step may be more patient than its method, or less.
#[test]
fn a_steps_own_limit_counts_before_the_methods() {
    let stub = Stub::start();
    let gate = Gate::new();
    stub.reply("GET", "/slow", fine().behind(&gate));
    let server = serving(
        &stub.url(""),
        &no_login(),
        &[],
        [asks("slow", &json!({"timeout_ms": 60_000}))],
    );
    let step = json!({"type": "method", "method": "slow", "timeout_ms": 200});
    let runbook = edge_tests::bundle::chain("hasty", &json!({"access": "desk"}), &[step]);
    edge_tests::bundle::Bundle::new()
        .runbook(runbook)
        .import(&server);
    is_told(
        failure(&server, "hasty").as_ref(),
        "timeout",
        "within 0.2 s",
    );
    let patient = start(&server, "slow", &json!({}));
    stub.wait_for(2, "GET", "/slow");
    gate.open();
    assert_eq!(wait_for_end(&server, &patient)["status"], "succeeded");
}

#[test]
fn a_broken_answer_fails_the_step_with_a_reason() {
    let stub = Stub::start();
    let whole =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{}";
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabcde\r\n";
    let rows = [
        ("nothing", "", "took no connection, or broke it off"),
        ("half-a-body", whole, "answered 200 and broke off"),
        ("half-the-chunks", chunked, "answered 200 and broke off"),
        ("another-protocol", "SSH-2.0-OpenSSH_9.2p1\r\n", ""),
    ];
    let mut methods: Vec<Value> = rows
        .iter()
        .map(|(id, ..)| asks(id, &json!({"timeout_ms": 5_000})))
        .collect();
    methods.push(method("closed", "GET", "", &json!({})));
    let server = serving(&stub.url(""), &no_login(), &[], methods);
    for (id, bytes, words) in rows {
        stub.reply("GET", &format!("/{id}"), Reply::raw(bytes));
        let error = failure(&server, id).unwrap();
        let code = error["code"].as_str().unwrap();
        let is_lost = matches!(code, "connection_failed" | "unreachable");
        let has_begun = code == "answer_broken_off";
        let half = id.starts_with("half");
        assert!(if half { has_begun } else { is_lost }, "{id}: {error}");
        is_told(Some(&error), code, words);
    }
    let port = stub.address().port();
    drop(stub);
    let server = serving(
        &format!("http://127.0.0.1:{port}"),
        &no_login(),
        &[],
        [asks("closed", &json!({}))],
    );
    let error = failure(&server, "closed");
    is_told(
        error.as_ref(),
        "connection_failed",
        &format!("`127.0.0.1:{port}`"),
    );
}

/// A JSON text of exactly this size.
fn text(bytes: usize) -> Vec<u8> {
    format!("\"{}\"", "x".repeat(bytes - 2)).into_bytes()
}

fn in_chunks(body: &[u8]) -> Reply {
    let mut bytes = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n".to_vec();
    for chunk in body.chunks(1 << 20) {
        bytes.extend(format!("{:x}\r\n", chunk.len()).bytes());
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    Reply::raw(bytes)
}

fn gzipped(body: Vec<u8>) -> Reply {
    Reply::new(
        200,
        &[("content-type", "text/plain"), ("content-encoding", "gzip")],
        body,
    )
}

#[test]
fn an_answer_may_have_eight_mebibytes_and_no_more() {
    let stub = Stub::start();
    let status = json!({"outputs": [{"name": "Status", "value": "response@status"}]});
    let rows = [
        ("as-much", Reply::new(200, &[], text(MAX_BODY_BYTES)), true),
        ("as-much-in-chunks", in_chunks(&text(MAX_BODY_BYTES)), true),
        (
            "too-much",
            Reply::new(200, &[], text(MAX_BODY_BYTES + 1)),
            false,
        ),
        (
            "too-much-in-chunks",
            in_chunks(&text(MAX_BODY_BYTES + 1)),
            false,
        ),
        (
            "as-much-compressed",
            gzipped(gzip::spaces(MAX_BODY_BYTES - 300)),
            true,
        ),
        // A few kilobytes on the way.
        (
            "too-much-compressed",
            gzipped(gzip::spaces(2 * MAX_BODY_BYTES)),
            false,
        ),
    ];
    let methods: Vec<Value> = rows.iter().map(|(id, ..)| asks(id, &status)).collect();
    let server = serving(&stub.url(""), &no_login(), &[], methods);
    for (id, reply, fits) in rows {
        stub.reply("GET", &format!("/{id}"), reply);
        let run = start(&server, id, &json!({}));
        // Reading the run itself is much work here.
        let listed = wait_for(|| {
            let runs = items(&get(&server, &format!("/console/runs?runbook={id}")));
            runs.into_iter().find(|run| run["ended_at"].is_u64())
        });
        assert_eq!(listed["run_id"], run.as_str());
        if fits {
            assert_eq!(listed["status"], "succeeded", "{id}: {listed}");
        } else {
            is_told(Some(&listed["error"]), "response_too_large", "8 MiB");
        }
    }
    let id = &items(&get(&server, "/console/runs?runbook=as-much"))[0]["run_id"];
    let run = get(&server, &format!("/console/runs/{}", id.as_str().unwrap()));
    assert_eq!(
        run["visits"][0]["attempts"][0]["response"]["bytes"],
        MAX_BODY_BYTES
    );
}

#[test]
fn a_compressed_answer_is_read_as_what_it_was() {
    let stub = Stub::start();
    let outputs = json!({"outputs": [{"name": "Text", "value": "response"}]});
    let server = serving(&stub.url(""), &no_login(), &[], [asks("spaces", &outputs)]);
    stub.reply("GET", "/spaces", gzipped(gzip::spaces(500)));
    let run = console::run(&server, "spaces", &json!({}));
    let expected = json!({"name": "Text", "value": format!("\"{}\"", " ".repeat(517))});
    assert_eq!(run["visits"][0]["variables"], json!([expected]), "{run}");
}

/// They are more than an isolate's memory together.
#[test]
fn many_large_answers_at_once_wait_for_one_another() {
    const RUNS: usize = 16;
    let stub = Stub::start();
    let length =
        json!({"outputs": [{"name": "Length", "value": "response@header[content-length]"}]});
    let server = serving(&stub.url(""), &no_login(), &[], [asks("large", &length)]);
    let gate = Gate::new();
    let reply = Reply::new(200, &[], text(MAX_BODY_BYTES)).behind(&gate);
    stub.reply("GET", "/large", reply);
    for _ in 0..RUNS {
        start(&server, "large", &json!({}));
    }
    stub.wait_for(6, "GET", "/large");
    gate.open();
    let ended = wait_for(|| {
        let runs = console::runs(&server, "large");
        runs.iter()
            .all(|run| run["ended_at"].is_u64())
            .then_some(runs)
    });
    assert_eq!(ended.len(), RUNS);
    assert!(
        ended.iter().all(|run| run["status"] == "succeeded"),
        "{ended:?}"
    );
}
