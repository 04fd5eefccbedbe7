//! Publishing, and what keeps a draft from it.

use edge_tests::{Options, Server};
use serde_json::{Value, json};

use super::*;

#[test]
fn publishing_tells_problems_and_changes() {
    let server = Server::start(&Options::default());
    let (integration, method) = integration(&server, "https://weather.example");
    let mut document = runbook("missing-method");
    let made = post(&server, "/console/runbooks", &document)
        .expect(201)
        .json();
    let path = format!("/console/runbooks/{}", made["id"].as_str().unwrap());
    assert_eq!(
        made["publication"],
        json!({"version": null, "published_at": null, "changed": false})
    );

    let refused = post(&server, &format!("{path}/publish"), &json!({}))
        .expect(422)
        .json();
    let problem = &refused["problems"][0];
    assert_eq!(
        (&problem["severity"], &problem["at"]["step"]),
        (&json!("error"), &json!("ask"))
    );
    assert_eq!(refused["error"]["code"], "has_problems");
    assert_eq!(get(&server, &path)["publication"]["version"], Value::Null);
    let refused = post(
        &server,
        &format!("{path}/start"),
        &json!({"draft": true, "variables": {"City": "Bern"}}),
    );
    assert_eq!(code(&refused.expect(422)), "has_problems");
    let refused = post(
        &server,
        &format!("{path}/start"),
        &json!({"variables": {"City": "Bern"}}),
    );
    assert_eq!(code(&refused.expect(409)), "not_published");

    // A draft is checked as it is sent; nothing is stored by that.
    let stored = post(&server, &format!("{path}/check"), &json!({}))
        .expect(200)
        .json();
    assert_eq!(stored["problems"][0]["severity"], "error");
    document["steps"][0]["method"] = json!(method);
    let checked = post(&server, &format!("{path}/check"), &document)
        .expect(200)
        .json();
    assert_eq!(checked["problems"], json!([]));
    assert_eq!(get(&server, &path)["version"], 1);

    let _ = put(&server, &path, 1, &document).expect(200);
    let publish = || {
        post(&server, &format!("{path}/publish"), &json!({}))
            .expect(200)
            .json()
    };
    let published = publish();
    assert_eq!(
        (
            &published["publication"]["version"],
            &published["publication"]["changed"]
        ),
        (&json!(1), &json!(false))
    );
    assert_eq!(
        publish()["publication"]["version"],
        1,
        "nothing has changed"
    );

    // A change of what it uses is a change, too; a secret is none.
    let method_path = format!("/console/methods/{method}");
    let mut other = get(&server, &method_path);
    other["path"] = json!("/other/<<City>>");
    let _ = put(&server, &method_path, 1, &other).expect(200);
    assert_eq!(get(&server, &path)["publication"]["changed"], true);
    assert_eq!(
        get(&server, "/console/runbooks")["items"][0]["publication"]["changed"],
        true
    );
    assert_eq!(publish()["publication"]["version"], 2);
    let integration_path = format!("/console/integrations/{integration}");
    let mut secret = get(&server, &integration_path);
    secret["auth"]["token"] = json!({"secret": "sk-another"});
    let _ = put(&server, &integration_path, 1, &secret).expect(200);
    assert_eq!(get(&server, &path)["publication"]["changed"], false);

    let versions = get(&server, &format!("{path}/versions"));
    let shown: Vec<_> = versions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| {
            (
                v["version"].as_u64().unwrap(),
                v["current"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(shown, [(2, true), (1, false)]);
    let _ = post(&server, &format!("{path}/unpublish"), &json!({})).expect(204);
    assert_eq!(get(&server, &path)["publication"]["version"], Value::Null);
    assert_eq!(publish()["publication"]["version"], 3);
}

#[test]
fn each_version_is_read_as_it_was_published() {
    let server = Server::start(&Options::default());
    let (_, method) = integration(&server, "http://127.0.0.1:1");
    let path = drafted(&server, &method);
    let publish = || {
        let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    };
    assert_eq!(
        get(&server, &format!("{path}/versions"))["items"],
        json!([])
    );
    publish();
    let method_path = format!("/console/methods/{method}");
    let mut other = get(&server, &method_path);
    other["path"] = json!("/other/<<City>>");
    let _ = put(&server, &method_path, 1, &other).expect(200);
    publish();

    let versions = get(&server, &format!("{path}/versions"));
    for item in versions["items"].as_array().unwrap() {
        assert_eq!(item["by"], "admin");
    }
    for (number, sent_to) in [(1, "/forecast/<<City>>"), (2, "/other/<<City>>")] {
        let plan = get(&server, &format!("{path}/versions/{number}"));
        assert_eq!(plan["version"], number);
        assert_eq!(plan["runbook"]["steps"][0]["name"], "Ask");
        assert_eq!(plan["integrations"][0]["methods"][0]["path"], sent_to);
        assert!(!plan.to_string().contains("sk-very-secret"), "{plan}");
    }
    for none in ["3", "0", "-1", "x"] {
        let gone = server.get(&format!("{path}/versions/{none}")).admin();
        let _ = gone.send().expect(404);
    }
}

#[test]
fn what_is_published_starts_until_it_is_switched_off_or_deleted() {
    let mut server = Server::start(&Options::default());
    let (_, method) = integration(&server, "http://127.0.0.1:1");
    let mut document = runbook(&method);
    document["start"] = json!({
        "access": "desk_and_public",
        "inputs": [{"name": "City", "value": "request^city", "type": "string"}],
    });
    let made = post(&server, "/console/runbooks", &document)
        .expect(201)
        .json();
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/console/runbooks/{id}");
    let start = |server: &Server| {
        let call = server.post(&format!("/api/automation/{id}"));
        call.json(&json!({"city": "Bern"})).send().status
    };
    assert_eq!(start(&server), 401);
    let _ = post(&server, &format!("{path}/publish"), &json!({})).expect(200);
    assert_eq!(start(&server), 202);
    server.restart();
    assert_eq!(start(&server), 202);

    let mut stored = get(&server, &path);
    stored["enabled"] = json!(false);
    let _ = put(&server, &path, 1, &stored).expect(200);
    assert_eq!(start(&server), 409);
    assert_eq!(get(&server, &path)["publication"]["changed"], false);
    stored["enabled"] = json!(true);
    let _ = put(&server, &path, 2, &stored).expect(200);
    assert_eq!(start(&server), 202);

    let _ = delete(&server, &path).expect(204);
    assert_eq!(start(&server), 401);
    let _ = post(&server, &format!("{path}/restore"), &json!({})).expect(200);
    assert_eq!(get(&server, &path)["publication"]["version"], 1);
    assert_eq!(start(&server), 202);
    let _ = post(&server, &format!("{path}/unpublish"), &json!({})).expect(204);
    assert_eq!(start(&server), 401);
}

#[test]
fn what_compares_with_a_name_of_the_desk_follows_it() {
    let server = Server::start(&Options::default());
    let input = |name: &str| json!({"name": name, "type": "string", "required": false});
    let row = |name: &str, right: &str| json!({"left": format!("<<{name}>>"), "op": "equals", "right": right});
    let runbook = json!({
        "id": "rb", "name": "rb", "enabled": true, "first_step": "is",
        "start": {"access": "desk", "inputs": [input("Status"), input("Team"), input("Word")]},
        "from_desk": [
            {"name": "Status", "value": "<<ticket^status_name>>"},
            {"name": "Team", "value": "<<ticket^team>>"},
            {"name": "Word", "value": "<<ticket^summary>>"},
        ],
        "steps": [
            {"id": "is", "name": "Is it?", "type": "condition",
                "when": {"all": [row("Status", "Closed"), row("Team", "Network"), row("Word", "Closed")]},
                "next": {"met": "yes", "not_met": "no"}},
            {"id": "yes", "name": "Yes", "type": "end", "outcome": "success"},
            {"id": "no", "name": "No", "type": "end", "outcome": "failed"},
        ],
    });
    edge_tests::bundle::Bundle::new()
        .runbook(runbook)
        .import(&server);
    // What nobody has published yet follows, but is not published by that.
    let path = "/console/runbooks/rb";
    let mut draft = get(&server, path);
    draft["name"] = json!("Another name");
    let version = draft["version"].as_u64().unwrap();
    let _ = put(&server, path, version, &draft).expect(200);
    let set = |resource: &str, fields: Value| {
        let made = post(&server, &format!("/api/{resource}"), &json!([fields]));
        made.expect(201).json()
    };
    let team = set("Team", json!({"name": "Network"}))["id"].clone();
    let ticket = json!({"summary": "Closed", "tickettype_id": 1, "team": "Network"});
    let ticket = set("Tickets", ticket)["id"].clone();
    let ends = |status: &str, team: &str| {
        let variables = json!({"Status": status, "Team": team, "Word": "Closed"});
        edge_tests::console::run(&server, "rb", &variables)["status"].clone()
    };
    assert_eq!(ends("Closed", "Network"), "succeeded");

    set("Status", json!({"id": 9, "name": "Done"}));
    set("Team", json!({"id": team, "name": "Networks"}));
    let followed = wait_for(|| {
        let runbook = get(&server, path);
        (runbook["publication"]["version"] == 3).then_some(runbook)
    });
    let rows = &followed["steps"][0]["when"]["all"];
    let compared: Vec<_> = (0..3).map(|place| &rows[place]["right"]).collect();
    assert_eq!(compared, ["Done", "Networks", "Closed"]);
    assert_eq!(followed["name"], "Another name");
    assert_eq!(followed["publication"]["changed"], true);
    assert_eq!(ends("Done", "Networks"), "succeeded");
    assert_eq!(ends("Closed", "Network"), "failed");
    let ticket = get(&server, &format!("/api/Tickets/{ticket}"));
    assert_eq!(
        (&ticket["team"], &ticket["team_id"]),
        (&json!("Networks"), &team)
    );
}
