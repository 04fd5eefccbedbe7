//! A trigger as it is edited: its runbook may be yet to be chosen.

use serde_json::{Value, json};
use shared::api::EventTriggerRecord;
use shared::condition::When;
use shared::event::{FieldTest, Test};
use shared::model::{EventKind, EventTrigger, NamedTemplate};

/// What is on the screen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) event: EventKind,
    /// Empty while none is chosen.
    pub(super) runbook: String,
    pub(super) when: When,
    pub(super) variables: Vec<NamedTemplate>,
    pub(super) enabled: bool,
}

impl Draft {
    pub(super) fn new(runbook: String) -> Self {
        Self {
            name: "New event trigger".to_owned(),
            event: EventKind::NewTicketLogged,
            runbook,
            when: When::default(),
            variables: Vec::new(),
            enabled: true,
        }
    }

    /// An example to start from: a condition on the ticket before and after.
    pub(super) fn example(runbook: String) -> Self {
        let closed = FieldTest {
            path: "ticket^status^name".to_owned(),
            test: Test::Changed {
                from: "New".to_owned(),
                to: "Closed".to_owned(),
            },
        };
        Self {
            name: "Closed without work".to_owned(),
            event: EventKind::TicketStatusChanged,
            when: When::All(closed.term().into_iter().collect()),
            ..Self::new(runbook)
        }
    }

    /// With its version.
    pub(super) fn of(record: EventTriggerRecord) -> (Self, u64) {
        let EventTrigger {
            name,
            event,
            runbook,
            when,
            variables,
            enabled,
            ..
        } = record.value;
        let draft = Self {
            name,
            event,
            runbook: runbook.to_string(),
            when,
            variables,
            enabled,
        };
        (draft, record.version)
    }

    /// As it is sent.
    pub(super) fn fields(&self) -> Value {
        let rows: Vec<_> = self
            .variables
            .iter()
            .filter(|row| !row.value.is_empty())
            .collect();
        json!({
            "name": self.name.trim(), "event": self.event, "runbook": self.runbook, "when": self.when,
            "variables": rows, "enabled": self.enabled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::api::resources::Record;

    #[test]
    fn a_draft_is_sent_as_a_trigger() {
        let draft = Draft::example("rb".to_owned());
        let mut fields = draft.fields();
        fields["id"] = json!("tr");
        let trigger: EventTrigger = serde_json::from_value(fields).unwrap();
        assert_eq!(shared::event::problems(&trigger), []);
        let record = Record {
            value: trigger,
            version: 3,
            updated_at: 1,
            missing_secrets: Vec::new(),
        };
        assert_eq!(Draft::of(record), (draft, 3));
    }
}
