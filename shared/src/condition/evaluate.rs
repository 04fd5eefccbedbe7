//! Which way a condition chooses, and why.

use std::borrow::Cow;

use super::compile::{Check, CompiledRow, Condition, Group, Member, Relation};
use super::error::{ConditionError, RowError};
use super::explain::NameOf;
use super::pattern::Pattern;
use super::{compare, explain};
use crate::template::{RenderError, Template, Value, Variables};

/// What came of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub met: bool,
    /// The row that decided, such as `all[1].any[0]`; none where it took several.
    pub row: Option<String>,
    /// Such as `Priority is 2, which is less than 3`. Holds values, so it is masked
    /// like them when it is read.
    pub explanation: String,
}

impl Condition {
    /// Looks at the rows in their order, up to the one that decides: what stands
    /// behind it need not resolve. A condition without rows is met.
    pub fn evaluate(&self, variables: &Variables) -> Result<Verdict, ConditionError> {
        self.root.evaluate(&Reading {
            variables,
            absent: Absent::Undecided,
            name_of: |_| None,
        })
    }

    /// The same over values that may well not be there, such as parts of what somebody sent: no
    /// comparison holds for a side that does not resolve. `name_of` says what people call the values. A condition without
    /// rows is none, so nothing is said of it.
    pub fn evaluate_loosely(
        &self,
        variables: &Variables,
        name_of: NameOf,
    ) -> Result<Verdict, ConditionError> {
        if self.is_empty() {
            return Ok(Verdict {
                met: true,
                row: None,
                explanation: String::new(),
            });
        }
        self.root.evaluate(&Reading {
            variables,
            absent: Absent::HoldsNothing,
            name_of,
        })
    }
}

/// What a condition is held against.
struct Reading<'v> {
    variables: &'v Variables,
    absent: Absent,
    name_of: NameOf,
}

/// What a comparison makes of a side that does not resolve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absent {
    /// It cannot be decided.
    Undecided,
    /// It does not hold.
    HoldsNothing,
}

impl Group {
    fn evaluate(&self, reading: &Reading<'_>) -> Result<Verdict, ConditionError> {
        let mut undecided = Vec::with_capacity(self.members.len());
        for member in &self.members {
            let verdict = match member {
                Member::Row(row) => row.evaluate(reading)?,
                Member::Group(group) => group.evaluate(reading)?,
            };
            if verdict.met != self.all {
                return Ok(verdict);
            }
            undecided.push(verdict);
        }
        let met = self.all || undecided.is_empty();
        Ok(match undecided.len() {
            0 => Verdict {
                met,
                row: None,
                explanation: "there are no rows to be met".to_owned(),
            },
            1 => undecided.remove(0),
            _ => {
                let explanations: Vec<_> = undecided
                    .into_iter()
                    .map(|verdict| verdict.explanation)
                    .collect();
                Verdict {
                    met,
                    row: None,
                    explanation: explanations.join("; "),
                }
            }
        })
    }
}

impl CompiledRow {
    fn evaluate(&self, reading: &Reading<'_>) -> Result<Verdict, ConditionError> {
        let (met, explanation) = self.decide(reading).map_err(|error| ConditionError {
            row: self.place.clone(),
            error,
        })?;
        Ok(Verdict {
            met,
            row: Some(self.place.clone()),
            explanation,
        })
    }

    fn decide(&self, reading: &Reading<'_>) -> Result<(bool, String), RowError> {
        let Reading {
            variables,
            absent,
            name_of,
        } = *reading;
        match &self.check {
            Check::Presence { expected } => {
                let value = present(&self.left, variables)?;
                Ok((
                    value.is_some() == *expected,
                    explain::presence(&self.left, value.as_deref(), name_of),
                ))
            }
            Check::Comparison {
                relation,
                expected,
                right,
                match_case,
            } => {
                let (left, right) =
                    match (operand(&self.left, variables), operand(right, variables)) {
                        (Err(RenderError::Unresolved { .. }), _)
                            if absent == Absent::HoldsNothing =>
                        {
                            return Ok((!expected, explain::presence(&self.left, None, name_of)));
                        }
                        (_, Err(RenderError::Unresolved { .. }))
                            if absent == Absent::HoldsNothing =>
                        {
                            return Ok((!expected, explain::presence(right, None, name_of)));
                        }
                        (left, right) => (left?, right?),
                    };
                let holds = relation.holds(&left, &right, *match_case)?;
                Ok((
                    holds == *expected,
                    explain::comparison(&self.left, &left, relation, holds, &right, name_of),
                ))
            }
        }
    }
}

impl Relation {
    fn holds(&self, left: &str, right: &str, match_case: bool) -> Result<bool, RowError> {
        Ok(match self {
            Self::Equal => compare::order(left, right, match_case).is_eq(),
            Self::Greater => compare::order(left, right, match_case).is_gt(),
            Self::Less => compare::order(left, right, match_case).is_lt(),
            Self::Contains => compare::contains(left, right, match_case),
            Self::Includes => compare::share_a_member(left, right, match_case),
            Self::StartsWith => compare::starts_with(left, right, match_case),
            Self::EndsWith => compare::ends_with(left, right, match_case),
            Self::Matches(Some(pattern)) => matches(pattern, left)?,
            Self::Matches(None) => {
                let pattern = Pattern::compile(right, match_case)
                    .map_err(|message| RowError::Pattern { message })?;
                matches(&pattern, left)?
            }
        })
    }
}

fn matches(pattern: &Pattern, text: &str) -> Result<bool, RowError> {
    if text.len() > pattern.most_bytes() {
        return Err(RowError::TooLong {
            bytes: text.len(),
            most_bytes: pattern.most_bytes(),
        });
    }
    Ok(pattern.is_match(text))
}

/// The text of a side, unless there is nothing in it: it does not resolve, or is
/// null, white space, an empty list or an empty object.
fn present<'v>(
    side: &'v Template,
    variables: &'v Variables,
) -> Result<Option<Cow<'v, str>>, RenderError> {
    let text = match operand(side, variables) {
        Ok(text) => text,
        Err(RenderError::Unresolved { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let value = side
        .single_token()
        .map(|token| token.resolve(variables))
        .transpose()?;
    let is_nothing = value.is_some_and(|value| {
        let start: String = value
            .json
            .chars()
            .filter(|char| !char.is_whitespace())
            .take(5)
            .collect();
        matches!(start.as_str(), "null" | "[]" | "{}")
    });
    Ok(Some(text).filter(|text| !is_nothing && !text.trim().is_empty()))
}

/// The decoded text of a side.
fn operand<'v>(
    template: &'v Template,
    variables: &'v Variables,
) -> Result<Cow<'v, str>, RenderError> {
    match template.single_token() {
        Some(token) => token.resolve(variables).map(Value::into_decoded),
        None => template.render(variables).map(Cow::Owned),
    }
}
