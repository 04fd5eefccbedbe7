//! One output variable: its path, default, mappings and type.

use std::borrow::Cow;

use super::SetVariable;
use crate::json::{self, InvalidJson, Kind, Limits};
use crate::model::{Output, VariableType};
use crate::output::{Missing, OutputPath, Part, Source};
use crate::problem::ErrorDetail;
use crate::typed::{self, too_deep};

#[derive(Debug)]
pub(super) struct CompiledOutput {
    pub(super) name: String,
    /// Where it is set, such as `method.outputs[0]`.
    place: String,
    pub(super) part: OutputPart,
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
pub(super) enum OutputPart {
    /// Without `!`: what is stored is always JSON.
    Body(OutputPath),
    Status,
    TimeMs,
    Header(String),
}

impl CompiledOutput {
    pub(super) fn compile(place: String, output: &Output) -> Result<Self, ErrorDetail> {
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
        let default = output.default.as_ref().map(ToString::to_string);
        if let Some(default) = &default
            && json::validate(default.as_bytes(), Limits::default()).is_err()
        {
            return Err(too_deep("the default").at_field(format!("{place}.default")));
        }
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

    pub(super) fn body(&self) -> Option<&OutputPath> {
        match &self.part {
            OutputPart::Body(path) => Some(path),
            _ => None,
        }
    }

    /// Default, mappings, type and array, in this order.
    pub(super) fn finish(
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
            return self.checked(format!("[{value}]"));
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
        let longer = format!("[{elements}{comma}{value}]");
        self.checked(longer)
    }

    /// An array stands one level above its elements, and a variable takes only so many.
    fn checked(&self, array: String) -> Result<String, ErrorDetail> {
        if json::validate(array.as_bytes(), Limits::default()).is_ok() {
            return Ok(array);
        }
        let array = format!("the array of the output variable `{}`", self.name);
        Err(too_deep(&array).at_field(format!("{}.value", self.place)))
    }

    pub(super) fn nothing_found(&self, missing: &Missing) -> ErrorDetail {
        self.error(
            missing.reason(),
            format!(
                "the output variable `{}` finds nothing in the response: {missing}",
                self.name
            ),
        )
    }

    pub(super) fn no_header(&self, name: &str) -> ErrorDetail {
        self.error(
            "no_header",
            format!(
                "the output variable `{}` finds nothing: the response has no header `{name}`; check its name, or set a default",
                self.name
            ),
        )
    }

    pub(super) fn needs_json(&self, invalid: &InvalidJson) -> ErrorDetail {
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
