//! A workspace of before there were schedules.

use super::*;
use crash::workspace;

/// All that this version added is taken away again.
const UNDO: &str = "
    DROP INDEX event_log_by_cause;
    ALTER TABLE event_log DROP COLUMN cause;
    ALTER TABLE event_log DROP COLUMN step;
    ALTER TABLE event_log DROP COLUMN step_name;
    ALTER TABLE event_log DROP COLUMN runbook_name;
    DROP TABLE workflow_publications;
    DROP TABLE schedule_marks;
    DROP TABLE schedule_occasions;
    DROP TABLE spread_failures;
    DROP TABLE failure_tickets;
    ALTER TABLE failed_deliveries DROP COLUMN cause;
    DROP INDEX runs_by_replayed;
    ALTER TABLE runs DROP COLUMN replay_of;
    UPDATE schema_version SET version = 9;";

#[test]
fn what_an_earlier_version_wrote_down_stays_readable() {
    let mut server = server();
    Bundle::new()
        .runbook(keeping("greet", "<<ticket^id>>"))
        .runbook(keeping("gone", "<<ticket^id>>"))
        .event("new_ticket_logged", "greet", &json!({"name": "Greet"}))
        .event("new_ticket_logged", "gone", &json!({"name": "Gone"}))
        .import(&server);
    let _ = post(&server, "/console/runbooks/gone/unpublish", &json!({})).expect(204);
    let id = ticket(&server, &json!({}));
    let log = |server: &Server| items(&get(server, "/console/events"));
    let mut before = wait_for(|| Some(log(&server)).filter(|entries| entries.len() == 2));
    // What is younger than these entries is not known of them.
    for entry in &mut before {
        let name = entry.as_object_mut().unwrap().remove("runbook_name");
        assert!(name.is_some(), "{entry}");
    }
    let failed = items(&get(&server, "/console/failed-deliveries"));
    assert_eq!(failed.len(), 1);
    let run = ended(&server, "greet", 1).remove(0)["run_id"].clone();
    let run = run.as_str().unwrap();
    let _ = post(&server, &format!("/console/runs/{run}/replay"), &json!({})).expect(202);
    let replays = |server: &Server| items(&get(server, &format!("/console/runs?replay_of={run}")));
    ended(&server, "greet", 2);
    let replayed = replays(&server);
    assert_eq!(replayed.len(), 1);
    server.kill();
    workspace(&server).execute_batch(UNDO).unwrap();
    server.restart();
    assert_eq!(log(&server), before);
    assert_eq!(before[0]["cause"]["type"], "event");
    assert_eq!(before[0]["record"]["id"], id);
    assert_eq!(items(&get(&server, "/console/failed-deliveries")), failed);
    assert_eq!(replays(&server), replayed);
    // And goes on: it can be tried again.
    let _ = post(&server, "/console/runbooks/gone/publish", &json!({})).expect(200);
    let retry = format!("/console/failed-deliveries/{}/retry", failed[0]["id"]);
    let _ = post(&server, &retry, &json!({})).expect(202);
    ended(&server, "gone", 1);
}
