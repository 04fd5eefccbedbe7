//! Starts in the console, and the list of runs.

use edge_tests::{
    Gate, Options, Server, Stub,
    console::{items, start, text},
};
use serde_json::{Value, json};

use super::*;

#[test]
fn a_start_in_the_console_runs_and_is_listed() {
    let stub = Stub::start();
    let server = Server::start(&Options::default());
    let (_, method) = integration(&server, &stub.url(""));
    let path = drafted(&server, &method);
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    let start = |body: &Value| post(&server, &format!("{path}/start"), body);
    let refused = start(&json!({"variables": {}})).expect(400).json();
    assert_eq!(refused["error"]["at"]["field"], "City");
    let _ = start(&json!({"variables": {"City": "Bern"}, "darft": true})).expect(400);

    stub.reply("POST", "/forecast/Bern", grey(200));
    for draft in [false, true] {
        let started = start(&json!({"variables": {"City": "Bern"}, "draft": draft}))
            .expect(202)
            .json();
        let run_id = started["run_id"].as_str().unwrap();
        let run = wait_for_end(&server, run_id);
        assert_eq!(
            (&run["status"], &run["version"]),
            (
                &json!("succeeded"),
                &if draft { Value::Null } else { json!(1) }
            )
        );
        assert_eq!(run["visits"][0]["variables"][0]["value"], "\"grey\"");
    }
}

#[test]
fn what_a_run_executes_is_read_as_it_was_when_it_started() {
    let stub = Stub::start();
    let server = Server::start(&Options::default());
    let (_, method) = integration(&server, &stub.url(""));
    let path = drafted(&server, &method);
    let publish = || {
        let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    };
    let rename = |name: &str| {
        let mut draft = get(&server, &path);
        draft["steps"][0]["name"] = json!(name);
        draft["steps"][0]["at"] = json!([400, 80]);
        let version = draft["version"].as_u64().unwrap();
        let _ = put(&server, &path, version, &draft).expect(200);
    };
    let run = |draft: bool| {
        stub.reply("POST", "/forecast/Bern", grey(200));
        let request = json!({"variables": {"City": "Bern"}, "draft": draft});
        let started = post(&server, &format!("{path}/start"), &request)
            .expect(202)
            .json();
        let run_id = started["run_id"].as_str().unwrap().to_owned();
        let _ = wait_for_end(&server, &run_id);
        run_id
    };
    publish();
    let first = run(false);
    rename("Ask again");
    let test = run(true);
    publish();
    let second = run(false);
    rename("Ask later");

    for (run_id, version, name, at) in [
        (&first, json!(1), "Ask", json!([0, 0])),
        (&test, Value::Null, "Ask again", json!([400, 80])),
        (&second, json!(2), "Ask again", json!([400, 80])),
    ] {
        let plan = get(&server, &format!("/console/runs/{run_id}/plan"));
        let step = &plan["runbook"]["steps"][0];
        assert_eq!((&step["name"], &step["at"]), (&json!(name), &at));
        assert_eq!(plan["version"], version);
        assert_eq!(plan["integrations"][0]["methods"][0]["name"], "Forecast");
        assert!(!plan.to_string().contains("sk-very-secret"), "{plan}");
    }

    let of_no_run = format!("/console/runs/{first}0/plan");
    let _ = server.get(&of_no_run).admin().send().expect(404);
    let for_nobody = format!("/console/runs/{first}/plan");
    let _ = server.get(&for_nobody).send().expect(401);
}

#[test]
fn runs_are_listed_page_by_page_the_newest_first() {
    let stub = Stub::start();
    let server = Server::start(&Options::default());
    let (_, method) = integration(&server, &stub.url(""));
    let made = post(&server, "/console/runbooks", &runbook(&method))
        .expect(201)
        .json();
    let id = made["id"].as_str().unwrap();
    let path = format!("/console/runbooks/{id}");
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    let mut started = Vec::new();
    for status in [200, 500, 200] {
        stub.reply("POST", "/forecast/Bern", grey(status));
    }
    for _ in 0..3 {
        let answer = post(
            &server,
            &format!("{path}/start"),
            &json!({"variables": {"City": "Bern"}}),
        );
        let run_id = answer.expect(202).json()["run_id"]
            .as_str()
            .unwrap()
            .to_owned();
        wait_for_end(&server, &run_id);
        started.insert(0, run_id);
    }
    let ids = |list: &Value| -> Vec<String> {
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|run| run["run_id"].as_str().unwrap().to_owned())
            .collect()
    };
    let listed = wait_for(|| {
        Some(get(&server, "/console/runs")).filter(|list| {
            let runs = list["items"].as_array().unwrap();
            runs.len() == 3 && runs.iter().all(|run| run["ended_at"].is_u64())
        })
    });
    assert_eq!(ids(&listed), started);
    let first = get(&server, "/console/runs?limit=2");
    assert_eq!(ids(&first), started[..2]);
    let next = first["next"].as_str().unwrap();
    let second = get(&server, &format!("/console/runs?limit=2&after={next}"));
    assert_eq!(
        (ids(&second), &second["next"]),
        (started[2..].to_vec(), &Value::Null)
    );
    assert_eq!(
        ids(&get(&server, "/console/runs?status=failed")),
        [started[1].clone()]
    );
    assert_eq!(
        ids(&get(
            &server,
            &format!("/console/runs?runbook={id}&status=succeeded")
        ))
        .len(),
        2
    );
    assert_eq!(ids(&get(&server, "/console/runs?runbook=other")).len(), 0);
    let _ = server
        .get("/console/runs?status=done")
        .admin()
        .send()
        .expect(400);
    let _ = server
        .get("/console/runs?after=x")
        .admin()
        .send()
        .expect(400);
    assert_eq!(
        get(&server, "/console/runbooks")["items"][0]["last_run"][0],
        started[0].as_str()
    );
    let _ = server
        .get("/console/runs/nonsense")
        .admin()
        .send()
        .expect(404);
}

/// A published runbook whose first request is held, and whose second comes after it.
fn held(stub: &Stub, gate: &Gate) -> (Server, String, String) {
    let server = Server::start(&Options::default());
    let (integration, method) = integration(&server, &stub.url(""));
    let mut document = runbook(&method);
    let mut again = document["steps"][0].clone();
    again["id"] = json!("again");
    document["steps"][0]["next"]["success"] = json!("again");
    document["steps"].as_array_mut().unwrap().push(again);
    let made = post(&server, "/console/runbooks", &document).expect(201);
    let id = text(&made.json()["id"]);
    let publish = format!("/console/runbooks/{id}/publish");
    let _ = post(&server, &publish, &json!({})).expect(200);
    stub.reply("POST", "/forecast/Bern", grey(200).behind(gate));
    stub.reply("POST", "/forecast/Bern", grey(200));
    (server, id, integration)
}

#[test]
fn a_run_is_cancelled_once() {
    let (stub, gate) = (Stub::start(), Gate::new());
    let (server, runbook, _) = held(&stub, &gate);
    let id = start(&server, &runbook, &json!({"City": "Bern"}));
    stub.wait_for(1, "POST", "/forecast/Bern");
    let path = format!("/console/runs/{id}/cancel");
    let answer = post(&server, &path, &json!({})).expect(200);
    let cancelled = json!({"run_id": id, "status": "cancelled"});
    assert_eq!(answer.json(), cancelled);
    assert_eq!(wait_for_end(&server, &id)["status"], "cancelled");
    assert_eq!(
        code(&post(&server, &path, &json!({})).expect(409)),
        "run_ended"
    );
    gate.open();
    // What comes after it shows that nothing more of it was sent.
    let other = start(&server, &runbook, &json!({"City": "Bern"}));
    assert_eq!(wait_for_end(&server, &other)["status"], "succeeded");
    assert_eq!(stub.count("POST", "/forecast/Bern"), 3);
    for unknown in ["nonsense", &format!("{runbook}.0.1")] {
        let path = format!("/console/runs/{unknown}/cancel");
        let _ = post(&server, &path, &json!({})).expect(404);
    }
}

#[test]
fn a_run_under_way_outlives_its_runbook() {
    let (stub, gate) = (Stub::start(), Gate::new());
    let (server, runbook, _) = held(&stub, &gate);
    let id = start(&server, &runbook, &json!({"City": "Bern"}));
    stub.wait_for(1, "POST", "/forecast/Bern");
    let _ = delete(&server, &format!("/console/runbooks/{runbook}")).expect(204);
    gate.open();
    assert_eq!(wait_for_end(&server, &id)["status"], "succeeded");
    assert_eq!(stub.count("POST", "/forecast/Bern"), 2);
    let listed = wait_for(|| {
        let runs = items(&get(&server, "/console/runs"));
        runs.into_iter().find(|run| run["ended_at"].is_u64())
    });
    assert_eq!(listed["run_id"], id.as_str());
}

#[test]
fn a_run_under_way_keeps_its_plan_but_takes_the_new_secret() {
    let (stub, gate) = (Stub::start(), Gate::new());
    let (server, runbook, integration) = held(&stub, &gate);
    let id = start(&server, &runbook, &json!({"City": "Bern"}));
    stub.wait_for(1, "POST", "/forecast/Bern");
    let path = format!("/console/integrations/{integration}");
    let mut document = get(&server, &path);
    document["auth"]["token"] = json!({"secret": "sk-fresh"});
    let _ = put(&server, &path, 1, &document).expect(200);
    let path = format!("/console/runbooks/{runbook}");
    let mut shorter = get(&server, &path);
    shorter["steps"][0]["next"]["success"] = json!("done");
    shorter["steps"].as_array_mut().unwrap().pop();
    let _ = put(&server, &path, 1, &shorter).expect(200);
    let publish = format!("/console/runbooks/{runbook}/publish");
    let _ = post(&server, &publish, &json!({})).expect(200);
    gate.open();
    let run = wait_for_end(&server, &id);
    assert_eq!(
        (&run["status"], &run["version"]),
        (&json!("succeeded"), &json!(1))
    );
    let given: Vec<_> = stub
        .received()
        .iter()
        .map(|request| text(&json!(request.header("authorization"))))
        .collect();
    assert_eq!(given, ["Bearer sk-very-secret", "Bearer sk-fresh"]);
    assert!(!run.to_string().contains("sk-"), "{run}");
}
