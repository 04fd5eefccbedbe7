//! Schedules that go by dates of tickets.

use super::*;

/// Looks at what tickets hold that was told a moment ago: the desk tells the workspace in its own time.
fn look(server: &Server, moment: u64, runbook: &str, count: usize) -> Vec<Value> {
    wait_for(|| {
        move_to(server, moment);
        let runs = runs(server, runbook);
        (runs.len() >= count).then_some(())
    });
    ended(server, runbook, count)
}

/// The start of a minute, some hours from now.
fn later() -> u64 {
    (now() / HOUR_MS + 4) * HOUR_MS
}

#[test]
fn a_time_after_a_date_starts_the_runbook_for_tickets_that_meet_the_condition() {
    let server = server();
    let open =
        json!({"all": [{"left": "<<ticket^status^name>>", "op": "not_equals", "right": "Closed"}]});
    let when = json!({"type": "after", "minutes": 30, "field": "dateoccurred", "condition": open});
    Bundle::new()
        .runbook(keeping("remind", "<<ticket^summary>>"))
        .schedule("Remind", "remind", &when, &json!({}))
        .import(&server);
    let date = later();
    let fields = json!({"summary": "Still open", "dateoccurred": iso(date)});
    let open = ticket(&server, &fields);
    let fields = json!({"summary": "Done", "dateoccurred": iso(date), "status_id": 9});
    let closed = ticket(&server, &fields);
    // A date whose moment was over before the ticket came.
    let fields = json!({"summary": "Old", "dateoccurred": iso(now() - DAY_MS)});
    ticket(&server, &fields);

    move_to(&server, date + 29 * MINUTE_MS);
    assert_eq!(runs(&server, "remind"), Vec::<Value>::new());
    let due = date + 30 * MINUTE_MS;
    let started = look(&server, due, "remind", 1);
    assert_eq!(given(&server, &started[0]), json!("Still open"));
    assert_eq!(
        started[0]["started_by"],
        json!({"type": "schedule", "schedule": "Remind", "name": "Remind", "due_at": due, "ticket_id": open})
    );
    let of_ticket = items(&get(&server, &format!("/console/runs?ticket={open}")));
    assert_eq!(of_ticket.len(), 1);
    let entries = wait_for(|| Some(log(&server)).filter(|entries| entries.len() >= 2));
    let of = |ticket: u64| {
        let mut entries = entries.iter();
        entries
            .find(|entry| entry["record"]["id"] == ticket)
            .unwrap()
    };
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert_eq!(of(open)["outcome"], "started");
    assert_eq!(of(closed)["outcome"], "not_matched");
    assert_eq!(
        of(closed)["explanation"],
        "Status is “Closed”, which equals “Closed”"
    );
    assert_eq!(of(closed)["record"]["title"], "Done");

    // The same moment starts nothing again; another date is another moment.
    move_to(&server, due + HOUR_MS);
    ended(&server, "remind", 1);
    let later = json!([{"id": open, "dateoccurred": iso(date + 3 * HOUR_MS)}]);
    let _ = post(&server, "/api/Tickets", &later).expect(201);
    look(&server, due + 3 * HOUR_MS, "remind", 2);
}

#[test]
fn a_time_before_a_custom_date_starts_the_runbook_once_for_each_ticket() {
    let server = server();
    let when = json!({"type": "before", "minutes": 60, "field": "CFDue"});
    Bundle::new()
        .runbook(keeping("warn", "<<ticket^id>>"))
        .schedule("Warn", "warn", &when, &json!({}))
        .import(&server);
    let date = later();
    let due = |value: &str| json!({"customfields": [{"name": "CFDue", "value": value}]});
    let first = ticket(&server, &due(&iso(date)));
    let second = ticket(&server, &due(&iso(date)));
    ticket(&server, &due("when there is time"));
    let none = ticket(&server, &json!({}));
    let report = post(
        &server,
        "/console/schedules/check",
        &json!({"name": "Warn", "runbook": "warn", "time_zone": "UTC", "when": when}),
    );
    let tickets = report.expect(200).json()["tickets"].clone();
    assert_eq!(tickets["count"], 2, "{tickets}");
    assert_eq!(tickets["first"][0]["id"], first);
    assert_eq!(tickets["first"][0]["time"]["at"], date - HOUR_MS);
    let choices = get(&server, "/console/schedule-choices");
    assert_eq!(choices["custom_fields"], json!(["CFDue"]));
    let zones = choices["time_zones"].as_array().unwrap();
    assert!(zones.contains(&json!("Europe/Berlin")));

    let started = look(&server, date - HOUR_MS, "warn", 2);
    let mut tickets: Vec<Value> = started
        .iter()
        .map(|run| run["started_by"]["ticket_id"].clone())
        .collect();
    tickets.sort_by_key(Value::as_u64);
    assert_eq!(tickets, [json!(first), json!(second)]);
    // A ticket that gets the date later on.
    let late =
        json!([{"id": none, "customfields": [{"name": "CFDue", "value": iso(date + HOUR_MS)}]}]);
    let _ = post(&server, "/api/Tickets", &late).expect(201);
    look(&server, date, "warn", 3);
}

#[test]
fn what_is_no_date_is_told_once_for_each_ticket_and_text() {
    let server = server();
    let due = |value: &str| json!({"customfields": [{"name": "CFDue", "value": value}]});
    // One was there before the schedule.
    let first = ticket(&server, &due("soon"));
    let when = json!({"type": "before", "minutes": 60, "field": "CFDue"});
    Bundle::new()
        .runbook(keeping("warn", "<<ticket^id>>"))
        .schedule("Warn", "warn", &when, &json!({}))
        .import(&server);
    server.move_clock(0);
    let second = ticket(&server, &due("2026-13-45"));
    ticket(&server, &due(&iso(later())));
    ticket(&server, &json!({}));
    let told = |count: usize| {
        let found = wait_for(|| {
            let path = "/console/events?cause=schedule&schedule=Warn&outcome=no_date";
            Some(items(&get(&server, path))).filter(|found| found.len() >= count)
        });
        assert_eq!(found.len(), count, "{found:?}");
        let found = found.iter().map(|entry| {
            let why = entry["explanation"].as_str().unwrap().to_owned();
            (entry["record"]["id"].as_u64().unwrap(), why)
        });
        found.collect::<Vec<_>>()
    };
    let why = |text: &str| {
        format!(
            "CFDue is “{text}”, which is no date, so it does not come due. Write it as 2026-03-29, or as 2026-03-29T09:30:00Z."
        )
    };
    let mut found = told(2);
    found.sort();
    assert_eq!(found, [(first, why("soon")), (second, why("2026-13-45"))]);
    // Whatever else changes of the ticket, and however often one looks.
    let again = json!([{"id": first, "summary": "Still on fire"}]);
    let _ = post(&server, "/api/Tickets", &again).expect(201);
    let other = json!([{"id": first, "customfields": [{"name": "CFDue", "value": "tomorrow"}]}]);
    let _ = post(&server, "/api/Tickets", &other).expect(201);
    assert_eq!(told(3)[0], (first, why("tomorrow")));
    server.move_clock(2 * DAY_MS);
    told(3);
    let newest = items(&get(&server, "/console/events?outcome=no_date"))[0].clone();
    assert_eq!(newest["record"]["title"], "Still on fire");
}

#[test]
fn what_came_due_while_the_server_was_down_starts_late_for_each_ticket() {
    let mut server = server();
    let when = json!({"type": "before", "minutes": 0, "field": "CFDue"});
    Bundle::new()
        .runbook(keeping("warn", "<<schedule^late>>"))
        .schedule("Warn", "warn", &when, &json!({}))
        .import(&server);
    let date = later();
    let custom = json!({"customfields": [{"name": "CFDue", "value": iso(date)}]});
    let id = ticket(&server, &custom);
    // Whether the workspace has heard of the ticket by then or not.
    server.restart();
    let started = look(&server, date + 5 * HOUR_MS, "warn", 1);
    assert_eq!(started[0]["started_by"]["ticket_id"], id);
    let late = started[0]["started_by"]["late"].as_str().unwrap();
    assert!(
        late.contains("(UTC), and came ") && late.contains(" late."),
        "{late}"
    );
    assert_eq!(given(&server, &started[0]), late);
}

#[test]
fn many_tickets_are_read_page_by_page() {
    const COUNT: u64 = 1_200;
    let server = server();
    let when = json!({"type": "before", "minutes": 0, "field": "CFDue"});
    Bundle::new()
        .runbook(keeping("warn", "<<ticket^id>>"))
        .schedule("Warn", "warn", &when, &json!({}))
        .import(&server);
    let (past, date) = (now() - HOUR_MS, later());
    let tickets: Vec<Value> = (0..COUNT)
        .map(|number| {
            // Most of them lie before, where one looks as well: what is due is on the second page.
            let moment = if number % 100 == 7 { date } else { past };
            json!({"summary": format!("Ticket {number}"), "tickettype_id": 1,
                "customfields": [{"name": "CFDue", "value": iso(moment)}]})
        })
        .collect();
    for part in tickets.chunks(600) {
        let _ = post(&server, "/api/Tickets", &part.into()).expect(201);
    }
    look(&server, date, "warn", 12);
}
