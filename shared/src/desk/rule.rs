//! Ticket rules at work: which of them fit a new or changed ticket, and what they do with it.
//!
//! The active rules are tried in the order of their precedence, then of their ids, and each sees the ticket as those
//! before it left it. A rule fits when the ticket meets all of its criteria; without any, it always fits. One that fits
//! and stops the others is the last. What rules do does not run them again.

mod criterion;
mod outcome;
mod value;

use serde_json::Value;

pub use criterion::{TESTS, Test};

use super::error::{DeskError, StorageError};
use super::html::Html;
use super::record::{Record, Stored};
use super::records::Records;
use crate::problem::ErrorDetail;
use criterion::Criterion;
use outcome::Outcome;

/// A ticket rule as it is tried. What is wrong with its parts is kept in their place.
#[derive(Debug, Clone)]
pub struct Rule {
    pub id: u64,
    pub name: String,
    pub active: bool,
    precedence: i64,
    stops: bool,
    criteria: Vec<Result<Criterion, String>>,
    /// Those that have fields of their own.
    sets: Vec<Outcome>,
    outcomes: Vec<Result<Outcome, String>>,
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub rule_id: u64,
    pub verdict: Verdict,
    /// For people: what it did, or what of it did not fit.
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It fits, and changed the ticket.
    Changed,
    /// It fits, and the ticket is already as it says.
    NothingToChange,
    /// It fits, and what it says could not be done.
    Failed,
    DoesNotFit,
    /// A rule before it stopped the others.
    NotTried,
}

impl Verdict {
    /// Whether the ticket is to say so.
    pub fn is_worth_a_note(self) -> bool {
        matches!(self, Self::Changed | Self::Failed)
    }
}

impl Rule {
    /// Reads a record of `/api/TicketRules`.
    pub fn read(record: &Record) -> Self {
        let text = |field: &str| record.get(field).and_then(Value::as_str);
        let flag = |field: &str| record.get(field).and_then(Value::as_bool) == Some(true);
        let list = |field: &str| record.get(field).and_then(Value::as_array);
        let criteria = list("criteria").into_iter().flatten();
        Self {
            id: record.get("id").and_then(Value::as_u64).unwrap_or_default(),
            name: text("name").unwrap_or_default().to_owned(),
            active: flag("active"),
            precedence: record
                .get("precedence")
                .and_then(Value::as_i64)
                .unwrap_or_default(),
            stops: flag("stopmatching"),
            criteria: criteria.map(Criterion::read).collect(),
            sets: outcome::sets(record),
            outcomes: list("outcomes")
                .into_iter()
                .flatten()
                .map(Outcome::read)
                .collect(),
        }
    }

    /// What is wrong with the rule; its place is such as `criteria[0]`.
    pub fn problems(&self) -> Vec<ErrorDetail> {
        let criteria = self.criteria.iter().enumerate();
        let criteria = criteria.filter_map(|(index, criterion)| {
            let problem = criterion.as_ref().err()?;
            let problem = ErrorDetail::new(
                "criterion",
                format!("This criterion never fits: {problem}."),
            );
            Some(problem.at_field(format!("criteria[{index}]")))
        });
        let outcomes = self.outcomes.iter().enumerate();
        let outcomes = outcomes.filter_map(|(index, outcome)| {
            let problem = outcome.as_ref().err()?;
            let problem = ErrorDetail::new("outcome", format!("This cannot be done: {problem}."));
            Some(problem.at_field(format!("outcomes[{index}]")))
        });
        criteria.chain(outcomes).collect()
    }

    /// Why the ticket does not fit; nothing where it does.
    fn misfit(&self, ticket: &Ticket<'_>) -> Result<Option<String>, StorageError> {
        for criterion in &self.criteria {
            let (met, why) = match criterion {
                Ok(criterion) => criterion.check(ticket)?,
                Err(problem) => (false, problem.clone()),
            };
            if !met {
                return Ok(Some(why));
            }
        }
        Ok(None)
    }
}

/// A ticket as rules look at it.
#[derive(Clone, Copy)]
struct Ticket<'t> {
    now: &'t Stored,
    /// As it was before the write; nothing for a new one.
    before: Option<&'t Stored>,
    desk: Surroundings<'t>,
}

/// What a ticket refers to, and how its HTML reads.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'d> {
    pub(super) records: &'d dyn Records,
    pub(super) html: &'d dyn Html,
}

/// Lays fields over a ticket, as a write would.
pub(super) type Change<'c> = &'c dyn Fn(&Stored, Record) -> Result<Stored, DeskError>;

/// Tries the rules on a ticket that is being written, which they change in memory.
pub(super) fn run(
    rules: &[Rule],
    ticket: &mut Stored,
    before: Option<&Stored>,
    desk: Surroundings<'_>,
    change: Change<'_>,
) -> Result<Vec<Told>, DeskError> {
    let mut rules: Vec<&Rule> = rules.iter().filter(|rule| rule.active).collect();
    rules.sort_by_key(|rule| (rule.precedence, rule.id));
    let mut told = Vec::with_capacity(rules.len());
    let mut stopped_by: Option<&Rule> = None;
    for rule in rules {
        let seen = Ticket {
            now: ticket,
            before,
            desk,
        };
        let (verdict, what) = if let Some(stopped_by) = stopped_by {
            let by = &stopped_by.name;
            (
                Verdict::NotTried,
                format!("was not tried: “{by}” stopped the rules after it"),
            )
        } else if let Some(why) = rule.misfit(&seen)? {
            (Verdict::DoesNotFit, format!("does not fit: {why}"))
        } else {
            stopped_by = Some(rule).filter(|rule| rule.stops);
            rule.carry_out(ticket, desk, change)?
        };
        told.push(Told {
            rule_id: rule.id,
            verdict,
            sentence: format!("Rule “{}” {what}.", rule.name),
        });
    }
    Ok(told)
}

impl Rule {
    /// Does what the rule says, all of it or nothing.
    fn carry_out(
        &self,
        ticket: &mut Stored,
        desk: Surroundings<'_>,
        change: Change<'_>,
    ) -> Result<(Verdict, String), DeskError> {
        let failed = |problem: &str| {
            let what = format!("fits, but could not be carried out: {problem}");
            Ok((Verdict::Failed, what))
        };
        let mut sent = Record::new();
        if let Some(problem) = self
            .outcomes
            .iter()
            .find_map(|outcome| outcome.as_ref().err())
        {
            return failed(problem);
        }
        let outcomes = || self.sets.iter().chain(self.outcomes.iter().flatten());
        for outcome in outcomes() {
            outcome.add_to(&mut sent);
        }
        let changed = match change(ticket, sent) {
            Ok(changed) => changed,
            Err(error @ DeskError::Storage(_)) => return Err(error),
            Err(error) => return failed(&error.to_string()),
        };
        let mut words = Vec::new();
        for outcome in outcomes() {
            words.extend(outcome.words(ticket, &changed, desk)?);
        }
        if words.is_empty() {
            let what = "fits; the ticket is already as it says".to_owned();
            return Ok((Verdict::NothingToChange, what));
        }
        *ticket = changed;
        Ok((Verdict::Changed, format!("fits: {}", words.join(", "))))
    }
}
