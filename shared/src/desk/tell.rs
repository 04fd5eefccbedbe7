//! What of a request's changes is told.

use serde_json::{Value, json};

use super::answer::{Desk, Size};
use super::changes::{Before, Changed, Changes};
use super::error::DeskError;
use super::list::ListQuery;
use super::protocol::{DeskEvent, States};
use super::resource::{ACTION, Resource, TICKET, resource};
use super::service_level::Told;
use crate::model::{RecordChange, RecordKind};

impl Desk<'_> {
    pub(super) fn events(&self, changes: Changes) -> Result<Vec<DeskEvent>, DeskError> {
        let (source, depth) = (self.access.source, self.access.depth);
        let event_id = |place: usize| format!("{}-{place}", self.unique);
        let mut events = self.added(&changes.actions)?;
        for renamed in changes.renamed {
            events.push(DeskEvent::RecordRenamed {
                event_id: event_id(events.len()),
                renamed,
                source,
            });
        }
        let told: Vec<u64> = events.iter().filter_map(DeskEvent::ticket_id).collect();
        let mut told_bytes = 0;
        for (ticket_id, passed) in &changes.passed {
            let ticket = changes.tickets.get(ticket_id);
            let event = self.passed(
                *ticket_id,
                *passed,
                ticket.map(|ticket| &ticket.before),
                event_id(events.len()),
            );
            events.extend(event?);
        }
        for (ticket_id, changed) in changes.tickets {
            if told.contains(&ticket_id) {
                continue;
            }
            let change = changed.change;
            // Beside what was changed of its actions, nothing was seen of it.
            let is_told =
                change != RecordChange::Updated || !matches!(changed.before, Before::Untold);
            let states = if is_told {
                Some(self.states(&TICKET, ticket_id, changed, &mut told_bytes)?)
            } else {
                None
            };
            events.push(DeskEvent::TicketChanged {
                event_id: event_id(events.len()),
                ticket_id,
                change,
                states,
                source,
                depth,
            });
        }
        for (name, records) in changes.others {
            events.push(DeskEvent::RecordsChanged {
                event_id: event_id(events.len()),
                resource: name.to_owned(),
                ids: match records.len() {
                    ..=DeskEvent::MOST_IDS => records.keys().copied().collect(),
                    _ => Vec::new(),
                },
                source,
            });
            let Some((kind, resource)) = RecordKind::of_resource(name).zip(resource(name)) else {
                continue;
            };
            for (id, changed) in records {
                let change = changed.change;
                events.push(DeskEvent::RecordChanged {
                    event_id: event_id(events.len()),
                    kind,
                    id,
                    change,
                    states: self.states(resource, id, changed, &mut told_bytes)?,
                    source,
                    depth,
                });
            }
        }
        for (ticket_id, depth, start) in changes.starts {
            // Whoever takes it reads a ticket itself that is left out.
            let ticket = if told_bytes > ListQuery::MOST_BYTES {
                None
            } else if let Some(ticket) = self.whole(&TICKET, ticket_id)? {
                told_bytes += ticket.to_string().len();
                Some(ticket)
            } else {
                // It was deleted by the same request.
                continue;
            };
            events.push(DeskEvent::WorkflowStep {
                event_id: event_id(events.len()),
                ticket_id,
                ticket,
                start: Box::new(start),
                source,
                depth,
            });
        }
        Ok(events)
    }

    /// Tells of a warning or a deadline; nothing where the ticket is gone again.
    pub(super) fn passed(
        &self,
        ticket_id: u64,
        told: Told,
        before: Option<&Before>,
        event_id: String,
    ) -> Result<Option<DeskEvent>, DeskError> {
        let Some(after) = self.whole(&TICKET, ticket_id)? else {
            return Ok(None);
        };
        let before = match before {
            Some(Before::Shown(record)) => self.completed(&TICKET, record.clone()),
            _ => after.clone(),
        };
        Ok(Some(DeskEvent::MilestonePassed {
            event_id,
            ticket_id,
            told,
            states: States {
                before: Some(before),
                after: Some(after),
                left_out: false,
            },
            source: self.access.source,
            depth: self.access.depth,
        }))
    }

    /// Tells of new actions, each with its ticket.
    fn added(&self, actions: &[u64]) -> Result<Vec<DeskEvent>, DeskError> {
        let mut size = Size::default();
        let mut events = Vec::with_capacity(actions.len());
        for id in actions {
            let Some(action) = self.whole(&ACTION, *id)? else {
                continue;
            };
            let Some(ticket_id) = action["ticket_id"].as_u64() else {
                continue;
            };
            let ticket = self.whole(&TICKET, ticket_id)?;
            let ticket = ticket.unwrap_or_else(|| json!({ "id": ticket_id }));
            size.add(&ticket.to_string())?;
            size.add(&action.to_string())?;
            events.push(DeskEvent::ActionAdded {
                event_id: format!("{}-{}", self.unique, events.len()),
                ticket,
                action,
                source: self.access.source,
                depth: self.access.depth,
            });
        }
        Ok(events)
    }

    /// A record before and after a change. What one request tells of its records is bounded; what is beyond that is left
    /// out, so that a request which changes very many is not refused for it.
    fn states(
        &self,
        resource: &Resource,
        id: u64,
        changed: Changed,
        told_bytes: &mut usize,
    ) -> Result<States, DeskError> {
        let left_out = States {
            left_out: true,
            ..States::default()
        };
        let before = match changed.before {
            Before::Untold => None,
            Before::Shown(record) => Some(self.completed(resource, record)),
            Before::LeftOut => return Ok(left_out),
        };
        if *told_bytes > ListQuery::MOST_BYTES {
            return Ok(left_out);
        }
        let after = match changed.change {
            RecordChange::Deleted => None,
            RecordChange::Created | RecordChange::Updated => self.whole(resource, id)?,
        };
        let bytes =
            |state: &Option<Value>| state.as_ref().map_or(0, |state| state.to_string().len());
        *told_bytes += bytes(&before) + bytes(&after);
        Ok(States {
            before,
            after,
            left_out: false,
        })
    }
}
