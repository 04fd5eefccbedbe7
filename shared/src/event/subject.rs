//! What an event happened to, and the documents that it brings along.

use serde_json::Value;

use crate::desk::DeskEvent;
use crate::desk::service_level::Told;
use crate::model::RecordKind;

/// What an event happened to.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject<'e> {
    pub record: RecordKind,
    pub id: u64,
    /// As it is now, or was last; missing where its fields were not told.
    now: Option<&'e Value>,
    before: Option<&'e Value>,
    action: Option<&'e Value>,
    goal: Option<&'e Told>,
}

impl<'e> Subject<'e> {
    /// Nothing for what is told to pages only.
    pub fn of(event: &'e DeskEvent) -> Option<Self> {
        let subject = |record, id, before, now| Self {
            record,
            id,
            now,
            before,
            action: None,
            goal: None,
        };
        match event {
            DeskEvent::ActionAdded { ticket, action, .. } => Some(Self {
                action: Some(action),
                ..subject(RecordKind::Ticket, event.ticket_id()?, None, Some(ticket))
            }),
            DeskEvent::TicketChanged {
                ticket_id, states, ..
            } => {
                let states = states.as_ref()?;
                let (before, after) = (states.before.as_ref(), states.after.as_ref());
                let record = RecordKind::Ticket;
                Some(subject(record, *ticket_id, before, after.or(before)))
            }
            DeskEvent::WorkflowStep {
                ticket_id, ticket, ..
            } => Some(subject(
                RecordKind::Ticket,
                *ticket_id,
                None,
                ticket.as_ref(),
            )),
            DeskEvent::MilestonePassed {
                ticket_id,
                states,
                told,
                ..
            } => {
                let (before, after) = (states.before.as_ref(), states.after.as_ref());
                Some(Self {
                    goal: Some(told),
                    ..subject(RecordKind::Ticket, *ticket_id, before, after)
                })
            }
            DeskEvent::RecordChanged {
                kind, id, states, ..
            } => {
                let (before, after) = (states.before.as_ref(), states.after.as_ref());
                Some(subject(*kind, *id, before, after.or(before)))
            }
            DeskEvent::RecordsChanged { .. } | DeskEvent::RecordRenamed { .. } => None,
        }
    }

    /// Whether its fields were told.
    pub fn is_told(&self) -> bool {
        self.now.is_some()
    }

    /// What people call it; empty where that is not known.
    pub fn title(&self) -> &'e str {
        let fields: &[&str] = match self.record {
            RecordKind::Ticket => &["summary"],
            RecordKind::Asset => &["inventory_number", "key_field"],
            _ => &["name"],
        };
        let text = |name: &&str| self.now?.get(*name)?.as_str();
        let mut texts = fields.iter().filter_map(text);
        texts.find(|text| !text.trim().is_empty()).unwrap_or("")
    }

    /// The whole documents, by the names that they have in templates, as JSON text.
    pub fn documents(&self) -> Vec<(&'static str, String)> {
        [
            (self.record.as_str(), self.now),
            ("before", self.before),
            ("action", self.action),
        ]
        .into_iter()
        .filter_map(|(name, document)| Some((name, document?.to_string())))
        .chain(self.goal.map(|goal| ("sla", goal.document().to_string())))
        .collect()
    }
}
