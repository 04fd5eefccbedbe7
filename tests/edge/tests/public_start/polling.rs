//! Who started a run may ask how it went, where the runbook allows that; nobody else learns anything.

use edge_tests::{
    Call, Gate, Options, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends, with},
    console,
};
use serde_json::{Value, json};

use super::{
    PASSWORD, SECRET, address, basic, bern, open, run_id, signed,
    signing::{digest, encoded, seconds_from_now, signature},
    start, with_basic,
};

fn asked(more: &Value) -> Value {
    with(
        &json!({"answer": {"when": "accepted", "poll": true, "outputs": ["City"]}}),
        more,
    )
}

fn poll(server: &Server, id: &str, run: &str) -> Call {
    server.get(&format!("{}/runs/{run}", address(id)))
}

/// Each of the runbooks asks the stub.
fn serving(stub: &Stub, starts: &[(&str, Value)]) -> Server {
    let server = Server::start(&Options::default());
    let ask = method("ask", "POST", "/ask", &json!({}));
    let none = json!({"type": "none"});
    let bundle = Bundle::new().integration("weather", &stub.url(""), &none, [ask]);
    let bundle = starts.iter().fold(bundle, |bundle, (id, start)| {
        bundle.runbook(chain(id, start, &[sends("ask")]))
    });
    bundle.import(&server);
    server
}

#[test]
fn a_run_is_told_as_to_a_caller_that_waits() {
    let stub = Stub::start();
    let server = serving(&stub, &[("rb", with_basic(&asked(&json!({}))))]);
    let right = |call: Call| basic(call, "Aladdin", PASSWORD);
    let gate = Gate::new();
    stub.reply("POST", "/ask", Reply::json(200, &json!({})).behind(&gate));
    stub.reply("POST", "/ask", Reply::json(500, &json!({})));
    let answer = right(start(&server, "rb")).json(&bern()).send().expect(202);
    let id = run_id(&answer);
    stub.wait_for(1, "POST", "/ask");
    let ask = || right(poll(&server, "rb", &id)).send();
    let answer = ask().expect(202);
    assert_eq!(answer.json(), json!({"run_id": id, "status": "running"}));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    gate.open();
    console::wait_for_end(&server, &id);
    let expected = json!({"run_id": id, "status": "succeeded", "outputs": {"City": "Bern"}});
    assert_eq!(ask().expect(200).json(), expected);
    let path = format!("{}/runs/{id}", address("rb"));
    let head = right(server.call("HEAD", &path)).send().expect(200);
    assert_eq!(
        (head.text().as_str(), head.header("cache-control")),
        ("", Some("no-store"))
    );
    // It can be asked again, and while starts are not accepted.
    super::switch(&server, "rb", false);
    assert_eq!(ask().expect(200).json(), expected);
    super::switch(&server, "rb", true);

    let answer = right(start(&server, "rb")).json(&bern()).send().expect(202);
    let failed = run_id(&answer);
    console::wait_for_end(&server, &failed);
    let answer = right(poll(&server, "rb", &failed)).send().expect(502);
    assert_eq!(answer.json()["status"], "failed");
    assert!(
        answer.json()["error"]["message"].is_string(),
        "{}",
        answer.text()
    );
}

#[test]
fn whatever_is_wrong_the_refusal_is_the_same() {
    let stub = Stub::start();
    stub.reply("POST", "/ask", Reply::json(200, &json!({})));
    let elsewhere = json!({"limits": {"sources": ["203.0.113.7"]}});
    let server = serving(
        &stub,
        &[
            ("rb", with_basic(&asked(&json!({})))),
            ("other", with_basic(&asked(&json!({})))),
            ("silent", with_basic(&json!({}))),
            ("open", open(&asked(&json!({})))),
            ("elsewhere", with_basic(&asked(&elsewhere))),
        ],
    );
    let right = |call: Call| basic(call, "Aladdin", PASSWORD);
    let begin = |id: &str| run_id(&right(start(&server, id)).json(&bern()).send().expect(202));
    let (own, others, silent) = (begin("rb"), begin("other"), begin("silent"));
    let of_desk = console::start(&server, "rb", &json!({"City": "Bern"}));
    for id in [&own, &of_desk] {
        console::wait_for_end(&server, id);
    }
    let _ = right(poll(&server, "rb", &own)).send().expect(200);
    let objects = || {
        let files = server.files().into_keys();
        files
            .filter(|name| name.extension() == Some("sqlite".as_ref()))
            .count()
    };
    let stored = objects();
    let expected = poll(&server, "nobody-has-this-id", "nobody-has-this-id.0.1")
        .send()
        .expect(401);
    for (what, call) in [
        ("no credentials", poll(&server, "rb", &own)),
        (
            "wrong credentials",
            basic(poll(&server, "rb", &own), "Aladdin", "wrong"),
        ),
        ("the admin token", poll(&server, "rb", &own).admin()),
        ("another runbook's run", right(poll(&server, "rb", &others))),
        (
            "its run under another's address",
            right(poll(&server, "other", &own)),
        ),
        (
            "a run that somebody here started",
            right(poll(&server, "rb", &of_desk)),
        ),
        ("no such run", right(poll(&server, "rb", "rb.0.1"))),
        ("no such shard", right(poll(&server, "rb", "rb.7.1"))),
        ("no run at all", right(poll(&server, "rb", ""))),
        ("an odd id", right(poll(&server, "rb", "..%2f..%2fconsole"))),
        ("not switched on", right(poll(&server, "silent", &silent))),
        (
            "another place",
            right(poll(&server, "elsewhere", "elsewhere.0.1")),
        ),
        (
            "an unknown runbook",
            right(poll(&server, "none", "none.0.1")),
        ),
    ] {
        let answer = call.send();
        assert_eq!(
            (answer.status, &answer.body),
            (401, &expected.body),
            "{what}"
        );
        assert_eq!(
            answer.header("www-authenticate"),
            expected.header("www-authenticate"),
            "{what}"
        );
    }
    assert_eq!(objects(), stored, "guessing makes no object");
    for method in ["POST", "PUT", "DELETE"] {
        let path = format!("{}/runs/{own}", address("rb"));
        let answer = server.call(method, &path).send().expect(405);
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    }
}

#[test]
fn a_question_is_signed_by_the_id_of_the_run() {
    let stub = Stub::start();
    stub.reply("POST", "/ask", Reply::json(200, &json!({})));
    let poll_too = json!({"answer": {"poll": true}});
    let scheme = |scheme: &str| {
        with(
            &open(
                &json!({"auth": {"type": "signature", "scheme": scheme, "secrets": [{"secret": SECRET}]}}),
            ),
            &poll_too,
        )
    };
    let server = serving(
        &stub,
        &[
            ("rb", with(&signed(&json!({})), &poll_too)),
            ("slack", scheme("slack")),
            ("twilio", scheme("twilio")),
        ],
    );
    let body = bern().to_string();

    let right = signature(SECRET, body.as_bytes());
    let answer = start(&server, "rb")
        .header("x-signature", &right)
        .body(body.as_str())
        .send()
        .expect(202);
    let id = run_id(&answer);
    console::wait_for_end(&server, &id);
    for (signs, status) in [
        (id.as_str(), 200),
        ("", 401),
        (body.as_str(), 401),
        ("rb.0.1", 401),
    ] {
        let value = signature(SECRET, signs.as_bytes());
        let answer = poll(&server, "rb", &id)
            .header("x-signature", &value)
            .send();
        assert_eq!(answer.status, status, "{signs}");
    }

    let slack = |call: Call, time: &str, body: &str| {
        let value = signature(SECRET, format!("v0:{time}:{body}").as_bytes());
        let call = call.header("x-slack-request-timestamp", time);
        call.header("x-slack-signature", &format!("v0={value}"))
    };
    let (now, old) = (seconds_from_now(0), seconds_from_now(-400));
    let answer = slack(start(&server, "slack"), &now, &body)
        .body(body.as_str())
        .send()
        .expect(202);
    let id = run_id(&answer);
    console::wait_for_end(&server, &id);
    // A question may be asked again: it changes nothing.
    for _ in 0..2 {
        let _ = slack(poll(&server, "slack", &id), &now, &id)
            .send()
            .expect(200);
    }
    let _ = slack(poll(&server, "slack", &id), &old, &id)
        .send()
        .expect(401);

    // Twilio signs the address, in which the id stands.
    let twilio = |call: Call, signs: &str| {
        let value = encoded("base64", &digest("sha1", SECRET, signs.as_bytes()));
        call.header("x-twilio-signature", &value)
    };
    let url = format!("{}{}", server.url(), address("twilio"));
    let call = twilio(start(&server, "twilio"), &format!("{url}cityBern"));
    let form = call
        .header("content-type", "application/x-www-form-urlencoded")
        .body("city=Bern");
    let id = run_id(&form.send().expect(202));
    console::wait_for_end(&server, &id);
    let asked = format!("{url}/runs/{id}");
    let _ = twilio(poll(&server, "twilio", &id), &asked)
        .send()
        .expect(200);
    let _ = twilio(poll(&server, "twilio", &id), &url)
        .send()
        .expect(401);
}
