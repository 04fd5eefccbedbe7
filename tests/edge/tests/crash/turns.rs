//! Elements that have their turns side by side, each of which goes on after a crash.

use std::collections::HashSet;

use edge_tests::{
    Gate, Options, Reply, Server, Stub,
    bundle::{Bundle, chain, method, with},
    console::{get, start, wait_for, wait_for_end},
};
use serde_json::{Value, json};

use super::open;

/// Goes through the elements of `List`, so many at a time: sends `first`, sleeps where that is said, sends `second`.
fn each(stub: &Stub, at_once: u32, sleep_ms: u64, first: &str) -> Bundle {
    let output =
        json!({"outputs": [{"name": "Names", "value": "response^name", "add_to_array": true}]});
    let number = json!({"outputs": [{"name": "Number", "value": "response^number"}]});
    let common = |id: &str, next: Value| json!({"id": id, "name": id, "next": next});
    let mut runbook = chain(
        "rb",
        &with(
            &open(),
            &json!({"answer": {"outputs": ["Names"]}, "inputs": [{"name": "List", "value": "request^list", "type": "array"}]}),
        ),
        &[],
    );
    runbook["first_step"] = json!("each");
    runbook["steps"] = json!([
        with(&common("each", json!({"element": "first", "finished": "done", "empty": "done"})),
            &json!({"type": "for_each", "over": "<<List>>", "at_once": at_once})),
        with(&common("first", json!({"success": "sleep", "failure": "failed"})), &json!({"type": "method", "method": "first"})),
        with(&common("sleep", json!({"finished": "second"})), &json!({"type": "sleep", "for_ms": sleep_ms})),
        with(&common("second", json!({"success": "each", "failure": "failed"})), &json!({"type": "method", "method": "second"})),
        {"id": "done", "name": "Done", "type": "end", "outcome": "success"},
        {"id": "failed", "name": "Failed", "type": "end", "outcome": "failed"},
    ]);
    Bundle::new()
        .integration(
            "api",
            &stub.url(""),
            &json!({"type": "none"}),
            [
                method("first", first, "/first/<<response>>", &number),
                method("second", "PUT", "/second/<<Number>>", &output),
            ],
        )
        .runbook(runbook)
}

fn names(run: &Value) -> Value {
    assert_eq!(run["status"], "succeeded", "{run}");
    let outputs = run["outputs"].as_array().unwrap();
    serde_json::from_str(outputs[0]["value"].as_str().unwrap()).unwrap()
}

#[test]
fn so_many_requests_are_under_way_and_results_stand_in_their_order() {
    let stub = Stub::start();
    let server = Server::start(&Options::default());
    each(&stub, 3, 0, "POST").import(&server);
    let gates: Vec<Gate> = (0..5).map(|_| Gate::new()).collect();
    for (number, gate) in gates.iter().enumerate() {
        let first = Reply::json(200, &json!({ "number": number })).behind(gate);
        stub.reply("POST", &format!("/first/{number}"), first);
        let second = Reply::json(200, &json!({"name": format!("n{number}")}));
        stub.reply("PUT", &format!("/second/{number}"), second);
    }
    let id = start(&server, "rb", &json!({"List": [0, 1, 2, 3, 4]}));
    for number in 0..3 {
        stub.wait_for(1, "POST", &format!("/first/{number}"));
    }
    assert_eq!(stub.count("POST", "/first/3"), 0);
    gates[2].open();
    stub.wait_for(1, "POST", "/first/3");
    assert_eq!(stub.count("POST", "/first/4"), 0);
    for number in [3, 4, 1, 0] {
        gates[number].open();
        stub.wait_for(1, "PUT", &format!("/second/{number}"));
    }
    let run = wait_for_end(&server, &id);
    assert_eq!(names(&run), json!(["n0", "n1", "n2", "n3", "n4"]));
    let of_third = run["visits"].as_array().unwrap().iter();
    let of_third: Vec<&Value> = of_third
        .filter(|visit| visit["elements"] == json!([3]))
        .map(|visit| &visit["step"])
        .collect();
    assert_eq!(of_third, ["each", "first", "sleep", "second"]);
}

#[test]
fn each_turn_goes_on_where_it_was() {
    let stub = Stub::start();
    let mut server = Server::start(&Options::default());
    each(&stub, 3, 1_500, "PUT").import(&server);
    let held = Gate::new();
    for number in 0..3 {
        let first = Reply::json(200, &json!({ "number": number }));
        if number == 1 {
            stub.reply("PUT", "/first/1", first.clone().behind(&held));
        }
        stub.reply("PUT", &format!("/first/{number}"), first);
        let second = Reply::json(200, &json!({"name": format!("n{number}")}));
        stub.reply("PUT", &format!("/second/{number}"), second);
    }
    let id = start(&server, "rb", &json!({"List": [0, 1, 2]}));
    // Two sleep, and one waits for its answer.
    wait_for(|| {
        let run = get(&server, &format!("/console/runs/{id}"));
        let visits = run["visits"].as_array().unwrap().iter();
        let asleep = visits.filter(|visit| visit["state"] == "waiting").count();
        (asleep == 2).then_some(())
    });
    assert_eq!(
        get(&server, &format!("/console/runs/{id}"))["status"],
        "running"
    );
    server.restart();
    let run = wait_for_end(&server, &id);
    assert_eq!(names(&run), json!(["n0", "n1", "n2"]));
    let counts = [0, 1, 2].map(|number| stub.count("PUT", &format!("/first/{number}")));
    assert_eq!(counts, [1, 2, 1]);
}

/// Killed again and again, at whatever moment: what is answered is not asked for again, and the
/// outcome is that of a run that nothing befell.
#[test]
fn whenever_it_is_killed_the_outcome_is_the_same() {
    const ELEMENTS: usize = 60;
    let stub = Stub::start();
    let mut server = Server::start(&Options::default());
    each(&stub, 8, 20, "PUT").import(&server);
    // These are asked for before a crash and again behind it: so the run has not ended by then.
    let held = [5, 20, 35, 50];
    for number in 0..ELEMENTS {
        let (first, second) = (format!("/first/{number}"), format!("/second/{number}"));
        let reply = Reply::json(200, &json!({ "number": number }));
        if held.contains(&number) {
            stub.reply("PUT", &first, reply.clone().behind(&Gate::new()));
        }
        stub.reply("PUT", &first, reply);
        let name = format!("n{number}");
        stub.reply("PUT", &second, Reply::json(200, &json!({ "name": name })));
    }
    let list: Vec<usize> = (0..ELEMENTS).collect();
    let id = start(&server, "rb", &json!({ "List": list }));
    for number in held {
        stub.wait_for(1, "PUT", &format!("/first/{number}"));
        server.restart();
    }
    let run = wait_for_end(&server, &id);
    let expected: Vec<String> = list.iter().map(|number| format!("n{number}")).collect();
    assert_eq!(names(&run), json!(expected));
    // Of each crash, only what was under way is asked for again.
    let asked = list
        .iter()
        .map(|number| stub.count("PUT", &format!("/first/{number}")));
    assert!(asked.sum::<usize>() <= ELEMENTS + held.len() * 8);
    let turns: HashSet<u64> = run["visits"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|visit| visit["elements"][0].as_u64())
        .collect();
    assert_eq!(turns.len(), ELEMENTS);
}
