//! Which changes are which events.

use super::*;

#[test]
fn a_change_of_a_ticket_is_every_kind_of_event_that_it_fits() {
    use EventKind as K;
    use RecordChange as C;
    let new = || ticket(&json!({}));
    let with = |more: Value| Some(states(new(), ticket(&more)));
    let left_out = States {
        left_out: true,
        ..States::default()
    };
    let cases: Vec<(DeskEvent, &[EventKind])> = vec![
        (
            of_ticket(C::Created, Some(states(Value::Null, new()))),
            &[K::NewTicketLogged],
        ),
        (
            of_ticket(C::Deleted, Some(states(new(), Value::Null))),
            &[K::TicketDeleted],
        ),
        (of_ticket(C::Updated, None), &[]),
        (
            of_ticket(
                C::Updated,
                with(json!({"last_update": "2027-01-01T00:00:00.000Z"})),
            ),
            &[],
        ),
        (
            of_ticket(C::Updated, with(json!({"summary": "Other"}))),
            &[K::TicketUpdated],
        ),
        (
            of_ticket(C::Updated, with(json!({"status_id": 2}))),
            &[K::TicketUpdated, K::TicketStatusChanged],
        ),
        (
            of_ticket(C::Updated, Some(states(new(), closed()))),
            &[K::TicketUpdated, K::TicketStatusChanged, K::TicketClosed],
        ),
        (
            of_ticket(C::Updated, Some(states(closed(), new()))),
            &[K::TicketUpdated, K::TicketStatusChanged],
        ),
        (
            of_ticket(C::Updated, with(json!({"agent_id": 3}))),
            &[K::TicketUpdated, K::TicketReassigned],
        ),
        (
            of_ticket(C::Updated, with(json!({"team": "Second line"}))),
            &[K::TicketUpdated, K::TicketReassigned],
        ),
        (
            of_ticket(C::Updated, Some(left_out)),
            &[
                K::TicketUpdated,
                K::TicketStatusChanged,
                K::TicketClosed,
                K::TicketReassigned,
            ],
        ),
    ];
    for (event, expected) in cases {
        assert_eq!(kinds(&event), expected, "{event:?}");
    }
}

#[test]
fn changes_of_other_records_are_events_too() {
    use EventKind as K;
    use RecordChange as C;
    let left_out = States {
        left_out: true,
        ..States::default()
    };
    let cases: Vec<(DeskEvent, &[EventKind])> = vec![
        (
            of_action(&json!({"id": 1, "who_type": 1})),
            &[K::ActionAdded],
        ),
        (
            of_action(&json!({"id": 1, "who_type": 0})),
            &[K::ActionAdded, K::TicketUpdatedByUser],
        ),
        (
            of_record(
                RecordKind::Client,
                C::Created,
                states(Value::Null, json!({"id": 3})),
            ),
            &[K::ClientCreated],
        ),
        (
            of_record(
                RecordKind::User,
                C::Updated,
                states(json!({"id": 3, "name": "A"}), json!({"id": 3, "name": "B"})),
            ),
            &[K::UserUpdated],
        ),
        (
            of_record(
                RecordKind::Site,
                C::Updated,
                states(json!({"id": 3}), json!({"id": 3})),
            ),
            &[],
        ),
        (
            of_record(RecordKind::Asset, C::Updated, left_out),
            &[K::AssetUpdated],
        ),
        (
            of_record(
                RecordKind::Article,
                C::Deleted,
                states(json!({"id": 3}), Value::Null),
            ),
            &[K::ArticleDeleted],
        ),
        (
            DeskEvent::RecordsChanged {
                event_id: "u-0".to_owned(),
                resource: "Client".to_owned(),
                ids: vec![3],
                source: EventSource::Person,
            },
            &[],
        ),
    ];
    for (event, expected) in cases {
        assert_eq!(kinds(&event), expected, "{event:?}");
    }
}
