//! Runs that wait for their turn.

use edge_tests::{
    Gate, Stub,
    console::{code, get, post, runs, wait_for, wait_for_end},
};
use serde_json::json;

use super::{in_status, one, said, start, started};

#[test]
fn one_at_a_time_in_the_order_in_which_they_came() {
    let stub = Stub::start();
    let mut server = one(&stub, &json!({"running": "queue"}));
    let gate = Gate::new();
    stub.reply("POST", "/send/Bern", said("a").behind(&gate));
    for city in ["Rome", "Oslo"] {
        stub.reply("POST", &format!("/send/{city}"), said("b"));
    }
    let first = started(&server, "Bern");
    stub.wait_for(1, "POST", "/send/Bern");
    let (second, third) = (started(&server, "Rome"), started(&server, "Oslo"));
    for waiting in [&second, &third] {
        let run = in_status(&server, waiting, "queued");
        assert_eq!(run["visits"], json!([]), "{run}");
        assert_eq!(run["inputs"][0]["name"], "City");
    }
    assert_eq!(stub.received().len(), 1);
    // Who waits has been accepted, so a crash loses nobody. What was under way is not sent again.
    server.restart();
    in_status(&server, &first, "failed");
    for waiting in [&second, &third] {
        assert_eq!(wait_for_end(&server, waiting)["status"], "succeeded");
    }
    let paths: Vec<String> = stub
        .received()
        .iter()
        .map(|received| received.target.clone())
        .collect();
    assert_eq!(paths, ["/send/Bern", "/send/Rome", "/send/Oslo"]);
    gate.open();
}

#[test]
fn a_start_is_refused_while_another_runs() {
    let stub = Stub::start();
    let server = one(&stub, &json!({"running": "refuse"}));
    let gate = Gate::new();
    stub.reply("POST", "/send/Bern", said("a").behind(&gate));
    stub.reply("POST", "/send/Rome", said("b"));
    let first = started(&server, "Bern");
    let refused = start(&server, "Rome").expect(409);
    assert_eq!(code(&refused), "already_running");
    wait_for(|| (runs(&server, "rb").len() == 1).then_some(()));
    gate.open();
    wait_for_end(&server, &first);
    wait_for_end(&server, &started(&server, "Rome"));
}

#[test]
fn one_per_key_goes_on_at_a_time() {
    let stub = Stub::start();
    let server = one(
        &stub,
        &json!({"running": "one_per_key", "running_key": "<<City>>"}),
    );
    let gate = Gate::new();
    stub.reply("POST", "/send/Bern", said("a").behind(&gate));
    stub.reply("POST", "/send/Bern", said("b"));
    stub.reply("POST", "/send/Rome", said("c"));
    let (first, second) = (started(&server, "Bern"), started(&server, "Bern"));
    // Another key does not wait.
    assert_eq!(
        wait_for_end(&server, &started(&server, "Rome"))["status"],
        "succeeded"
    );
    in_status(&server, &second, "queued");
    gate.open();
    assert_eq!(wait_for_end(&server, &first)["status"], "succeeded");
    assert_eq!(wait_for_end(&server, &second)["status"], "succeeded");
}

#[test]
fn whoever_waits_can_be_cancelled_and_is_answered() {
    let stub = Stub::start();
    let server = one(
        &stub,
        &json!({"most_at_once": 1, "start": {"access": "desk_and_public", "auth": {"type": "none"},
            "answer": {"when": "finished", "within_ms": 60_000, "outputs": ["Said"]},
            "inputs": [{"name": "City", "value": "request^city", "type": "string"}]}}),
    );
    let gate = Gate::new();
    stub.reply("POST", "/send/Bern", said("a").behind(&gate));
    stub.reply("POST", "/send/Oslo", said("c"));
    std::thread::scope(|scope| {
        let first = scope.spawn(|| start(&server, "Bern"));
        stub.wait_for(1, "POST", "/send/Bern");
        let second = scope.spawn(|| start(&server, "Rome"));
        let waiting = wait_for(|| {
            let run = get(&server, "/console/runs?status=queued")["items"][0]["run_id"].clone();
            run.as_str().map(str::to_owned)
        });
        let run = get(&server, &format!("/console/runs/{waiting}"));
        let under_way = get(&server, "/console/runs?status=running")["items"][0]["run_id"].clone();
        assert_eq!(run["queue"], json!({"place": 1, "behind": under_way}));
        let third = scope.spawn(|| start(&server, "Oslo"));
        let cancelled = post(
            &server,
            &format!("/console/runs/{waiting}/cancel"),
            &json!({}),
        );
        assert_eq!(cancelled.expect(200).json()["status"], "cancelled");
        let answer = second.join().unwrap().expect(502).json();
        assert_eq!(answer["status"], "cancelled");
        gate.open();
        for (start, said) in [(first, "a"), (third, "c")] {
            let answer = start.join().unwrap().expect(200).json();
            assert_eq!(answer["outputs"]["Said"], said);
        }
    });
    assert_eq!(stub.count("POST", "/send/Rome"), 0);
}
