//! The types of variables, checked on JSON text: no number passes through binary
//! floating point, so a value stays as it was sent.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::json::{self, Kind};
use crate::model::VariableType;
use crate::problem::ErrorDetail;

impl VariableType {
    /// Whether a JSON text is a value of this type.
    pub fn accepts(self, raw: &str) -> bool {
        let kind = Kind::of(raw);
        match self {
            Self::Object => kind == Some(Kind::Object),
            Self::Array => kind == Some(Kind::Array),
            Self::String => kind == Some(Kind::String),
            Self::Integer => is_integer(raw.trim()),
            Self::Decimal => kind == Some(Kind::Number),
            Self::Boolean => kind == Some(Kind::Boolean),
            Self::DateTime => kind == Some(Kind::String) && is_date_time(&json::decode(raw.trim())),
        }
    }

    /// The JSON text of a value that was written without JSON's marks, as form fields and
    /// tables of mappings have it; `None` where it does not read as this type.
    pub fn read(self, text: &str) -> Option<String> {
        let trimmed = text.trim();
        match self {
            Self::String => Some(json::quote(text)),
            Self::DateTime => is_date_time(trimmed).then(|| json::quote(trimmed)),
            Self::Object | Self::Array | Self::Integer | Self::Decimal | Self::Boolean => {
                json::validate(trimmed.as_bytes(), json::Limits::default()).ok()?;
                self.accepts(trimmed).then(|| trimmed.to_owned())
            }
        }
    }

    /// With its article, as in "must be a string".
    pub fn described(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::String => "a string",
            Self::Integer => "a whole number",
            Self::Decimal => "a number",
            Self::Boolean => "true or false",
            Self::DateTime => "a date-time such as \"2030-01-31T09:30:00Z\"",
        }
    }
}

/// What a JSON text is, for a sentence that says what it is not.
pub(crate) fn describe(raw: &str) -> String {
    match Kind::of(raw) {
        Some(Kind::Number) if !is_integer(raw.trim()) => {
            "a number with a fraction or exponent".to_owned()
        }
        Some(kind) => kind.to_string(),
        None => "nothing".to_owned(),
    }
}

/// Why a value cannot be a variable's, though it is JSON; `what` is what holds it.
pub(crate) fn too_deep(what: &str) -> ErrorDetail {
    let most = json::Limits::default().depth();
    ErrorDetail::new(
        "nested_too_deeply",
        format!(
            "{what} holds objects and arrays that stand more than {most} deep in each other: take a part of it"
        ),
    )
}

/// A JSON object whose values are texts.
pub(crate) fn object_of_texts<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut object = String::from("{");
    for (name, value) in fields {
        if object.len() > 1 {
            object.push(',');
        }
        object.push_str(&json::quote(name));
        object.push(':');
        object.push_str(&json::quote(value));
    }
    object.push('}');
    object
}

/// JSON's grammar, without fraction and exponent.
fn is_integer(text: &str) -> bool {
    json::is_number(text) && !text.contains(['.', 'e', 'E'])
}

fn is_date_time(text: &str) -> bool {
    OffsetDateTime::parse(text, &Rfc3339).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use VariableType as T;

    const ALL: [T; 7] = [
        T::Object,
        T::Array,
        T::String,
        T::Integer,
        T::Decimal,
        T::Boolean,
        T::DateTime,
    ];

    #[test]
    fn a_value_has_the_types_that_its_text_says() {
        for (raw, types) in [
            ("{}", &[T::Object][..]),
            (" {\"a\": 1} ", &[T::Object]),
            ("[]", &[T::Array]),
            ("\"\"", &[T::String]),
            ("\"2030-01-31T09:30:00Z\"", &[T::String, T::DateTime]),
            (
                "\"2030-01-31T09:30:00.123+01:00\"",
                &[T::String, T::DateTime],
            ),
            ("\"2030-01-31\"", &[T::String]),
            ("\"2030-02-31T09:30:00Z\"", &[T::String]),
            ("7", &[T::Integer, T::Decimal]),
            ("-0", &[T::Integer, T::Decimal]),
            ("123456789012345678901234567890", &[T::Integer, T::Decimal]),
            ("7.0", &[T::Decimal]),
            ("1e3", &[T::Decimal]),
            ("1e400", &[T::Decimal]),
            ("true", &[T::Boolean]),
            ("false", &[T::Boolean]),
            ("null", &[]),
            ("\"7\"", &[T::String]),
        ] {
            for variable_type in ALL {
                assert_eq!(
                    variable_type.accepts(raw),
                    types.contains(&variable_type),
                    "{raw} as {variable_type:?}"
                );
            }
        }
    }

    #[test]
    fn text_without_marks_is_read_as_the_type_that_is_wanted() {
        for (variable_type, text, expected) in [
            (T::String, "7", Some("\"7\"")),
            (T::String, "a\"b\n", Some(r#""a\"b\n""#)),
            (T::Integer, " 7 ", Some("7")),
            (T::Integer, "7.5", None),
            (T::Integer, "", None),
            (T::Integer, "0x7", None),
            (T::Integer, "07", None),
            (T::Decimal, "0.10", Some("0.10")),
            (T::Boolean, "true", Some("true")),
            (T::Boolean, "yes", None),
            (
                T::DateTime,
                "2030-01-31T09:30:00Z",
                Some("\"2030-01-31T09:30:00Z\""),
            ),
            (T::DateTime, "tomorrow", None),
            (T::Object, "{\"a\":1}", Some("{\"a\":1}")),
            (T::Object, "{\"a\":1", None),
            (T::Array, "[1, 2]", Some("[1, 2]")),
            (T::Array, "1, 2", None),
        ] {
            assert_eq!(
                variable_type.read(text).as_deref(),
                expected,
                "{text} as {variable_type:?}"
            );
        }
    }
}
