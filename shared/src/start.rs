//! What a run starts with: the payload of a public start, a ticket and its action, or
//! what someone typed in the console become input variables, or an error that names one.

mod brought;
mod console;
mod desk;
mod rate;
mod request;
#[cfg(test)]
mod tests;

pub use brought::Brought;
pub use console::{edited, from_console};
pub(crate) use desk::is_of_desk;
pub use desk::{DeskStart, desk_variables, from_desk};
pub use rate::Bucket;
pub(crate) use request::is_form;
pub use request::{PublicRequest, Wanted, from_request, read_request};

use serde::{Deserialize, Serialize};

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::replay::Point;
use crate::engine::{Plan, StartedBy};
use crate::json::{self, Kind};
use crate::model::Input;
use crate::problem::ErrorDetail;
use crate::typed;

/// What started a run, and the values that it brings along.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    pub started_by: StartedBy,
    pub inputs: StartInputs,
    /// Where it begins, if not with the first step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Point>,
}

impl Trigger {
    /// The place of the step to begin with.
    pub(crate) fn first_step(&self, plan: &Plan) -> usize {
        let from = self.from.as_ref();
        from.and_then(|from| plan.place(&from.step))
            .unwrap_or_else(|| plan.first())
    }

    /// Names of the variables that are not to be read from the beginning.
    pub(crate) fn secret_names(&self) -> BTreeSet<String> {
        self.from
            .as_ref()
            .map_or_else(BTreeSet::new, |from| from.secret.clone())
    }

    /// What they hold.
    pub(crate) fn secret_values(&self) -> Vec<String> {
        self.from.as_ref().map_or_else(Vec::new, |from| {
            let secret = from
                .variables
                .iter()
                .filter(|variable| from.secret.contains(&variable.name));
            secret.map(|variable| variable.value.clone()).collect()
        })
    }
}

/// The values that a run starts with. All of them are JSON text, as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartInputs {
    /// The input variables, in their order. One that is not required and was not sent is not here.
    pub variables: Vec<StartVariable>,
    /// The whole payload of a public start: `<<request>>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// `<<request@header[…]>>`: a JSON object of the headers, names in lower case, without credentials.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_headers: Option<String>,
    /// `<<request@query[…]>>`: a JSON object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_query: Option<String>,
    /// `<<request@method>>`: a JSON string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_method: Option<String>,
    /// The ticket of a start from the desk: `<<ticket>>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The action that was taken on the record: `<<action>>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What the desk brings beside a ticket and an action: another record by the name of its kind, and `before`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub records: BTreeMap<String, String>,
}

/// An input variable's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartVariable {
    pub name: String,
    /// JSON text.
    pub value: String,
    /// Stands in text without quotes: its path ended with `!`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bare: bool,
}

impl StartInputs {
    /// The whole documents, by the names that they have in templates.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (&str, &str)> {
        let records = self.records.iter();
        let records = records.map(|(name, value)| (name.as_str(), value.as_str()));
        [
            ("request", &self.request),
            ("request@header", &self.request_headers),
            ("request@query", &self.request_query),
            ("request@method", &self.request_method),
            ("ticket", &self.ticket),
            ("action", &self.action),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
        .chain(records)
    }
}

/// An input variable's value as it was given, before its type is known to fit.
struct Given {
    /// JSON text.
    value: String,
    bare: bool,
    /// Text of a form, a ticket or a form field in the console: it is read as what is wanted.
    is_loose: bool,
}

/// What was given in place of what is wanted. A text is quoted: that it is one is seldom what is wrong with it.
fn found(value: &str) -> String {
    if Kind::of(value) != Some(Kind::String) {
        return typed::describe(value);
    }
    let text = json::text(value);
    let mut start: String = text.chars().take(MOST_SHOWN).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("the text “{start}”")
}

/// So many characters are shown of a text that does not fit.
const MOST_SHOWN: usize = 40;

/// The variable, from what was given for it or from its default; nothing where it is left out
/// and may be. `absent` says why nothing was given.
fn settle(
    input: &Input,
    given: Option<Given>,
    absent: impl FnOnce() -> String,
) -> Result<Option<StartVariable>, ErrorDetail> {
    let default = input.default.as_ref().map(ToString::to_string);
    let is_optional = default.is_some() || !input.required;
    let given = given.filter(|given| !(is_optional && Kind::of(&given.value) == Some(Kind::Null)));
    let wanted = input.variable_type;
    let (value, bare) = match (given, default) {
        (Some(given), _) => {
            let fitting = if wanted.accepts(&given.value) {
                Some(given.value.clone())
            } else if given.is_loose {
                wanted.read(&json::text(&given.value))
            } else {
                None
            };
            let value = fitting.ok_or_else(|| {
                let message = format!(
                    "the input variable `{}` must be {}, but it is {}",
                    input.name,
                    wanted.described(),
                    found(&given.value)
                );
                ErrorDetail::new("input_type", message).at_field(&input.name)
            })?;
            (value, given.bare)
        }
        (None, Some(default)) => (default, false),
        (None, None) if input.required => {
            let message = format!(
                "the input variable `{}` is missing: {}",
                input.name,
                absent()
            );
            return Err(ErrorDetail::new("input_missing", message).at_field(&input.name));
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(StartVariable {
        name: input.name.clone(),
        value,
        bare,
    }))
}
