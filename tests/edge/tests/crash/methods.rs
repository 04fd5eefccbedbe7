//! What was in flight goes out again where that does no harm, and else fails with its reason.

use std::{io::Write as _, net::TcpStream};

use edge_tests::{
    Gate, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends, with},
    console::{run, start, wait_for_end},
};
use serde_json::{Value, json};

use super::{open, with_methods};

fn fine() -> Reply {
    Reply::json(200, &json!({"n": 1}))
}

/// Answers that never come: nobody opens this gate.
fn held() -> Reply {
    fine().behind(&Gate::new())
}

#[test]
fn a_put_goes_out_again_and_the_post_before_it_does_not() {
    let stub = Stub::start();
    let (mut server, bundle) = with_methods(&stub);
    let outputs = json!({
        "outputs": [{"name": "Number", "value": "response^n"}],
    });
    let body = json!({"body": {"type": "json", "text": "{\"n\": <<Number>>, \"of\": <<Mark>>}"}});
    bundle
        .integration(
            "more",
            &stub.url(""),
            &json!({"type": "bearer", "token": {"secret": "sk-very-secret"}}),
            [
                method("make", "POST", "/make", &outputs),
                method("change", "PUT", "/change", &body),
            ],
        )
        .runbook(chain(
            "rb",
            &with(
                &open(),
                &json!({"inputs": [{"name": "Mark", "value": "request^mark", "type": "string"}]}),
            ),
            &[sends("make"), sends("change"), sends("get")],
        ))
        .import(&server);
    stub.reply(
        "POST",
        "/make",
        Reply::json(201, &json!({"n": 10_000_000_000_000_000_001_u64})),
    );
    stub.reply("PUT", "/change", held());
    stub.reply("PUT", "/change", fine());
    stub.reply("GET", "/get", fine());
    let id = start(&server, "rb", &json!({"Mark": "a mark"}));
    stub.wait_for(1, "PUT", "/change");
    server.restart();
    // Nobody has to ask for it.
    stub.wait_for(2, "PUT", "/change");

    let run = wait_for_end(&server, &id);
    assert_eq!(run["status"], "succeeded", "{run}");
    let counts = [("POST", "/make"), ("PUT", "/change"), ("GET", "/get")];
    assert_eq!(
        counts.map(|(method, path)| stub.count(method, path)),
        [1, 2, 1]
    );
    let puts = stub.wait_for(2, "PUT", "/change");
    assert_eq!(
        puts[0].text(),
        r#"{"n": 10000000000000000001, "of": "a mark"}"#
    );
    assert_eq!(puts[1].text(), puts[0].text());
    assert_eq!(
        puts[1].header("authorization"),
        Some("Bearer sk-very-secret")
    );
    // Both tries are shown.
    let attempts = run["visits"][1]["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 2, "{attempts:?}");
    assert_eq!(
        (
            &attempts[0]["error"]["code"],
            &attempts[1]["response"]["status"]
        ),
        (&json!("interrupted"), &json!(200))
    );
}

#[test]
fn a_post_does_not_go_out_again_and_its_run_says_why() {
    let stub = Stub::start();
    let (mut server, bundle) = with_methods(&stub);
    let mut runbook = chain(
        "rb",
        &open(),
        &[sends("put"), sends("post"), sends("get"), sends("delete")],
    );
    runbook["steps"][1]["next"] = json!({"success": "step-2", "failure": "step-3"});
    bundle.runbook(runbook).import(&server);
    for (method, path, reply) in [
        ("PUT", "/put", fine()),
        ("POST", "/post", held()),
        ("POST", "/post", fine()),
        ("DELETE", "/delete", fine()),
    ] {
        stub.reply(method, path, reply);
    }
    let id = start(&server, "rb", &json!({}));
    stub.wait_for(1, "POST", "/post");
    server.restart();

    let run = wait_for_end(&server, &id);
    assert_eq!(run["status"], "succeeded", "{run}");
    let post = &run["visits"][1];
    assert_eq!(
        (&post["state"], &post["way"]),
        (&json!("failed"), &json!("failure"))
    );
    let error = &post["error"];
    assert_eq!(error["code"], "interrupted");
    let sentence = error["message"].as_str().unwrap();
    assert!(
        sentence.contains("stopped") && sentence.contains("not sent again"),
        "{sentence}"
    );
    let counts = [
        ("PUT", "/put"),
        ("POST", "/post"),
        ("GET", "/get"),
        ("DELETE", "/delete"),
    ];
    assert_eq!(
        counts.map(|(method, path)| stub.count(method, path)),
        [1, 1, 0, 1]
    );
}

#[test]
fn what_goes_out_again_is_what_may_be_repeated() {
    let stub = Stub::start();
    let mut server = Server::start(&edge_tests::Options::default());
    let key = json!([{"name": "Idempotency-Key", "value": "<<run^id>>"}]);
    let rows = [
        ("GET", json!({}), true),
        ("PUT", json!({}), true),
        ("DELETE", json!({}), true),
        ("POST", json!({}), false),
        ("PATCH", json!({}), false),
        ("POST", json!({"repeatable": true}), true),
        ("PUT", json!({"repeatable": false}), false),
        ("POST", json!({"headers": key}), true),
    ];
    let name = |index: usize| format!("row-{index}");
    let path = |index: usize| format!("/row-{index}");
    let methods = rows
        .iter()
        .enumerate()
        .map(|(index, (verb, more, _))| method(&name(index), verb, &path(index), more));
    let bundle = Bundle::new().integration("api", &stub.url(""), &json!({"type": "none"}), methods);
    let bundle = (0..rows.len()).fold(bundle, |bundle, index| {
        bundle.runbook(chain(&name(index), &open(), &[sends(&name(index))]))
    });
    bundle.import(&server);
    let mut started = Vec::new();
    for (index, (verb, ..)) in rows.iter().enumerate() {
        stub.reply(verb, &path(index), held());
        stub.reply(verb, &path(index), fine());
        started.push(start(&server, &name(index), &json!({})));
        stub.wait_for(1, verb, &path(index));
    }
    server.restart();
    for (index, (verb, more, is_repeated)) in rows.iter().enumerate() {
        let run = wait_for_end(&server, &started[index]);
        let status = if *is_repeated { "succeeded" } else { "failed" };
        assert_eq!(run["status"], status, "{verb} {more}: {run}");
        assert_eq!(
            stub.count(verb, &path(index)),
            1 + usize::from(*is_repeated),
            "{verb} {more}"
        );
        if !is_repeated {
            assert_eq!(run["error"]["code"], "interrupted", "{verb} {more}");
        }
    }
    // The key is the same, so that the service can tell.
    let keyed = stub.wait_for(2, "POST", &path(7));
    assert_eq!(
        keyed[0].header("idempotency-key"),
        keyed[1].header("idempotency-key")
    );
}

#[test]
fn a_second_crash_changes_nothing() {
    let stub = Stub::start();
    let (mut server, bundle) = with_methods(&stub);
    bundle
        .runbook(chain(
            "rb",
            &open(),
            &[sends("post"), sends("put"), sends("patch")],
        ))
        .import(&server);
    stub.reply("POST", "/post", fine());
    for reply in [held(), held(), fine()] {
        stub.reply("PUT", "/put", reply);
    }
    stub.reply("PATCH", "/patch", fine());
    let id = start(&server, "rb", &json!({}));
    for crash in 1..=2 {
        stub.wait_for(crash, "PUT", "/put");
        server.restart();
    }
    assert_eq!(wait_for_end(&server, &id)["status"], "succeeded");
    let counts = [("POST", "/post"), ("PUT", "/put"), ("PATCH", "/patch")];
    assert_eq!(
        counts.map(|(method, path)| stub.count(method, path)),
        [1, 3, 1]
    );
    // What has ended stays so.
    server.restart();
    assert_eq!(run(&server, "rb", &json!({}))["status"], "succeeded");
    assert_eq!(stub.count("POST", "/post"), 2);
}

/// Who waited for the answer lost the connection; asking again with the same key brings it.
#[test]
fn the_answer_is_there_after_a_crash() {
    let stub = Stub::start();
    let (mut server, bundle) = with_methods(&stub);
    let answer = json!({"answer": {"when": "finished", "within_ms": 30_000, "outputs": []}});
    bundle
        .runbook(chain("rb", &with(&open(), &answer), &[sends("put")]))
        .import(&server);
    stub.reply("PUT", "/put", held());
    stub.reply("PUT", "/put", fine());
    let mut caller = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    let head = format!(
        "POST /api/automation/rb HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nIdempotency-Key: k\r\nContent-Length: 2\r\n\r\n{{}}",
        server.port()
    );
    caller.write_all(head.as_bytes()).unwrap();
    stub.wait_for(1, "PUT", "/put");
    server.restart();
    let again = || {
        let call = server
            .post("/api/automation/rb")
            .header("idempotency-key", "k");
        call.body("{}").send()
    };
    let id = edge_tests::console::text(&again().json()["run_id"]);
    assert_eq!(wait_for_end(&server, &id)["status"], "succeeded");
    let answered: Value = again().expect(200).json();
    assert_eq!(
        answered,
        json!({"run_id": id, "status": "succeeded", "outputs": {}})
    );
    assert_eq!(stub.count("PUT", "/put"), 2);
}
