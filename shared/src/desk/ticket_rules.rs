//! Where ticket rules come in: within the write of a ticket, before it is kept.

use serde_json::{Value, json};

use super::answer::Desk;
use super::error::{DeskError, StorageError};
use super::list::ListQuery;
use super::record::Stored;
use super::resource::{ACTION, Resource, Subject, TICKET, TICKET_RULE};
use super::rule::{self, Rule, Surroundings, Told};
use super::write::Writer;
use crate::api::{RuleTrial, RuleTrialRequest};

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
        let change = |ticket: &Stored, sent| self.changed(resource, ticket, sent);
        rule::run(self.rules()?, record, before, self.surroundings(), &change)
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            records: self.records,
            html: self.html,
        }
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

    /// Has the rules name a status, a ticket type and the like by its new name.
    pub(super) fn rename_in_rules(
        &self,
        resource: &Resource,
        former: &str,
        name: &str,
    ) -> Result<(), DeskError> {
        let all = ListQuery::parse(&TICKET_RULE, "count=5000")?;
        let page = self.records.list(&all)?;
        for rule in page.into_iter().flat_map(|page| page.records) {
            let renamed = ["criteria", "outcomes"].map(|field| {
                let list = rule.get(field).and_then(Value::as_array)?;
                Some((field, rule::renamed(list, resource, former, name)?))
            });
            let id = rule.get("id").and_then(Value::as_u64);
            if renamed.iter().any(Option::is_some)
                && let Some(id) = id
                && let Some(mut rule) = self.records.stored(&TICKET_RULE, id)?
            {
                for (field, list) in renamed.into_iter().flatten() {
                    rule.set(field, list);
                }
                self.update(&TICKET_RULE, rule)?;
            }
        }
        Ok(())
    }
}

impl Desk<'_> {
    /// What the rules would make of a ticket as it stands. Nothing is changed.
    pub fn try_rules(&self, trial: &RuleTrialRequest) -> Result<RuleTrial, DeskError> {
        let id = trial.ticket_id;
        let ticket = self.records.stored(&TICKET, id)?;
        let ticket = ticket.ok_or_else(|| DeskError::NotFound {
            singular: TICKET.singular,
            id: id.to_string(),
        })?;
        let writer = self.writer();
        let mut rules = writer.rules()?.to_vec();
        if let Some(draft) = &trial.rule {
            let mut draft = Rule::read(draft);
            // Whoever tries a rule wants to know what it would do once it is on.
            draft.active = true;
            rules.retain(|rule| rule.id != draft.id);
            rules.push(draft);
        }
        let change = |ticket: &Stored, sent| writer.changed(&TICKET, ticket, sent);
        let desk = writer.surroundings();
        Ok(RuleTrial {
            ticket_id: id,
            summary: ticket.text("summary").to_owned(),
            rules: rule::try_out(&rules, &ticket, trial.as_new, desk, &change)?,
        })
    }
}
