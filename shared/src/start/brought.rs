//! What a start by itself brings along: which names its templates may use, and whether it gives its runbook what that
//! needs.

use std::collections::BTreeSet;

use crate::model::{NamedTemplate, Runbook};
use crate::problem::ErrorDetail;
use crate::template::{Mapping, Token, nearest};

/// What starts a runbook by itself, and what there is to fill the runbook's input variables with.
#[derive(Debug, Clone)]
pub struct Brought<'b> {
    /// The names that templates may use.
    pub names: Vec<&'static str>,
    /// As in “`client` is not known at …”.
    pub at: String,
    /// As in “nothing fills it when … starts the runbook”.
    pub starter: &'static str,
    /// As in “say in the variables of …”.
    pub owner: &'static str,
    /// Override the runbook's `from_desk`, variable by variable.
    pub variables: &'b [NamedTemplate],
}

impl Brought<'_> {
    /// What is wrong with its rows by themselves; places are such as `variables[0].value`.
    pub fn row_problems(&self) -> Vec<ErrorDetail> {
        let mut problems = Vec::new();
        let mut filled = BTreeSet::new();
        for (index, row) in self.variables.iter().enumerate() {
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

    /// Names a token that has no value there.
    pub fn unknown(&self, token: &Token, field: String) -> Option<ErrorDetail> {
        if self.is_known(token) {
            return None;
        }
        let name = token.variable();
        let hint = nearest(name, self.names.iter().copied()).map_or_else(String::new, |nearest| {
            format!(" (did you mean `{nearest}`?)")
        });
        let names: Vec<_> = self.names.iter().map(|name| format!("`{name}`")).collect();
        let message = format!(
            "`{name}` is not known at {}{hint}: use {}",
            self.at,
            names.join(", ")
        );
        let mut detail = ErrorDetail::new("unknown_variable", message).at_field(field);
        detail.at.offset = Some(token.at());
        Some(detail)
    }

    fn is_known(&self, token: &Token) -> bool {
        token.has_fallback() || self.names.contains(&token.variable())
    }

    /// What the runbook needs and does not get, and rows that fill nothing.
    pub fn unfilled(&self, runbook: &Runbook) -> Vec<ErrorDetail> {
        let mut problems = Vec::new();
        let inputs = &runbook.start.inputs;
        for (index, row) in self.variables.iter().enumerate() {
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
            // Its own rows are looked at by themselves.
            if value(self.variables, &input.name).is_some() {
                continue;
            }
            let why = match value(&runbook.from_desk, &input.name) {
                None => format!("nothing fills it when {} starts the runbook", self.starter),
                Some(value) => {
                    let mapping = Mapping::parse(value).ok();
                    let token = mapping
                        .as_ref()
                        .and_then(|mapping| mapping.tokens().find(|token| !self.is_known(token)));
                    let Some(token) = token else { continue };
                    format!(
                        "it is filled with {}, which {} does not have",
                        token.text(),
                        self.at
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

/// What fills a variable.
fn value<'r>(rows: &'r [NamedTemplate], name: &str) -> Option<&'r str> {
    let row = rows.iter().find(|row| row.name == name)?;
    Some(&row.value)
}
