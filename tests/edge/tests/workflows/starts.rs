//! Starts of runbooks by steps: those that fail, go in circles, come late, and come once.

use super::*;

/// A start that comes to nothing stays listed, and may be tried again.
#[test]
fn a_step_whose_runbook_does_not_start_says_so() {
    let server = server();
    publish(&server, &triage());
    let _ = post(&server, "/console/runbooks/greet/unpublish", &json!({})).expect(204);
    let ticket = id(&new_ticket(&server));
    log_of(&server, "outcome=failed", 1);
    let failed = items(&get(&server, "/console/failed-deliveries"));
    assert_eq!(
        (
            &failed[0]["workflow"],
            &failed[0]["reason"],
            &failed[0]["ticket_id"]
        ),
        (
            &json!("Incidents"),
            &json!("entering Triage"),
            &json!(ticket)
        )
    );
    let _ = post(&server, "/console/runbooks/greet/publish", &json!({})).expect(200);
    let path = format!("/console/failed-deliveries/{}/retry", failed[0]["id"]);
    let started = post(&server, &path, &json!({})).expect(202).json();
    let run = wait_for_end(&server, &text(&started["run_id"]));
    assert_eq!(run["started_by"]["reason"], "entering Triage");
    log_of(&server, "outcome=started", 1);
}

/// A runbook whose action leads back to where it was started.
#[test]
fn a_loop_through_a_workflow_is_cut_and_told() {
    let server = server();
    let body = "[{\"ticket_id\": <<ticket^id>>, \"outcome\": \"Escalate\"}]";
    let step = json!({"type": "desk_action", "action": "add_action", "body": body});
    let escalating = chain("escalating", &json!({"access": "desk"}), &[step]);
    let mut workflow = triage();
    workflow["steps"][0]["actions"] =
        json!([{"action": "Escalate", "to": "triage"}, {"action": "Accept", "to": "work"}]);
    workflow["steps"][0]["triggers"] =
        json!([{"on": {"type": "entering"}, "runbook": "escalating"}]);
    let report = import(&server, &workflow, &[escalating]);
    assert_eq!(report["workflows"][0]["problems"], json!([]), "{report}");
    let ticket = id(&new_ticket(&server));
    log_of(&server, "outcome=too_deep", 1);
    let started = log(&server, "outcome=started").len();
    ended(&server, "escalating", started);
    let notes = wait_for(|| {
        let list = get(
            &server,
            &format!("/api/Actions?ticket_id={ticket}&count=1000"),
        );
        let actions = list["actions"].as_array().unwrap().clone();
        let told = |action: &Value| action["outcome"] == "Loop of runbooks stopped";
        let notes: Vec<_> = actions.into_iter().filter(told).collect();
        (!notes.is_empty()).then_some(notes)
    });
    assert_eq!(notes.len(), 1);
    assert!(text(&notes[0]["note"]).contains("“Incidents”"), "{notes:?}");
}

#[test]
fn what_came_due_while_the_server_was_down_starts_once_and_late() {
    let mut server = server();
    publish(&server, &triage());
    let (stays, goes) = (id(&new_ticket(&server)), id(&new_ticket(&server)));
    take(&server, goes, "Accept");
    server.restart();
    server.move_clock(3 * HOUR);
    let run = &ended(&server, "remind", 1)[0];
    assert_eq!(run["started_by"]["ticket_id"], stays);
    let late = text(&run["started_by"]["late"]);
    assert!(late.contains("(UTC), and came 2 hours and 3"), "{late}");
    let entry = &log_of(&server, "text=being+in+Triage", 1)[0];
    assert!(text(&entry["explanation"]).contains(&late), "{entry}");
    server.restart();
    server.move_clock(6 * HOUR);
    ended(&server, "remind", 1);
    log_of(&server, "text=being+in+Triage", 1);
}

#[test]
fn a_late_start_that_comes_to_nothing_says_both() {
    let mut server = server();
    publish(&server, &triage());
    let _ = post(&server, "/console/runbooks/remind/unpublish", &json!({})).expect(204);
    new_ticket(&server);
    server.restart();
    server.move_clock(3 * HOUR);
    let entry = &log_of(&server, "outcome=failed", 1)[0];
    let why = text(&entry["explanation"]);
    let said = " minutes late. The runbook was not started: it is not published";
    let begins = "being in Triage for 30 minutes: It was due at ";
    assert!(why.starts_with(begins) && why.contains(said), "{why}");
}

/// The desk has committed the ticket and its place when what that starts is on the way, or is acknowledged: the worker is
/// killed in either place, also right after the answer.
#[test]
fn a_step_starts_its_runbook_once() {
    const CRASHES: usize = 3;
    const CALLERS: usize = 6;
    let mut server = server();
    publish(&server, &triage());
    let taken = Mutex::new(Vec::new());
    let titled =
        |mark: &str| json!([{"summary": format!("Made {mark}"), "tickettype_id": INCIDENT}]);
    for crash in 0..CRASHES {
        let before = runs(&server, "greet").len();
        thread::scope(|scope| {
            for caller in 0..CALLERS {
                let (call, taken) = (server.post("/api/Tickets").admin(), &taken);
                scope.spawn(move || {
                    for number in 0.. {
                        let mark = format!("{crash}.{caller}.{number}");
                        let Ok(answer) = call.clone().json(&titled(&mark)).try_send() else {
                            break;
                        };
                        taken.lock().unwrap().push(id(&answer.expect(201).json()));
                    }
                });
            }
            wait_for(|| (runs(&server, "greet").len() > before + 2 * CALLERS).then_some(()));
            server.kill();
        });
        server.restart();
        let last = post(&server, "/api/Tickets", &titled(&format!("{crash}.last")));
        taken.lock().unwrap().push(id(&last.expect(201).json()));
        server.restart();
    }
    // One that was not answered may have been made too.
    let (started, made) = wait_for(|| {
        let started = runs(&server, "greet");
        let list = get(&server, "/api/Tickets?count=10000");
        let tickets = list["tickets"].as_array().unwrap().iter();
        let made = tickets.filter(|ticket| text(&ticket["summary"]).starts_with("Made "));
        let made: Vec<u64> = made.map(id).collect();
        let all_ended = started.iter().all(|run| run["ended_at"].is_u64());
        (all_ended && started.len() >= made.len()).then_some((started, made))
    });
    let mut greeted: Vec<u64> = started
        .iter()
        .map(|run| run["started_by"]["ticket_id"].as_u64().unwrap())
        .collect();
    greeted.sort_unstable();
    let mut expected = made.clone();
    expected.sort_unstable();
    assert_eq!(greeted, expected);
    let taken = taken.into_inner().unwrap();
    assert!(taken.iter().all(|ticket| made.contains(ticket)));
}
