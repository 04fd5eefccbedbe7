//! What becomes of a value on its way into a variable: mappings, type and array, in this order.

use std::borrow::Cow;

use super::SetVariable;
use crate::json::{self, Kind, Limits};
use crate::model::{ValueMapping, VariableType};
use crate::problem::ErrorDetail;
use crate::typed::{self, too_deep};

#[derive(Debug)]
pub(in crate::engine) struct Finish {
    /// What the variable is called in a sentence.
    pub(in crate::engine) subject: &'static str,
    pub(in crate::engine) name: String,
    /// Where it is set, such as `method.outputs[0].value`.
    pub(in crate::engine) place: String,
    pub(in crate::engine) bare: bool,
    pub(in crate::engine) variable_type: Option<VariableType>,
    pub(in crate::engine) mappings: Vec<ValueMapping>,
    pub(in crate::engine) add_to_array: bool,
    pub(in crate::engine) secret: bool,
}

impl Finish {
    /// `value` is JSON text; `array` is what the variable holds.
    pub(in crate::engine) fn finish(
        &self,
        value: Cow<'_, str>,
        array: Option<&str>,
    ) -> Result<SetVariable, ErrorDetail> {
        let value = self.mapped(value)?;
        if let Some(wanted) = self.variable_type
            && !wanted.accepts(&value)
        {
            return Err(self.error(
                "type_mismatch",
                format!(
                    "the {} `{}` must be {}, but the response has {}: change its type or its path",
                    self.subject,
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
            adds: self.add_to_array,
        })
    }

    fn mapped<'v>(&self, value: Cow<'v, str>) -> Result<Cow<'v, str>, ErrorDetail> {
        let text = match Kind::of(&value) {
            Some(Kind::String) => json::decode(&value),
            _ => Cow::Borrowed(value.as_ref()),
        };
        let Some(ValueMapping { to, .. }) = self.mappings.iter().find(|row| row.from == text)
        else {
            drop(text);
            return Ok(value);
        };
        let wanted = self.variable_type.unwrap_or(VariableType::String);
        wanted.read(to).map(Cow::Owned).ok_or_else(|| {
            self.error(
                "type_mismatch",
                format!(
                    "the {} `{}` must be {}, but its mapping gives `{to}`: change the mapping or the type",
                    self.subject,
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
                        "the {} `{}` adds to an array, but the variable holds {}: use another name",
                        self.subject,
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
        let array = format!("the array of the {} `{}`", self.subject, self.name);
        Err(too_deep(&array).at_field(&self.place))
    }

    pub(super) fn error(&self, code: &str, message: String) -> ErrorDetail {
        ErrorDetail::new(code, message).at_field(&self.place)
    }
}
