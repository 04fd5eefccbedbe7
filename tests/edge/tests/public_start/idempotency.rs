//! The same key starts one run, whatever happens in between.

use std::thread;

use edge_tests::{Answer, Server};
use serde_json::{Value, json};

use super::{
    SECRET, bern, ended, open, run_id, serving, signed,
    signing::{digest, encoded, seconds_from_now},
    start, waited_for,
};

fn with_key(server: &Server, id: &str, key: &str, body: &Value) -> Answer {
    let call = start(server, id).header("idempotency-key", key);
    call.json(body).send()
}

#[test]
fn a_key_leads_to_its_first_run() {
    let mut server = serving(&[("one", open(&json!({}))), ("other", open(&json!({})))]);
    let first = run_id(&with_key(&server, "one", "k1", &bern()).expect(202));
    let again = with_key(&server, "one", "k1", &bern()).expect(202);
    assert_eq!(run_id(&again), first);
    let other_body = with_key(&server, "one", "k1", &json!({"city": "Basel"})).expect(422);
    assert_eq!(other_body.json()["error"]["code"], "idempotency_key_reused");
    // It is the bytes that count, not what they mean.
    let call = start(&server, "one").header("idempotency-key", "k1");
    let _ = call.body(r#"{ "city":"Bern"}"#).send().expect(422);

    // Keys are their runbook's own, and told apart by each letter.
    let elsewhere = with_key(&server, "other", "k1", &bern()).expect(202);
    assert_ne!(run_id(&elsewhere), first);
    assert_ne!(
        run_id(&with_key(&server, "one", "K1", &bern()).expect(202)),
        first
    );
    // None, and an empty one, are no key.
    for _ in 0..2 {
        let _ = with_key(&server, "one", "", &bern()).expect(202);
    }
    ended(&server, 5);

    server.restart();
    assert_eq!(
        run_id(&with_key(&server, "one", "k1", &bern()).expect(202)),
        first
    );
    let _ = with_key(&server, "one", "k1", &json!({"city": "Basel"})).expect(422);
    ended(&server, 5);
}

#[test]
fn a_refused_start_uses_no_key_up() {
    let server = serving(&[("rb", open(&json!({})))]);
    let _ = with_key(&server, "rb", "k", &json!({"city": 1})).expect(400);
    let _ = with_key(&server, "rb", "k", &bern()).expect(202);
    ended(&server, 1);
}

#[test]
fn who_waits_gets_the_first_runs_answer() {
    let server = serving(&[(
        "rb",
        edge_tests::bundle::with(&open(&json!({})), &waited_for(&json!(["City"]))),
    )]);
    let first = with_key(&server, "rb", "k", &bern()).expect(200);
    let again = with_key(&server, "rb", "k", &bern()).expect(200);
    assert_eq!(again.json(), first.json());
    assert_eq!(first.json()["outputs"], json!({"City": "Bern"}));
    ended(&server, 1);
}

#[test]
fn of_many_at_once_one_starts() {
    let server = serving(&[("rb", open(&json!({})))]);
    let ids: Vec<String> = thread::scope(|scope| {
        let calls: Vec<_> = (0..20)
            .map(|_| scope.spawn(|| run_id(&with_key(&server, "rb", "k", &bern()).expect(202))))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    ended(&server, 1);
}

/// How Standard Webhooks sign: the message's id is part of what is signed, and is its key.
#[test]
fn a_signed_webhook_id_is_a_key() {
    let server = serving(&[
        (
            "webhook",
            signed(&json!({
                "header": "webhook-signature", "prefix": "v1,", "encoding": "base64",
                "timestamp_header": "webhook-timestamp",
                "signed": "<<request@header[webhook-id]>>.<<timestamp>>.<<body>>",
            })),
        ),
        ("open", open(&json!({}))),
    ]);
    let deliver = |id: &str, body: &Value| {
        let (time, body) = (seconds_from_now(0), body.to_string());
        let message = format!("{id}.{time}.{body}");
        let digest = encoded("base64", &digest("sha256", SECRET, message.as_bytes()));
        start(&server, "webhook")
            .header("webhook-id", id)
            .header("webhook-timestamp", &time)
            .header("webhook-signature", &format!("v1,{digest}"))
            .body(body)
    };
    let first = run_id(&deliver("msg_1", &bern()).send().expect(202));
    assert_eq!(run_id(&deliver("msg_1", &bern()).send().expect(202)), first);
    assert_ne!(run_id(&deliver("msg_2", &bern()).send().expect(202)), first);
    let _ = deliver("msg_1", &json!({"city": "Basel"}))
        .send()
        .expect(422);
    // A key that is not signed does not get around it: else whoever records a delivery could repeat it.
    let call = deliver("msg_1", &bern()).header("idempotency-key", "k");
    assert_eq!(run_id(&call.send().expect(202)), first);
    ended(&server, 2);
    // Where nobody signs it, it says nothing.
    let unsigned = || {
        start(&server, "open")
            .header("webhook-id", "msg_1")
            .json(&bern())
    };
    let first = run_id(&unsigned().send().expect(202));
    assert_ne!(run_id(&unsigned().send().expect(202)), first);
}
