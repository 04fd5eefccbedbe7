//! Runs that wait, for their time or for their next try, go on after a crash.

use edge_tests::{
    Options, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends},
    console::{get, post, start, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::{open, with_methods};

fn view(server: &Server, id: &str) -> Value {
    get(server, &format!("/console/runs/{id}"))
}

fn wait_until_waiting(server: &Server, id: &str) -> Value {
    wait_for(|| Some(view(server, id)).filter(|run| run["status"] == "waiting"))
}

fn sleeps(ms: u64) -> Value {
    json!({"type": "sleep", "for_ms": ms})
}

/// Both ways of a sleep and a *set variables* step have names of their own.
fn chained(id: &str, steps: &[Value]) -> Value {
    let mut runbook = chain(id, &open(), steps);
    for step in runbook["steps"].as_array_mut().unwrap() {
        let way = match step["type"].as_str() {
            Some("sleep") => "finished",
            Some("set") => "done",
            _ => continue,
        };
        let next = step["next"]["success"].clone();
        step["next"] = json!({ way: next });
    }
    runbook
}

#[test]
fn a_request_that_failed_goes_out_again_also_after_a_crash() {
    let stub = Stub::start();
    let mut server = Server::start(&Options::default());
    let retry =
        json!({"retry": {"kind": "fixed", "count": 3, "first_ms": 1500}, "idempotency_key": true});
    Bundle::new()
        .integration(
            "api",
            &stub.url(""),
            &json!({"type": "none"}),
            [method("post", "POST", "/post", &retry)],
        )
        .runbook(chained("rb", &[sends("post")]))
        .import(&server);
    stub.reply("POST", "/post", Reply::json(503, &json!({})));
    stub.reply("POST", "/post", Reply::json(429, &json!({})));
    stub.reply("POST", "/post", Reply::json(200, &json!({})));
    let id = start(&server, "rb", &json!({}));
    wait_until_waiting(&server, &id);
    server.restart();
    let run = wait_for_end(&server, &id);
    assert_eq!(run["status"], "succeeded", "{run}");
    let attempts = run["visits"][0]["attempts"].as_array().unwrap();
    let statuses: Vec<_> = attempts
        .iter()
        .map(|attempt| attempt["response"]["status"].clone())
        .collect();
    assert_eq!(statuses, [503, 429, 200]);
    let sent = stub.wait_for(3, "POST", "/post");
    assert_eq!(sent.len(), 3);
    let key = sent[0].header("idempotency-key").unwrap();
    assert!(key.starts_with(&id), "{key}");
    for again in &sent {
        assert_eq!(again.header("idempotency-key"), Some(key));
    }
}

#[test]
fn a_sleep_goes_on_where_it_was() {
    let stub = Stub::start();
    let (mut server, bundle) = with_methods(&stub);
    let set = json!({"type": "set", "variables": [{"name": "Mark", "value": "after <<run^id!>>"}]});
    bundle
        .runbook(chained("rb", &[sleeps(2_500), set, sends("post")]))
        .import(&server);
    stub.reply("POST", "/post", Reply::json(200, &json!({})));
    let id = start(&server, "rb", &json!({}));
    let waiting = wait_until_waiting(&server, &id);
    let until = waiting["waits_until"].as_u64().unwrap();
    assert_eq!(waiting["visits"][0]["waits_until"], until);
    server.restart();
    let run = wait_for_end(&server, &id);
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(stub.count("POST", "/post"), 1);
    assert!(run["visits"][0]["ended_at"].as_u64().unwrap() >= until);
    assert_eq!(
        run["visits"][1]["variables"][0]["value"],
        format!("\"after {id}\"")
    );
}

#[test]
fn a_long_sleep_is_no_work_and_can_be_cancelled() {
    let stub = Stub::start();
    let (mut server, bundle) = with_methods(&stub);
    bundle
        .runbook(chained("rb", &[sleeps(3_600_000), sends("post")]))
        .import(&server);
    let id = start(&server, "rb", &json!({}));
    let before = wait_until_waiting(&server, &id);
    server.restart();
    let after = wait_until_waiting(&server, &id);
    assert_eq!(after["waits_until"], before["waits_until"]);
    let listed = get(&server, "/console/runs?status=waiting");
    assert_eq!(listed["items"][0]["run_id"], id, "{listed}");
    let ended = post(&server, &format!("/console/runs/{id}/cancel"), &json!({}));
    assert_eq!(ended.expect(200).json()["status"], "cancelled");
    assert_eq!(stub.count("POST", "/post"), 0);
}

#[test]
fn a_run_that_is_to_start_again_says_when() {
    let stub = Stub::start();
    let (mut server, bundle) = with_methods(&stub);
    let mut runbook = chain("rb", &open(), &[sends("get")]);
    for step in runbook["steps"].as_array_mut().unwrap() {
        if step["outcome"] == "failed" {
            step["outcome"] = json!("failed_retry");
        }
    }
    bundle.runbook(runbook).import(&server);
    stub.reply("GET", "/get", Reply::json(500, &json!({})));
    stub.reply("GET", "/get", Reply::json(200, &json!({})));
    let id = start(&server, "rb", &json!({}));
    let waiting = wait_until_waiting(&server, &id);
    let failed = &waiting["visits"][1];
    assert_eq!(failed["state"], "failed");
    let wait = waiting["waits_until"].as_u64().unwrap() - failed["ended_at"].as_u64().unwrap();
    assert_eq!(wait, 10_000);
    server.restart();
    let run = wait_for_end(&server, &id);
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(stub.count("GET", "/get"), 2);
}
