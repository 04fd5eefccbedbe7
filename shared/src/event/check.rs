//! What keeps a trigger from being saved, or from starting its runbook.

use crate::condition::Condition;
use crate::model::{EventKind, EventTrigger, Runbook};
use crate::problem::ErrorDetail;
use crate::start::Brought;

/// The names that templates may use at an event.
pub fn known(event: EventKind) -> Vec<&'static str> {
    let mut names = vec![event.record().as_str()];
    if event.has_before() {
        names.push("before");
    }
    if event.has_action() {
        names.push("action");
    }
    names.push("halo_url");
    names
}

/// What is wrong with a trigger by itself; places are its fields, such as `when.all[0].left`.
pub fn problems(trigger: &EventTrigger) -> Vec<ErrorDetail> {
    let mut problems = Vec::new();
    match Condition::compile(&trigger.when) {
        Err(found) => problems.extend(found.into_iter().map(|problem| {
            let mut detail = ErrorDetail::new(problem.code(), problem.to_string())
                .at_field(format!("when.{}", problem.field));
            detail.at.offset = problem.at;
            detail
        })),
        Ok(condition) => {
            for (field, token) in condition.tokens() {
                problems.extend(brought(trigger).unknown(token, format!("when.{field}")));
            }
        }
    }
    problems.extend(brought(trigger).row_problems());
    problems
}

/// What the runbook needs and does not get when the trigger starts it, and rows that fill nothing.
pub fn unfilled(trigger: &EventTrigger, runbook: &Runbook) -> Vec<ErrorDetail> {
    brought(trigger).unfilled(runbook)
}

fn brought(trigger: &EventTrigger) -> Brought<'_> {
    Brought {
        names: known(trigger.event),
        at: format!("the event {}", trigger.event.title()),
        starter: "an event",
        owner: "the event trigger",
        variables: &trigger.variables,
    }
}
