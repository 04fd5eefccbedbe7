//! Schedules that go by the clock.

use super::*;

/// The hour of the day that comes next but one, and when it comes: there is time to set everything up before.
fn coming_hour() -> (u64, u64) {
    let due = (now() / HOUR_MS + 2) * HOUR_MS;
    (due / HOUR_MS % 24, due)
}

/// Every day at that hour.
fn daily(hour: u64) -> Value {
    json!({"type": "cron", "expression": format!("0 {hour} * * *")})
}

#[test]
fn a_time_of_the_clock_starts_the_runbook_once() {
    let server = server();
    let (hour, due) = coming_hour();
    Bundle::new()
        .runbook(keeping("round", "<<schedule^due_at>>"))
        .runbook(keeping("off", "<<schedule^due_at>>"))
        .schedule("Morning", "round", &daily(hour), &json!({}))
        .schedule("Idle", "off", &daily(hour), &json!({"enabled": false}))
        .import(&server);
    server.move_clock(0);
    assert_eq!(runs(&server, "round"), Vec::<Value>::new());

    move_to(&server, due);
    let started = ended(&server, "round", 1);
    assert_eq!(
        started[0]["started_by"],
        json!({"type": "schedule", "schedule": "Morning", "name": "Morning", "due_at": due})
    );
    assert_eq!(
        given(&server, &started[0]),
        iso(due).replace('Z', ".000Z").as_str()
    );
    // Looking again, a little later and after a restart, is no second time.
    move_to(&server, due + 5 * MINUTE_MS);
    ended(&server, "round", 1);
    let entries = log(&server);
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert_eq!(
        (
            &entries[0]["cause"],
            &entries[0]["outcome"],
            &entries[0]["run_id"],
            &entries[0]["record"]
        ),
        (
            &json!({"type": "schedule", "schedule": "Morning", "name": "Morning"}),
            &json!("started"),
            &started[0]["run_id"],
            &Value::Null
        )
    );
    assert_eq!(runs(&server, "off"), Vec::<Value>::new());

    // The next day it comes again.
    move_to(&server, due + DAY_MS);
    ended(&server, "round", 2);
    for (filter, count) in [
        ("schedule=Morning", 2),
        ("schedule=Idle", 0),
        ("cause=event", 0),
    ] {
        let found = items(&get(&server, &format!("/console/events?{filter}")));
        assert_eq!(found.len(), count, "{filter}");
    }
}

#[test]
fn what_came_due_while_the_server_was_down_starts_once_late_and_says_so() {
    let mut server = server();
    let (hour, due) = coming_hour();
    Bundle::new()
        .runbook(keeping("round", "<<schedule^missed>>"))
        .schedule("Morning", "round", &daily(hour), &json!({}))
        .import(&server);
    server.restart();
    // Three mornings went by.
    move_to(&server, due + 2 * DAY_MS + 3 * HOUR_MS);
    let started = ended(&server, "round", 1);
    assert_eq!(given(&server, &started[0]), json!("2"));
    let started_by = &started[0]["started_by"];
    assert_eq!(started_by["due_at"], due + 2 * DAY_MS);
    let late = started_by["late"].as_str().unwrap();
    assert!(
        late.contains("2 earlier times were missed, and this start stands for all of them"),
        "{late}"
    );
    let entries = log(&server);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["explanation"], late);

    // On time again.
    move_to(&server, due + 3 * DAY_MS);
    let started = ended(&server, "round", 2);
    assert_eq!(started[0]["started_by"]["late"], Value::Null);
}

#[test]
fn one_that_is_switched_on_or_changed_begins_then() {
    let server = server();
    let (hour, due) = coming_hour();
    Bundle::new()
        .runbook(keeping("round", "<<schedule^name>>"))
        .schedule("Morning", "round", &daily(hour), &json!({"enabled": false}))
        .import(&server);
    let path = "/console/schedules/Morning";
    let save = |change: Value| {
        let saved = get(&server, path);
        let mut draft = saved.clone();
        for (name, value) in change.as_object().unwrap() {
            draft[name] = value.clone();
        }
        let version = saved["version"].as_u64().unwrap();
        let _ = put(&server, path, version, &draft).expect(200);
    };
    // Off while it came due.
    move_to(&server, due + HOUR_MS);
    save(json!({"enabled": true}));
    move_to(&server, due + 2 * HOUR_MS);
    assert_eq!(runs(&server, "round"), Vec::<Value>::new());
    // Changed to a time that was an hour ago, which is none to make up for either.
    save(json!({"when": daily((hour + 1) % 24)}));
    move_to(&server, due + 3 * HOUR_MS);
    assert_eq!(runs(&server, "round"), Vec::<Value>::new());
    // Another name changes nothing about when it comes.
    save(json!({"name": "Evening"}));
    move_to(&server, due + DAY_MS + HOUR_MS);
    let started = ended(&server, "round", 1);
    assert_eq!(given(&server, &started[0]), json!("Evening"));
    // Deleted, it starts nothing.
    let _ = delete(&server, path).expect(204);
    move_to(&server, due + 2 * DAY_MS + HOUR_MS);
    let _ = post(&server, &format!("{path}/restore"), &json!({})).expect(200);
    move_to(&server, due + 2 * DAY_MS + 2 * HOUR_MS);
    ended(&server, "round", 1);
}

/// Not those of the server.
#[test]
fn the_clocks_of_the_time_zone_count() {
    let server = server();
    Bundle::new()
        .runbook(keeping("round", "<<schedule^due_at>>"))
        .import(&server);
    let check = |expression: &str, zone: &str| {
        let draft = json!({
            "name": "Zone", "runbook": "round", "time_zone": zone,
            "when": {"type": "cron", "expression": expression},
        });
        let report = post(&server, "/console/schedules/check", &draft).expect(200);
        report.json()
    };
    let report = check("30 2 29 3 *", "Europe/Berlin");
    assert_eq!(
        report["words"],
        "On the 29th of the month at 02:30, in March"
    );
    assert_eq!(report["times"].as_array().unwrap().len(), 5);
    let distances = |zone: &str| {
        let times = check("0 9 * * *", zone)["times"].clone();
        let times = times.as_array().unwrap().iter();
        let times: Vec<u64> = times.map(|time| time["at"].as_u64().unwrap()).collect();
        times.windows(2).map(|pair| pair[1] - pair[0]).sum::<u64>()
    };
    assert_eq!(distances("UTC"), 4 * DAY_MS);
    let tokyo = check("0 9 * * *", "Asia/Tokyo")["times"][0].clone();
    assert_eq!(tokyo["at"].as_u64().unwrap() % DAY_MS, 0, "{tokyo}");
    assert!(tokyo["shown"].as_str().unwrap().ends_with(", 09:00"));
}

#[test]
fn a_start_that_comes_to_nothing_is_told_kept_and_tried_again() {
    let server = server();
    let (hour, due) = coming_hour();
    Bundle::new()
        .runbook(keeping("round", "<<schedule^name>>"))
        .schedule("Morning", "round", &daily(hour), &json!({}))
        .import(&server);
    let _ = post(&server, "/console/runbooks/round/unpublish", &json!({})).expect(204);
    move_to(&server, due);
    let entries = wait_for(|| Some(log(&server)).filter(|entries| !entries.is_empty()));
    assert_eq!(entries[0]["outcome"], "failed");
    let why = entries[0]["explanation"].as_str().unwrap();
    assert!(why.contains("not published"), "{why}");
    let kept = items(&get(&server, "/console/failed-deliveries"));
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (
            &kept[0]["schedule"],
            &kept[0]["due_at"],
            &kept[0]["runbook"],
            &kept[0]["ticket_id"]
        ),
        (
            &json!("Morning"),
            &json!(due),
            &json!("round"),
            &Value::Null
        )
    );
    let retry = format!("/console/failed-deliveries/{}/retry", kept[0]["id"]);
    let refused = post(&server, &retry, &json!({})).expect(409);
    assert_eq!(code(&refused), "not_published");
    let _ = post(&server, "/console/runbooks/round/publish", &json!({})).expect(200);
    let run = post(&server, &retry, &json!({})).expect(202).json();
    let run = wait_for_end(&server, run["run_id"].as_str().unwrap());
    assert_eq!(run["started_by"]["type"], "schedule");
    assert_eq!(run["started_by"]["due_at"], due);
    assert_eq!(
        items(&get(&server, "/console/failed-deliveries")),
        Vec::<Value>::new()
    );
    let entries = log(&server);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["outcome"], "started");
    assert_eq!(entries[0]["run_id"], run["run_id"]);
}

#[test]
fn a_late_start_that_comes_to_nothing_says_both() {
    let mut server = server();
    let (hour, due) = coming_hour();
    Bundle::new()
        .runbook(keeping("round", "<<schedule^name>>"))
        .schedule("Morning", "round", &daily(hour), &json!({}))
        .import(&server);
    let _ = post(&server, "/console/runbooks/round/unpublish", &json!({})).expect(204);
    server.restart();
    move_to(&server, due + 3 * HOUR_MS);
    let entries = wait_for(|| Some(log(&server)).filter(|entries| !entries.is_empty()));
    assert_eq!(entries[0]["outcome"], "failed");
    let why = entries[0]["explanation"].as_str().unwrap();
    let said = " late. The runbook was not started: it is not published";
    assert!(
        why.starts_with("It was due at ") && why.contains(said),
        "{why}"
    );
}

#[test]
fn one_can_be_started_by_hand() {
    let server = server();
    let (hour, _) = coming_hour();
    let date = json!({"type": "after", "minutes": 5, "field": "dateclosed"});
    Bundle::new()
        .runbook(keeping("round", "<<schedule^name>>"))
        .schedule("Morning", "round", &daily(hour), &json!({}))
        .schedule("Closed", "round", &date, &json!({}))
        .import(&server);
    let start = || {
        let call = server.post("/console/schedules/Morning/start").admin();
        let call = call.header("idempotency-key", "one").json(&json!({}));
        call.send().expect(202).json()
    };
    assert_eq!(start()["run_id"], start()["run_id"]);
    let started = ended(&server, "round", 1);
    assert_eq!(started[0]["started_by"]["name"], "Morning");
    let refused = post(&server, "/console/schedules/Closed/start", &json!({})).expect(409);
    assert_eq!(code(&refused), "no_ticket");
}
