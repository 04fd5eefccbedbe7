//! Making, reading, replacing, deleting and restoring.

use edge_tests::{Options, Server};
use serde_json::json;

use super::*;

#[test]
fn a_document_is_made_read_replaced_deleted_and_restored() {
    let server = Server::start(&Options::default());
    assert_eq!(get(&server, "/console/integrations"), json!({"items": []}));
    let (id, method) = integration(&server, "https://weather.example/v1");
    let path = format!("/console/integrations/{id}");

    let read = server.get(&path).admin().send().expect(200);
    assert_eq!(read.header("etag"), Some("\"1\""));
    let mut document = read.json();
    assert_eq!(document["name"], "Weather");
    assert_eq!(document["missing_secrets"], json!([]));
    let listed = get(&server, "/console/integrations")["items"][0].clone();
    assert_eq!(
        (&listed["auth"], &listed["methods"][0]["outputs"]),
        (&json!("bearer"), &json!(["Sky"]))
    );

    // What was read can be sent back, with its version in the document or in the header.
    document["name"] = json!("Weather 2");
    let call = server.put(&path).admin().json(&document);
    assert_eq!(call.clone().send().expect(200).json()["version"], 2);
    let late = call.send().expect(412);
    assert_eq!(
        (code(&late).as_str(), &late.json()["version"]),
        ("changed", &json!(2))
    );
    let answer = put(&server, &path, 1, &document).expect(412);
    assert_eq!(answer.json()["version"], 2);
    let answer = put(&server, &path, 2, &document).expect(200);
    assert_eq!(answer.header("etag"), Some("\"3\""));

    document.as_object_mut().unwrap().remove("version");
    let call = server.put(&path).admin().json(&document);
    assert_eq!(code(&call.send().expect(428)), "no_version");
    document["id"] = json!("another");
    assert_eq!(
        code(&put(&server, &path, 3, &document).expect(400)),
        "other_id"
    );

    let _ = delete(&server, &path).expect(204);
    let method_path = format!("/console/methods/{method}");
    for gone in [&path, &method_path] {
        let _ = server.get(gone).admin().send().expect(404);
    }
    document["id"] = json!(id);
    let refused = put(&server, &path, 3, &document).expect(404);
    assert_eq!(code(&refused), "deleted");
    let _ = delete(&server, &path).expect(404);
    let restore = format!("{path}/restore");
    let restored = post(&server, &restore, &json!({})).expect(200).json();
    assert_eq!(
        (&restored["name"], &restored["missing_secrets"]),
        (&json!("Weather 2"), &json!([]))
    );
    assert_eq!(get(&server, &method_path)["integration"], id.as_str());
    assert_eq!(
        code(&post(&server, &restore, &json!({})).expect(409)),
        "not_deleted"
    );
}

#[test]
fn ids_are_kept_where_they_are_given() {
    let server = Server::start(&Options::default());
    let mut document =
        json!({"id": "weather", "name": "Weather", "base_url": "https://weather.example"});
    let made = post(&server, "/console/integrations", &document).expect(201);
    assert_eq!(made.json()["id"], "weather");
    let again = post(&server, "/console/integrations", &document).expect(409);
    assert_eq!(code(&again), "exists");
    document["id"] = json!("no/slashes");
    let refused = post(&server, "/console/integrations", &document).expect(400);
    assert_eq!(refused.json()["error"]["at"]["field"], "id");

    // A new document of a deleted one's id has none of its secrets, and no version of it again.
    let (id, _) = integration(&server, "https://weather.example");
    let path = format!("/console/integrations/{id}");
    let _ = delete(&server, &path).expect(204);
    let document = json!({
        "id": id, "name": "Other", "base_url": "https://other.example",
        "auth": {"type": "bearer", "token": {"secret": null}},
    });
    let made = post(&server, "/console/integrations", &document)
        .expect(201)
        .json();
    assert_eq!(made["missing_secrets"], json!(["auth.token"]));
    assert!(made["version"].as_u64().unwrap() > 1, "{made}");
}

#[test]
fn unknown_fields_are_refused_by_name_and_place() {
    let server = Server::start(&Options::default());
    let (_, method) = integration(&server, "https://weather.example");
    let mut document = runbook(&method);
    document["steps"][0]["metod"] = json!("x");
    let refused = post(&server, "/console/runbooks", &document)
        .expect(400)
        .json();
    let error = &refused["error"];
    assert_eq!(error["code"], "invalid_document");
    assert!(
        error["message"].as_str().unwrap().contains("metod"),
        "{error}"
    );
    assert!(
        error["at"]["field"]
            .as_str()
            .unwrap()
            .starts_with("steps[0]"),
        "{error}"
    );

    let path = format!("/console/methods/{method}");
    let mut document = get(&server, &path);
    document["pth"] = json!("/");
    let refused = put(&server, &path, 1, &document).expect(400).json();
    assert!(
        refused["error"]["message"]
            .as_str()
            .unwrap()
            .contains("pth")
    );
    for body in ["", "[]", "{", "nonsense"] {
        let call = server.post("/console/runbooks").admin();
        let call = call.header("content-type", "application/json").body(body);
        let _ = call.send().expect(400);
    }
}

#[test]
fn what_is_used_is_not_deleted() {
    let server = Server::start(&Options::default());
    let (id, method) = integration(&server, "https://weather.example");
    let made = post(&server, "/console/runbooks", &runbook(&method))
        .expect(201)
        .json();
    let runbook = made["id"].as_str().unwrap();
    let action = json!({"name": "Ask the sky", "system_use": "queue_runbook", "runbook": runbook});
    let action_path = "/console/desk-actions/Ask%20the%20sky";
    let made = put(&server, action_path, 0, &action).expect(200).json();
    assert_eq!(
        (&made["version"], &made["name"]),
        (&json!(1), &json!("Ask the sky"))
    );

    for (path, user) in [
        (format!("/console/integrations/{id}"), "Ask the sky"),
        (format!("/console/methods/{method}"), "Ask the sky"),
        (format!("/console/runbooks/{runbook}"), "Ask the sky"),
    ] {
        let refused = delete(&server, &path).expect(409);
        assert_eq!(code(&refused), "in_use");
        let used_by = refused.json()["used_by"].clone();
        assert!(used_by[0].as_str().unwrap().contains(user), "{used_by}");
        assert_eq!(get(&server, &format!("{path}/used-by"))["items"], used_by);
    }
    assert_eq!(
        get(&server, "/console/runbooks")["items"][0]["actions"],
        json!(["Ask the sky"])
    );
    let stale = server
        .delete(action_path)
        .admin()
        .header("if-match", "\"9\"");
    let _ = stale.send().expect(412);
    let _ = delete(&server, action_path).expect(204);
    for path in [
        format!("/console/runbooks/{runbook}"),
        format!("/console/methods/{method}"),
        format!("/console/integrations/{id}"),
    ] {
        let used_by = format!("{path}/used-by");
        assert_eq!(get(&server, &used_by)["items"], json!([]));
        let _ = delete(&server, &path).expect(204);
        let _ = server.get(&used_by).admin().send().expect(404);
    }
    // The method went before its integration did, so it does not come back with it.
    let _ = post(
        &server,
        &format!("/console/methods/{method}/restore"),
        &json!({}),
    )
    .expect(409);
    let _ = post(
        &server,
        &format!("/console/integrations/{id}/restore"),
        &json!({}),
    )
    .expect(200);
    let _ = server
        .get(&format!("/console/methods/{method}"))
        .admin()
        .send()
        .expect(404);
    let _ = post(
        &server,
        &format!("/console/methods/{method}/restore"),
        &json!({}),
    )
    .expect(200);
    let unknown = json!({"name": "Other", "system_use": "queue_runbook", "runbook": "nowhere"});
    let refused = post(&server, "/console/desk-actions", &unknown).expect(400);
    assert_eq!(code(&refused), "unknown_runbook");
}

#[test]
fn what_nobody_saved_since_it_was_made_is_taken_back_without_a_trace() {
    let server = Server::start(&Options::default());
    let take_back = |path: &str| post(&server, &format!("{path}/take-back"), &json!({}));
    let (id, method) = integration(&server, "https://weather.example");
    let (integration, method) = (
        format!("/console/integrations/{id}"),
        format!("/console/methods/{method}"),
    );
    let make = |collection: &str, document: &Value| {
        let made = post(&server, collection, document).expect(201).json();
        let kind = collection.rsplit('/').next().unwrap();
        format!("/console/{kind}/{}", made["id"].as_str().unwrap())
    };
    let runbook = make(
        "/console/runbooks",
        &json!({"name": "New runbook", "steps": []}),
    );
    let workflow = make(
        "/console/workflows",
        &json!({"name": "New workflow", "steps": []}),
    );

    assert_eq!(code(&take_back(&integration).expect(409)), "in_use");
    let action =
        json!({"name": "Go", "system_use": "queue_runbook", "runbook": runbook.rsplit('/').next()});
    let _ = post(&server, "/console/desk-actions", &action).expect(201);
    assert_eq!(code(&take_back(&runbook).expect(409)), "in_use");
    let _ = delete(&server, "/console/desk-actions/Go").expect(204);

    for path in [&runbook, &workflow, &method, &integration] {
        let _ = server.post(&format!("{path}/take-back")).send().expect(401);
        let _ = take_back(path).expect(204);
        assert_eq!(
            code(&server.get(path).admin().send().expect(404)),
            "not_found"
        );
        let _ = take_back(path).expect(404);
    }
    let left = items(&get(&server, "/console/deleted"));
    let left: Vec<_> = left.iter().map(|row| row["name"].clone()).collect();
    assert_eq!(left, ["Go"]);

    let saved = make("/console/runbooks", &json!({"name": "Saved", "steps": []}));
    let document = json!({"name": "Saved", "enabled": true, "steps": []});
    let _ = put(&server, &saved, 1, &document).expect(200);
    assert_eq!(code(&take_back(&saved).expect(412)), "changed");
    let _ = server.get(&saved).admin().send().expect(200);
}

#[test]
fn what_was_deleted_is_listed_until_it_is_back_or_gone_for_good() {
    const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
    let server = Server::start(&Options {
        movable_clock: true,
        ..Options::default()
    });
    let deleted = || items(&get(&server, "/console/deleted"));
    let _ = server.get("/console/deleted").send().expect(401);
    assert_eq!(deleted(), Vec::<Value>::new());

    let (integration, method) = integration(&server, "https://weather.example/v1");
    let made = post(&server, "/console/runbooks", &runbook(&method));
    let made = made.expect(201).json();
    let id = made["id"].as_str().unwrap();
    let action = json!({"name": "Ask?", "system_use": "queue_runbook", "runbook": id});
    let _ = post(&server, "/console/desk-actions", &action).expect(201);
    let trigger = json!({"event": "ticket_deleted", "runbook": id});
    let trigger = post(&server, "/console/event-triggers", &trigger);
    let trigger = trigger.expect(201).json();
    let action = "/console/desk-actions/Ask%3F".to_owned();
    let trigger = format!(
        "/console/event-triggers/{}",
        trigger["id"].as_str().unwrap()
    );
    let runbook = format!("/console/runbooks/{id}");
    let method = format!("/console/methods/{method}");
    let integration_path = format!("/console/integrations/{integration}");
    let all = [&action, &trigger, &runbook, &integration_path];
    for (seconds, path) in (1..).zip(all) {
        server.move_clock(seconds * 1_000);
        let _ = delete(&server, path).expect(204);
    }

    // The newest first; the method goes and comes with its integration.
    let listed = deleted();
    let shown: Vec<_> = listed
        .iter()
        .map(|row| (row["kind"].as_str().unwrap(), row["name"].as_str().unwrap()))
        .collect();
    assert_eq!(
        shown,
        [
            ("integration", "Weather"),
            ("runbook", "Ask the sky"),
            ("event_trigger", "Ticket Deleted"),
            ("desk_action", "Ask?"),
        ]
    );
    for row in &listed {
        let (at, until) = (row["deleted_at"].as_u64(), row["until"].as_u64());
        assert_eq!(until.unwrap() - at.unwrap(), 30 * DAY_MS, "{row}");
    }

    // Whoever has it open is told what became of it.
    for refused in [
        put(&server, &runbook, 1, &made),
        server.get(&runbook).admin().send(),
        post(&server, &format!("{runbook}/publish"), &json!({})),
    ] {
        let refused = refused.expect(404);
        assert_eq!(code(&refused), "deleted");
        let message = refused.json()["error"]["message"].to_string();
        assert!(message.contains("Settings > Deleted"), "{message}");
    }

    let bring_back = |path: &str| post(&server, &format!("{path}/restore"), &json!({}));
    for path in [&action, &trigger] {
        assert_eq!(code(&bring_back(path).expect(409)), "runbook_deleted");
    }
    let _ = bring_back(&integration_path).expect(200);
    let _ = server.get(&method).admin().send().expect(200);
    let _ = delete(&server, &method).expect(204);
    let newest = deleted().remove(0);
    assert_eq!(
        (&newest["kind"], &newest["integration"]),
        (&json!("method"), &json!(integration))
    );
    for path in [&method, &runbook, &trigger] {
        let _ = bring_back(path).expect(200);
    }
    let left: Vec<_> = deleted().iter().map(|row| row["id"].clone()).collect();
    assert_eq!(left, ["Ask?"]);
    // Another one of that name is in its way, however it is written.
    let other = json!({"name": "ASK?", "system_use": "none"});
    let _ = post(&server, "/console/desk-actions", &other).expect(201);
    assert_eq!(code(&bring_back(&action).expect(409)), "exists");

    server.move_clock(31 * DAY_MS);
    assert_eq!(deleted(), Vec::<Value>::new());
    assert_eq!(code(&bring_back(&action).expect(404)), "not_found");
}
