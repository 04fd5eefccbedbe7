//! Secrets go in and never come out.

use edge_tests::{Options, Server, Stub};
use serde_json::json;

use super::*;

#[test]
fn secrets_are_kept_and_never_read() {
    let server = Server::start(&Options::default());
    let (id, method) = integration(&server, "https://weather.example");
    let path = format!("/console/integrations/{id}");
    let mut document = get(&server, &path);
    assert_eq!(document["auth"]["token"], json!({"secret": null}));

    // Null keeps what is stored; another kind of login has nothing stored.
    let kept = put(&server, &path, 1, &document).expect(200).json();
    assert_eq!(kept["missing_secrets"], json!([]));
    document["auth"] = json!({"type": "basic", "username": "me", "password": {"secret": null}});
    let other = put(&server, &path, 2, &document).expect(200).json();
    assert_eq!(other["missing_secrets"], json!(["auth.password"]));
    document["auth"]["password"] = json!({"secret": "open-sesame"});
    let given = put(&server, &path, 3, &document).expect(200).json();
    assert_eq!(given["missing_secrets"], json!([]));
    document["auth"]["password"] = json!({"secret": ""});
    let taken = put(&server, &path, 4, &document).expect(200).json();
    assert_eq!(taken["missing_secrets"], json!(["auth.password"]));
    document["auth"]["password"] = json!({"secret": "open-sesame"});
    let _ = put(&server, &path, 5, &document).expect(200);

    let method_path = format!("/console/methods/{method}");
    let mut own = get(&server, &method_path);
    own["auth"] = json!({"type": "api_key", "in": "header", "name": "X-Key", "key": {"secret": "key-of-the-method"}});
    let _ = put(&server, &method_path, 1, &own).expect(200);
    for path in [
        "/console/integrations",
        &path,
        &method_path,
        "/console/export",
        &format!("{path}/methods"),
    ] {
        let text = get(&server, path).to_string();
        for secret in ["sk-very-secret", "open-sesame", "key-of-the-method"] {
            assert!(!text.contains(secret), "{path} tells {secret}");
        }
    }
}

#[test]
fn signing_secrets_can_be_rotated() {
    let server = Server::start(&Options::default());
    let (_, method) = integration(&server, "https://weather.example");
    let mut document = runbook(&method);
    document["start"] = json!({
        "access": "desk_and_public",
        "inputs": [{"name": "City", "value": "request^city", "type": "string"}],
        "auth": {"type": "signature", "scheme": "hmac", "secrets": [{"secret": "the-old-one"}, {"secret": "the-new-one"}]},
    });
    let made = post(&server, "/console/runbooks", &document)
        .expect(201)
        .json();
    let path = format!("/console/runbooks/{}", made["id"].as_str().unwrap());
    let mut document = get(&server, &path);
    let secrets = "/start/auth/secrets";
    assert_eq!(
        document.pointer(secrets),
        Some(&json!([{"secret": null}, {"secret": null}]))
    );
    // The first one goes; the second one stays what it is, and moves up.
    *document.pointer_mut(secrets).unwrap() = json!([{"secret": ""}, {"secret": null}]);
    let saved = put(&server, &path, 1, &document).expect(200).json();
    assert_eq!(saved.pointer(secrets), Some(&json!([{"secret": null}])));
    assert_eq!(saved["missing_secrets"], json!([]));
    *document.pointer_mut(secrets).unwrap() = json!([{"secret": null}, {"secret": null}]);
    let saved = put(&server, &path, 2, &document).expect(200).json();
    assert_eq!(saved["missing_secrets"], json!(["start.auth.secrets[1]"]));
}

#[test]
fn a_new_secret_does_not_reach_the_old_address() {
    let (old, new) = (Stub::start(), Stub::start());
    let server = Server::start(&Options::default());
    let (id, method) = integration(&server, &old.url(""));
    let path = drafted(&server, &method);
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    let integration_path = format!("/console/integrations/{id}");
    let before = get(&server, &integration_path);
    let mut document = before.clone();
    document["base_url"] = json!(new.url(""));
    document["auth"]["token"] = json!({"secret": "sk-for-the-new-one"});
    let _ = put(&server, &integration_path, 1, &document).expect(200);
    let run = |draft: bool| {
        for stub in [&old, &new] {
            stub.reply("POST", "/forecast/Bern", grey(200));
        }
        let start = json!({"variables": {"City": "Bern"}, "draft": draft});
        let answer = post(&server, &format!("{path}/start"), &start).expect(202);
        wait_for_end(&server, answer.json()["run_id"].as_str().unwrap());
    };
    let carried = |stub: &Stub| -> Vec<Option<String>> {
        let authorization =
            |request: &edge_tests::Received| request.header("authorization").map(ToOwned::to_owned);
        stub.received().iter().map(authorization).collect()
    };
    let bearer = |secret: &str| Some(format!("Bearer {secret}"));

    // What is published goes where it went, with what it carried; the draft with the new one to the new address.
    run(false);
    run(true);
    run(false);
    assert_eq!(carried(&new), [bearer("sk-for-the-new-one")]);
    assert_eq!(
        carried(&old),
        [bearer("sk-very-secret"), bearer("sk-very-secret")]
    );

    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    run(false);
    assert_eq!(carried(&new).len(), 2);
    assert_eq!(carried(&new)[1], bearer("sk-for-the-new-one"));

    // The old one is not kept for coming back: what was replaced is gone.
    let mut back = get(&server, &integration_path);
    back["base_url"] = before["base_url"].clone();
    let version = back["version"].as_u64().unwrap();
    let _ = put(&server, &integration_path, version, &back).expect(200);
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    run(false);
    assert_eq!(carried(&old)[2], bearer("sk-for-the-new-one"));
}

#[test]
fn a_changed_credential_counts_at_once() {
    let stub = Stub::start();
    let server = Server::start(&Options::default());
    let (id, method) = integration(&server, &stub.url(""));
    let path = drafted(&server, &method);
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    let integration_path = format!("/console/integrations/{id}");
    let mut document = get(&server, &integration_path);
    document["auth"]["token"] = json!({"secret": "sk-fresh"});
    let _ = put(&server, &integration_path, 1, &document).expect(200);
    stub.reply("POST", "/forecast/Bern", grey(200));
    let answer = post(
        &server,
        &format!("{path}/start"),
        &json!({"variables": {"City": "Bern"}}),
    );
    wait_for_end(
        &server,
        answer.expect(202).json()["run_id"].as_str().unwrap(),
    );
    assert_eq!(
        stub.received()[0].header("authorization"),
        Some("Bearer sk-fresh")
    );
}
