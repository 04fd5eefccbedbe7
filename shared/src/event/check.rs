//! What keeps a trigger from being saved, or from starting its runbook.

use std::collections::BTreeSet;

use crate::condition::Condition;
use crate::model::{EventKind, EventTrigger, NamedTemplate, Runbook};
use crate::problem::ErrorDetail;
use crate::template::{Mapping, Token, nearest};

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
                problems.extend(unknown(trigger.event, token, format!("when.{field}")));
            }
        }
    }
    let mut filled = BTreeSet::new();
    for (index, row) in trigger.variables.iter().enumerate() {
        let place = format!("variables[{index}]");
        if !filled.insert(row.name.as_str()) {
            let message = format!("`{}` is filled twice: remove one of the rows", row.name);
            problems.push(
                ErrorDetail::new("duplicate_variable", message).at_field(format!("{place}.name")),
            );
        }
        match Mapping::parse(&row.value) {
            Err(error) => {
                let mut detail = ErrorDetail::new(error.kind(), error.to_string())
                    .at_field(format!("{place}.value"));
                detail.at.offset = Some(error.at());
                problems.push(detail);
            }
            Ok(mapping) => {
                for token in mapping.tokens() {
                    problems.extend(unknown(trigger.event, token, format!("{place}.value")));
                }
            }
        }
    }
    problems
}

/// Names a token that has no value at an event.
fn unknown(event: EventKind, token: &Token, field: String) -> Option<ErrorDetail> {
    if is_known(event, token) {
        return None;
    }
    let (name, names) = (token.variable(), known(event));
    let hint = nearest(name, names.iter().copied()).map_or_else(String::new, |nearest| {
        format!(" (did you mean `{nearest}`?)")
    });
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "`{name}` is not known at the event {}{hint}: use {}",
        event.title(),
        names.join(", ")
    );
    let mut detail = ErrorDetail::new("unknown_variable", message).at_field(field);
    detail.at.offset = Some(token.at());
    Some(detail)
}

fn is_known(event: EventKind, token: &Token) -> bool {
    token.has_fallback() || known(event).contains(&token.variable())
}

/// What the runbook needs and does not get when the trigger starts it, and rows that fill nothing.
pub fn unfilled(trigger: &EventTrigger, runbook: &Runbook) -> Vec<ErrorDetail> {
    let mut problems = Vec::new();
    let inputs = &runbook.start.inputs;
    for (index, row) in trigger.variables.iter().enumerate() {
        if inputs.iter().all(|input| input.name != row.name) {
            let hint = nearest(&row.name, inputs.iter().map(|input| input.name.as_str()))
                .map_or_else(String::new, |nearest| {
                    format!(" (did you mean `{nearest}`?)")
                });
            let message = format!(
                "the runbook `{}` has no input variable `{}`{hint}: remove the row",
                runbook.name, row.name
            );
            problems.push(
                ErrorDetail::new("unknown_input", message)
                    .at_field(format!("variables[{index}].name")),
            );
        }
    }
    for input in inputs
        .iter()
        .filter(|input| input.required && input.default.is_none())
    {
        let row = |rows: &[NamedTemplate]| {
            let row = rows.iter().find(|row| row.name == input.name);
            row.map(|row| row.value.clone())
        };
        // The trigger's own rows are looked at with the trigger.
        if row(&trigger.variables).is_some() {
            continue;
        }
        let why = match row(&runbook.from_desk) {
            None => "nothing fills it when an event starts the runbook".to_owned(),
            Some(value) => {
                let mapping = Mapping::parse(&value).ok();
                let token = mapping.as_ref().and_then(|mapping| {
                    let mut tokens = mapping.tokens();
                    tokens.find(|token| !is_known(trigger.event, token))
                });
                let Some(token) = token else { continue };
                format!(
                    "it is filled with {}, which the event {} does not have",
                    token.text(),
                    trigger.event.title()
                )
            }
        };
        let message = format!(
            "the runbook `{}` needs its input variable `{}`, and {why}: say in the variables of the event trigger what fills it",
            runbook.name, input.name
        );
        problems.push(ErrorDetail::new("input_missing", message).at_field("variables"));
    }
    problems
}
