//! Examples of the path language, taken from a response that is at hand.

use std::collections::VecDeque;

use serde_json::Value;

use crate::output::{OutputPath, Segment};

/// Larger bodies are not searched for examples.
const LARGEST_BODY: usize = 1 << 20;
/// Values that are looked at.
const MOST_VALUES: usize = 2_000;
/// Longer values make no example.
const LONGEST: usize = 32;

/// Stands in where there is no response yet.
const SOME_BODY: &str = r#"{"id": 17, "customer": {"name": "Northwind"}, "items": [{"sku": "A1", "count": 2}, {"sku": "B7", "count": 5}]}"#;

/// One thing that a path can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What is new in it, such as `^name`.
    pub syntax: &'static str,
    /// What it does, in a few words.
    pub words: &'static str,
    pub path: String,
    /// What the path finds.
    pub value: String,
}

/// Examples that find something in `body`, one for each part of the language as far as
/// the body has something to show it with. Where it is no JSON, or says too little, a
/// made-up response shows them; `false` says so.
pub fn examples(body: Option<&str>) -> (Vec<Example>, bool) {
    let own = body
        .filter(|body| body.len() <= LARGEST_BODY)
        .map(|body| from_body(body.trim_start_matches('\u{feff}')))
        .filter(|examples| !examples.is_empty());
    match own {
        Some(examples) => (examples, true),
        None => (from_body(SOME_BODY), false),
    }
}

fn from_body(body: &str) -> Vec<Example> {
    let Ok(whole) = serde_json::from_str::<Value>(body) else {
        return Vec::new();
    };
    let places = places(&whole);
    let mut examples = Vec::new();
    let mut add = |syntax, words, segments: &[String], mark: &str| {
        let text = format!("response{}{mark}", segments.concat());
        let found = OutputPath::parse(&text).ok();
        let found = found.and_then(|path| path.extract(body.as_bytes()).ok());
        if let Some(value) = found.filter(|value| value.chars().count() <= 2 * LONGEST) {
            let value = value.into_owned();
            examples.push(Example {
                syntax,
                words,
                path: text,
                value,
            });
        }
    };
    let scalar = |place: &&Place<'_>| is_short(place.value);
    let plain = |place: &&Place<'_>| {
        !place
            .segments
            .iter()
            .any(|segment| segment.starts_with('['))
    };
    if let Some(place) = places
        .iter()
        .filter(plain)
        .filter(|place| !place.segments.is_empty())
        .find(scalar)
    {
        add("^name", "a member of an object", &place.segments, "");
    }
    let array = places.iter().find(|place| {
        place
            .value
            .as_array()
            .is_some_and(|elements| !elements.is_empty())
    });
    if let Some(array) = array {
        add_array(array, &mut add);
    }
    let text = places
        .iter()
        .find(|place| place.value.is_string() && is_short(place.value));
    if let Some(place) = text {
        add("!", "a text without its quotes", &place.segments, "!");
    }
    examples
}

/// What can be said of an array: `[0]`, `[-1]`, `[name=value]`, `[*]`.
fn add_array(array: &Place<'_>, add: &mut impl FnMut(&'static str, &'static str, &[String], &str)) {
    let Some(elements) = array.value.as_array() else {
        return;
    };
    let Some(first) = elements.first() else {
        return;
    };
    let members = |element: &Value| -> Vec<(String, Value)> {
        element
            .as_object()
            .map(|object| {
                object
                    .iter()
                    .filter(|(name, value)| !name.is_empty() && is_short(value))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect()
            })
            .unwrap_or_default()
    };
    let below = |selector: String, name: Option<&str>| {
        let mut segments = array.segments.clone();
        segments.push(selector);
        segments.extend(name.map(child));
        segments
    };
    let of_first = members(first);
    let shown = of_first.first().map(|(name, _)| name.as_str());
    add(
        "[0]",
        "an element, counted from 0",
        &below("[0]".to_owned(), shown),
        "",
    );
    if elements.len() > 1 {
        let last = elements.last().map(&members).unwrap_or_default();
        let shown = last.first().map(|(name, _)| name.as_str());
        add(
            "[-1]",
            "an element, counted from the end",
            &below("[-1]".to_owned(), shown),
            "",
        );
    }
    // The last element shows best that it is searched for.
    let searched = elements.last().map(&members).unwrap_or_default();
    if let Some((name, value)) = searched.first() {
        let wanted = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let simple = wanted
            .chars()
            .all(|next| next.is_alphanumeric() || " -_.:/@".contains(next))
            && wanted.trim() == wanted
            && !wanted.is_empty();
        if simple {
            let other = searched.get(1).map_or(name, |(other, _)| other);
            let selector = format!("[{}={wanted}]", child(name).trim_start_matches('^'));
            add(
                "[name=value]",
                "the first element that fits",
                &below(selector, Some(other)),
                "",
            );
        }
    }
    add(
        "[*]",
        "all elements, as an array",
        &below("[*]".to_owned(), shown),
        "",
    );
}

/// A value and the way to it.
struct Place<'v> {
    segments: Vec<String>,
    value: &'v Value,
}

/// The values of a body, those near its top first.
fn places(whole: &Value) -> Vec<Place<'_>> {
    let mut found = Vec::new();
    let mut waiting = VecDeque::from([Place {
        segments: Vec::new(),
        value: whole,
    }]);
    while let Some(place) = waiting.pop_front() {
        if found.len() + waiting.len() < MOST_VALUES {
            match place.value {
                Value::Object(members) => {
                    for (name, value) in members.iter().filter(|(name, _)| !name.is_empty()) {
                        waiting.push_back(place.below(child(name), value));
                    }
                }
                // One element is like the others.
                Value::Array(elements) => {
                    if let Some(first) = elements.first() {
                        waiting.push_back(place.below("[0]".to_owned(), first));
                    }
                }
                _ => {}
            }
        }
        found.push(place);
    }
    found
}

impl<'v> Place<'v> {
    fn below(&self, segment: String, value: &'v Value) -> Self {
        let mut segments = self.segments.clone();
        segments.push(segment);
        Self { segments, value }
    }
}

fn child(name: &str) -> String {
    Segment::Child(name.into()).to_string()
}

fn is_short(value: &Value) -> bool {
    match value {
        Value::Null | Value::Object(_) | Value::Array(_) => false,
        Value::String(text) => {
            !text.is_empty() && text.chars().count() <= LONGEST && !text.contains('\n')
        }
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// A name for the output variable of a path: its last name in words written together, and
/// a number where that name is taken. "Value" where the path names nothing.
pub fn output_name<'n>(path: &OutputPath, taken: impl IntoIterator<Item = &'n str>) -> String {
    let taken: Vec<&str> = taken.into_iter().collect();
    let last = path
        .segments()
        .iter()
        .rev()
        .find_map(|segment| match segment {
            Segment::Child(name) => Some(&**name),
            _ => None,
        });
    let mut base: String = last
        .unwrap_or_default()
        .split(|next: char| !next.is_alphanumeric())
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect::<Vec<_>>()
        })
        .collect();
    if base.is_empty() {
        "Value".clone_into(&mut base);
    }
    let mut name = base.clone();
    let mut number = 2;
    while taken.contains(&name.as_str()) {
        name = format!("{base}{number}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(body: &str) -> Vec<(String, String)> {
        let (examples, own) = examples(Some(body));
        assert!(own, "{body}");
        examples
            .into_iter()
            .map(|example| (example.path, example.value))
            .collect()
    }

    #[test]
    fn examples_come_from_the_response() {
        let body = r#"{"created": 1, "choices": [{"index": 0, "text": "Hi"}, {"index": 1, "text": "Ho"}]}"#;
        let expected = [
            ("response^created", "1"),
            ("response^choices[0]^index", "0"),
            ("response^choices[-1]^index", "1"),
            ("response^choices[index=1]^text", "\"Ho\""),
            ("response^choices[*]^index", "[0,1]"),
            ("response^choices[0]^text!", "Hi"),
        ]
        .map(|(path, value)| (path.to_owned(), value.to_owned()));
        assert_eq!(paths(body), expected);
    }

    #[test]
    fn every_example_finds_what_it_says() {
        for body in [
            "[1, 2, 3]",
            r#""just text""#,
            r#"[{"a^b": "x=y", "c]": "z"}]"#,
            r#"{"a": {"b": {"c": [["deep"]]}}}"#,
            r#"{"rows": [{"name": "R&D", "id": 4}]}"#,
            SOME_BODY,
        ] {
            let found = paths(body);
            assert!(!found.is_empty(), "{body}");
            for (path, value) in found {
                let extracted = OutputPath::parse(&path).unwrap();
                assert_eq!(extracted.extract(body.as_bytes()).unwrap(), value, "{path}");
            }
        }
    }

    #[test]
    fn without_a_usable_response_there_are_examples_too() {
        for body in [
            None,
            Some(""),
            Some("<html>"),
            Some("{}"),
            Some("[]"),
            Some("null"),
        ] {
            let (examples, own) = examples(body);
            assert!(!own && examples.len() == 6, "{body:?}");
        }
    }

    #[test]
    fn a_name_is_made_of_the_path_and_is_free() {
        for (path, taken, name) in [
            ("response^choices[0]^text!", &[][..], "Text"),
            ("response^choices[0]^text!", &["Text", "Text2"], "Text3"),
            ("response^first_name", &[], "FirstName"),
            ("response^items[0]", &[], "Items"),
            ("response", &[], "Value"),
            ("response^+++", &[], "Value"),
        ] {
            let path = OutputPath::parse(path).unwrap();
            assert_eq!(output_name(&path, taken.iter().copied()), name);
        }
    }
}
