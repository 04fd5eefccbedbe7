//! A look at the value in which a path ended, for what it could have been. It costs a
//! pass over that value, and is made only where something is missing.

use super::{Missing, Reason};
use crate::json::scan::Scanner;
use crate::json::{self, Kind, Limits};
use crate::output::OutputPath;
use crate::output::segment::{Segment, Test};

/// How many names or values are offered.
const MOST: usize = 8;

/// Longer values are cut when they are shown.
const LONGEST: usize = 40;

/// Of a value with more names, the first are compared: each takes longer than reading it,
/// and nobody looks through so many.
const MOST_COMPARED: usize = 2_000;

/// What was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: Kind,
    /// The beginning of a value that is neither object nor array.
    pub(super) value: Box<str>,
    /// Of an object or array.
    pub(super) size: usize,
    /// Names or values that it could have been, the nearest first.
    pub(super) instead: Vec<Box<str>>,
    /// How many there are in all.
    pub(super) of: usize,
    /// The property that no element has.
    pub(super) absent: Option<Box<str>>,
    /// The property that has these values.
    pub(super) property: Option<Box<str>>,
}

/// Finds out why `path` has no more than the value that begins at `start`, whose
/// `segment` it wants. The text has been checked.
pub(in crate::output) fn explain(
    path: &OutputPath,
    segment: usize,
    text: &str,
    start: usize,
) -> Missing {
    let mut place = crate::output::display::Name::child(path.root()).to_string();
    for before in path.segments().iter().take(segment) {
        place.push_str(&before.to_string());
    }
    let rest = text.get(start..).unwrap_or_default();
    let kind = Kind::of(rest).unwrap_or(Kind::Null);
    let wanted = path.segments().get(segment);
    let reason = match (wanted, kind) {
        (Some(Segment::Child(_)) | None, Kind::Object) => Reason::NoSuchKey,
        (Some(Segment::Child(_)) | None, _) => Reason::NotAnObject,
        (Some(Segment::Index(_) | Segment::FromEnd(_)), Kind::Array) => Reason::IndexOutOfRange,
        (Some(Segment::First(_) | Segment::Each(_)), Kind::Array) => Reason::NoMatch,
        (Some(_), _) => Reason::NotAnArray,
    };
    let tests = wanted.map(Segment::tests).unwrap_or_default();
    Missing {
        reason,
        segment,
        place: place.into(),
        wanted: wanted.map(ToString::to_string).unwrap_or_default().into(),
        found: Box::new(match kind {
            Kind::Object => look_into_object(rest, wanted),
            Kind::Array => look_into_array(rest, tests),
            _ => Found::scalar(kind, rest),
        }),
    }
}

impl Found {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            value: Box::default(),
            size: 0,
            instead: Vec::new(),
            of: 0,
            absent: None,
            property: None,
        }
    }

    fn scalar(kind: Kind, rest: &str) -> Self {
        let mut scanner = Scanner::new(rest, Limits::default());
        let raw = match scanner.skip_value(0) {
            Ok(()) => scanner.slice(0, scanner.position()),
            Err(_) => rest,
        };
        Self {
            value: shortened(raw),
            ..Self::new(kind)
        }
    }
}

fn shortened(raw: &str) -> Box<str> {
    match raw.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            let quote = if raw.starts_with('"') { "\"" } else { "" };
            format!("{}…{quote}", raw.get(..end).unwrap_or_default()).into()
        }
        None => raw.into(),
    }
}

fn look_into_object(rest: &str, wanted: Option<&Segment>) -> Found {
    let name = match wanted {
        Some(Segment::Child(name)) => name,
        _ => "",
    };
    let mut names = Nearest::new(name);
    let mut size = 0;
    each_member(rest, |key, _| {
        size += 1;
        names.add(&json::decode(key));
    });
    Found {
        size,
        of: names.seen,
        instead: names.into_names(),
        ..Found::new(Kind::Object)
    }
}

fn look_into_array(rest: &str, tests: &[Test]) -> Found {
    let mut size = 0;
    each_element(rest, |_| size += 1);
    let mut found = Found {
        size,
        ..Found::new(Kind::Array)
    };
    // What the property is instead says something only where it is the one reason.
    if let [test] = tests {
        look_for_property(rest, test, &mut found);
    }
    found
}

/// The values that a test's property has in the elements, or else which of its names
/// they lack.
fn look_for_property(rest: &str, test: &Test, found: &mut Found) {
    let names: Vec<&str> = test.property().collect();
    let mut deepest = 0;
    each_element(rest, |element| {
        let (value, depth) = descend(element, &names);
        deepest = deepest.max(depth);
        if depth == names.len() {
            let value = shortened(value);
            if !found.instead.contains(&value) {
                found.of += 1;
                if found.instead.len() < MOST {
                    found.instead.push(value);
                }
            }
        }
    });
    let Some(absent) = names.get(deepest) else {
        found.property = Some(names.join("^").into());
        return;
    };
    let mut nearest = Nearest::new(absent);
    each_element(rest, |element| {
        if let (value, depth) = descend(element, &names)
            && depth == deepest
        {
            each_member(value, |key, _| nearest.add(&json::decode(key)));
        }
    });
    found.instead = nearest.into_names();
    found.of = found.instead.len();
    found.absent = Some(names.get(..=deepest).unwrap_or_default().join("^").into());
}

/// As far as the names lead into a value: what is there, and how many of them lead there.
fn descend<'a>(value: &'a str, names: &[&str]) -> (&'a str, usize) {
    let mut value = value;
    for (depth, name) in names.iter().enumerate() {
        let mut child = None;
        each_member(value, |key, value| {
            if json::decode(key) == *name {
                child = Some(value);
            }
        });
        match child {
            Some(child) => value = child,
            None => return (value, depth),
        }
    }
    (value, names.len())
}

/// Calls `see` with the raw key and value of each member of the object that `text`
/// begins with; not at all where it begins with something else.
fn each_member<'a>(text: &'a str, mut see: impl FnMut(&'a str, &'a str)) {
    let mut scanner = Scanner::new(text, Limits::with_depth(Limits::MAX_DEPTH));
    if scanner.peek() != Some(b'{') {
        return;
    }
    loop {
        // Over the brace or comma.
        scanner.advance();
        scanner.white_space();
        let Ok(key) = scanner.key(json::Expected::Key) else {
            return;
        };
        let start = scanner.position();
        if scanner.skip_value(0).is_err() {
            return;
        }
        see(key.raw, scanner.slice(start, scanner.position()));
        scanner.white_space();
        if scanner.peek() != Some(b',') {
            return;
        }
    }
}

/// Calls `see` with each element of the array that `text` begins with.
fn each_element<'a>(text: &'a str, mut see: impl FnMut(&'a str)) {
    let mut scanner = Scanner::new(text, Limits::with_depth(Limits::MAX_DEPTH));
    if scanner.peek() != Some(b'[') {
        return;
    }
    loop {
        scanner.advance();
        scanner.white_space();
        let start = scanner.position();
        if scanner.skip_value(0).is_err() {
            return;
        }
        see(scanner.slice(start, scanner.position()));
        scanner.white_space();
        if scanner.peek() != Some(b',') {
            return;
        }
    }
}

/// The names that are nearest to one that is not there, in bounded space.
struct Nearest {
    wanted: String,
    /// Those that are near by their distance, then the others, in the order of the body.
    names: Vec<(usize, Box<str>)>,
    seen: usize,
    /// What is further away than this is no slip of the pen.
    near: usize,
}

impl Nearest {
    fn new(wanted: &str) -> Self {
        let wanted = comparable(wanted);
        Self {
            near: wanted.chars().count().div_ceil(2),
            wanted,
            names: Vec::new(),
            seen: 0,
        }
    }

    fn add(&mut self, name: &str) {
        if self.seen >= MOST_COMPARED {
            self.seen += 1;
            return;
        }
        if self.names.iter().any(|(_, known)| **known == *name) {
            return;
        }
        self.seen += 1;
        let distance = strsim::osa_distance(&self.wanted, &comparable(name)).min(self.near + 1);
        let place = self.names.partition_point(|(other, _)| *other <= distance);
        if place < MOST {
            self.names.insert(place, (distance, name.into()));
            self.names.truncate(MOST);
        }
    }

    fn into_names(self) -> Vec<Box<str>> {
        self.names.into_iter().map(|(_, name)| name).collect()
    }
}

/// Cut, so that comparing takes no longer than reading.
fn comparable(name: &str) -> String {
    name.chars()
        .take(LONGEST)
        .flat_map(char::to_lowercase)
        .collect()
}
