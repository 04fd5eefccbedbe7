//! How long runs are kept, and what light logs keep of them.

use edge_tests::{
    Options, Reply, Server, Stub,
    bundle::{Bundle, chain, with},
    console::{code, get, post, run, runs, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::{in_status, one, said, started};

#[test]
fn light_logs_keep_no_bodies_and_no_values() {
    let stub = Stub::start();
    let server = one(
        &stub,
        &json!({"light_logs": true, "start": {"access": "desk_and_public", "auth": {"type": "none"},
            "answer": {"when": "finished", "outputs": ["Said"]},
            "inputs": [{"name": "City", "value": "request^city", "type": "string"}]}}),
    );
    stub.reply("POST", "/send/Xanadu", said("pleasure-dome"));
    let keyed = || {
        server
            .post("/api/automation/rb")
            .header("Idempotency-Key", "k")
            .json(&json!({"city": "Xanadu"}))
            .send()
            .expect(200)
            .json()
    };
    let answer = keyed();
    assert_eq!(answer["outputs"]["Said"], "pleasure-dome");
    let id = answer["run_id"].as_str().unwrap();
    let path = format!("/console/runs/{id}");
    let run = get(&server, &path);
    assert_eq!(
        (&run["light"], &run["status"]),
        (&json!(true), &json!("succeeded"))
    );
    assert_eq!(run["visits"][0]["attempts"][0]["response"]["status"], 200);
    assert_eq!(run["visits"][0]["way"], "success");
    let text = run.to_string();
    for value in ["pleasure-dome", "Xanadu"] {
        assert!(!text.contains(value), "{value} in {text}");
    }
    // Which steps it went through is drawn on the chart of what it executed.
    let plan = get(&server, &format!("{path}/plan"));
    assert_eq!(plan["runbook"]["light_logs"], true);
    // A key that comes again is answered the same.
    assert_eq!(keyed(), answer);
    let refused = post(&server, &format!("{path}/replay"), &json!({})).expect(409);
    assert_eq!(code(&refused), "light_logs");
    let refused = get_error(&server, &format!("{path}/replay"));
    assert_eq!(refused, "light_logs");

    // A reason quotes the answer; what is kept of it does not, in the list neither.
    stub.reply(
        "POST",
        "/send/Tartarus",
        Reply::json(404, &json!("Tartarus is closed")),
    );
    let start = server
        .post("/api/automation/rb")
        .json(&json!({"city": "Tartarus"}));
    let told = start.send().expect(502).json();
    // Whoever called from outside is not told what the service said.
    assert!(!told.to_string().contains("Tartarus"), "{told}");
    let path = format!("/console/runs/{}", told["run_id"].as_str().unwrap());
    let run = wait_for_end(&server, told["run_id"].as_str().unwrap());
    let why = run["error"]["message"].as_str().unwrap();
    assert!(why.contains("404"), "{why}");
    for text in [get(&server, &path), json!(runs(&server, "rb"))] {
        assert!(!text.to_string().contains("Tartarus"), "{text}");
    }
}

fn get_error(server: &Server, path: &str) -> String {
    code(&server.get(path).admin().send().expect(409))
}

#[test]
fn only_so_many_runs_are_kept_and_keys_outlive_them() {
    let stub = Stub::start();
    let server = one(&stub, &json!({"retention_runs": 1}));
    for _ in 0..3 {
        stub.reply("POST", "/send/Bern", said("a"));
    }
    let first = server
        .post("/api/automation/rb")
        .header("Idempotency-Key", "k")
        .json(&json!({"city": "Bern"}))
        .send()
        .expect(202)
        .json();
    let first = first["run_id"].as_str().unwrap();
    wait_for_end(&server, first);
    wait_for_end(&server, &started(&server, "Bern"));
    let last = started(&server, "Bern");
    wait_for_end(&server, &last);
    let kept = wait_for(|| {
        let kept = runs(&server, "rb");
        (kept.len() == 1).then_some(kept)
    });
    assert_eq!(kept[0]["run_id"], last);
    let gone = server.get(&format!("/console/runs/{first}")).admin().send();
    let _ = gone.expect(404);
    let again = server
        .post("/api/automation/rb")
        .header("Idempotency-Key", "k")
        .json(&json!({"city": "Bern"}))
        .send()
        .expect(202)
        .json();
    assert_eq!(again["run_id"], first);
    assert_eq!(stub.count("POST", "/send/Bern"), 3);
}

#[test]
fn what_has_not_ended_is_kept() {
    let server = Server::start(&Options::default());
    let settings = json!({"access": "desk_and_public", "auth": {"type": "none"},
        "inputs": [{"name": "When", "value": "request^when", "type": "date-time"}]});
    let sleeps = json!({"type": "sleep", "until": "<<When>>", "next": {"finished": "done"}});
    let mut runbook = chain("rb", &settings, &[sleeps]);
    // Sleeping does not fail.
    let steps = runbook["steps"].as_array_mut().unwrap();
    steps.retain(|step| step["id"] != "failed");
    Bundle::new()
        .runbook(with(&runbook, &json!({"retention_runs": 1})))
        .import(&server);
    let start = |when: &str| {
        let answer = server
            .post("/api/automation/rb")
            .json(&json!({ "when": when }))
            .send();
        answer.expect(202).json()["run_id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let sleeper = start(&tomorrow());
    in_status(&server, &sleeper, "waiting");
    for _ in 0..2 {
        let ended = format!("/console/runs/{}", start("2000-01-01T00:00:00Z"));
        wait_for(|| (server.get(&ended).admin().send().status == 404).then_some(()));
    }
    in_status(&server, &sleeper, "waiting");
}

/// This time tomorrow, as RFC 3339 writes it.
fn tomorrow() -> String {
    let sqlite = rusqlite::Connection::open_in_memory().unwrap();
    let query = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 day')";
    sqlite.query_row(query, [], |row| row.get(0)).unwrap()
}

#[test]
fn long_values_are_cut_where_one_asks_for_it_and_each_passage_is_read_whole() {
    let server = Server::start(&Options::default());
    let start = json!({"access": "desk", "answer": {"outputs": ["Copy"]},
        "inputs": [{"name": "Text", "value": "", "type": "string"}]});
    let set = json!({"type": "set", "variables": [{"name": "Copy", "value": "<<Text>>"}],
        "next": {"done": "done"}});
    let mut runbook = chain("rb", &start, &[set]);
    // Setting does not fail.
    let steps = runbook["steps"].as_array_mut().unwrap();
    steps.retain(|step| step["id"] != "failed");
    Bundle::new().runbook(runbook).import(&server);
    let long = "x".repeat(2_000);
    let whole = run(&server, "rb", &json!({"Text": long}));
    let value = |visit: &Value| visit["variables"][0]["value"].as_str().unwrap().len();
    assert_eq!(value(&whole["visits"][0]), 2_002);
    let path = format!("/console/runs/{}", whole["run_id"].as_str().unwrap());
    let short = get(&server, &format!("{path}?values=short"));
    assert!(value(&short["visits"][0]) < 600, "{short}");
    assert_eq!(short["visits"][0]["is_cut"], true);
    assert_eq!(short["visits"][1], whole["visits"][1]);
    assert_eq!(
        get(&server, &format!("{path}/visits/0")),
        whole["visits"][0]
    );
    for none in ["9", "x"] {
        let gone = server.get(&format!("{path}/visits/{none}")).admin().send();
        let _ = gone.expect(404);
    }
}
