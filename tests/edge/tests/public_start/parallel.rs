//! Many starts at once.

use std::{collections::BTreeSet, thread};

use edge_tests::{
    Options, Reply, Server, Stub,
    bundle::{Bundle, chain, method, sends, with},
    console::text,
};
use serde_json::json;

use super::{ended, open, run_id, start, waited_for};

const STARTS: usize = 50;

#[test]
fn each_of_many_starts_gets_its_own_answer() {
    let stub = Stub::start();
    let server = Server::start(&Options::default());
    let echo = |field: &str| {
        let body = format!("{{\"said\": <<{field}>>}}");
        json!({
            "body": {"type": "json", "text": body},
            "outputs": [{"name": format!("{field}Back"), "value": "response^said"}],
        })
    };
    Bundle::new()
        .integration(
            "echo",
            &stub.url(""),
            &json!({"type": "none"}),
            [
                method("first", "POST", "/first", &echo("City")),
                method("second", "POST", "/second", &echo("CityBack")),
            ],
        )
        .runbook(chain(
            "rb",
            &with(
                &open(&json!({})),
                &waited_for(&json!(["City", "CityBackBack"])),
            ),
            &[sends("first"), sends("second")],
        ))
        .import(&server);
    for path in ["/first", "/second"] {
        stub.reply_with("POST", path, |request| Reply::json(200, &request.json()));
    }
    let ids: BTreeSet<String> = thread::scope(|scope| {
        let calls: Vec<_> = (0..STARTS)
            .map(|number| {
                let server = &server;
                scope.spawn(move || {
                    let city = format!("City {number}");
                    let call = start(server, "rb").json(&json!({ "city": city }));
                    let answer = call.send().expect(200);
                    let outputs = json!({"City": city, "CityBackBack": city});
                    assert_eq!(answer.json()["outputs"], outputs);
                    run_id(&answer)
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(ids.len(), STARTS);
    assert_eq!(
        (stub.count("POST", "/first"), stub.count("POST", "/second")),
        (STARTS, STARTS)
    );
    let listed = ended(&server, STARTS);
    assert!(
        listed.iter().all(|run| run["status"] == "succeeded"),
        "{listed:?}"
    );
    let listed: BTreeSet<String> = listed.iter().map(|run| text(&run["run_id"])).collect();
    assert_eq!(listed, ids);
}
