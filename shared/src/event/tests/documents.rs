//! What events bring along.

use super::*;

#[test]
fn an_event_brings_its_documents_along() {
    let names = |event: &DeskEvent| -> Vec<&str> {
        let subject = Subject::of(event).unwrap();
        let documents = subject.documents();
        documents.into_iter().map(|(name, _)| name).collect()
    };
    let closing = of_ticket(
        RecordChange::Updated,
        Some(states(ticket(&json!({})), closed())),
    );
    assert_eq!(names(&closing), ["ticket", "before"]);
    assert_eq!(names(&of_action(&json!({"id": 1}))), ["ticket", "action"]);
    let made = states(Value::Null, json!({"id": 3, "name": "Acme"}));
    let made = of_record(RecordKind::Client, RecordChange::Created, made);
    assert_eq!(names(&made), ["client"]);
    assert_eq!(Subject::of(&made).unwrap().title(), "Acme");
    let left_out = States {
        left_out: true,
        ..States::default()
    };
    let left_out = of_record(RecordKind::Asset, RecordChange::Updated, left_out);
    let subject = Subject::of(&left_out).unwrap();
    assert!(!subject.is_told() && subject.title().is_empty());
    assert_eq!(subject.id, 3);
}

#[test]
fn warnings_and_deadlines_bring_their_goal_along() {
    let told = |milestone| Told {
        goal: Goal::Response,
        milestone,
        at: 1_767_225_600_000,
        due: Some(1_767_229_200_000),
        told_at: 1_767_225_600_000 + 5 * 60_000,
    };
    for (milestone, kind) in [
        (Milestone::FirstWarning, EventKind::FirstSlaWarning),
        (Milestone::SecondWarning, EventKind::SecondSlaWarning),
        (Milestone::Breach, EventKind::TicketDeadline),
    ] {
        let event = DeskEvent::MilestonePassed {
            event_id: "u-0".to_owned(),
            ticket_id: 7,
            told: told(milestone),
            states: states(
                ticket(&json!({})),
                ticket(&json!({"slastanding": "breached"})),
            ),
            source: EventSource::Clock,
            depth: 0,
        };
        assert_eq!(kinds(&event), [kind]);
        let subject = Subject::of(&event).unwrap();
        assert_eq!((subject.id, subject.title()), (7, "Printer"));
        let documents = subject.documents();
        let (_, sla) = documents.iter().find(|(name, _)| *name == "sla").unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(sla).unwrap(),
            json!({
                "goal": "response", "milestone": milestone.as_str(), "duedate": "2026-01-01T01:00:00.000Z",
                "date": "2026-01-01T00:00:00.000Z", "minuteslate": 5,
            })
        );
        let names = ["ticket", "before", "sla"];
        assert_eq!(
            documents.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            names
        );
        let variables = desk_variables(&DeskStart {
            overrides: &[],
            documents: &documents,
            halo_url: "https://desk.example",
        })
        .unwrap();
        let is = |value: &str| Test::Is {
            op: Operator::Equals,
            value: value.to_owned(),
        };
        let starts = |value| {
            let when = asked("sla^goal", is(value));
            assert_eq!(problems(&trigger(kind, &when)), []);
            Watch::new(trigger(kind, &when)).look(&variables).starts
        };
        assert_eq!((starts("response"), starts("resolution")), (true, false));
    }
    let when = asked(
        "sla^goal",
        Test::Is {
            op: Operator::HasValue,
            value: String::new(),
        },
    );
    assert_eq!(problems(&trigger(EventKind::TicketClosed, &when)).len(), 1);
}
