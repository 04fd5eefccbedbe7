//! Who may not start a runbook learns nothing but that, and leaves nothing behind.

use std::path::PathBuf;

use edge_tests::{
    Answer, Call, Server,
    bundle::{Bundle, chain},
    console::{delete, get, post, text},
};
use serde_json::json;

use super::{
    LIMIT_BYTES, PASSWORD, SECRET, basic, bern, ended, open, serving, signed,
    signing::{seconds_from_now, signature},
    start, switch, with_basic,
};

const WITH_TIMESTAMP: &str = "timed";

/// Everything that a caller sees, in one order.
fn seen(answer: &Answer) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    headers.sort();
    (answer.status, headers, answer.body.clone())
}

/// The objects that there are; each has a file.
fn objects(server: &Server) -> Vec<PathBuf> {
    let mut names: Vec<_> = server.files().into_keys().collect();
    names.retain(|name| name.extension() == Some("sqlite".as_ref()));
    names
}

/// Runbooks of all kinds of doors, each of them started once by whoever may.
fn served() -> Server {
    let timed = json!({
        "timestamp_header": "X-Time", "signed": "<<timestamp>>.<<body>>", "tolerance_s": 60,
    });
    let server = serving(&[
        ("open", open(&json!({}))),
        ("with-basic", with_basic(&json!({}))),
        (
            "without-password",
            open(&json!({"auth": {"type": "basic", "username": "Aladdin"}})),
        ),
        ("signed", signed(&json!({"prefix": "sha256="}))),
        ("without-secret", signed(&json!({"secrets": []}))),
        (WITH_TIMESTAMP, signed(&timed)),
        ("desk-only", json!({"access": "desk"})),
        ("off", with_basic(&json!({}))),
        ("deleted", open(&json!({}))),
        ("unpublished", open(&json!({}))),
    ]);
    let draft = chain("draft", &open(&json!({})), &[]);
    let draft = edge_tests::bundle::with(&draft, &json!({"enabled": false}));
    Bundle::new().runbook(draft).import(&server);
    for id in ["open", "deleted", "unpublished"] {
        let _ = start(&server, id).json(&bern()).send().expect(202);
    }
    for id in ["with-basic", "off"] {
        let call = basic(start(&server, id), "Aladdin", PASSWORD);
        let _ = call.json(&bern()).send().expect(202);
    }
    let body = bern().to_string();
    let call = start(&server, "signed").body(body.as_str());
    let right = format!("sha256={}", signature(SECRET, body.as_bytes()));
    let _ = call.header("x-signature", &right).send().expect(202);
    let _ = timed_start(&server, &seconds_from_now(0), &body)
        .send()
        .expect(202);
    switch(&server, "off", false);
    let _ = delete(&server, "/console/runbooks/deleted").expect(204);
    let unpublish = "/console/runbooks/unpublished/unpublish";
    let _ = post(&server, unpublish, &json!({})).expect(204);
    server
}

/// A start that is signed together with its time.
fn timed_start(server: &Server, time: &str, body: &str) -> Call {
    let message = format!("{time}.{body}");
    start(server, WITH_TIMESTAMP)
        .body(body)
        .header("x-time", time)
        .header("x-signature", &signature(SECRET, message.as_bytes()))
}

#[test]
fn the_owner_sees_why_a_start_was_refused() {
    let server = serving(&[
        ("rb", signed(&json!({"prefix": "sha256="}))),
        ("other", with_basic(&json!({}))),
    ]);
    let body = bern().to_string();
    let send = |value: &str| {
        let call = start(&server, "rb").header("x-signature", value);
        let _ = call.body(body.as_str()).send().expect(401);
    };
    let refused = |id: &str| -> Vec<(String, u64)> {
        let report = get(&server, &format!("/console/runbooks/{id}/starts"));
        let refused = report["refused"].as_array().unwrap().clone();
        let row = |start: &serde_json::Value| {
            assert_eq!(start["from"], "127.0.0.1", "{report}");
            (text(&start["reason"]), start["times"].as_u64().unwrap())
        };
        refused.iter().map(row).collect()
    };
    assert_eq!(refused("rb"), []);
    send(&signature(SECRET, body.as_bytes()));
    for _ in 0..2 {
        let wrong = signature("another", body.as_bytes());
        send(&format!("sha256={wrong}"));
    }
    let told = refused("rb");
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].0.contains("does not fit") && told[0].1 == 2,
        "{told:?}"
    );
    assert!(told[1].0.contains("prefix") && told[1].1 == 1, "{told:?}");
    // Others have nothing to do with it, and what is let in is not listed.
    let call = basic(start(&server, "other"), "Aladdin", PASSWORD);
    let _ = call.json(&bern()).send().expect(202);
    assert_eq!(refused("other"), []);
}

#[test]
fn what_is_refused_once_its_caller_is_known_is_listed_with_what_can_be_done() {
    let limits = |limits: serde_json::Value| with_basic(&json!({ "limits": limits }));
    let server = serving(&[
        ("rb", limits(json!({"body_bytes": 100}))),
        ("busy", limits(json!({"per_second": 1, "burst": 1}))),
    ]);
    let send = |id: &str, body: &str| basic(start(&server, id), "Aladdin", PASSWORD).body(body);
    // The newest: what was answered, how often, and why.
    let newest = |id: &str| -> (u64, u64, String) {
        let report = get(&server, &format!("/console/runbooks/{id}/starts"));
        let newest = &report["refused"][0];
        assert_eq!(newest["from"], "127.0.0.1", "{report}");
        let number = |field: &str| newest[field].as_u64().unwrap();
        (number("status"), number("times"), text(&newest["reason"]))
    };
    let is_told = |id: &str, status: u64, times: u64, words: &str| {
        let (answered, counted, reason) = newest(id);
        assert_eq!((answered, counted), (status, times), "{reason}");
        assert!(reason.contains(words), "{reason}");
    };

    let too_large = "x".repeat(LIMIT_BYTES + 1);
    let _ = send("rb", &too_large).send().expect(413);
    is_told("rb", 413, 1, "larger than 1 MiB");
    let _ = send("rb", &too_large[..101]).send().expect(413);
    is_told("rb", 413, 2, "larger than 100 bytes");
    is_told("rb", 413, 2, "“Largest body” under Limits");
    for times in 1..=2 {
        let _ = send("rb", "{\"city\": ").send().expect(400);
        is_told("rb", 400, times, "line 1");
    }
    let _ = send("rb", "{}").send().expect(400);
    is_told("rb", 400, 1, "City");
    let keyed = |body: &str| send("rb", body).header("idempotency-key", "one").send();
    let _ = keyed(&bern().to_string()).expect(202);
    let _ = keyed("{\"city\": \"Rome\"}").expect(422);
    is_told("rb", 422, 1, "another body before");
    switch(&server, "rb", false);
    let _ = send("rb", &bern().to_string()).send().expect(409);
    is_told("rb", 409, 1, "“Starts are accepted”");
    let report = get(&server, "/console/runbooks/rb/starts");
    assert_eq!(report["refused"].as_array().unwrap().len(), 5, "{report}");

    // A start comes back every second, so a slow caller may get through now and then.
    edge_tests::console::wait_for(|| {
        let answer = send("busy", &bern().to_string()).send();
        (answer.status == 429).then_some(())
    });
    is_told("busy", 429, 1, "“Starts a second”");

    // Of what is no runbook, nothing is made.
    let stored = objects(&server);
    let _ = send("nobody-has-this-id", &too_large).send().expect(413);
    assert_eq!(objects(&server), stored);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of one rule")]
fn all_refusals_are_the_same_and_leave_nothing_behind() {
    let server = served();
    ended(&server, 7);
    let stored = objects(&server);
    let body = bern().to_string();
    let to = |id: &str| start(&server, id).json(&bern());
    let right = signature(SECRET, body.as_bytes());
    let signed = |signature: &str| to("signed").header("x-signature", signature);
    let (now, long) = (seconds_from_now(0), "x".repeat(3_000));

    let refused = to("nobody-has-this-id").send().expect(401);
    assert_eq!(refused.json()["error"]["code"], "unauthorized");
    let challenge = refused.header("www-authenticate").unwrap();
    assert!(challenge.starts_with("Basic "), "{challenge}");
    let expected = seen(&refused);

    let rows = [
        (
            "an unknown id with credentials",
            basic(to("nobody-has-this-id"), "Aladdin", PASSWORD),
        ),
        (
            "an unknown id with a signature",
            to("nobody-has-this-id").header("x-signature", &right),
        ),
        (
            "an unknown id with a key",
            to("nobody-has-this-id").header("idempotency-key", "1"),
        ),
        (
            "an unknown id without a body",
            start(&server, "nobody-has-this-id"),
        ),
        ("no id", to("")),
        ("what is no id", to("..%2f..%2fopen")),
        ("the id of another kind of thing", to("workspace")),
        ("a long id", to(&long)),
        ("more than an id", to("open/now")),
        ("a runbook for the desk only", to("desk-only")),
        ("the same, as the admin", to("desk-only").admin()),
        ("a deleted one", to("deleted")),
        ("one that is not published any more", to("unpublished")),
        ("one that was never published", to("draft")),
        ("no credentials", to("with-basic")),
        (
            "a wrong password",
            basic(to("with-basic"), "Aladdin", "open sesam"),
        ),
        (
            "a longer password",
            basic(to("with-basic"), "Aladdin", "open sesame!"),
        ),
        (
            "a wrong user name",
            basic(to("with-basic"), "aladdin", PASSWORD),
        ),
        ("nothing as credentials", basic(to("with-basic"), "", "")),
        (
            "credentials for signatures",
            basic(to("signed"), "Aladdin", PASSWORD),
        ),
        (
            "a broken header",
            to("with-basic").header("authorization", "Basic ???"),
        ),
        (
            "half a header",
            to("with-basic").header("authorization", "Basic"),
        ),
        ("the admin token", to("with-basic").admin()),
        (
            "a password where none is set",
            basic(to("without-password"), "Aladdin", ""),
        ),
        ("no signature", to("signed")),
        ("an empty signature", signed("")),
        ("an empty digest", signed("sha256=")),
        ("no prefix", signed(&right)),
        ("another prefix", signed(&format!("sha512={right}"))),
        (
            "another secret",
            signed(&format!("sha256={}", signature("another", body.as_bytes()))),
        ),
        (
            "another body",
            signed(&format!("sha256={}", signature(SECRET, b"{}"))),
        ),
        (
            "half a signature",
            signed(&format!("sha256={}", &right[..32])),
        ),
        (
            "more than a signature",
            signed(&format!("sha256={right}00")),
        ),
        (
            "what is not hexadecimal",
            signed(&format!("sha256={}", right.replace(['a', '0'], "g"))),
        ),
        (
            "two signatures",
            signed(&format!("sha256={right}")).header("x-signature", &format!("sha256={right}")),
        ),
        (
            "a signature by nothing",
            to("without-secret").header("x-signature", &signature("", body.as_bytes())),
        ),
        (
            "no time",
            to(WITH_TIMESTAMP).header(
                "x-signature",
                &signature(SECRET, format!(".{body}").as_bytes()),
            ),
        ),
        ("a time that is none", timed_start(&server, "now", &body)),
        (
            "too old a time",
            timed_start(&server, &seconds_from_now(-90), &body),
        ),
        (
            "a time to come",
            timed_start(&server, &seconds_from_now(90), &body),
        ),
        (
            "another time than was signed",
            to(WITH_TIMESTAMP).header("x-time", &now).header(
                "x-signature",
                &signature(
                    SECRET,
                    format!("{}.{body}", seconds_from_now(-90)).as_bytes(),
                ),
            ),
        ),
        (
            "a signature without its time",
            to(WITH_TIMESTAMP)
                .header("x-time", &now)
                .header("x-signature", &right),
        ),
        (
            "wrong for one that is off",
            basic(to("off"), "Aladdin", "wrong"),
        ),
        (
            "a wrong password and a body that is none",
            basic(start(&server, "with-basic").body("{"), "Aladdin", "wrong"),
        ),
    ];
    for (what, call) in rows {
        assert_eq!(seen(&call.send()), expected, "{what}");
    }
    assert_eq!(objects(&server), stored);
    let _ = to("open").send().expect(202);
    ended(&server, 8);
}
