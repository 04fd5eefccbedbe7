//! Where ticket rules come in: within the write of a ticket, before it is kept.

use serde_json::json;

use super::error::{DeskError, StorageError};
use super::list::ListQuery;
use super::record::{Record, Stored};
use super::resource::{ACTION, Resource, Subject, TICKET_RULE};
use super::rule::{self, Rule, Surroundings, Told};
use super::write::Writer;

/// What the action is called that says what rules did.
const OUTCOME: &str = "Ticket Rule";
const WHO: &str = "Ticket rules";
/// A program, as in the field `who_type`.
const WHO_TYPE: u8 = 2;

impl Writer<'_> {
    /// Lets the rules change a ticket that is about to be kept. Other records they leave alone.
    pub(super) fn run_rules(
        &self,
        resource: &'static Resource,
        record: &mut Stored,
        before: Option<&Stored>,
    ) -> Result<Vec<Told>, DeskError> {
        if resource.subject != Subject::Ticket {
            return Ok(Vec::new());
        }
        let rules = self.rules()?;
        let change = |ticket: &Stored, sent: Record| self.changed(resource, ticket, sent);
        let desk = Surroundings {
            records: self.records,
            html: self.html,
        };
        rule::run(rules, record, before, desk, &change)
    }

    /// Leaves a private action on a ticket that says what rules did. It is part of the ticket's own change, and told
    /// with that one.
    pub(super) fn tell_rules(&self, ticket: u64, told: &[Told]) -> Result<(), DeskError> {
        let sentences: Vec<&str> = told
            .iter()
            .filter(|told| told.verdict.is_worth_a_note())
            .map(|told| told.sentence.as_str())
            .collect();
        if sentences.is_empty() {
            return Ok(());
        }
        let action = json!({
            "ticket_id": ticket, "outcome": OUTCOME, "note": sentences.join("\n"), "hiddenfromuser": true,
            "who": WHO, "who_type": WHO_TYPE,
        });
        let action = action.as_object().cloned().unwrap_or_default();
        self.make(&ACTION, 0, action)?;
        Ok(())
    }

    /// Read once for all tickets of a request.
    fn rules(&self) -> Result<&[Rule], DeskError> {
        if let Some(rules) = self.rules.get() {
            return Ok(rules);
        }
        let page = self
            .records
            .list(&ListQuery::parse(&TICKET_RULE, "count=5000")?)?
            .ok_or_else(|| StorageError("the ticket rules are too large to be tried".to_owned()))?;
        let rules = page.records.iter().map(Rule::read).collect();
        Ok(self.rules.get_or_init(|| rules))
    }
}
