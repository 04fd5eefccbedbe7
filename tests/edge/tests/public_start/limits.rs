//! What a runbook holds its callers to: size, where they come from, how often.

use edge_tests::{Answer, Call, Server, bundle::with, console::code};
use serde_json::{Value, json};

use super::{PASSWORD, basic, bern, ended, open, serving, start, switch, with_basic};

fn limits(limits: &Value) -> Value {
    json!({ "limits": limits })
}

fn told(answer: &Answer) -> (u16, String) {
    (answer.status, code(answer))
}

fn right(server: &Server, id: &str) -> Call {
    basic(start(server, id), "Aladdin", PASSWORD)
}

#[test]
fn a_runbook_may_take_less_than_a_mebibyte() {
    let small = limits(&json!({ "body_bytes": bern().to_string().len() }));
    let desk_only = with(&json!({"access": "desk"}), &small);
    let server = serving(&[("rb", with_basic(&small)), ("desk-only", desk_only)]);
    let too_large = json!({"city": "Berne"});
    let _ = right(&server, "rb").json(&bern()).send().expect(202);
    // It is told before the credentials are looked at, but of nothing that nobody may start.
    let anybody = start(&server, "rb").json(&too_large);
    assert_eq!(told(&anybody.send()), (413, "body_too_large".to_owned()));
    let chunked = right(&server, "rb").json(&too_large).chunked();
    assert_eq!(chunked.send().status, 413);
    for id in ["desk-only", "none"] {
        let answer = start(&server, id).json(&too_large).send();
        assert_eq!(told(&answer), (401, "unauthorized".to_owned()), "{id}");
    }
    ended(&server, 1);
}

#[test]
fn who_comes_too_often_is_told_when_to_come_again() {
    let rate = limits(&json!({ "per_second": 1, "burst": 2 }));
    let server = serving(&[("rb", with_basic(&rate)), ("other", with_basic(&rate))]);
    let send = |key: &str, body: &str| {
        let call = right(&server, "rb").header("idempotency-key", key);
        call.body(body).send()
    };
    let body = bern().to_string();
    // Neither who is refused nor who comes while it is off takes a start away.
    for _ in 0..5 {
        let wrong = basic(start(&server, "rb"), "Aladdin", "wrong");
        let _ = wrong.json(&bern()).send().expect(401);
    }
    switch(&server, "rb", false);
    for _ in 0..5 {
        let _ = send("a", &body).expect(409);
    }
    switch(&server, "rb", true);
    let _ = send("a", &body).expect(202);
    let _ = send("b", &body).expect(202);
    // The rate comes before the key and before the body. A start comes back every second, so a slow caller may get
    // through now and then.
    let refused = edge_tests::console::wait_for(|| {
        let answer = send("a", "{");
        assert!(matches!(answer.status, 422 | 429), "{answer:?}");
        (answer.status == 429).then_some(answer)
    });
    assert_eq!(code(&refused), "too_many_starts");
    assert_eq!(refused.header("retry-after"), Some("1"));
    // Another runbook has a bucket of its own.
    let _ = right(&server, "other").json(&bern()).send().expect(202);
    // What was refused is let in once it has waited; its key was not used up.
    let id = edge_tests::console::wait_for(|| {
        let answer = send("c", &body);
        (answer.status == 202).then(|| super::run_id(&answer))
    });
    assert!(id.starts_with("rb."), "{id}");
    ended(&server, 4);
}

#[test]
fn who_connects_from_elsewhere_is_refused_like_anybody() {
    let from = |sources: &Value| with_basic(&limits(&json!({ "sources": sources })));
    let server = serving(&[
        ("here", from(&json!(["203.0.113.0/24", "127.0.0.0/8"]))),
        ("elsewhere", from(&json!(["203.0.113.0/24", "::1"]))),
        (
            "open-elsewhere",
            open(&limits(&json!({ "sources": ["203.0.113.7"] }))),
        ),
    ]);
    let _ = right(&server, "here").json(&bern()).send().expect(202);
    let unknown = start(&server, "none").json(&bern()).send().expect(401);
    // Nobody is believed who says where he comes from.
    for header in [
        "cf-connecting-ip",
        "x-forwarded-for",
        "x-real-ip",
        "true-client-ip",
        "forwarded",
    ] {
        for id in ["elsewhere", "open-elsewhere"] {
            let call = right(&server, id)
                .json(&bern())
                .header(header, "203.0.113.7");
            let answer = call.send().expect(401);
            assert_eq!(answer.body, unknown.body, "{header} {id}");
            assert_eq!(
                answer.header("www-authenticate"),
                unknown.header("www-authenticate")
            );
        }
        let spoofed = right(&server, "here")
            .json(&bern())
            .header(header, "198.51.100.1");
        let _ = spoofed.send().expect(202);
    }
    // The address counts before the state.
    switch(&server, "elsewhere", false);
    let _ = right(&server, "elsewhere").json(&bern()).send().expect(401);
    ended(&server, 6);
}
