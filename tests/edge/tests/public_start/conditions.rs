//! Deliveries that a runbook does not want are answered, start nothing, and are listed with what decided.

use edge_tests::{
    Server,
    console::{get, text},
};
use serde_json::{Value, json};

use super::{bern, ended, open, serving, start, with_basic};

fn wanting(when: &Value, more: &Value) -> Value {
    open(&edge_tests::bundle::with(&json!({ "when": when }), more))
}

fn ignored(server: &Server, id: &str) -> Vec<String> {
    let report = get(server, &format!("/console/runbooks/{id}/starts"));
    let ignored = report["ignored"].as_array().unwrap().clone();
    ignored
        .iter()
        .map(|start| text(&start["explanation"]))
        .collect()
}

#[test]
fn what_is_not_wanted_starts_nothing_and_is_listed() {
    let when = json!({"all": [
        {"left": "<<request@header[x-github-event]>>", "op": "equals", "right": "issues"},
        {"left": "<<request^action>>", "op": "equals", "right": "opened"},
    ]});
    let server = serving(&[("rb", wanting(&when, &json!({})))]);
    let send = |event: &str, body: &Value| {
        let call = start(&server, "rb").header("x-github-event", event);
        call.json(body).send()
    };
    // A ping lacks what the runbook needs; nobody wants it anyway.
    let ping = send("ping", &json!({"zen": "Keep it simple."})).expect(200);
    assert_eq!(ping.json(), json!({"status": "ignored"}));
    let _ = send("issues", &json!({"action": "closed", "city": "Bern"})).expect(200);
    let _ = send("issues", &json!({"city": "Bern"})).expect(200);
    let wanted = json!({"action": "opened", "city": "Bern"});
    let _ = send("issues", &wanted).expect(202);
    // What is wanted must be whole, and what is no JSON is neither.
    let _ = send("issues", &json!({"action": "opened"})).expect(400);
    let _ = start(&server, "rb").body("{").send().expect(400);
    ended(&server, 1);
    let listed = ignored(&server, "rb");
    assert_eq!(listed.len(), 3, "{listed:?}");
    assert!(listed[0].contains("has no value"), "{listed:?}");
    assert!(
        listed[1].contains("closed") && listed[1].contains("opened"),
        "{listed:?}"
    );
    assert!(listed[2].contains("ping"), "{listed:?}");
}

#[test]
fn only_the_last_ones_are_kept_and_no_secret_is_shown() {
    let when = json!({"all": [{"left": "<<request^city>>", "op": "equals", "right": "Bern"}]});
    let mut start_settings = with_basic(&json!({}));
    start_settings["when"] = when;
    let server = serving(&[("rb", start_settings)]);
    let send = |city: &str| {
        let call = super::basic(start(&server, "rb"), "Aladdin", super::PASSWORD);
        call.json(&json!({ "city": city })).send()
    };
    for number in 0..60 {
        let _ = send(&format!("Biel {number}")).expect(200);
    }
    let _ = send(&format!("the {}", super::PASSWORD)).expect(200);
    let listed = ignored(&server, "rb");
    assert_eq!(listed.len(), 50);
    assert!(
        !listed[0].contains(super::PASSWORD) && listed[0].contains("the "),
        "{}",
        listed[0]
    );
    assert!(
        listed[1].contains("Biel 59") && listed[49].contains("Biel 11"),
        "{listed:?}"
    );
    let _ = send("Bern").expect(202);
    ended(&server, 1);
}

/// The order of the contract: what is wrong with a caller is told before what is wanted is asked.
#[test]
fn a_key_counts_before_the_conditions() {
    let when = json!({"all": [{"left": "<<request^city>>", "op": "equals", "right": "Bern"}]});
    let server = serving(&[("rb", wanting(&when, &json!({})))]);
    let send = |key: &str, city: &str| {
        let call = start(&server, "rb").header("idempotency-key", key);
        call.json(&json!({ "city": city })).send()
    };
    let _ = send("a", "Bern").expect(202);
    let _ = send("a", "Biel").expect(422);
    // A start that was ignored uses no key up.
    let _ = send("b", "Biel").expect(200);
    let _ = send("b", "Bern").expect(202);
    let _ = start(&server, "rb").json(&bern()).send().expect(202);
    ended(&server, 3);
}
