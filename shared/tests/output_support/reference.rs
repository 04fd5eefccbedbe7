//! The language of paths, done slowly: every level is parsed by `serde_json` on its own.

use std::cmp::Ordering;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use shared::output::{Operand, Operator, OutputPath, Segment, Test};

const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The body's value, if `serde_json` takes it and it is no deeper than `depth`.
pub(crate) fn accept(body: &[u8], depth: usize) -> Option<&str> {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let text = std::str::from_utf8(body).ok()?;
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    (nesting(text) <= depth).then(|| text.trim_matches(WHITE_SPACE))
}

fn nesting(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth -= 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The members of an object, keys and values as they stand.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<(&'de RawValue, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Collect).map(Members)
    }
}

fn members(raw: &str) -> Option<Vec<(&RawValue, &RawValue)>> {
    serde_json::from_str::<Members<'_>>(raw)
        .ok()
        .map(|members| members.0)
}

fn elements(raw: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw).ok()
}

fn decoded(raw: &str) -> Option<String> {
    serde_json::from_str(raw).ok()
}

fn child<'a>(members: &[(&'a RawValue, &'a RawValue)], name: &str) -> Option<&'a str> {
    let mut same = members
        .iter()
        .filter(|(key, _)| decoded(key.get()).as_deref() == Some(name));
    same.next_back().map(|(_, value)| value.get())
}

pub(crate) fn find(path: &OutputPath, body: &str) -> Result<String, &'static str> {
    let value = walk(path.segments(), body.trim_matches(WHITE_SPACE))?;
    if path.is_bare() && value.starts_with('"') {
        return Ok(value[1..value.len() - 1].to_owned());
    }
    Ok(value)
}

fn walk(segments: &[Segment], raw: &str) -> Result<String, &'static str> {
    let Some((segment, rest)) = segments.split_first() else {
        return Ok(raw.to_owned());
    };
    if let Segment::Child(name) = segment {
        let members = members(raw).ok_or("not_an_object")?;
        return walk(rest, child(&members, name).ok_or("no_such_key")?);
    }
    let elements = elements(raw).ok_or("not_an_array")?;
    let passes =
        |tests: &[Test], element: &RawValue| tests.iter().all(|test| passes(test, element.get()));
    let element = match segment {
        Segment::Index(index) => {
            let index = usize::try_from(*index).map_err(|_| "index_out_of_range")?;
            elements.get(index).ok_or("index_out_of_range")?
        }
        Segment::FromEnd(count) => {
            let count = usize::try_from(*count).map_err(|_| "index_out_of_range")?;
            let index = elements
                .len()
                .checked_sub(count)
                .ok_or("index_out_of_range")?;
            &elements[index]
        }
        Segment::First(tests) => {
            let mut passing = elements.iter().filter(|element| passes(tests, element));
            passing.next().ok_or("no_match")?
        }
        Segment::Each(tests) => {
            let found: Vec<String> = elements
                .iter()
                .filter(|element| passes(tests, element))
                .filter_map(|element| walk(rest, element.get()).ok())
                .collect();
            return Ok(format!("[{}]", found.join(",")));
        }
        Segment::Child(_) => unreachable!("seen to above"),
    };
    walk(rest, element.get())
}

fn passes(test: &Test, element: &str) -> bool {
    let mut value = element.to_owned();
    for name in test.property() {
        let Some(members) = members(&value) else {
            return false;
        };
        let Some(child) = child(&members, name) else {
            return false;
        };
        value = child.to_owned();
    }
    let operand = test.operand().text();
    let quoted = matches!(test.operand(), Operand::Quoted(_));
    let is_number =
        |text: &str| serde_json::from_str::<serde_json::Number>(text).is_ok() || text == "1e400";
    let operand_is_number = !quoted && is_number(operand) && !operand.contains(char::is_whitespace);
    let equal = match decoded(&value) {
        Some(string) => string == operand,
        None if is_number(&value) => {
            operand_is_number && compare_numbers(&value, operand) == Ordering::Equal
        }
        None => !quoted && value == operand,
    };
    let ordering = match decoded(&value) {
        Some(string) => (!operand_is_number).then(|| string.chars().cmp(operand.chars())),
        None => (is_number(&value) && operand_is_number).then(|| compare_numbers(&value, operand)),
    };
    match test.operator() {
        Operator::Equal => equal,
        Operator::NotEqual => !equal,
        Operator::Greater => ordering == Some(Ordering::Greater),
        Operator::GreaterOrEqual => ordering.is_some_and(|ordering| ordering != Ordering::Less),
        Operator::Less => ordering == Some(Ordering::Less),
        Operator::LessOrEqual => ordering.is_some_and(|ordering| ordering != Ordering::Greater),
        Operator::Contains => decoded(&value).is_some_and(|string| string.contains(operand)),
    }
}

/// Whether a body has what this reference cannot do: surrogates without their other
/// half, and exponents too large to write out.
pub(crate) fn is_at_a_loss(body: &str) -> bool {
    let after_exponents = body.split(['e', 'E']).skip(1);
    let digits = after_exponents.map(|after| {
        let digits = after.trim_start_matches(['+', '-']);
        let digits = digits.trim_start_matches('0');
        digits.bytes().take_while(u8::is_ascii_digit).count()
    });
    body.to_lowercase().contains("\\ud") || digits.max() > Some(2)
}

/// Compares numbers with exponents of less than 500 by writing out all their digits.
pub(crate) fn compare_numbers(left: &str, right: &str) -> Ordering {
    fn written_out(number: &str) -> (bool, Vec<u8>) {
        let (negative, number) = match number.strip_prefix('-') {
            Some(number) => (true, number),
            None => (false, number),
        };
        let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
        let exponent: i32 = exponent.parse().expect("few digits");
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = vec![b'0'; 2000];
        let point = usize::try_from(1000 - exponent).expect("a small exponent");
        for (index, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
            digits[point - whole.len() + index] = digit;
        }
        (
            negative && digits.iter().any(|digit| *digit != b'0'),
            digits,
        )
    }
    match (written_out(left), written_out(right)) {
        ((false, left), (false, right)) => left.cmp(&right),
        ((true, left), (true, right)) => right.cmp(&left),
        ((left, _), (right, _)) => right.cmp(&left),
    }
}

pub(crate) fn has_duplicate(body: &str) -> bool {
    let body = body.trim_matches(WHITE_SPACE);
    if let Some(members) = members(body) {
        let mut keys: Vec<_> = members
            .iter()
            .filter_map(|(key, _)| decoded(key.get()))
            .collect();
        keys.sort();
        return keys.windows(2).any(|pair| pair[0] == pair[1])
            || members.iter().any(|(_, value)| has_duplicate(value.get()));
    }
    let elements = elements(body).unwrap_or_default();
    elements.iter().any(|value| has_duplicate(value.get()))
}

/// The path and the text of the innermost value at a byte of a body, unless a later key
/// hides it or a name is empty.
pub(crate) fn value_at(body: &str, offset: usize) -> Option<(String, String)> {
    descend(
        body,
        body.trim_matches(WHITE_SPACE),
        offset,
        "response".to_owned(),
    )
}

fn descend(body: &str, value: &str, offset: usize, path: String) -> Option<(String, String)> {
    let start_of = |part: &str| part.as_ptr().addr() - body.as_ptr().addr();
    let end_of = |part: &str| start_of(part) + part.len();
    if offset < start_of(value) || offset >= end_of(value) {
        return None;
    }
    for (key, child_value) in members(value).unwrap_or_default() {
        if offset < start_of(key.get()) || offset >= end_of(child_value.get()) {
            continue;
        }
        let name = decoded(key.get())?;
        let last = child(&members(value)?, &name)?;
        if name.is_empty() || start_of(last) != start_of(child_value.get()) {
            return None;
        }
        let name = name.replace('^', "\\^").replace(']', "\\]");
        let path = format!("{path}^{name}");
        // The key and what follows it up to the value belong to the value.
        return descend(
            body,
            child_value.get(),
            offset.max(start_of(child_value.get())),
            path,
        );
    }
    for (index, element) in elements(value).unwrap_or_default().iter().enumerate() {
        if offset >= start_of(element.get()) && offset < end_of(element.get()) {
            return descend(body, element.get(), offset, format!("{path}[{index}]"));
        }
    }
    Some((path, value.to_owned()))
}
