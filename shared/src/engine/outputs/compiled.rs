//! One output variable: its path, default, mappings and type.

use std::borrow::Cow;

use super::finish::Finish;
use super::{Response, SetVariable};
use crate::json::{self, InvalidJson, Limits};
use crate::model::Output;
use crate::output::{Missing, OutputPath, Part, Source};
use crate::problem::ErrorDetail;
use crate::typed::{self, too_deep};

#[derive(Debug)]
pub(super) struct CompiledOutput {
    pub(super) part: OutputPart,
    /// JSON text.
    default: Option<String>,
    pub(super) finish: Finish,
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
    pub(super) fn compile(place: &str, output: &Output) -> Result<Self, ErrorDetail> {
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
            part,
            default,
            finish: Finish {
                subject: "output variable",
                name: output.name.clone(),
                place: format!("{place}.value"),
                // Its path ends with `!`.
                bare: source.is_bare(),
                variable_type: output.variable_type,
                mappings: output.mappings.clone(),
                add_to_array: output.add_to_array,
                secret: output.secret,
            },
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
        self.finish.finish(value, array)
    }

    pub(super) fn nothing_found(&self, missing: &Missing) -> ErrorDetail {
        self.error(
            missing.reason(),
            format!(
                "the output variable `{}` finds nothing in the response: {missing}",
                self.finish.name
            ),
        )
    }

    /// Of an answer that is another text, such as a page in HTML.
    pub(super) fn not_json(&self, missing: &Missing, response: &Response) -> ErrorDetail {
        let content_type = response.header("content-type").unwrap_or_default();
        self.error(
            missing.reason(),
            format!(
                "the output variable `{}` finds nothing in the response: the answer is not JSON but `{content_type}`; check the address and the login, or take all of it with `response`",
                self.finish.name
            ),
        )
    }

    pub(super) fn no_header(&self, name: &str) -> ErrorDetail {
        self.error(
            "no_header",
            format!(
                "the output variable `{}` finds nothing: the response has no header `{name}`; check its name, or set a default",
                self.finish.name
            ),
        )
    }

    pub(super) fn needs_json(&self, invalid: &InvalidJson) -> ErrorDetail {
        let mut error = self.error(
            invalid.code(),
            format!(
                "the output variable `{}` cannot be taken from the response. {invalid}",
                self.finish.name
            ),
        );
        error.at.offset = Some(invalid.offset());
        error
    }

    fn error(&self, code: &str, message: String) -> ErrorDetail {
        self.finish.error(code, message)
    }
}
