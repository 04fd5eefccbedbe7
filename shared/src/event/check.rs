//! What keeps a trigger from being saved, or from starting its runbook.

use crate::condition::Condition;
use crate::engine::{PlanDocument, plan};
use crate::model::{EventKind, EventTrigger};
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
    if event.has_goal() {
        names.push("sla");
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
pub fn unfilled(trigger: &EventTrigger, document: &PlanDocument) -> Vec<ErrorDetail> {
    let mut problems = brought(trigger).unfilled(&document.runbook);
    let known = known(trigger.event);
    for name in ["ticket", "user", "asset"] {
        if !known.contains(&name) && plan::draws_on(document, name) {
            let message = format!(
                "steps of the runbook `{}` use `<<{name}^…>>`, which the event {} does not bring along: make that an input variable of the runbook and fill it here, or choose another event",
                document.runbook.name,
                trigger.event.title()
            );
            problems.push(ErrorDetail::new("no_such_record", message).at_field("runbook"));
        }
    }
    problems
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
