//! Several secrets: each can end by itself, and it is known when it was used last.

use edge_tests::{
    Server,
    bundle::with,
    console::{get, post, put},
};
use serde_json::{Value, json};

use super::{address, bern, ended, run_id, serving, signed, signing::signature, start, switch};

fn send(server: &Server, secret: &str) -> u16 {
    let body = bern().to_string();
    let value = signature(secret, body.as_bytes());
    let call = start(server, "rb").header("x-signature", &value);
    call.body(body.as_str()).send().status
}

fn used(server: &Server) -> Vec<(String, u64)> {
    let report = get(server, "/console/runbooks/rb/starts");
    let secrets = report["secrets"].as_array().unwrap().clone();
    let used = secrets.iter().map(|secret| {
        let place = edge_tests::console::text(&secret["place"]);
        (place, secret["used_at"].as_u64().unwrap())
    });
    used.collect()
}

/// A key that has got out is shut out by saving; what else is in the draft may wait for its publishing.
#[test]
fn a_key_ends_and_is_added_as_soon_as_that_is_saved() {
    let (past, future) = ("2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
    let secrets = json!([{"secret": "leaked"}, {"secret": "kept"}]);
    let server = serving(&[("rb", signed(&json!({ "secrets": secrets })))]);
    let send_all = || ["leaked", "kept", "added"].map(|secret| send(&server, secret));
    assert_eq!(send_all(), [202, 202, 401]);
    save(
        &server,
        &json!([{"secret": null, "ends_at": past}, {"secret": null, "ends_at": future}, {"secret": "added"}]),
    );
    assert_eq!(send_all(), [401, 202, 202]);
    // The one that has ended goes; those behind it take their ends along.
    save(
        &server,
        &json!([{"secret": "", "ends_at": past}, {"secret": null, "ends_at": future}, {"secret": null}]),
    );
    assert_eq!(send_all(), [401, 202, 202]);
    save(
        &server,
        &json!([{"secret": null, "ends_at": past}, {"secret": null}]),
    );
    assert_eq!(send_all(), [401, 401, 202]);
    ended(&server, 7);
}

/// A key of one scheme is often none of another.
#[test]
fn a_stored_key_that_does_not_fit_the_scheme_is_named() {
    let server = serving(&[("rb", signed(&json!({"secrets": [{"secret": "any text"}]})))]);
    let path = "/console/runbooks/rb";
    let mut runbook = get(&server, path);
    runbook["start"]["auth"]["scheme"] = json!("standard_webhooks");
    let version = runbook["version"].as_u64().unwrap();
    let _ = put(&server, path, version, &runbook).expect(200);
    let report = post(&server, &format!("{path}/publish"), &json!({}))
        .expect(200)
        .json();
    let problems = report["problems"].as_array().unwrap();
    let named = problems.iter().any(|problem| {
        let problem = problem.to_string();
        problem.contains("start.auth.secrets[0]") && problem.contains("begins with whsec_ or whpk_")
    });
    assert!(named, "{report}");
}

/// A key that is in use looks so, whatever comes of what it proves.
#[test]
fn whatever_a_secret_proves_is_a_use_of_it() {
    let secrets = json!([{"secret": "ignored"}, {"secret": "no-json"}, {"secret": "asks"}, {"secret": "off"}, {"secret": "never"}]);
    let when = json!({"all": [{"left": "<<request^city>>", "op": "equals", "right": "Bern"}]});
    let settings = json!({"when": when, "answer": {"poll": true}});
    let start_settings = with(&signed(&json!({ "secrets": secrets })), &settings);
    let server = serving(&[("rb", start_settings)]);
    let send = |secret: &str, body: &str| {
        let call = start(&server, "rb").header("x-signature", &signature(secret, body.as_bytes()));
        call.body(body.to_owned()).send()
    };
    let used = || -> Vec<String> { used(&server).into_iter().map(|(place, _)| place).collect() };
    let place = |index: usize| format!("start.auth.secrets[{index}]");
    let _ = send("ignored", r#"{"city": "Rome"}"#).expect(200);
    assert_eq!(used(), [place(0)]);
    let _ = send("no-json", "{").expect(400);
    assert_eq!(used(), [place(0), place(1)]);
    let id = run_id(&send("ignored", &bern().to_string()).expect(202));
    ended(&server, 1);
    let ask = server.get(&format!("{}/runs/{id}", address("rb")));
    let _ = ask
        .header("x-signature", &signature("asks", id.as_bytes()))
        .send()
        .expect(200);
    assert_eq!(used(), [place(0), place(1), place(2)]);
    switch(&server, "rb", false);
    let _ = send("off", &bern().to_string()).expect(409);
    assert_eq!(used(), [place(0), place(1), place(2), place(3)]);
}

#[test]
fn a_secret_that_nobody_could_sign_with_is_not_stored() {
    let good = "whsec_cmF3IGtleQ==";
    let settings = json!({"scheme": "standard_webhooks", "secrets": [{"secret": good}]});
    let server = serving(&[("rb", signed(&settings))]);
    let path = "/console/runbooks/rb";
    for (secret, expected) in [
        ("whsec_!!", "no_key"),
        ("whpk_AAAA", "no_key"),
        ("whsk_AAAA", "private_key"),
    ] {
        let mut runbook = get(&server, path);
        runbook["start"]["auth"]["secrets"] = json!([{"secret": null}, {"secret": secret}]);
        let version = runbook["version"].as_u64().unwrap();
        let refused = put(&server, path, version, &runbook).expect(400).json();
        assert_eq!(refused["error"]["code"], expected, "{secret}");
        assert_eq!(refused["error"]["at"]["field"], "start.auth.secrets[1]");
        assert!(!refused.to_string().contains(secret), "{refused}");
    }
    let secrets = get(&server, path)["start"]["auth"]["secrets"].clone();
    assert_eq!(secrets, json!([{"secret": null}]));
}

fn save(server: &Server, secrets: &Value) {
    let path = "/console/runbooks/rb";
    let mut runbook = get(server, path);
    runbook["start"]["auth"]["secrets"] = secrets.clone();
    let version = runbook["version"].as_u64().unwrap();
    let _ = put(server, path, version, &runbook).expect(200);
}

fn replace(server: &Server, secrets: &Value) {
    let path = "/console/runbooks/rb";
    save(server, secrets);
    let _ = post(server, &format!("{path}/publish"), &json!({})).expect(200);
}

#[test]
fn a_secret_ends_by_itself_and_its_use_is_known() {
    let (past, future) = ("2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
    let secrets = json!([
        {"secret": "ended", "ends_at": past}, {"secret": "ending", "ends_at": future}, {"secret": "new"},
    ]);
    let server = serving(&[("rb", signed(&json!({ "secrets": secrets })))]);
    assert_eq!(used(&server), []);
    assert_eq!(
        ["ended", "ending", "none"].map(|s| send(&server, s)),
        [401, 202, 401]
    );
    let first = used(&server);
    assert_eq!(first.len(), 1, "{first:?}");
    assert_eq!(first[0].0, "start.auth.secrets[1]");
    assert_eq!(["new", "ending"].map(|s| send(&server, s)), [202, 202]);
    let now = used(&server);
    let places: Vec<&str> = now.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["start.auth.secrets[1]", "start.auth.secrets[2]"]);
    // It is not written with every start.
    assert_eq!(now[0], first[0]);
    // Who reads the settings sees it, and no secret.
    let read = get(&server, "/console/runbooks/rb")["start"]["auth"]["secrets"].clone();
    assert_eq!(
        read,
        json!([{"secret": null, "ends_at": past}, {"secret": null, "ends_at": future}, {"secret": null}])
    );
    replace(
        &server,
        &json!([{"secret": null}, {"secret": null, "ends_at": past}, {"secret": "newer"}]),
    );
    assert_eq!(
        ["ended", "ending", "new", "newer"].map(|s| send(&server, s)),
        [202, 401, 401, 202]
    );
    // Publishing forgets no use, but another secret has none of the old one's.
    let later = used(&server);
    let places: Vec<&str> = later.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(
        places,
        [
            "start.auth.secrets[0]",
            "start.auth.secrets[1]",
            "start.auth.secrets[2]"
        ]
    );
    assert_eq!(later[1], first[0]);
    assert!(later[2].1 > now[1].1, "{later:?} {now:?}");
    ended(&server, 5);
}
