//! Runs that start other runbooks.

use edge_tests::{
    Gate, Options, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends, with},
    console::{code, delete, get, post, run, runs, start, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::open;

/// `parent` hands a city to `child`, which asks the stub for its weather and answers with that.
fn family(stub: &Stub, wait: bool) -> (Server, Bundle) {
    let server = Server::start(&Options::default());
    let outputs = json!({"outputs": [{"name": "Weather", "value": "response^weather"}]});
    let child = with(
        &open(),
        &json!({"answer": {"outputs": ["Weather"]}, "inputs": [{"name": "City", "value": "request^city", "type": "string"}]}),
    );
    let starts = json!({"type": "start_runbook", "runbook": "child", "wait": wait,
        "variables": [{"name": "City", "value": "<<Place>>"}]});
    let set =
        json!({"type": "set", "variables": [{"name": "Told", "value": "<<response^Weather>>"}]});
    let mut parent = chain(
        "parent",
        &json!({"access": "desk", "answer": {"outputs": ["Told"]}, "inputs": [{"name": "Place", "type": "string"}]}),
        &[starts, set],
    );
    let next = parent["steps"][1]["next"]["success"].clone();
    parent["steps"][1]["next"] = json!({ "done": next });
    if !wait {
        parent["steps"].as_array_mut().unwrap().truncate(1);
        parent["steps"][0]["next"] = json!({});
        parent["start"]["answer"] = json!({});
    }
    let bundle = Bundle::new()
        .integration(
            "api",
            &stub.url(""),
            &json!({"type": "none"}),
            [method("ask", "GET", "/weather/<<City>>", &outputs)],
        )
        .runbook(chain("child", &child, &[sends("ask")]))
        .runbook(parent);
    (server, bundle)
}

fn grey() -> Reply {
    Reply::json(200, &json!({"weather": "grey"}))
}

#[test]
fn a_step_takes_the_answer_of_the_runbook_that_it_starts() {
    let stub = Stub::start();
    let (server, bundle) = family(&stub, true);
    bundle.import(&server);
    stub.reply("GET", "/weather/Bern", grey());
    let parent = run(&server, "parent", &json!({"Place": "Bern"}));
    assert_eq!(parent["status"], "succeeded", "{parent}");
    assert_eq!(parent["outputs"][0]["value"], "\"grey\"");
    let children = runs(&server, "child");
    assert_eq!(children.len(), 1);
    let started_by = &children[0]["started_by"];
    assert_eq!(
        (
            &started_by["type"],
            &started_by["name"],
            &started_by["run_id"]
        ),
        (&json!("runbook"), &json!("parent"), &parent["run_id"])
    );

    stub.reply("GET", "/weather/Rome", Reply::json(500, &json!({})));
    let parent = run(&server, "parent", &json!({"Place": "Rome"}));
    assert_eq!(parent["status"], "failed");
    let why = parent["error"]["message"].as_str().unwrap();
    assert!(why.contains("500"), "{why}");
}

#[test]
fn a_run_may_end_with_the_start_of_another() {
    let stub = Stub::start();
    let (server, bundle) = family(&stub, false);
    bundle.import(&server);
    let gate = Gate::new();
    stub.reply("GET", "/weather/Bern", grey().behind(&gate));
    let parent = run(&server, "parent", &json!({"Place": "Bern"}));
    assert_eq!(parent["status"], "succeeded", "{parent}");
    let child = runs(&server, "child");
    assert!(child[0]["ended_at"].is_null(), "{child:?}");
    gate.open();
    let id = child[0]["run_id"].as_str().unwrap();
    assert_eq!(wait_for_end(&server, id)["status"], "succeeded");
}

#[test]
fn a_crash_starts_no_second_one() {
    let stub = Stub::start();
    let (mut server, bundle) = family(&stub, true);
    bundle.import(&server);
    stub.reply("GET", "/weather/Bern", grey().behind(&Gate::new()));
    stub.reply("GET", "/weather/Bern", grey());
    let id = start(&server, "parent", &json!({"Place": "Bern"}));
    stub.wait_for(1, "GET", "/weather/Bern");
    server.restart();
    let parent = wait_for_end(&server, &id);
    assert_eq!(parent["status"], "succeeded", "{parent}");
    assert_eq!(runs(&server, "child").len(), 1);
    assert_eq!(stub.count("GET", "/weather/Bern"), 2);
}

#[test]
fn who_is_cancelled_takes_along_the_run_that_it_waits_for() {
    let stub = Stub::start();
    let (server, bundle) = family(&stub, true);
    bundle.import(&server);
    stub.reply("GET", "/weather/Bern", grey().behind(&Gate::new()));
    let id = start(&server, "parent", &json!({"Place": "Bern"}));
    stub.wait_for(1, "GET", "/weather/Bern");
    let path = format!("/console/runs/{id}");
    // Soon it is known which run is waited for.
    let child = wait_for(|| {
        let child = get(&server, &path)["visits"][0]["started_run"].clone();
        child.as_str().map(str::to_owned)
    });
    let _ = post(&server, &format!("{path}/cancel"), &json!({})).expect(200);
    assert_eq!(wait_for_end(&server, &child)["status"], "cancelled");
    let parent = get(&server, &path);
    assert_eq!(parent["status"], "cancelled");
    assert_eq!(parent["visits"][0]["started_run"], json!(child));
    let why = parent["visits"][0]["error"]["message"].as_str().unwrap();
    assert!(
        why.contains(&child) && why.contains("cancelled, too"),
        "{why}"
    );

    // At once as well, before that is known.
    stub.reply("GET", "/weather/Rome", grey().behind(&Gate::new()));
    let id = start(&server, "parent", &json!({"Place": "Rome"}));
    let _ = post(&server, &format!("/console/runs/{id}/cancel"), &json!({})).expect(200);
    assert_eq!(wait_for_end(&server, &id)["status"], "cancelled");
    wait_for(|| {
        let ended = |run: &Value| run["ended_at"].is_u64();
        runs(&server, "child").iter().all(ended).then_some(())
    });
}

#[test]
fn a_step_waits_for_another_run_as_long_as_it_says_and_takes_what_it_names() {
    let stub = Stub::start();
    let (server, _) = family(&stub, true);
    let input = json!([{"name": "City", "type": "string", "value": "request^city"}]);
    let child = with(
        &open(),
        &json!({"answer": {"outputs": ["Weather"]}, "inputs": input}),
    );
    let outputs = json!({"outputs": [{"name": "Weather", "value": "response^weather"}]});
    let step = json!({"type": "start_runbook", "runbook": "child", "wait": true, "timeout_ms": 4_000,
        "variables": [{"name": "City", "value": "<<City>>"}],
        "outputs": [{"name": "Got", "value": "response^Weather"}]});
    let parent = json!({"access": "desk", "answer": {"outputs": ["Got"]}, "inputs": input});
    Bundle::new()
        .integration(
            "api",
            &stub.url(""),
            &json!({"type": "none"}),
            [method("ask", "GET", "/weather/<<City>>", &outputs)],
        )
        .runbook(chain("child", &child, &[sends("ask")]))
        .runbook(chain("parent", &parent, &[step]))
        .import(&server);
    stub.reply("GET", "/weather/Bern", grey());
    let taken = run(&server, "parent", &json!({"City": "Bern"}));
    assert_eq!(
        taken["outputs"],
        json!([{"name": "Got", "value": "\"grey\""}]),
        "{taken}"
    );

    let gate = Gate::new();
    stub.reply("GET", "/weather/Rome", grey().behind(&gate));
    let late = run(&server, "parent", &json!({"City": "Rome"}));
    assert_eq!(late["visits"][0]["error"]["code"], "timeout", "{late}");
    assert_eq!(late["visits"][0]["way"], "failure");
    // That run goes on.
    gate.open();
    let child = late["visits"][0]["started_run"].as_str().unwrap();
    assert_eq!(wait_for_end(&server, child)["status"], "succeeded");
}

#[test]
fn what_cannot_be_started_is_told_before_it_is_published() {
    let stub = Stub::start();
    let (server, bundle) = family(&stub, true);
    bundle.import(&server);
    let refused = delete(&server, "/console/runbooks/child");
    assert_eq!(code(&refused), "in_use");
    let used_by = get(&server, "/console/runbooks/child/used-by");
    assert_eq!(used_by["items"], json!(["runbook “parent”"]));
    let saved = get(&server, "/console/runbooks/parent");
    let version = saved["version"].as_u64().unwrap();
    let problems = |variables: Value, runbook: &str| -> Vec<String> {
        let mut draft = saved.clone();
        for beside in ["version", "updated_at", "missing_secrets", "publication"] {
            draft.as_object_mut().unwrap().remove(beside);
        }
        draft["steps"][0]["variables"] = variables;
        draft["steps"][0]["runbook"] = json!(runbook);
        let checked = post(&server, "/console/runbooks/parent/check", &draft);
        let report = checked.expect(200).json();
        let codes = report["problems"].as_array().unwrap().iter();
        codes
            .filter(|problem| problem["severity"] == "error")
            .map(|problem| problem["code"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert!(version > 0);
    assert_eq!(problems(json!([]), "child"), ["input_missing"]);
    let rows = json!([{"name": "City", "value": "Bern"}, {"name": "Town", "value": "Bern"}]);
    assert_eq!(problems(rows, "child"), ["unknown_input"]);
    assert_eq!(problems(json!([]), "nowhere"), ["unknown_runbook"]);

    // Switched off, it is the run that says so.
    let off = get(&server, "/console/runbooks/child");
    let mut draft = off.clone();
    for beside in ["version", "updated_at", "missing_secrets", "publication"] {
        draft.as_object_mut().unwrap().remove(beside);
    }
    draft["enabled"] = json!(false);
    let _ = edge_tests::console::put(
        &server,
        "/console/runbooks/child",
        off["version"].as_u64().unwrap(),
        &draft,
    )
    .expect(200);
    let parent = wait_for(|| {
        let parent = run(&server, "parent", &json!({"Place": "Bern"}));
        Some(parent).filter(|parent| parent["status"] == "failed")
    });
    let error = &parent["visits"][0]["error"];
    assert_eq!(error["code"], "switched_off", "{parent}");
    let why = error["message"].as_str().unwrap();
    assert!(
        why.contains("“child”: This runbook is switched off"),
        "{why}"
    );
}
