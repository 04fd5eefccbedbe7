//! Output variables: what is kept of a response.

use std::borrow::Cow;

use super::event::Response;
use crate::api::OutputResult;
use crate::json::{self, InvalidJson, Kind, Limits};
use crate::model::{Output, VariableType};
use crate::output::{Missing, OutputPath, Part, Paths, Source};
use crate::problem::ErrorDetail;
use crate::template::{Variable, Variables};
use crate::typed;

/// The output variables of a step, their paths parsed once.
#[derive(Debug, Default)]
pub struct Outputs {
    outputs: Vec<CompiledOutput>,
}

#[derive(Debug)]
struct CompiledOutput {
    name: String,
    /// Where it is set, such as `method.outputs[0]`.
    place: String,
    part: OutputPart,
    /// Its path ends with `!`.
    bare: bool,
    /// JSON text.
    default: Option<String>,
    variable_type: Option<VariableType>,
    /// From a value's text to what replaces it.
    mappings: Vec<(String, String)>,
    add_to_array: bool,
    secret: bool,
}

#[derive(Debug)]
enum OutputPart {
    /// Without `!`: what is stored is always JSON.
    Body(OutputPath),
    Status,
    TimeMs,
    Header(String),
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
                CompiledOutput::compile(place, output)
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
                .find(|set| set.name == output.name);
            let array = earlier
                .map(|set| set.json.as_str())
                .or_else(|| variables.get(&output.name).map(Variable::json));
            let value = found.and_then(|found| output.finish(found, array));
            taken.push(value);
        }
        taken
    }
}

impl CompiledOutput {
    fn compile(place: String, output: &Output) -> Result<Self, ErrorDetail> {
        if output.name.trim().is_empty() {
            return Err(ErrorDetail::new(
                "empty_name",
                "this output variable has no name: enter one, or remove the row",
            )
            .at_field(format!("{place}.name")));
        }
        let source = Source::parse(&output.value).map_err(|error| {
            let mut detail = ErrorDetail::new(error.code(), error.to_string());
            detail = detail.at_field(format!("{place}.value"));
            detail.at.offset = Some(error.at());
            detail
        })?;
        let part = match source.part() {
            Part::Body(path) if source.root() == "response" => {
                OutputPart::Body(path.clone().with_bare(false))
            }
            Part::Status => OutputPart::Status,
            Part::TimeMs => OutputPart::TimeMs,
            Part::Header(name) if source.root() == "response" => OutputPart::Header(name.clone()),
            Part::Body(_) | Part::Header(_) | Part::Query(_) | Part::Method => {
                return Err(ErrorDetail::new(
                    "not_a_response",
                    "an output variable is taken from the response: begin its path with `response`",
                )
                .at_field(format!("{place}.value")));
            }
        };
        let default = output.default.as_ref().map(serde_json::Value::to_string);
        if let (Some(default), Some(wanted)) = (&default, output.variable_type)
            && !wanted.accepts(default)
        {
            return Err(ErrorDetail::new(
                "default_type",
                format!(
                    "the default must be {}, but it is {}: change the default or the type",
                    wanted.described(),
                    typed::describe(default)
                ),
            )
            .at_field(format!("{place}.default")));
        }
        Ok(Self {
            name: output.name.clone(),
            place,
            bare: source.is_bare(),
            part,
            default,
            variable_type: output.variable_type,
            mappings: output
                .mappings
                .iter()
                .map(|row| (row.from.clone(), row.to.clone()))
                .collect(),
            add_to_array: output.add_to_array,
            secret: output.secret,
        })
    }

    fn body(&self) -> Option<&OutputPath> {
        match &self.part {
            OutputPart::Body(path) => Some(path),
            _ => None,
        }
    }

    /// Default, mappings, type and array, in this order.
    fn finish(
        &self,
        found: Result<Cow<'_, str>, ErrorDetail>,
        array: Option<&str>,
    ) -> Result<SetVariable, ErrorDetail> {
        let value = match (found, &self.default) {
            (Ok(value), _) => value,
            (Err(_), Some(default)) => Cow::Borrowed(default.as_str()),
            (Err(error), None) => return Err(error),
        };
        let value = self.mapped(value)?;
        if let Some(wanted) = self.variable_type
            && !wanted.accepts(&value)
        {
            return Err(self.error(
                "type_mismatch",
                format!(
                    "the output variable `{}` must be {}, but the response has {}: change its type or its path",
                    self.name,
                    wanted.described(),
                    typed::describe(&value)
                ),
            ));
        }
        let json = if self.add_to_array {
            self.appended(array, &value)?
        } else {
            value.into_owned()
        };
        Ok(SetVariable {
            name: self.name.clone(),
            json,
            bare: self.bare && !self.add_to_array,
            secret: self.secret,
        })
    }

    fn mapped<'v>(&self, value: Cow<'v, str>) -> Result<Cow<'v, str>, ErrorDetail> {
        let text = match Kind::of(&value) {
            Some(Kind::String) => json::decode(&value),
            _ => Cow::Borrowed(value.as_ref()),
        };
        let Some((_, to)) = self.mappings.iter().find(|(from, _)| *from == text) else {
            drop(text);
            return Ok(value);
        };
        let wanted = self.variable_type.unwrap_or(VariableType::String);
        wanted.read(to).map(Cow::Owned).ok_or_else(|| {
            self.error(
                "type_mismatch",
                format!(
                    "the output variable `{}` must be {}, but its mapping gives `{to}`: change the mapping or the type",
                    self.name,
                    wanted.described()
                ),
            )
        })
    }

    fn appended(&self, array: Option<&str>, value: &str) -> Result<String, ErrorDetail> {
        let Some(array) = array else {
            return Ok(format!("[{value}]"));
        };
        let elements = array
            .trim()
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .ok_or_else(|| {
                self.error(
                    "not_an_array",
                    format!(
                        "the output variable `{}` adds to an array, but the variable holds {}: use another name",
                        self.name,
                        typed::describe(array)
                    ),
                )
            })?
            .trim();
        let comma = if elements.is_empty() { "" } else { "," };
        Ok(format!("[{elements}{comma}{value}]"))
    }

    fn nothing_found(&self, missing: &Missing) -> ErrorDetail {
        self.error(
            missing.reason(),
            format!(
                "the output variable `{}` finds nothing in the response: {missing}",
                self.name
            ),
        )
    }

    fn no_header(&self, name: &str) -> ErrorDetail {
        self.error(
            "no_header",
            format!(
                "the output variable `{}` finds nothing: the response has no header `{name}`; check its name, or set a default",
                self.name
            ),
        )
    }

    fn needs_json(&self, invalid: &InvalidJson) -> ErrorDetail {
        let mut error = self.error(
            invalid.code(),
            format!(
                "the output variable `{}` cannot be taken from the response. {invalid}",
                self.name
            ),
        );
        error.at.offset = Some(invalid.offset());
        error
    }

    fn error(&self, code: &str, message: String) -> ErrorDetail {
        ErrorDetail::new(code, message).at_field(format!("{}.value", self.place))
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
