//! Records: JSON objects whose known fields have types, and whose unknown fields are kept as
//! they came.

use serde_json::{Map, Value};

use super::error::DeskError;
use super::instant;
use super::resource::{Field, FieldKind};

/// A record's fields by their names.
pub type Record = Map<String, Value>;

/// A record as it is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stored {
    pub id: u64,
    /// The fields that the resource knows; every one of them is there.
    pub fields: Record,
    /// What else was sent.
    pub other: Record,
}

impl Stored {
    pub fn id_in(&self, field: &str) -> Option<u64> {
        self.fields.get(field)?.as_u64()
    }

    /// A field's text; empty where it has none.
    pub fn text(&self, field: &str) -> &str {
        self.fields
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    pub fn is_true(&self, field: &str) -> bool {
        self.fields.get(field) == Some(&Value::Bool(true))
    }

    pub fn is_unset(&self, field: &str) -> bool {
        match self.fields.get(field) {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.trim().is_empty(),
            Some(Value::Array(list)) => list.is_empty(),
            Some(_) => false,
        }
    }

    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.fields.insert(field.to_owned(), value.into());
    }
}

/// Numbers beyond this are not exact in every JSON reader (RFC 8259, 6).
pub(crate) const LARGEST_INTEGER: u64 = (1 << 53) - 1;

/// A single-line text has at most this many characters.
const LONGEST_LINE: usize = 1000;

/// An id as it was sent: a number or a text of digits. Zero, negative numbers, `null` and
/// the empty text stand for none.
pub(crate) fn read_id(value: &Value) -> Result<Option<u64>, NotAnId> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        other => match read_integer(other) {
            Some(number) => Ok(u64::try_from(number).ok().filter(|id| *id > 0)),
            None => Err(NotAnId),
        },
    }
}

/// A value that is neither a whole number nor a text of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAnId;

/// A value in the form in which its field is kept.
pub(crate) fn read(field: &Field, value: &Value) -> Result<Value, DeskError> {
    if value.is_null() {
        return Ok(field.kind.unset());
    }
    let read = match field.kind {
        FieldKind::Line => read_text(value).map(|text| Value::String(on_one_line(text))),
        FieldKind::Text | FieldKind::Html => match value {
            Value::Object(lines) if field.of_lines => joined(lines).map(Value::String),
            value => read_text(value).map(Value::String),
        },
        FieldKind::Integer => read_integer(value).map(Value::from),
        FieldKind::Decimal => read_decimal(value),
        FieldKind::Boolean => read_boolean(value).map(Value::Bool),
        FieldKind::Instant => match value.as_str() {
            Some(text) if text.trim().is_empty() => Some(Value::Null),
            text => text.and_then(instant::read).map(Value::String),
        },
        FieldKind::Reference(_) => read_id(value).ok().map(Value::from),
        FieldKind::Objects => objects(value, |_| true),
        FieldKind::Named => objects(value, |element| {
            element.get("name").is_some_and(Value::is_string) || named_id(element).is_some()
        }),
    };
    let read = read.ok_or_else(|| DeskError::WrongType {
        field: field.name.to_owned(),
        expected: field.kind.expected(),
    })?;
    if let (FieldKind::Line, Value::String(text)) = (field.kind, &read)
        && text.chars().nth(LONGEST_LINE).is_some()
    {
        return Err(DeskError::TooLong {
            field: field.name.to_owned(),
            most: LONGEST_LINE,
        });
    }
    Ok(read)
}

/// A list whose elements are objects that fit.
fn objects(value: &Value, fits: impl Fn(&Record) -> bool) -> Option<Value> {
    let list = value.as_array()?;
    let fit = |element: &Value| element.as_object().is_some_and(&fits);
    list.iter().all(fit).then(|| value.clone())
}

fn named_id(element: &Record) -> Option<u64> {
    read_id(element.get("id")?).ok()?
}

/// Lays objects over those of the same id, or of the same name where they have no id (case does not count), and
/// adds the rest.
pub(crate) fn lay_over_named<'a>(list: &mut Vec<Value>, sent: impl Iterator<Item = &'a Value>) {
    for element in sent.filter_map(Value::as_object) {
        let name = element.get("name").and_then(Value::as_str);
        let same = |known: &Record| {
            if let Some((sent, known)) = named_id(element).zip(named_id(known)) {
                return sent == known;
            }
            let known = known.get("name").and_then(Value::as_str);
            name.zip(known)
                .is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        let known = list
            .iter_mut()
            .filter_map(Value::as_object_mut)
            .find(|known| same(known));
        match known {
            Some(known) => known.extend(element.clone()),
            None => list.push(Value::Object(element.clone())),
        }
    }
}

/// A text without line breaks and other control characters, which no line can show.
fn on_one_line(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let parts = text.split(char::is_control).map(str::trim);
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// The lines of an address that is sent as an object of them, in their order. Ids and the like are no lines.
fn joined(lines: &Record) -> Option<String> {
    let texts = lines.iter().filter(|(name, _)| !name.ends_with("id"));
    let texts: Vec<_> = texts
        .filter_map(|(_, line)| line.as_str().map(str::trim))
        .filter(|line| !line.is_empty())
        .collect();
    let is_flat = !lines
        .values()
        .any(|line| line.is_array() || line.is_object());
    is_flat.then(|| texts.join("\n"))
}

/// Numbers and booleans are taken for their text, as Halo does.
fn read_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn read_integer(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }?;
    (number.unsigned_abs() <= LARGEST_INTEGER).then_some(number)
}

/// `5.0` is the whole number 5 to JSON.
fn whole(number: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "compared with the number just after it"
    )]
    let integer = number as i64;
    #[expect(
        clippy::cast_precision_loss,
        clippy::float_cmp,
        reason = "only numbers that survive the way there and back are taken"
    )]
    let same = integer as f64 == number;
    (same && integer.unsigned_abs() <= LARGEST_INTEGER).then_some(integer)
}

fn read_decimal(value: &Value) -> Option<Value> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }?;
    serde_json::Number::from_f64(number).map(Value::Number)
}

fn read_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(_) => read_integer(value).and_then(|number| match number {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }),
        Value::String(text) => flag(text),
        _ => None,
    }
}

/// `true`, `false`, `1` and `0`, in any case: clients write Python's booleans, too.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_numbers_or_digits() {
        for (value, expected) in [
            (json!(5), Ok(Some(5))),
            (json!("5"), Ok(Some(5))),
            (json!(" 05 "), Ok(Some(5))),
            (json!(5.0), Ok(Some(5))),
            (json!(0), Ok(None)),
            (json!(-1), Ok(None)),
            (json!("-1"), Ok(None)),
            (json!(""), Ok(None)),
            (Value::Null, Ok(None)),
            (json!(9_007_199_254_740_991_u64), Ok(Some(LARGEST_INTEGER))),
            (json!(9_007_199_254_740_992_u64), Err(NotAnId)),
            (json!(1e300), Err(NotAnId)),
            (json!(5.5), Err(NotAnId)),
            (json!("5a"), Err(NotAnId)),
            (json!("99999999999999999999999"), Err(NotAnId)),
            (json!(true), Err(NotAnId)),
            (json!([5]), Err(NotAnId)),
            (json!({}), Err(NotAnId)),
        ] {
            assert_eq!(read_id(&value), expected, "{value}");
        }
    }

    #[test]
    fn values_take_the_type_of_their_field_or_are_refused() {
        let line = Field::line("f");
        let text = Field::text("f");
        let address = Field::text("f").of_lines();
        let boolean = Field::boolean("f");
        let decimal = Field::decimal("f");
        let integer = Field::integer("f");
        let instant = Field::instant("f");
        for (field, value, expected) in [
            (&line, json!("a"), Some(json!("a"))),
            (&line, json!(7), Some(json!("7"))),
            (&line, json!("x".repeat(1001)), None),
            (&line, json!({}), None),
            (&line, json!("a\u{0}b\r\nc"), Some(json!("a b c"))),
            (&line, json!("a\t b"), Some(json!("a b"))),
            (&text, json!("a\nb"), Some(json!("a\nb"))),
            (&text, json!({"line1": "x"}), None),
            (
                &address,
                json!({"id": 3, "line1": "1 High St", "line2": "", "line3": "Leeds", "postcode": "LS1 1AA", "line4": null}),
                Some(json!("1 High St\nLeeds\nLS1 1AA")),
            ),
            (&address, json!({"line1": ["x"]}), None),
            (&address, json!("1 High St"), Some(json!("1 High St"))),
            (&line, Value::Null, Some(Value::Null)),
            (&boolean, json!("True"), Some(json!(true))),
            (&boolean, json!(0), Some(json!(false))),
            (&boolean, json!(2), None),
            (&boolean, json!("maybe"), None),
            (&boolean, Value::Null, Some(json!(false))),
            (&decimal, json!("0.25"), Some(json!(0.25))),
            (&decimal, json!("NaN"), None),
            (&decimal, json!("1e999"), None),
            (&decimal, json!([]), None),
            (&integer, json!("-3"), Some(json!(-3))),
            (&integer, json!(1e18), None),
            (
                &instant,
                json!("2026-01-01"),
                Some(json!("2026-01-01T00:00:00.000Z")),
            ),
            (&instant, json!(""), Some(Value::Null)),
            (&instant, json!(1_700_000_000), None),
        ] {
            assert_eq!(
                read(field, &value).ok(),
                expected,
                "{value} as {:?}",
                field.kind
            );
        }
    }
}
