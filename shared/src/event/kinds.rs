//! What kinds of events a change is.

use serde_json::Value;

use crate::desk::service_level::Milestone;
use crate::desk::{DeskEvent, Record, States};
use crate::model::{EventKind, RecordChange};

/// What `who_type` says of an action by a user.
const WHO_USER: u64 = 0;

/// Set by the desk with every change, and no change by itself.
const ALWAYS_CHANGED: &str = "last_update";

/// The kinds of events that a change is: closing a ticket changes its status, too.
pub fn kinds(event: &DeskEvent) -> Vec<EventKind> {
    match event {
        DeskEvent::ActionAdded { action, .. } => {
            let by_user = action.get("who_type").and_then(Value::as_u64) == Some(WHO_USER);
            let mut kinds = vec![EventKind::ActionAdded];
            if by_user {
                kinds.push(EventKind::TicketUpdatedByUser);
            }
            kinds
        }
        DeskEvent::TicketChanged { change, states, .. } => match (change, states) {
            (RecordChange::Created, _) => vec![EventKind::NewTicketLogged],
            (RecordChange::Deleted, _) => vec![EventKind::TicketDeleted],
            (RecordChange::Updated, Some(states)) => of_ticket(states),
            // Only its actions changed.
            (RecordChange::Updated, None) => Vec::new(),
        },
        DeskEvent::RecordChanged {
            kind,
            change,
            states,
            ..
        } => {
            let is_none = *change == RecordChange::Updated && is_same(states);
            let kind = EventKind::of_record(*kind, *change);
            kind.filter(|_| !is_none).into_iter().collect()
        }
        DeskEvent::MilestonePassed { told, .. } => vec![match told.milestone {
            Milestone::FirstWarning => EventKind::FirstSlaWarning,
            Milestone::SecondWarning => EventKind::SecondSlaWarning,
            Milestone::Breach => EventKind::TicketDeadline,
        }],
        DeskEvent::WorkflowStep { .. }
        | DeskEvent::RecordsChanged { .. }
        | DeskEvent::RecordRenamed { .. } => Vec::new(),
    }
}

fn of_ticket(states: &States) -> Vec<EventKind> {
    // Where that cannot be seen any more, it may have been any of them.
    let has_changed = |fields: &[&str]| {
        states.left_out || {
            let field = |state: &Option<Value>, name: &str| {
                let state = state.as_ref().and_then(|state| state.get(name));
                state.filter(|value| !value.is_null()).cloned()
            };
            fields
                .iter()
                .any(|name| field(&states.before, name) != field(&states.after, name))
        }
    };
    let date_closed = |state: &Option<Value>| {
        let closed = state.as_ref().and_then(|state| state.get("dateclosed"));
        closed.is_some_and(Value::is_string)
    };
    let is_closed_now =
        states.left_out || (!date_closed(&states.before) && date_closed(&states.after));
    [
        (EventKind::TicketUpdated, !is_same(states)),
        (EventKind::TicketStatusChanged, has_changed(&["status_id"])),
        (EventKind::TicketClosed, is_closed_now),
        (
            EventKind::TicketReassigned,
            has_changed(&["agent_id", "team"]),
        ),
    ]
    .into_iter()
    .filter_map(|(kind, is_it)| is_it.then_some(kind))
    .collect()
}

/// Whether a record is as it was.
fn is_same(states: &States) -> bool {
    let (Some(Value::Object(before)), Some(Value::Object(after))) = (&states.before, &states.after)
    else {
        return false;
    };
    let fields = |record: &'_ Record| {
        let mut record = record.clone();
        record.remove(ALWAYS_CHANGED);
        record
    };
    fields(before) == fields(after)
}
