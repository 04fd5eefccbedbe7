//! What failures set off.

use edge_tests::{
    Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends},
    console::{code, get, items, post, put, run, runs, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::{one, said, start, started};

fn fails(stub: &Stub, times: usize) {
    for _ in 0..times {
        stub.reply("POST", "/send/Bern", Reply::json(500, &json!({})));
    }
}

fn tickets(server: &Server) -> Vec<Value> {
    let found = server
        .get("/api/Tickets?search=Runbook&count=50")
        .admin()
        .send();
    let found = found.expect(200).json();
    found["tickets"].as_array().unwrap().clone()
}

#[test]
fn a_runbook_that_fails_again_and_again_is_switched_off() {
    let stub = Stub::start();
    let server = one(
        &stub,
        &json!({"failures_to_switch_off": 2, "failure_ticket": true}),
    );
    let end = |city| wait_for_end(&server, &started(&server, city))["status"].clone();
    fails(&stub, 1);
    stub.reply("POST", "/send/Bern", said("a"));
    fails(&stub, 2);
    stub.reply("POST", "/send/Bern", said("b"));
    // A success between them begins the count anew.
    assert_eq!(end("Bern"), "failed");
    assert_eq!(end("Bern"), "succeeded");
    assert_eq!(end("Bern"), "failed");
    assert_eq!(end("Bern"), "failed");
    assert_eq!(code(&start(&server, "Bern").expect(409)), "switched_off");
    let runbook = wait_for(|| {
        let runbook = get(&server, "/console/runbooks/rb");
        (runbook["enabled"] == false).then_some(runbook)
    });
    let why = &runbook["publication"]["switched_off"];
    assert_eq!(why["failures"], 2, "{runbook}");
    assert!(why["error"]["message"].as_str().unwrap().contains("500"));

    // One ticket for each row of failures, and one that says that it is off.
    let summaries = wait_for(|| {
        let tickets = tickets(&server);
        (tickets.len() == 3).then_some(tickets)
    });
    let off = summaries.iter().filter(|ticket| {
        ticket["summary"]
            .as_str()
            .unwrap()
            .contains("switched off after 2")
    });
    assert_eq!(off.count(), 1, "{summaries:?}");
    // What it tells is read as HTML, and its text has no tags in it.
    let ticket = get(&server, &format!("/api/Tickets/{}", summaries[0]["id"]));
    let (text, html) = (&ticket["details"], &ticket["details_html"]);
    assert!(!text.as_str().unwrap().contains('<'), "{ticket}");
    let link = html.as_str().unwrap().contains("/runs/rb.");
    assert!(
        link && html.as_str().unwrap().contains("<a href="),
        "{ticket}"
    );

    // Switched on again, it starts, and nothing is said of it any more.
    let version = runbook["version"].as_u64().unwrap();
    let mut draft = runbook;
    draft["enabled"] = json!(true);
    let saved = put(&server, "/console/runbooks/rb", version, &draft).expect(200);
    assert!(saved.json()["publication"]["switched_off"].is_null());
    assert_eq!(end("Bern"), "succeeded");
    assert_eq!(tickets(&server).len(), 3);
}

/// Each part of it sees some of them only.
#[test]
fn failures_of_a_runbook_that_is_spread_count_together() {
    let stub = Stub::start();
    let server = one(
        &stub,
        &json!({"shards": 4, "failures_to_switch_off": 6, "failure_ticket": true}),
    );
    let end = || wait_for_end(&server, &started(&server, "Bern"))["status"].clone();
    fails(&stub, 4);
    stub.reply("POST", "/send/Bern", said("a"));
    fails(&stub, 6);
    for _ in 0..4 {
        assert_eq!(end(), "failed");
    }
    assert_eq!(end(), "succeeded");
    for _ in 0..5 {
        assert_eq!(end(), "failed");
    }
    // The workspace has heard of all of them, and the success between them counts.
    wait_for(|| {
        let ended = runs(&server, "rb");
        let ended = ended.iter().filter(|run| !run["ended_at"].is_null());
        (ended.count() == 10).then_some(())
    });
    let runbook = get(&server, "/console/runbooks/rb");
    assert_eq!(runbook["enabled"], true, "{runbook}");
    assert_eq!(end(), "failed");
    let runbook = wait_for(|| {
        let runbook = get(&server, "/console/runbooks/rb");
        (runbook["enabled"] == false).then_some(runbook)
    });
    let why = &runbook["publication"]["switched_off"];
    assert_eq!(why["failures"], 6, "{runbook}");
    // All parts are told, one after the other.
    let is_refused = || start(&server, "Bern").status == 409;
    wait_for(|| (0..12).all(|_| is_refused()).then_some(()));
    assert_eq!(code(&start(&server, "Bern").expect(409)), "switched_off");
    // One ticket for each row of failures, and one that says that it is off.
    let tickets = wait_for(|| {
        let tickets = tickets(&server);
        (tickets.len() == 3).then_some(tickets)
    });
    let off = tickets.iter().filter(|ticket| {
        let summary = ticket["summary"].as_str().unwrap();
        summary.contains("switched off after 6")
    });
    assert_eq!(off.count(), 1, "{tickets:?}");

    // Switched on again, it begins to count anew. The last failure is given once more.
    let version = runbook["version"].as_u64().unwrap();
    let mut draft = runbook;
    draft["enabled"] = json!(true);
    let _ = put(&server, "/console/runbooks/rb", version, &draft).expect(200);
    stub.reply("POST", "/send/Bern", said("b"));
    assert_eq!(end(), "failed");
    assert_eq!(end(), "succeeded");
    assert_eq!(get(&server, "/console/runbooks/rb")["enabled"], true);
}

#[test]
fn a_run_that_asks_for_nothing_fails_once() {
    let server = Server::start(&edge_tests::Options::default());
    let failed = json!({"id": "bad", "name": "Bad", "type": "end", "outcome": "failed"});
    let runbook = json!({"id": "rb", "name": "rb", "enabled": true, "first_step": "bad", "steps": [failed],
        "failures_to_switch_off": 2});
    Bundle::new().runbook(runbook).import(&server);
    for _ in 0..2 {
        assert_eq!(run(&server, "rb", &json!({}))["status"], "failed");
    }
    let runbook = wait_for(|| {
        let runbook = get(&server, "/console/runbooks/rb");
        (runbook["enabled"] == false).then_some(runbook)
    });
    assert_eq!(runbook["publication"]["switched_off"]["failures"], 2);
}

#[test]
fn tests_of_a_draft_set_off_nothing() {
    let stub = Stub::start();
    let server = one(&stub, &json!({"failures_to_switch_off": 1}));
    fails(&stub, 1);
    stub.reply("POST", "/send/Bern", said("a"));
    let test = json!({"variables": {"City": "Bern"}, "draft": true});
    let test = post(&server, "/console/runbooks/rb/start", &test).expect(202);
    let id = test.json()["run_id"].as_str().unwrap().to_owned();
    assert_eq!(wait_for_end(&server, &id)["status"], "failed");
    assert_eq!(
        run(&server, "rb", &json!({"City": "Bern"}))["status"],
        "succeeded"
    );
}

/// A ticket action whose runbook cannot start.
#[test]
fn starts_that_come_to_nothing_stay_listed() {
    let stub = Stub::start();
    let server = edge_tests::Server::start(&edge_tests::Options::default());
    let start = json!({"access": "desk", "inputs": [{"name": "City", "type": "string"}]});
    let mut runbook = chain("rb", &start, &[sends("send")]);
    runbook["from_desk"] = json!([{"name": "City", "value": "<<action^note!>>"}]);
    runbook["enabled"] = json!(true);
    Bundle::new()
        .integration(
            "api",
            &stub.url(""),
            &json!({"type": "none"}),
            [method("send", "POST", "/send/<<City>>", &json!({}))],
        )
        .runbook(runbook)
        .action("Ask", "rb")
        .import(&server);
    let _ = post(&server, "/console/runbooks/rb/unpublish", &json!({})).expect(204);
    let ticket = post(
        &server,
        "/api/Tickets",
        &json!({"summary": "Weather", "tickettype_id": 1}),
    );
    let ticket = ticket.expect(201).json()["id"].clone();
    let take = |note: &str| {
        let action = json!([{"ticket_id": ticket, "outcome": "Ask", "note": note}]);
        let _ = server
            .post("/api/Actions")
            .admin()
            .json(&action)
            .send()
            .expect(201);
    };
    let failed = |count: usize| {
        wait_for(|| {
            let failed = items(&get(&server, "/console/failed-deliveries"));
            (failed.len() == count).then_some(failed)
        })
    };
    take("Bern");
    take("Rome");
    let listed = failed(2);
    assert_eq!(
        (
            &listed[0]["action"],
            &listed[0]["ticket_id"],
            &listed[0]["error"]["code"]
        ),
        (&json!("Ask"), &json!(1), &json!("not_published"))
    );
    let path = |index: usize, act: &str| {
        format!("/console/failed-deliveries/{}/{act}", listed[index]["id"])
    };
    // Tried again too early, it stays.
    let early = post(&server, &path(0, "retry"), &json!({})).expect(409);
    assert_eq!(code(&early), "not_published");
    failed(2);
    let _ = post(&server, &path(1, "dismiss"), &json!({})).expect(204);
    failed(1);
    let _ = post(&server, &path(1, "dismiss"), &json!({})).expect(404);

    let _ = post(&server, "/console/runbooks/rb/publish", &json!({})).expect(200);
    stub.reply("POST", "/send/Rome", said("a"));
    let started = post(&server, &path(0, "retry"), &json!({}))
        .expect(202)
        .json();
    let run = wait_for_end(&server, started["run_id"].as_str().unwrap());
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(run["started_by"]["ticket_id"], ticket);
    failed(0);
}
