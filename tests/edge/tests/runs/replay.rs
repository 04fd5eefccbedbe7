//! Runs that are done again.

use edge_tests::{
    Options, Reply, Server, Stub,
    bundle::{Bundle, chain},
    console::{code, delete, get, items, post, run, text, wait_for, wait_for_end},
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
fn a_run_leads_to_its_replays_and_is_made_good_by_one_that_succeeds() {
    let stub = Stub::start();
    let server = one(&stub, &json!({}));
    for _ in 0..2 {
        stub.reply("POST", "/send/Bern", Reply::json(500, &json!({})));
    }
    stub.reply("POST", "/send/Bern", said("a"));
    let id = |run: &Value| text(&run["run_id"]);
    let failed = || get(&server, "/console/runs?runbook=rb&status=failed");
    let replays = |run: &Value| -> Vec<(String, String)> {
        let path = format!("/console/runs?replay_of={}", id(run));
        let replays = items(&get(&server, &path)).into_iter();
        replays
            .map(|run| (text(&run["run_id"]), text(&run["status"])))
            .collect()
    };
    // The index hears of a run a little after it has ended.
    let are_listed = |of: &Value, replay: &Value, status: &str| {
        let expected = [(id(replay), status.to_owned())];
        wait_for(|| (replays(of) == expected).then_some(()));
    };
    let first = run(&server, "rb", &json!({"City": "Bern"}));
    let second = replay(&server, &first, &json!({}));
    are_listed(&first, &second, "failed");
    assert_eq!(items(&failed()).len(), 2);
    assert_eq!(
        failed()["redone"],
        Value::Null,
        "one that failed, too, does not count"
    );

    // It is no replay of the first, and makes that good all the same.
    let third = replay(&server, &second, &json!({}));
    are_listed(&second, &third, "succeeded");
    are_listed(&first, &second, "failed");
    assert_eq!(replays(&third), []);
    for list in ["redone", "made_good"] {
        assert_eq!(failed()[list], json!([id(&second), id(&first)]), "{list}");
    }
    let path = "/console/runs?replay_of=rb";
    assert_eq!(
        code(&server.get(path).admin().send().expect(400)),
        "invalid_filter"
    );
}

#[test]
fn what_is_not_published_any_more_is_not_done_again() {
    let stub = Stub::start();
    let server = one(&stub, &json!({}));
    stub.reply("POST", "/send/Bern", Reply::json(500, &json!({})));
    let failed = run(&server, "rb", &json!({"City": "Bern"}));
    let path = format!("/console/runs/{}/replay", text(&failed["run_id"]));
    let refused = || {
        for refused in [
            post(&server, &path, &json!({})).expect(409),
            server.get(&path).admin().send().expect(409),
        ] {
            assert_eq!(code(&refused), "not_published");
        }
    };
    let _ = post(&server, "/console/runbooks/rb/unpublish", &json!({})).expect(204);
    refused();
    let _ = post(&server, "/console/runbooks/rb/publish", &json!({})).expect(200);
    let _ = server.get(&path).admin().send().expect(200);
    let _ = delete(&server, "/console/runbooks/rb").expect(204);
    refused();
    assert_eq!(stub.count("POST", "/send/Bern"), 1);
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

#[test]
fn it_is_told_how_a_replay_begins_and_a_step_of_a_loop_takes_its_loop_along() {
    let server = Server::start(&Options::default());
    let start = json!({"access": "desk", "answer": {"outputs": ["All"]}, "inputs": [
        {"name": "List", "value": "", "type": "array"},
        {"name": "Note", "value": "", "type": "string", "required": false}]});
    let mut runbook = chain("rb", &start, &[]);
    runbook["first_step"] = json!("each");
    runbook["steps"] = json!([
        {"id": "each", "name": "Each", "type": "for_each", "at": [0, 0], "over": "<<List>>",
         "next": {"element": "keep", "finished": "good", "empty": "good"}},
        {"id": "keep", "name": "Keep", "type": "set", "at": [0, 0], "next": {"done": "each"},
         "variables": [{"name": "All", "value": "<<response>>", "add_to_array": true}]},
        {"id": "good", "name": "Good", "type": "end", "at": [0, 0], "outcome": "success"}]);
    Bundle::new().runbook(runbook).import(&server);
    let first = run(&server, "rb", &json!({"List": [1, 2]}));
    let id = first["run_id"].as_str().unwrap();
    let whole = json!([{"name": "List", "value": "[1,2]"}, {"name": "Note"}]);

    let address = format!("/console/runs/{id}/replay");
    let point = get(&server, &address);
    assert_eq!(point, json!({"variables": whole}));
    let point = get(&server, &format!("{address}?from_step=keep"));
    let expected = json!({"from_step": "each", "step_name": "Each", "is_whole_loop": true, "variables": whole});
    assert_eq!(point, expected);

    let body = json!({"from_step": "keep", "variables": {"List": [3], "Note": "new"}});
    let second = replay(&server, &first, &body);
    assert_eq!(second["outputs"], json!([{"name": "All", "value": "[3]"}]));
    assert_eq!(second["started_by"]["step_name"], "Each");
    // It begins once more where it began, with what was changed.
    let third = replay(&server, &second, &json!({}));
    assert_eq!(third["outputs"], second["outputs"]);
    assert_eq!(third["started_by"]["step_name"], "Each");
    let address = format!(
        "/console/runs/{}/replay",
        second["run_id"].as_str().unwrap()
    );
    let variables = get(&server, &address)["variables"].clone();
    let changed = json!([{"name": "List", "value": "[3]"}, {"name": "Note", "value": "\"new\""}]);
    assert_eq!(variables, changed);

    let get = |path: &str| server.get(path).admin().send();
    assert_eq!(
        code(&get(&format!("{address}?from_step=none")).expect(400)),
        "no_such_step"
    );
    assert_eq!(
        code(&get(&format!("{address}?from_stop=x")).expect(400)),
        "invalid_step"
    );
}
