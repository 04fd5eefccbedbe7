//! What a ticket must meet.
//!
//! A criterion is `{"fieldname": …, "type": …, "value_string": …}`, with a value key for each type as in Halo. Numbers are
//! compared as numbers, moments as moments, anything else as text in which case does not count. A field that refers to
//! a record is compared by its id and by its name, so that `status_id` equals both `9` and `Closed`.

use std::fmt::Write as _;

use serde_json::Value;

use super::super::error::StorageError;
use super::super::resource::Resource;
use super::Ticket;
use super::value::{Named, VALUE_KEYS, named, sent, text};
use crate::condition::compare;

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    Equals,
    NotEquals,
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
    /// One of a list, which is an array or stands between commas.
    AnyOf,
    NoneOf,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    HasValue,
    HasNoValue,
    /// The write gave it another value; in a new ticket, any value.
    Changed,
    ChangedFrom,
    ChangedTo,
}

/// The names of the tests, as `type` says them; case and the sign between words do not count.
pub const TESTS: [(&str, Test); 17] = [
    ("equals", Test::Equals),
    ("not_equals", Test::NotEquals),
    ("contains", Test::Contains),
    ("not_contains", Test::NotContains),
    ("starts_with", Test::StartsWith),
    ("ends_with", Test::EndsWith),
    ("any_of", Test::AnyOf),
    ("none_of", Test::NoneOf),
    ("greater", Test::Greater),
    ("greater_or_equal", Test::GreaterOrEqual),
    ("less", Test::Less),
    ("less_or_equal", Test::LessOrEqual),
    ("has_value", Test::HasValue),
    ("has_no_value", Test::HasNoValue),
    ("changed", Test::Changed),
    ("changed_from", Test::ChangedFrom),
    ("changed_to", Test::ChangedTo),
];

impl Test {
    pub fn name(self) -> &'static str {
        let found = TESTS.iter().find(|(_, test)| *test == self);
        // Each is among them.
        found.map_or("equals", |(name, _)| name)
    }

    /// Between a field and a value.
    pub fn words(self) -> &'static str {
        match self {
            Self::Equals => "is",
            Self::NotEquals => "is not",
            Self::Contains => "contains",
            Self::NotContains => "does not contain",
            Self::StartsWith => "starts with",
            Self::EndsWith => "ends with",
            Self::AnyOf => "is one of",
            Self::NoneOf => "is none of",
            Self::Greater => "is greater than",
            Self::GreaterOrEqual => "is at least",
            Self::Less => "is less than",
            Self::LessOrEqual => "is at most",
            Self::HasValue => "has a value",
            Self::HasNoValue => "has no value",
            Self::Changed => "was changed",
            Self::ChangedFrom => "was changed from",
            Self::ChangedTo => "was changed to",
        }
    }

    pub fn takes_value(self) -> bool {
        !matches!(self, Self::HasValue | Self::HasNoValue | Self::Changed)
    }

    pub fn takes_list(self) -> bool {
        matches!(self, Self::AnyOf | Self::NoneOf)
    }
}

/// Longer values are cut where they are told.
const LONGEST_SHOWN: usize = 80;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Criterion {
    field: Named,
    test: Test,
    /// What it is compared with: one text, or several where it is a list.
    values: Vec<String>,
}

impl Criterion {
    pub(super) fn read(element: &Value) -> Result<Self, String> {
        let field = named(element)?;
        let test = test(element.get("type").unwrap_or(&Value::Null))?;
        let values = match sent(element) {
            Some(Value::Array(list)) => list.iter().map(text).collect(),
            Some(value) if test.takes_list() => {
                let list = text(value);
                let parts = list.split(',').map(|part| part.trim().to_owned());
                parts.filter(|part| !part.is_empty()).collect()
            }
            Some(value) => vec![text(value)],
            None => Vec::new(),
        };
        // Every text contains the empty one; only to equal it says something.
        let may_be_empty = matches!(test, Test::Equals | Test::NotEquals);
        let is_missing = |values: &[String]| {
            values.is_empty()
                || (!may_be_empty && values.iter().any(|value| value.trim().is_empty()))
        };
        if test.takes_value() && is_missing(&values) {
            return Err(format!(
                "its value is missing: {} is compared with nothing",
                field.label()
            ));
        }
        Ok(Self {
            field,
            test,
            values,
        })
    }

    /// Whether the ticket meets it, and what was found.
    pub(super) fn check(&self, ticket: &Ticket<'_>) -> Result<(bool, String), StorageError> {
        let now = self.field.texts(ticket.now, ticket.desk)?;
        let before = match ticket.before {
            Some(before) => self.field.texts(before, ticket.desk)?,
            None => Vec::new(),
        };
        let changed = now != before;
        let equals = |texts: &[String]| {
            self.any(texts, |left, right| {
                compare::order(left, right, false).is_eq()
            })
        };
        let order = |holds: fn(std::cmp::Ordering) -> bool| {
            self.any(&now, |left, right| {
                holds(compare::order(left, right, false))
            })
        };
        let contains = || self.any(&now, |left, right| compare::contains(left, right, false));
        let met = match self.test {
            Test::Equals | Test::AnyOf => equals(&now),
            Test::NotEquals | Test::NoneOf => !equals(&now),
            Test::Contains => contains(),
            Test::NotContains => !contains(),
            Test::StartsWith => {
                self.any(&now, |left, right| compare::starts_with(left, right, false))
            }
            Test::EndsWith => self.any(&now, |left, right| compare::ends_with(left, right, false)),
            Test::Greater => order(std::cmp::Ordering::is_gt),
            Test::GreaterOrEqual => order(std::cmp::Ordering::is_ge),
            Test::Less => order(std::cmp::Ordering::is_lt),
            Test::LessOrEqual => order(std::cmp::Ordering::is_le),
            Test::HasValue => !now.is_empty(),
            Test::HasNoValue => now.is_empty(),
            Test::Changed => changed,
            Test::ChangedFrom => changed && ticket.before.is_some() && equals(&before),
            Test::ChangedTo => changed && equals(&now),
        };
        Ok((met, self.words(met, &now, &before, ticket)?))
    }

    /// Whether one of the texts and one of the values go together. No value equals the empty text.
    fn any(&self, texts: &[String], fit: impl Fn(&str, &str) -> bool) -> bool {
        let empty = [String::new()];
        let texts = if texts.is_empty() { &empty } else { texts };
        let mut pairs = texts
            .iter()
            .flat_map(|left| self.values.iter().map(move |right| (left, right)));
        pairs.any(|(left, right)| fit(left, right))
    }

    fn words(
        &self,
        met: bool,
        now: &[String],
        before: &[String],
        ticket: &Ticket<'_>,
    ) -> Result<String, StorageError> {
        let label = self.field.label();
        let mut words = format!("{label} {}", is(now));
        let values = self.values.iter();
        let values = values.map(|value| self.field.called(value, ticket.desk));
        let named = values.collect::<Result<Vec<_>, _>>()?;
        let values = || list(&named);
        let (yes, no) = match self.test {
            Test::HasValue | Test::HasNoValue => return Ok(words),
            Test::Changed | Test::ChangedFrom | Test::ChangedTo => {
                let unchanged = now == before;
                let _ = match (unchanged, self.test) {
                    (true, _) => write!(words, " and was not changed"),
                    (false, Test::ChangedTo) => {
                        write!(words, ", changed to {}", not(met, &values()))
                    }
                    (false, Test::ChangedFrom) => {
                        write!(words, ", changed from {}", not(met, &values()))
                    }
                    (false, _) => write!(words, " and was changed"),
                };
                return Ok(words);
            }
            Test::Equals => ("equals", "does not equal"),
            Test::NotEquals => ("does not equal", "equals"),
            Test::AnyOf => ("is among", "is not among"),
            Test::NoneOf => ("is not among", "is among"),
            Test::Contains => ("contains", "does not contain"),
            Test::NotContains => ("does not contain", "contains"),
            Test::StartsWith => ("starts with", "does not start with"),
            Test::EndsWith => ("ends with", "does not end with"),
            Test::Greater => ("is greater than", "is not greater than"),
            Test::GreaterOrEqual => ("is at least", "is less than"),
            Test::Less => ("is less than", "is not less than"),
            Test::LessOrEqual => ("is at most", "is greater than"),
        };
        let _ = write!(words, ", which {} {}", if met { yes } else { no }, values());
        Ok(words)
    }
}

/// Has criteria or outcomes name a record by its new name; nothing where none names it.
pub(in super::super) fn renamed(
    elements: &[Value],
    resource: &Resource,
    former: &str,
    name: &str,
) -> Option<Vec<Value>> {
    let mut changed = elements.to_vec();
    for element in &mut changed {
        let names_it = named(element).is_ok_and(|field| field.names(resource));
        let is_list = test(element.get("type").unwrap_or(&Value::Null)).is_ok_and(Test::takes_list);
        let key = VALUE_KEYS
            .iter()
            .find(|key| element.get(**key).is_some_and(|value| !value.is_null()));
        let Some(value) = key.and_then(|key| element.get_mut(*key)) else {
            continue;
        };
        if names_it {
            rename_value(value, is_list, former, name);
        }
    }
    (changed != elements).then_some(changed)
}

fn rename_value(value: &mut Value, is_list: bool, former: &str, name: &str) {
    let is_former = |text: &str| text.trim().to_lowercase() == former.trim().to_lowercase();
    match value {
        Value::String(text) if is_former(text) => name.clone_into(text),
        Value::String(text) if is_list && text.split(',').any(is_former) => {
            let parts = text.split(',').map(str::trim);
            let parts = parts.map(|part| if is_former(part) { name } else { part });
            // A name with a comma cannot stand between commas.
            *value = if name.contains(',') {
                parts.collect::<Vec<_>>().into()
            } else {
                parts.collect::<Vec<_>>().join(", ").into()
            };
        }
        Value::Array(list) => {
            for value in list {
                rename_value(value, false, former, name);
            }
        }
        _ => {}
    }
}

fn not(met: bool, values: &str) -> String {
    if met {
        values.to_owned()
    } else {
        format!("something else than {values}")
    }
}

/// What a field is, by its name where it refers to something.
fn is(texts: &[String]) -> String {
    match texts.last() {
        Some(text) => format!("is {}", shown(text)),
        None => "has no value".to_owned(),
    }
}

fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| shown(value)).collect();
    values.join(", ")
}

/// A value in a sentence.
pub(super) fn shown(text: &str) -> String {
    if text.chars().nth(LONGEST_SHOWN).is_none() {
        return format!("“{text}”");
    }
    let start: String = text.chars().take(LONGEST_SHOWN).collect();
    format!("“{start}…”")
}

pub(super) fn test(kind: &Value) -> Result<Test, String> {
    let name = kind.as_str().unwrap_or_default().trim().to_lowercase();
    let name = name.replace([' ', '-'], "_");
    let found = TESTS.iter().find(|(known, _)| *known == name);
    found.map(|(_, test)| *test).ok_or_else(|| {
        let known: Vec<&str> = TESTS.iter().map(|(name, _)| *name).collect();
        let known = known.join(", ");
        match kind {
            Value::Null => format!("its type is missing: write one of {known}"),
            kind => format!("its type {} is not known: write one of {known}", text(kind)),
        }
    })
}
