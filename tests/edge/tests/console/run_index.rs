//! Runs as they are found and counted.

use edge_tests::{
    Options, Reply, Server, Stub,
    console::{items, start, text},
};
use serde_json::{Value, json};

use super::*;

/// A published runbook whose answers the stub gives; its id.
fn published(server: &Server, stub: &Stub) -> String {
    let (_, method) = integration(server, &stub.url(""));
    let made = post(server, "/console/runbooks", &runbook(&method)).expect(201);
    let id = text(&made.json()["id"]);
    let publish = format!("/console/runbooks/{id}/publish");
    let _ = post(server, &publish, &json!({})).expect(200);
    id
}

fn sky(status: u16, words: &str) -> Reply {
    Reply::json(status, &json!({"sky": words}))
}

/// The cities that were asked about in the runs that are found, the newest first.
fn found(server: &Server, query: &str) -> Vec<String> {
    let runs = items(&get(server, &format!("/console/runs?{query}")));
    runs.iter()
        .map(|run| {
            let run = get(server, &format!("/console/runs/{}", text(&run["run_id"])));
            text(&run["inputs"][0]["value"])
        })
        .collect()
}

#[test]
fn runs_are_found_by_what_may_be_read_of_their_variables() {
    let (stub, server) = (Stub::start(), Server::start(&Options::default()));
    let id = published(&server, &stub);
    // The service gives the token away.
    stub.reply("POST", "/forecast/Bern", sky(200, "grey, sk-very-secret"));
    stub.reply("POST", "/forecast/Zug", sky(200, "Grey as a_b%c \"rain\""));
    stub.reply("POST", "/forecast/Olten", sky(500, "foggy"));
    for city in ["Bern", "Zug", "Olten"] {
        let run = start(&server, &id, &json!({ "City": city }));
        wait_for_end(&server, &run);
        // What is found arrives a little later than the end.
        wait_for(|| (!found(&server, &format!("text={city}")).is_empty()).then_some(()));
    }
    for (query, cities) in [
        ("text=GREY", &["\"Zug\"", "\"Bern\""][..]),
        ("text=grey+zug", &["\"Zug\""]),
        ("text=grey&status=failed", &[]),
        ("text=olten&status=failed", &["\"Olten\""]),
        ("text=lte", &["\"Olten\""]),
        // Shorter than what the index knows.
        ("text=zu", &["\"Zug\""]),
        ("text=a_b%25c", &["\"Zug\""]),
        ("text=axb", &[]),
        ("text=a%25c", &[]),
        ("text=%22rain%22", &["\"Zug\""]),
        ("text=%22+OR+x", &[]),
        ("text=city:", &["\"Olten\"", "\"Zug\"", "\"Bern\""]),
        ("text=sk-very-secret", &[]),
        ("text=very-sec", &[]),
        // What the step got is not what it set.
        ("text=foggy", &[]),
        ("text=grey&limit=1", &["\"Zug\""]),
    ] {
        assert_eq!(found(&server, query), cities, "{query}");
    }
    let page = get(&server, "/console/runs?text=grey&limit=1");
    let next = text(&page["next"]);
    let after = format!("text=grey&limit=1&after={next}");
    assert_eq!(found(&server, &after), ["\"Bern\""]);
    assert!(get(&server, &format!("/console/runs?{after}"))["next"].is_null());
}

#[test]
fn runs_of_a_time_are_listed() {
    let (stub, server) = (Stub::start(), Server::start(&Options::default()));
    let id = published(&server, &stub);
    stub.reply("POST", "/forecast/Bern", sky(200, "grey"));
    for _ in 0..2 {
        let run = start(&server, &id, &json!({"City": "Bern"}));
        wait_for_end(&server, &run);
    }
    let all = wait_for(|| {
        let all = items(&get(&server, &format!("/console/runs?runbook={id}")));
        (all.len() == 2).then_some(all)
    });
    let started = |run: &Value| run["started_at"].as_u64().unwrap();
    let (newest, oldest) = (started(&all[0]), started(&all[1]));
    assert!(oldest < newest);
    for (query, count) in [
        (format!("from={oldest}"), 2),
        (format!("from={newest}"), 1),
        (format!("to={newest}"), 1),
        (format!("to={oldest}"), 0),
        (
            format!(
                "from={oldest}&to={}&runbook={id}&status=succeeded",
                newest + 1
            ),
            2,
        ),
        ("from=8640000000000000".to_owned(), 0),
    ] {
        let runs = items(&get(&server, &format!("/console/runs?{query}")));
        assert_eq!(runs.len(), count, "{query}");
    }
    for query in ["from=yesterday", "to=8640000000000001", "from=-1"] {
        let path = format!("/console/runs?{query}");
        let answer = server.get(&path).admin().send().expect(400);
        assert_eq!(code(&answer), "invalid_filter");
    }
}

#[test]
fn a_runbooks_runs_are_added_up_by_day() {
    let (stub, server) = (Stub::start(), Server::start(&Options::default()));
    let id = published(&server, &stub);
    let path = format!("/console/runbooks/{id}/statistics");
    let days = |query: &str| {
        let told = get(&server, &format!("{path}{query}"));
        told["days"].as_array().unwrap().clone()
    };
    assert_eq!(days("").len(), 30);
    assert!(
        days("")
            .iter()
            .all(|day| day["runs"] == 0 && day["p50_ms"].is_null())
    );
    for status in [200, 500, 200] {
        stub.reply("POST", "/forecast/Bern", sky(status, "grey"));
    }
    let mut took = Vec::new();
    for _ in 0..3 {
        let run = start(&server, &id, &json!({"City": "Bern"}));
        let run = wait_for_end(&server, &run);
        took.push(run["ended_at"].as_u64().unwrap() - run["started_at"].as_u64().unwrap());
    }
    took.sort_unstable();
    // The test may run while a day begins: all of them are within two.
    let counted = wait_for(|| {
        let days = days("?days=2&offset=0");
        let runs: u64 = days.iter().filter_map(|day| day["runs"].as_u64()).sum();
        let ended = days
            .iter()
            .any(|day| day["p95_ms"].as_u64() >= took.last().copied());
        (runs == 3 && ended).then_some(days)
    });
    let failed: u64 = counted
        .iter()
        .filter_map(|day| day["failed"].as_u64())
        .sum();
    assert_eq!((counted.len(), failed), (2, 1));
    if counted[1]["runs"] == 3 {
        assert_eq!(counted[1]["p50_ms"], took[1]);
        assert_eq!(counted[1]["p95_ms"], took[2]);
    }
    let elsewhere = days("?days=3&offset=840");
    let runs: u64 = elsewhere
        .iter()
        .filter_map(|day| day["runs"].as_u64())
        .sum();
    assert_eq!(runs, 3);
    for (query, field) in [
        ("?days=0", "days"),
        ("?days=91", "days"),
        ("?offset=841", "offset"),
        ("?hours=3", "hours"),
    ] {
        let answer = server.get(&format!("{path}{query}")).admin().send();
        assert_eq!(answer.expect(400).json()["error"]["at"]["field"], field);
    }
    let unknown = server.get("/console/runbooks/other/statistics");
    let _ = unknown.admin().send().expect(404);
}
