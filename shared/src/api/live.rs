//! Live updates: `GET /console/live`, a WebSocket that says what changed; the page reads it anew.

use serde::{Deserialize, Serialize};

use crate::desk::resource::TICKET;
use crate::engine::RunSummary;

/// One message, as JSON text. Who does not look at what is said of a run need not read it: `R` is another type then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveEvent<R = Box<RunSummary>> {
    /// The first message of every connection: what happened before it was missed.
    Connected,
    /// A run began, moved on or ended.
    Run { run: R },
    /// A start from the desk came to nothing, or the list of those changed.
    FailedDeliveries,
    /// The events log has new entries.
    Events,
    /// A ticket or its actions changed.
    Ticket { ticket_id: u64 },
    /// Other records of the desk were made, changed or deleted.
    Records {
        /// As in the desk's addresses: `Client`.
        resource: String,
        /// Empty where they are too many to be named.
        ids: Vec<u64>,
    },
}

impl<R> LiveEvent<R> {
    /// Whether records of that resource of the desk changed; where an id is asked for, whether that one may have.
    pub fn concerns(&self, changed: &str, id: Option<u64>) -> bool {
        match self {
            Self::Records { resource, ids } => {
                resource == changed && id.is_none_or(|id| ids.is_empty() || ids.contains(&id))
            }
            Self::Ticket { ticket_id } => {
                changed == TICKET.name && id.is_none_or(|id| id == *ticket_id)
            }
            Self::Connected | Self::Run { .. } | Self::FailedDeliveries | Self::Events => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LiveEvent;

    #[test]
    fn an_event_without_ids_may_be_about_any_record() {
        let records = |ids: &[u64]| LiveEvent::<()>::Records {
            resource: "Client".to_owned(),
            ids: ids.to_vec(),
        };
        for (event, resource, id, expected) in [
            (records(&[3]), "Client", None, true),
            (records(&[3]), "Client", Some(3), true),
            (records(&[3]), "Client", Some(4), false),
            (records(&[]), "Client", Some(4), true),
            (records(&[3]), "Site", None, false),
            (LiveEvent::Ticket { ticket_id: 3 }, "Tickets", Some(3), true),
            (
                LiveEvent::Ticket { ticket_id: 3 },
                "Tickets",
                Some(4),
                false,
            ),
            (LiveEvent::Connected, "Tickets", None, false),
        ] {
            assert_eq!(
                event.concerns(resource, id),
                expected,
                "{event:?} {resource} {id:?}"
            );
        }
    }
}
