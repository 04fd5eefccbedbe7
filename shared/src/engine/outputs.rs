//! Output variables: what is kept of a response.

mod compiled;
mod finish;

use std::borrow::Cow;

use compiled::{CompiledOutput, OutputPart};
pub(super) use finish::Finish;

use super::event::{Response, ResponseBody};
use crate::api::OutputResult;
use crate::json::{self, InvalidJson, Limits};
use crate::model::Output;
use crate::output::{Missing, Paths, Reason};
use crate::problem::ErrorDetail;
use crate::template::{Variable, Variables};

/// The output variables of a step, their paths parsed once.
#[derive(Debug, Default)]
pub struct Outputs {
    outputs: Vec<CompiledOutput>,
}

/// A variable's new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetVariable {
    pub name: String,
    /// JSON text.
    pub json: String,
    /// Stands in text without its quotes.
    pub bare: bool,
    /// Masked wherever people read it.
    pub secret: bool,
    /// Whether it is what the variable held before, with an element more.
    pub adds: bool,
}

impl SetVariable {
    /// The value as its path gives it: without its quotes where that ends with `!`.
    pub fn shown(&self) -> &str {
        let inner = self
            .json
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        inner.filter(|_| self.bare).unwrap_or(&self.json)
    }
}

/// The body as JSON text. One that is not JSON is wrapped as a JSON string, if its
/// `Content-Type` says that it means to be something else: text, HTML, XML.
pub(super) fn body_as_json(response: &Response) -> Result<Cow<'_, str>, InvalidJson> {
    let invalid = match json::validate(&response.body.0, Limits::default()) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(invalid) => invalid,
    };
    if response.body.0.is_empty() || !is_text(response.header("content-type").unwrap_or_default()) {
        return Err(invalid);
    }
    let text = String::from_utf8_lossy(&response.body.0);
    Ok(Cow::Owned(json::quote(&text)))
}

/// Whether a path looks into an answer that is no JSON, and so stands as one text.
fn misses_json(missing: &Missing, response: &Response) -> bool {
    missing.segment() == 0
        && matches!(missing.kind(), Reason::NotAnObject | Reason::NotAnArray)
        // The answer of a runbook has no body.
        && !response.body.0.is_empty()
        && json::validate(&response.body.0, Limits::default()).is_err()
}

/// Whether a media type names text that is not JSON.
fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let is_json = essence.ends_with("/json") || essence.ends_with("+json");
    !is_json
        && (essence.starts_with("text/")
            || essence.ends_with("/xml")
            || essence.ends_with("+xml")
            || essence == "application/x-www-form-urlencoded")
}

impl Outputs {
    /// Parses output variables, each with the place where it is set, or says what is wrong with them.
    pub fn compile<'o>(
        outputs: impl IntoIterator<Item = (String, &'o Output)>,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let mut errors = Vec::new();
        let outputs = outputs
            .into_iter()
            .filter_map(|(place, output)| {
                CompiledOutput::compile(&place, output)
                    .map_err(|error| errors.push(error))
                    .ok()
            })
            .collect();
        if errors.is_empty() {
            Ok(Self { outputs })
        } else {
            Err(errors)
        }
    }

    /// The same, where there is an answer and no response: they may be taken from its body only.
    pub(super) fn of_body_only(self) -> Result<Self, Vec<ErrorDetail>> {
        let others = self.outputs.iter().filter(|output| output.body().is_none());
        let errors: Vec<ErrorDetail> = others
            .map(|output| {
                let message = format!(
                    "the output variable `{}` asks for a status, a header or a time, and the answer of a runbook has none: take it from `response`",
                    output.finish.name
                );
                output.finish.error("not_in_answer", message)
            })
            .collect();
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(errors)
        }
    }

    /// What each finds in the answer of another runbook, which is JSON.
    pub(super) fn take_from(
        &self,
        answer: &str,
        variables: &Variables,
    ) -> Vec<Result<SetVariable, ErrorDetail>> {
        let response = Response {
            status: 200,
            headers: Vec::new(),
            body: ResponseBody::default(),
            time_ms: 0,
        };
        self.take(&response, Ok(answer), variables)
    }

    /// What each finds in a response, in one pass over its body. `body` is its
    /// JSON text; `variables` holds the arrays that are added to.
    pub(super) fn take(
        &self,
        response: &Response,
        body: Result<&str, &InvalidJson>,
        variables: &Variables,
    ) -> Vec<Result<SetVariable, ErrorDetail>> {
        let paths = Paths::new(self.outputs.iter().filter_map(CompiledOutput::body));
        let found = match body {
            Ok(text) => paths
                .extract_all(text.as_bytes(), Limits::default())
                .map_err(Cow::Owned),
            Err(invalid) => Err(Cow::Borrowed(invalid)),
        };
        let mut in_body = found.as_ref().map(|values| values.iter());
        let mut taken: Vec<Result<SetVariable, ErrorDetail>> = Vec::new();
        for output in &self.outputs {
            let found = match (&output.part, &mut in_body) {
                (OutputPart::Body(_), Err(invalid)) => Err(output.needs_json(invalid)),
                (OutputPart::Body(_), Ok(values)) => match values.next() {
                    Some(Ok(value)) => Ok(Ok(Cow::Borrowed(value.as_ref()))),
                    Some(Err(missing)) if misses_json(missing, response) => {
                        Ok(Err(output.not_json(missing, response)))
                    }
                    Some(Err(missing)) => Ok(Err(output.nothing_found(missing))),
                    // There is one value for each path.
                    None => continue,
                },
                (OutputPart::Status, _) => Ok(Ok(response.status.to_string().into())),
                (OutputPart::TimeMs, _) => Ok(Ok(response.time_ms.to_string().into())),
                (OutputPart::Header(name), _) => Ok(match response.header(name) {
                    Some(value) => Ok(json::quote(value).into()),
                    None => Err(output.no_header(name)),
                }),
            };
            let earlier = taken
                .iter()
                .rev()
                .flatten()
                .find(|set| set.name == output.finish.name);
            let array = earlier
                .map(|set| set.json.as_str())
                .or_else(|| variables.get(&output.finish.name).map(Variable::json));
            let value = found.and_then(|found| output.finish(found, array));
            taken.push(value);
        }
        taken
    }
}

/// What each output variable finds in a response, for trying out a method: each on its own,
/// so that one that is being typed does not hide the others.
pub fn try_out(outputs: &[Output], response: &Response) -> Vec<OutputResult> {
    let body = body_as_json(response);
    let body = body.as_deref();
    outputs
        .iter()
        .enumerate()
        .map(|(index, output)| {
            let value = Outputs::compile([(format!("outputs[{index}]"), output)])
                .map_err(|mut errors| errors.pop())
                .and_then(|compiled| {
                    let mut taken = compiled.take(response, body, &Variables::new());
                    taken.pop().ok_or(None)?.map_err(Some)
                });
            OutputResult {
                name: output.name.clone(),
                value: value.as_ref().ok().map(|set| set.shown().to_owned()),
                error: value.err().flatten(),
            }
        })
        .collect()
}
