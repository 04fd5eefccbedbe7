//! Events of the desk that start runbooks, and what the log says of them.

use edge_tests::{
    ADMIN_TOKEN,
    bundle::{method, sends},
    console::text,
};

use super::*;

/// A runbook that does nothing.
fn idle(id: &str) -> Value {
    chain(id, &json!({"access": "desk"}), &[])
}

/// A runbook that adds an action to the ticket of its event.
fn posting(id: &str) -> Value {
    let body = "[{\"ticket_id\": <<ticket^id>>, \"outcome\": \"Posted\", \"note\": \"by a run\"}]";
    let step = json!({"type": "desk_action", "action": "add_action", "body": body});
    chain(id, &json!({"access": "desk"}), &[step])
}

fn from_new_to_closed() -> Value {
    json!({"all": [
        {"left": "<<before^status^name>>", "op": "equals", "right": "New"},
        {"left": "<<ticket^status^name>>", "op": "equals", "right": "Closed"},
    ]})
}

fn write(server: &Server, resource: &str, record: &Value) -> Value {
    post(server, &format!("/api/{resource}"), &json!([record]))
        .expect(201)
        .json()
}

fn new_ticket(server: &Server) -> u64 {
    let ticket = json!({"summary": "The printer is on fire", "tickettype_id": 1});
    write(server, "Tickets", &ticket)["id"].as_u64().unwrap()
}

/// The log, the newest first.
fn log(server: &Server, filter: &str) -> Vec<Value> {
    items(&get(server, &format!("/console/events?limit=200&{filter}")))
}

/// The log, once it has so many entries.
fn log_of(server: &Server, filter: &str, count: usize) -> Vec<Value> {
    wait_for(|| Some(log(server, filter)).filter(|entries| entries.len() >= count))
}

/// So many runs, once they have ended: how they stand is told a little later than what happens in them.
fn ended(server: &Server, runbook: &str, count: usize) -> Vec<Value> {
    let found = wait_for(|| {
        let runs = runs(server, runbook);
        let all_ended = runs.iter().all(|run| run["ended_at"].is_u64());
        (all_ended && runs.len() >= count).then_some(runs)
    });
    assert_eq!(found.len(), count, "{found:?}");
    found
}

#[test]
fn a_condition_on_a_ticket_before_and_after_starts_the_runbook_once() {
    let server = seeded();
    Bundle::new()
        .runbook(posting("closing"))
        .event(
            "ticket_status_changed",
            "closing",
            &json!({"name": "Closed at once", "when": from_new_to_closed()}),
        )
        .import(&server);
    let ticket = new_ticket(&server);
    for status in [2, 1, 9] {
        write(
            &server,
            "Tickets",
            &json!({"id": ticket, "status_id": status}),
        );
    }
    let entries = log_of(&server, "", 3);
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry["outcome"].as_str().unwrap(),
                entry["explanation"].as_str().unwrap(),
            )
        })
        .collect();
    let [closed, reopened, begun] = told.as_slice() else {
        panic!("{entries:?}");
    };
    assert_eq!(closed.0, "started");
    assert_eq!(
        *reopened,
        (
            "not_matched",
            "Status before is “In Progress”, which does not equal “New”"
        )
    );
    assert_eq!(
        *begun,
        (
            "not_matched",
            "Status is “In Progress”, which does not equal “Closed”"
        )
    );
    let newest = &entries[0];
    assert_eq!(
        (&newest["cause"], &newest["record"]),
        (
            &json!({
                "type": "event", "event": "ticket_status_changed",
                "trigger": "ticket_status_changed-closing", "name": "Closed at once",
            }),
            &json!({"kind": "ticket", "id": ticket, "title": "The printer is on fire"}),
        )
    );

    let run = wait_for_end(&server, newest["run_id"].as_str().unwrap());
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(
        run["started_by"],
        json!({
            "type": "event", "event": "ticket_status_changed", "trigger": "ticket_status_changed-closing",
            "name": "Closed at once", "record_id": ticket, "depth": 0,
        })
    );
    ended(&server, "closing", 1);
    let of_ticket = get(&server, &format!("/console/runs?ticket={ticket}"));
    assert_eq!(items(&of_ticket).len(), 1);

    for (filter, count) in [
        ("outcome=started", 1),
        ("outcome=not_matched", 2),
        ("cause=event", 3),
        ("cause=schedule", 0),
        ("schedule=ticket_status_changed-closing", 0),
        ("event=ticket_status_changed", 3),
        ("event=ticket_closed", 0),
        ("trigger=ticket_status_changed-closing", 3),
        ("trigger=other", 0),
        ("text=printer+in+PROGRESS", 2),
        ("text=nowhere", 0),
        ("from=1", 3),
        ("to=1", 0),
    ] {
        assert_eq!(log(&server, filter).len(), count, "{filter}");
    }
    let refused = server.get("/console/events?outcome=done").admin().send();
    assert_eq!(code(&refused.expect(400)), "invalid_filter");
}

#[test]
fn one_change_is_every_kind_of_event_that_it_fits() {
    let server = seeded();
    let kinds = [
        "new_ticket_logged",
        "ticket_updated",
        "ticket_status_changed",
        "ticket_closed",
        "ticket_reassigned",
        "action_added",
        "ticket_updated_by_user",
        "ticket_deleted",
    ];
    let bundle = Bundle::new().runbook(idle("idle"));
    kinds
        .iter()
        .fold(bundle, |bundle, kind| {
            bundle.event(kind, "idle", &json!({}))
        })
        .import(&server);
    let seen = |count: usize| {
        let entries = log_of(&server, "outcome=started", count);
        let mut kinds: Vec<_> = entries
            .iter()
            .map(|entry| entry["cause"]["event"].as_str().unwrap().to_owned())
            .collect();
        kinds.sort();
        kinds
    };
    let ticket = new_ticket(&server);
    assert_eq!(seen(1), ["new_ticket_logged"]);
    write(
        &server,
        "Tickets",
        &json!({"id": ticket, "status_id": 9, "agent_id": 1}),
    );
    assert_eq!(
        seen(5),
        [
            "new_ticket_logged",
            "ticket_closed",
            "ticket_reassigned",
            "ticket_status_changed",
            "ticket_updated",
        ]
    );
    let reply = json!({"ticket_id": ticket, "outcome": "Reply", "note": "Still burning", "who": "Ann", "who_type": 0});
    write(&server, "Actions", &reply);
    let _ = delete(&server, &format!("/api/Tickets/{ticket}")).expect(200);
    let all = seen(8);
    assert_eq!(all.len(), 8, "{all:?}");
    for kind in ["action_added", "ticket_deleted", "ticket_updated_by_user"] {
        assert!(
            all.iter().any(|seen| seen == kind),
            "{kind} is not among {all:?}"
        );
    }
}

#[test]
fn records_of_other_kinds_start_runbooks_with_their_fields() {
    let server = seeded();
    let inputs = json!({"access": "desk", "inputs": [{"name": "Name", "type": "string"}], "answer": {"outputs": ["Name"]}});
    let fills = |value: &str| json!({"variables": [{"name": "Name", "value": value}]});
    Bundle::new()
        .runbook(chain("telling", &inputs, &[]))
        .event("client_created", "telling", &fills("<<client^name>>"))
        .event(
            "user_updated",
            "telling",
            &fills("<<before^name!>> is <<user^name!>> at <<user^client_name!>>"),
        )
        .event("article_deleted", "telling", &fills("<<article^name>>"))
        .import(&server);
    let client = write(&server, "Client", &json!({"name": "Acme"}));
    let users = get(&server, &format!("/api/Users?client_id={}", client["id"]));
    write(
        &server,
        "Users",
        &json!({"id": users["users"][0]["id"], "name": "Ann"}),
    );
    let article = write(&server, "KBArticle", &json!({"name": "How to"}));
    let _ = delete(&server, &format!("/api/KBArticle/{}", article["id"])).expect(200);
    let entries = log_of(&server, "outcome=started", 3);
    let mut told: Vec<String> = entries
        .iter()
        .map(|entry| {
            let run = wait_for_end(&server, entry["run_id"].as_str().unwrap());
            assert_eq!(run["status"], "succeeded", "{run}");
            run["outputs"][0]["value"].as_str().unwrap().to_owned()
        })
        .collect();
    told.sort();
    assert_eq!(
        told,
        ["\"Acme\"", "\"General User is Ann at Acme\"", "\"How to\""]
    );
}

/// Runs whose changes start one another end after a while; the ticket says so once.
#[test]
fn a_loop_is_cut_and_told() {
    let server = seeded();
    Bundle::new()
        .runbook(posting("again"))
        .event("action_added", "again", &json!({"name": "Again and again"}))
        .import(&server);
    let ticket = new_ticket(&server);
    let stopped = || {
        let list = get(
            &server,
            &format!("/api/Actions?ticket_id={ticket}&count=100"),
        );
        let actions = list["actions"].as_array().unwrap().clone();
        actions
            .into_iter()
            .filter(|action| action["outcome"] == "Loop of runbooks stopped")
            .collect::<Vec<_>>()
    };
    for round in 1..=2 {
        write(
            &server,
            "Actions",
            &json!({"ticket_id": ticket, "outcome": "Note", "note": "Go"}),
        );
        log_of(&server, "outcome=too_deep", round);
        let runs = ended(&server, "again", 6 * round);
        let deepest = runs
            .iter()
            .filter_map(|run| run["started_by"]["depth"].as_u64())
            .max();
        assert_eq!(deepest, Some(5));
        let notes = wait_for(|| Some(stopped()).filter(|notes| !notes.is_empty()));
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert_eq!(notes[0]["hiddenfromuser"], true);
        let note = notes[0]["note"].as_str().unwrap();
        assert!(
            note.starts_with("“Again and again” was not started"),
            "{note}"
        );
    }
    // What Nimbus notes is no event for a trigger.
    assert_eq!(log(&server, "").len(), 14);
}

/// Also where a run comes to the desk as any program does.
#[test]
fn a_loop_through_a_method_with_a_token_is_cut_too() {
    let server = seeded();
    let body =
        "[{\"ticket_id\": <<ticket^id>>, \"outcome\": \"Posted\", \"note\": \"by a method\"}]";
    let method = method(
        "post",
        "POST",
        "/Actions",
        &json!({"body": {"type": "json", "text": body}}),
    );
    Bundle::new()
        .integration(
            "desk",
            "<<halo_url>>/api",
            &json!({"type": "bearer", "token": {"secret": ADMIN_TOKEN}}),
            [method],
        )
        .runbook(chain("again", &json!({"access": "desk"}), &[sends("post")]))
        .event("action_added", "again", &json!({}))
        .action("Posted", "again")
        .import(&server);
    let ticket = new_ticket(&server);
    let action = json!({"ticket_id": ticket, "outcome": "Note", "note": "Go"});
    write(&server, "Actions", &action);
    log_of(&server, "outcome=too_deep", 1);
    // What a run posts is no button that somebody pressed, whoever it says it is.
    let runs = ended(&server, "again", 6);
    assert!(runs.iter().all(|run| run["started_by"]["type"] == "event"));
}

#[test]
fn a_start_that_comes_to_nothing_is_kept_and_tried_again() {
    let server = seeded();
    Bundle::new()
        .runbook(idle("idle"))
        .event("new_ticket_logged", "idle", &json!({"name": "Welcome"}))
        .import(&server);
    let _ = post(&server, "/console/runbooks/idle/unpublish", &json!({})).expect(204);
    let ticket = new_ticket(&server);
    let failed = log_of(&server, "outcome=failed", 1);
    let why = failed[0]["explanation"].as_str().unwrap();
    assert!(why.contains("not published"), "{why}");
    let notes = || {
        let path = format!("/api/Actions?ticket_id={ticket}&count=100");
        let actions = get(&server, &path)["actions"].clone();
        let actions = actions.as_array().unwrap().iter();
        actions
            .filter(|action| action["outcome"] == "Runbook not started")
            .map(|action| {
                assert_eq!(action["hiddenfromuser"], true);
                text(&action["note"])
            })
            .collect::<Vec<_>>()
    };
    let told = wait_for(|| Some(notes()).filter(|notes| !notes.is_empty()));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("event trigger “Welcome”") && told[0].contains("not published"),
        "{told:?}"
    );
    let kept = items(&get(&server, "/console/failed-deliveries"));
    assert_eq!(
        (
            &kept[0]["trigger"],
            &kept[0]["event"],
            &kept[0]["record_id"],
            &kept[0]["runbook"]
        ),
        (
            &json!("Welcome"),
            &json!("new_ticket_logged"),
            &json!(ticket),
            &json!("idle")
        )
    );
    let retry = format!("/console/failed-deliveries/{}/retry", kept[0]["id"]);
    assert_eq!(
        code(&post(&server, &retry, &json!({})).expect(409)),
        "not_published"
    );
    let _ = post(&server, "/console/runbooks/idle/publish", &json!({})).expect(200);
    let run = post(&server, &retry, &json!({})).expect(202).json();
    let run = wait_for_end(&server, run["run_id"].as_str().unwrap());
    assert_eq!(run["started_by"]["type"], "event");
    assert_eq!(
        items(&get(&server, "/console/failed-deliveries")),
        Vec::<Value>::new()
    );
    let started = log(&server, "outcome=started");
    assert_eq!(started[0]["run_id"], run["run_id"]);
    assert_eq!(log(&server, "").len(), 1);
}

/// They come in one request, are delivered together, and each is looked at.
#[test]
fn many_records_at_once_are_many_events() {
    const COUNT: usize = 300;
    let server = seeded();
    let only = json!({"when": {"all": [{"left": "<<asset^inventory_number>>", "op": "equals", "right": "A-7"}]}});
    Bundle::new()
        .runbook(idle("idle"))
        .event("asset_created", "idle", &only)
        .import(&server);
    let asset = get(&server, "/api/Asset")["assets"][0].clone();
    let assets: Vec<_> = (0..COUNT)
        .map(|number| {
            json!({"inventory_number": format!("A-{number}"), "assettype_id": asset["assettype_id"],
                "client_id": asset["client_id"], "site_id": asset["site_id"]})
        })
        .collect();
    let _ = post(&server, "/api/Asset", &assets.into()).expect(201);
    let mut page = wait_for(|| {
        let page = get(&server, "/console/events?limit=200");
        let rest = page["next"].as_str()?;
        let rest = get(&server, &format!("/console/events?limit=200&after={rest}"));
        (items(&rest).len() == COUNT - 200).then_some(page)
    });
    let mut entries = items(&page);
    while let Some(next) = page["next"].as_str() {
        page = get(&server, &format!("/console/events?limit=200&after={next}"));
        entries.extend(items(&page));
    }
    assert_eq!(entries.len(), COUNT);
    let started: Vec<_> = entries
        .iter()
        .filter(|entry| entry["outcome"] == "started")
        .collect();
    assert_eq!(started.len(), 1);
    assert_eq!(started[0]["record"]["title"], "A-7");
    ended(&server, "idle", 1);
}
