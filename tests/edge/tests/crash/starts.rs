//! What was accepted happens.

use std::{sync::Mutex, thread};

use edge_tests::{
    Reply, Stub,
    bundle::{chain, sends},
    console::{text, wait_for_end},
};

use super::{open, with_methods};

#[test]
fn a_start_that_was_just_accepted_happens() {
    let stub = Stub::start();
    let (mut server, bundle) = with_methods(&stub);
    bundle
        .runbook(chain("rb", &open(), &[sends("put"), sends("get")]))
        .import(&server);
    stub.reply("PUT", "/put", Reply::text(204, ""));
    stub.reply("GET", "/get", Reply::text(200, "fine"));
    for _ in 0..5 {
        let answer = server.post("/api/automation/rb").body("{}").send();
        server.restart();
        let id = text(&answer.expect(202).json()["run_id"]);
        let run = wait_for_end(&server, &id);
        assert_eq!(run["status"], "succeeded", "{run}");
    }
}

/// The worker is killed while starts come in as fast as they can.
#[test]
fn every_start_that_was_answered_happens() {
    let stub = Stub::start();
    let (mut server, bundle) = with_methods(&stub);
    bundle
        .runbook(chain("rb", &open(), &[sends("put")]))
        .import(&server);
    stub.reply("PUT", "/put", Reply::text(200, "fine"));
    let accepted = Mutex::new(Vec::new());
    for crash in 1..=3 {
        let call = server.post("/api/automation/rb").body("{}");
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    while let Ok(answer) = call.clone().try_send() {
                        let id = text(&answer.expect(202).json()["run_id"]);
                        accepted.lock().unwrap().push(id);
                    }
                });
            }
            stub.wait_for(crash * 40, "PUT", "/put");
            server.kill();
        });
        server.restart();
    }
    let accepted = accepted.into_inner().unwrap();
    assert!(
        accepted.len() >= 60,
        "only {} were accepted",
        accepted.len()
    );
    for id in &accepted {
        let run = wait_for_end(&server, id);
        assert_eq!(run["status"], "succeeded", "{run}");
    }
}
