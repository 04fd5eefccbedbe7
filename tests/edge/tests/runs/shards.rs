//! Runs of a busy runbook that are spread over several objects.

use std::collections::BTreeSet;

use edge_tests::{
    Stub,
    console::{post, put, runs, wait_for, wait_for_end},
};
use serde_json::json;

use super::{one, said, started};

fn shard(run_id: &str) -> String {
    run_id.split('.').nth(1).unwrap().to_owned()
}

#[test]
fn starts_are_spread_and_listed_as_one() {
    let stub = Stub::start();
    let server = one(&stub, &json!({"shards": 4}));
    stub.reply_with("POST", "/send/Bern", |_| said("a"));
    let ids: Vec<String> = (0..24).map(|_| started(&server, "Bern")).collect();
    for id in &ids {
        assert_eq!(wait_for_end(&server, id)["status"], "succeeded");
    }
    let shards: BTreeSet<String> = ids.iter().map(|id| shard(id)).collect();
    assert!(shards.len() > 1, "{ids:?}");
    wait_for(|| (runs(&server, "rb").len() == 24).then_some(()));

    // The same key comes to the same run, wherever that is.
    let keyed = |key: &str| {
        let answer = server
            .post("/api/automation/rb")
            .header("Idempotency-Key", key)
            .json(&json!({"city": "Bern"}))
            .send();
        answer.expect(202).json()["run_id"].clone()
    };
    for number in 0..8 {
        let key = format!("k{number}");
        assert_eq!(keyed(&key), keyed(&key));
    }

    // A run is done again where it was.
    let path = format!("/console/runs/{}/replay", ids[0]);
    let again = post(&server, &path, &json!({})).expect(202).json();
    let again = again["run_id"].as_str().unwrap();
    assert_eq!(shard(again), shard(&ids[0]));
    assert_eq!(wait_for_end(&server, again)["status"], "succeeded");

    // Switched off, none of them starts anything.
    let mut runbook = edge_tests::console::get(&server, "/console/runbooks/rb");
    let version = runbook["version"].as_u64().unwrap();
    runbook["enabled"] = json!(false);
    let _ = put(&server, "/console/runbooks/rb", version, &runbook).expect(200);
    for _ in 0..12 {
        let _ = super::start(&server, "Bern").expect(409);
    }
}
