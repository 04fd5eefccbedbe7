//! Runs that are done again.

use edge_tests::{
    Reply, Server, Stub,
    console::{code, post, run, wait_for_end},
};
use serde_json::{Value, json};

use super::{one, said};

fn replay(server: &Server, run: &Value, body: &Value) -> Value {
    let path = format!("/console/runs/{}/replay", run["run_id"].as_str().unwrap());
    let started = post(server, &path, body).expect(202).json();
    wait_for_end(server, started["run_id"].as_str().unwrap())
}

#[test]
fn a_failed_run_is_done_again_from_its_start_or_from_a_step() {
    let stub = Stub::start();
    let server = one(&stub, &json!({}));
    stub.reply("POST", "/send/Bern", Reply::json(500, &json!({})));
    stub.reply("POST", "/send/Bern", said("a"));
    let failed = run(&server, "rb", &json!({"City": "Bern"}));
    assert_eq!(failed["status"], "failed");
    let step = failed["visits"][0]["step"].clone();

    for (body, path, words) in [
        (json!({}), "/send/Bern", Value::Null),
        (
            json!({"variables": {"City": "Rome"}}),
            "/send/Rome",
            Value::Null,
        ),
        (
            json!({"from_step": step}),
            "/send/Bern",
            failed["visits"][0]["name"].clone(),
        ),
        (
            json!({"from_step": step, "variables": {"City": "Oslo"}}),
            "/send/Oslo",
            failed["visits"][0]["name"].clone(),
        ),
    ] {
        stub.reply("POST", path, said("a"));
        let before = stub.count("POST", path);
        let again = replay(&server, &failed, &body);
        assert_eq!(again["status"], "succeeded", "{body}: {again}");
        assert_eq!(again["outputs"][0]["value"], "\"a\"");
        assert_eq!(again["started_by"]["run_id"], failed["run_id"]);
        assert_eq!(again["started_by"]["step_name"], words, "{body}");
        assert_eq!(stub.count("POST", path), before + 1);
    }

    let path = format!(
        "/console/runs/{}/replay",
        failed["run_id"].as_str().unwrap()
    );
    for (body, expected) in [
        (json!({"from_step": "none"}), "no_such_step"),
        (json!({"variables": {"Town": "x"}}), "unknown_input"),
    ] {
        assert_eq!(code(&post(&server, &path, &body).expect(400)), expected);
    }
    let _ = post(&server, &path, &json!({"step": "x"})).expect(400);
    let _ = post(&server, "/console/runs/rb.0.1/replay", &json!({})).expect(404);
}

#[test]
fn a_replay_runs_what_is_published_now() {
    let stub = Stub::start();
    let server = one(&stub, &json!({}));
    stub.reply("POST", "/send/Bern", Reply::json(500, &json!({})));
    let failed = run(&server, "rb", &json!({"City": "Bern"}));
    let method = edge_tests::console::get(&server, "/console/methods/send");
    let version = method["version"].as_u64().unwrap();
    let mut mended = method;
    mended["path"] = json!("/mended/<<City>>");
    let _ =
        edge_tests::console::put(&server, "/console/methods/send", version, &mended).expect(200);
    let _ = post(&server, "/console/runbooks/rb/publish", &json!({})).expect(200);
    stub.reply("POST", "/mended/Bern", said("a"));
    let again = replay(
        &server,
        &failed,
        &json!({"from_step": failed["visits"][0]["step"]}),
    );
    assert_eq!(
        (&again["status"], &again["version"]),
        (&json!("succeeded"), &json!(2))
    );
}
