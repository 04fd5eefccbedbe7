//! Ticket rules at work: which of them fit a new or changed ticket, and what they do with it.
//!
//! The active rules are tried in the order of their precedence, then of their ids, and each sees the ticket as those
//! before it left it. A rule fits when the ticket meets all of its criteria; without any, it always fits. One that fits
//! and stops the others is the last. What rules do does not run them again.

mod criterion;
mod draft;
mod field;
mod outcome;
mod travel;
mod value;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use criterion::renamed;
pub use criterion::{TESTS, Test};
pub use draft::{Condition, Part, RuleDraft, Setting, moved};
pub use field::{RuleField, ValueKind, field, fields, is_custom};
pub use travel::{BundledRule, RuleNames};

use super::error::{DeskError, StorageError};
use super::html::Html;
use super::record::{Record, Stored};
use super::records::Records;
use crate::api::{TriedCondition, TriedRule};
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
    runs_on: RunsOn,
    criteria: Vec<Result<Criterion, String>>,
    /// Those that have fields of their own.
    sets: Vec<Outcome>,
    outcomes: Vec<Result<Outcome, String>>,
}

/// Which tickets a rule looks at, as its field `runs_on` says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RunsOn {
    #[default]
    Both,
    New,
    Updated,
}

impl RunsOn {
    pub const ALL: [Self; 3] = [Self::Both, Self::New, Self::Updated];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::New => "new",
            Self::Updated => "updated",
        }
    }

    /// Case does not count; nothing stands for both.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Some(Self::Both);
        }
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// Why a ticket is none of those; nothing where it is one.
    fn misfit(self, is_new: bool) -> Option<&'static str> {
        match (self, is_new) {
            (Self::New, false) => Some("it runs on new tickets only"),
            (Self::Updated, true) => Some("it runs on updated tickets only"),
            _ => None,
        }
    }
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub rule_id: u64,
    pub verdict: Verdict,
    /// For people: what it did, or what of it did not fit.
    pub sentence: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
            // The desk keeps no other.
            runs_on: text("runs_on").and_then(RunsOn::parse).unwrap_or_default(),
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
        if let Some(why) = self.runs_on.misfit(ticket.before.is_none()) {
            return Ok(Some(why.to_owned()));
        }
        for criterion in &self.criteria {
            let (met, why) = check(criterion, ticket)?;
            if !met {
                return Ok(Some(why));
            }
        }
        Ok(None)
    }

    /// Each criterion: whether the ticket meets it, and what was found.
    fn checked(&self, ticket: &Ticket<'_>) -> Result<Vec<(bool, String)>, StorageError> {
        let criteria = self.criteria.iter();
        criteria.map(|criterion| check(criterion, ticket)).collect()
    }
}

/// What cannot be read is not met.
fn check(
    criterion: &Result<Criterion, String>,
    ticket: &Ticket<'_>,
) -> Result<(bool, String), StorageError> {
    match criterion {
        Ok(criterion) => criterion.check(ticket),
        Err(problem) => Ok((false, problem.clone())),
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
    run_watched(rules, ticket, before, desk, change, &mut |_, _| Ok(()))
}

/// Sees each rule with the ticket as it is when the rule has its turn.
type Watch<'w> = &'w mut dyn FnMut(&Rule, &Ticket<'_>) -> Result<(), StorageError>;

fn run_watched(
    rules: &[Rule],
    ticket: &mut Stored,
    before: Option<&Stored>,
    desk: Surroundings<'_>,
    change: Change<'_>,
    watch: Watch<'_>,
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
        watch(rule, &seen)?;
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

/// Tries the rules on a ticket of which nothing is kept; each says of its conditions which the ticket meets.
pub(super) fn try_out(
    rules: &[Rule],
    ticket: &Stored,
    is_new: bool,
    desk: Surroundings<'_>,
    change: Change<'_>,
) -> Result<Vec<TriedRule>, DeskError> {
    let mut left = ticket.clone();
    let mut checked = Vec::with_capacity(rules.len());
    let before = (!is_new).then_some(ticket);
    let mut watch = |rule: &Rule, seen: &Ticket<'_>| {
        checked.push((rule.name.clone(), rule.checked(seen)?));
        Ok(())
    };
    let told = run_watched(rules, &mut left, before, desk, change, &mut watch)?;
    let tried = told
        .into_iter()
        .zip(checked)
        .map(|(told, (name, checked))| {
            let condition = |(met, words)| TriedCondition { met, words };
            TriedRule {
                id: told.rule_id,
                name,
                verdict: told.verdict,
                sentence: told.sentence,
                conditions: checked.into_iter().map(condition).collect(),
            }
        });
    Ok(tried.collect())
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
