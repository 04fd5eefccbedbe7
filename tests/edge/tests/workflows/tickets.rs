//! How tickets go through a workflow, and through its versions.

use super::*;

#[test]
fn entering_staying_and_leaving_start_runbooks() {
    let server = server();
    publish(&server, &triage());
    let ticket = new_ticket(&server);
    assert_eq!(ticket["status_id"], 2, "{ticket}");
    let ticket = id(&ticket);
    let run = &ended(&server, "greet", 1)[0];
    assert_eq!(
        run["started_by"],
        json!({
            "type": "workflow", "workflow": "wf", "name": "Incidents", "step": "triage", "step_name": "Triage",
            "reason": "entering Triage", "ticket_id": ticket, "depth": 0,
        })
    );
    let found = inside(&server, ticket);
    assert_eq!(
        (&found["step"], &found["version"], &found["newest_version"]),
        (&json!("triage"), &json!(1), &json!(1))
    );
    assert_eq!(found["offers"], json!([{"action": "Accept"}]));

    server.move_clock(29 * MINUTE);
    assert_eq!(runs(&server, "remind").len(), 0);
    server.move_clock(30 * MINUTE + SOON);
    let reminded = &ended(&server, "remind", 1)[0];
    assert_eq!(
        reminded["started_by"]["reason"],
        "being in Triage for 30 minutes"
    );
    assert_eq!(reminded["started_by"].get("late"), None, "{reminded}");

    take(&server, ticket, "accept");
    ended(&server, "thank", 1);
    assert_eq!(inside(&server, ticket)["step_name"], "Work");
    assert_eq!(
        get(&server, &format!("/api/Tickets/{ticket}"))["status_id"],
        3
    );
    // Back again is another visit, which greets and waits anew.
    take(&server, ticket, "Give back");
    ended(&server, "greet", 2);
    server.move_clock(61 * MINUTE);
    ended(&server, "remind", 2);
    take(&server, ticket, "Accept");
    ended(&server, "thank", 2);
    take(&server, ticket, "Resolve");
    server.move_clock(5 * HOUR);
    let started = log_of(&server, "outcome=started", 6);
    assert_eq!(started[0]["record"]["id"], ticket);
    // Where there is no condition, nothing is said of one.
    assert_eq!(started[5]["explanation"], "entering Triage");
    let of_ticket = get(&server, &format!("/console/runs?ticket={ticket}"));
    assert_eq!(items(&of_ticket).len(), 6);
}

#[test]
fn what_the_step_does_not_allow_is_refused() {
    let server = server();
    let mut workflow = triage();
    workflow["steps"][0]["triggers"][0]["when"] =
        json!({"all": [{"left": "<<ticket^status^name>>", "op": "equals", "right": "Closed"}]});
    publish(&server, &workflow);
    let ticket = id(&new_ticket(&server));
    for outcome in ["Resolve", "Escalate"] {
        let sentence = refusal(&server, ticket, outcome);
        assert!(
            sentence.contains("The step `Triage` does not allow the action"),
            "{sentence}"
        );
    }
    // What is no desk action may be noted everywhere.
    take(&server, ticket, "Private Note");
    assert_eq!(inside(&server, ticket)["step"], "triage");
    let skipped = &log_of(&server, "", 1)[0];
    assert_eq!(skipped["outcome"], "not_matched");
    assert!(
        text(&skipped["explanation"]).contains("does not equal “Closed”"),
        "{skipped}"
    );
    assert_eq!(
        skipped["cause"],
        json!({"type": "workflow", "workflow": "wf", "name": "Incidents", "step": "triage", "step_name": "Triage"})
    );
    assert_eq!(runs(&server, "greet").len(), 0);
    // Another type leads out of it.
    let moved = json!([{"id": ticket, "tickettype_id": 2}]);
    let _ = post(&server, "/api/Tickets", &moved).expect(201);
    assert_eq!(inside(&server, ticket), Value::Null);
    ended(&server, "thank", 1);
    take(&server, ticket, "Escalate");
    let deleted = id(&new_ticket(&server));
    let _ = delete(&server, &format!("/api/Tickets/{deleted}")).expect(200);
    server.move_clock(HOUR);
    assert_eq!(runs(&server, "remind").len(), 0, "nothing waits any more");
}

#[test]
fn tickets_keep_their_version_until_they_are_moved() {
    let server = server();
    publish(&server, &triage());
    let (first, second) = (id(&new_ticket(&server)), id(&new_ticket(&server)));
    take(&server, second, "Accept");
    let path = "/console/workflows/wf";
    let read = get(&server, path);
    assert_eq!(read["publication"]["version"], 1, "{read}");
    assert_eq!(
        (&read["enabled"], &read["publication"]["changed"]),
        (&json!(true), &json!(false))
    );
    let mut changed = read.clone();
    changed["steps"].as_array_mut().unwrap().remove(1);
    changed["steps"][0]["actions"] = json!([{"action": "Escalate", "to": "done"}]);
    let saved = put(&server, path, read["version"].as_u64().unwrap(), &changed)
        .expect(200)
        .json();
    assert_eq!(saved["publication"]["changed"], true);
    // The same twice is one version.
    for _ in 0..2 {
        let report = post(&server, &format!("{path}/publish"), &json!({}))
            .expect(200)
            .json();
        assert_eq!(report["publication"]["version"], 2, "{report}");
    }
    let third = id(&new_ticket(&server));
    assert_eq!(inside(&server, third)["version"], 2);
    let found = inside(&server, first);
    assert_eq!(
        (&found["version"], &found["newest_version"]),
        (&json!(1), &json!(2))
    );
    assert!(refusal(&server, first, "Escalate").contains("does not allow"));

    let tickets = get(&server, &format!("{path}/tickets"));
    assert_eq!(tickets["newest_version"], 2);
    let counts: Vec<_> = tickets["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|count| {
            (
                count["version"].as_u64(),
                text(&count["step_name"]),
                count["count"].as_u64(),
            )
        })
        .collect();
    let count = |version: u64, step: &str| (Some(version), step.to_owned(), Some(1));
    assert_eq!(
        counts,
        [count(1, "Triage"), count(1, "Work"), count(2, "Triage")]
    );
    assert_eq!(tickets["tickets"].as_array().unwrap().len(), 3);

    let moving = format!("{path}/move");
    let moved = post(&server, &moving, &json!({})).expect(200).json();
    assert_eq!((&moved["moved"], &moved["left"]), (&json!(1), &json!(1)));
    let left = &moved["not_moved"][0];
    assert_eq!(
        (&left["ticket_id"], &left["step"]),
        (&json!(second), &json!("work"))
    );
    assert!(text(&left["why"]).contains("no step “Work”"), "{left}");
    assert_eq!(inside(&server, first)["version"], 2);
    take(&server, second, "Give back");
    take(&server, second, "Accept");
    let chosen = json!({"from_version": 1, "steps": {"work": "done"}});
    let moved = post(&server, &moving, &chosen).expect(200).json();
    assert_eq!((&moved["moved"], &moved["left"]), (&json!(1), &json!(0)));
    assert_eq!(inside(&server, second)["step"], "done");
    assert_eq!(
        get(&server, &format!("/api/Tickets/{second}"))["status_id"],
        9
    );
    // The status was told like any other change; being moved started nothing.
    // Three new tickets, and one that was given back.
    log_of(&server, "text=entering", 4);
}
