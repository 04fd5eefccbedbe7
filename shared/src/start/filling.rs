//! Whether something at the desk that starts a runbook fills what that needs. The runbook's own `from_desk` is the default,
//! which the rows of what starts it override variable by variable.

use std::collections::BTreeSet;

use crate::model::{NamedTemplate, Runbook};
use crate::problem::ErrorDetail;
use crate::template::{Mapping, Token, nearest};

/// The rows by which something fills a runbook's input variables.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'f> {
    pub rows: &'f [NamedTemplate],
    /// The names that templates may use then.
    pub known: &'f [&'f str],
    /// What starts it, such as `the event Ticket Closed`.
    pub starter: &'f str,
    /// What the rows belong to, such as `the event trigger`.
    pub owner: &'f str,
}

impl Filling<'_> {
    /// What is wrong with the rows by themselves; places are such as `variables[0].value`.
    pub fn problems(&self) -> Vec<ErrorDetail> {
        let mut problems = Vec::new();
        let mut filled = BTreeSet::new();
        for (index, row) in self.rows.iter().enumerate() {
            let place = format!("variables[{index}]");
            if !filled.insert(row.name.as_str()) {
                let message = format!("`{}` is filled twice: remove one of the rows", row.name);
                problems.push(
                    ErrorDetail::new("duplicate_variable", message)
                        .at_field(format!("{place}.name")),
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
                        problems.extend(self.unknown(token, format!("{place}.value")));
                    }
                }
            }
        }
        problems
    }

    /// Names a token that has no value then.
    pub fn unknown(&self, token: &Token, field: String) -> Option<ErrorDetail> {
        if self.is_known(token) {
            return None;
        }
        let name = token.variable();
        let hint = nearest(name, self.known.iter().copied()).map_or_else(String::new, |nearest| {
            format!(" (did you mean `{nearest}`?)")
        });
        let names: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "`{name}` is not known at {}{hint}: use {}",
            self.starter,
            names.join(", ")
        );
        let mut detail = ErrorDetail::new("unknown_variable", message).at_field(field);
        detail.at.offset = Some(token.at());
        Some(detail)
    }

    fn is_known(&self, token: &Token) -> bool {
        token.has_fallback() || self.known.contains(&token.variable())
    }

    /// What the runbook needs and does not get, and rows that fill nothing.
    pub fn unfilled(&self, runbook: &Runbook) -> Vec<ErrorDetail> {
        let mut problems = Vec::new();
        let inputs = &runbook.start.inputs;
        for (index, row) in self.rows.iter().enumerate() {
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
            // The own rows are looked at by themselves.
            if row(self.rows).is_some() {
                continue;
            }
            let why = match row(&runbook.from_desk) {
                None => format!("nothing fills it at {}", self.starter),
                Some(value) => {
                    let mapping = Mapping::parse(&value).ok();
                    let token = mapping.as_ref().and_then(|mapping| {
                        let mut tokens = mapping.tokens();
                        tokens.find(|token| !self.is_known(token))
                    });
                    let Some(token) = token else { continue };
                    format!(
                        "it is filled with {}, which {} does not have",
                        token.text(),
                        self.starter
                    )
                }
            };
            let message = format!(
                "the runbook `{}` needs its input variable `{}`, and {why}: say in the variables of {} what fills it",
                runbook.name, input.name, self.owner
            );
            problems.push(ErrorDetail::new("input_missing", message).at_field("variables"));
        }
        problems
    }
}
