//! A condition: chooses a way by what the variables hold.

use super::{Began, Behaviour, Exit, Left, Scope, UsedToken};
use crate::condition::{Condition, Term, When};
use crate::model::Way;
use crate::problem::ErrorDetail;

#[derive(Debug)]
pub(super) struct ConditionStep {
    condition: Condition,
    /// The left sides that are only asked whether they have a value.
    asks_for_presence: Vec<String>,
}

impl ConditionStep {
    pub(super) fn compile(when: &When) -> Result<Self, Vec<ErrorDetail>> {
        let condition = Condition::compile(when).map_err(|problems| {
            problems
                .into_iter()
                .map(|problem| {
                    let mut detail = ErrorDetail::new("condition", problem.to_string())
                        .at_field(format!("when.{}", problem.field));
                    detail.at.offset = problem.at;
                    detail
                })
                .collect::<Vec<_>>()
        })?;
        let mut asks_for_presence = Vec::new();
        collect_presence(when, "", &mut asks_for_presence);
        Ok(Self {
            condition,
            asks_for_presence,
        })
    }
}

/// Groups nest once, which compiling has checked.
fn collect_presence(when: &When, place: &str, found: &mut Vec<String>) {
    let (name, terms) = match when {
        When::All(terms) => ("all", terms),
        When::Any(terms) => ("any", terms),
    };
    for (index, term) in terms.iter().enumerate() {
        let here = format!("{place}{name}[{index}]");
        match term {
            Term::Row(row) if !row.op.takes_right() => found.push(format!("{here}.left")),
            Term::Row(_) => {}
            Term::Group(group) => collect_presence(group, &format!("{here}."), found),
        }
    }
}

impl Behaviour for ConditionStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        Began::Left(match self.condition.evaluate(scope.variables) {
            Ok(verdict) => {
                let way = if verdict.met { Way::Met } else { Way::NotMet };
                Left {
                    explanation: Some(verdict.explanation),
                    ..Left::by(way)
                }
            }
            // Neither way would be true, and there is no third.
            Err(error) => Left::with(Exit::Fails(
                ErrorDetail::new(
                    "condition_undecided",
                    format!("the condition cannot be decided: {error}"),
                )
                .at_field(format!("when.{}", error.row)),
            )),
        })
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        let tokens = self.condition.tokens().into_iter();
        tokens
            .map(|(field, token)| UsedToken {
                may_be_missing: self.asks_for_presence.contains(&field),
                field: format!("when.{field}"),
                token,
            })
            .collect()
    }
}
