//! Why a path finds nothing: what was there instead, and what it could have been.

use std::fmt;
use std::ops::Range;

use super::{OutputPath, Segment, Test};
use crate::json::scan::Scanner;
use crate::json::{self, Kind, Limits};

/// How many names or values are offered.
const MOST: usize = 8;

/// Longer values are cut when they are shown.
const LONGEST: usize = 40;

/// What a path names is not in a body that is otherwise sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    reason: Reason,
    segment: usize,
    /// The path up to the value that was looked into, and that value's part that was not.
    place: Box<str>,
    wanted: Box<str>,
    /// In a box because errors are handed up through many results.
    found: Box<Found>,
}

/// Why a path finds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// An object has no child of that name.
    NoSuchKey,
    /// An array has fewer elements.
    IndexOutOfRange,
    /// A child of something that is no object.
    NotAnObject,
    /// An element of something that is no array.
    NotAnArray,
    /// No element passes the tests.
    NoMatch,
}

impl Reason {
    /// Stable, for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchKey => "no_such_key",
            Self::IndexOutOfRange => "index_out_of_range",
            Self::NotAnObject => "not_an_object",
            Self::NotAnArray => "not_an_array",
            Self::NoMatch => "no_match",
        }
    }
}

/// What was there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    kind: Kind,
    /// The beginning of a value that is neither object nor array.
    value: Box<str>,
    /// Of an object or array.
    size: usize,
    /// Names or values that it could have been, the nearest first.
    instead: Vec<Box<str>>,
    /// How many there are in all.
    of: usize,
    /// The property that no element has.
    absent: Option<Box<str>>,
}

impl Missing {
    /// Stable, for programs: `no_such_key`, `index_out_of_range`, `not_an_object`,
    /// `not_an_array` or `no_match`.
    pub fn reason(&self) -> &'static str {
        self.reason.as_str()
    }

    pub fn kind(&self) -> Reason {
        self.reason
    }

    /// Which of the path's segments finds nothing, counted from 0.
    pub fn segment(&self) -> usize {
        self.segment
    }

    /// Where that segment stands in the path as it is printed, in characters.
    pub fn at(&self) -> Range<usize> {
        let start = self.place.chars().count();
        start..start + self.wanted.chars().count()
    }

    /// The names or values that are there, the nearest first, and no more than a few.
    pub fn instead(&self) -> impl Iterator<Item = &str> {
        self.found.instead.iter().map(AsRef::as_ref)
    }
}

/// Finds out why `path` has no more than the value that begins at `start`, whose
/// `segment` it wants. The text has been checked.
pub(super) fn explain(path: &OutputPath, segment: usize, text: &str, start: usize) -> Missing {
    let mut place = super::display::Name::child(path.root()).to_string();
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
        Some((end, _)) => format!("{}…", raw.get(..end).unwrap_or_default()).into(),
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
            found.of += 1;
            let value = shortened(value);
            if found.instead.len() < MOST && !found.instead.contains(&value) {
                found.instead.push(value);
            }
        }
    });
    let Some(absent) = names.get(deepest) else {
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
    found.absent = Some((*absent).into());
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
    /// By distance; equal ones in the order of the body.
    names: Vec<(usize, Box<str>)>,
    seen: usize,
}

impl Nearest {
    fn new(wanted: &str) -> Self {
        Self {
            wanted: comparable(wanted),
            names: Vec::new(),
            seen: 0,
        }
    }

    fn add(&mut self, name: &str) {
        if self.names.iter().any(|(_, known)| **known == *name) {
            return;
        }
        self.seen += 1;
        let distance = strsim::osa_distance(&self.wanted, &comparable(name));
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

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            wanted,
            found,
            ..
        } = self;
        let name = wanted.strip_prefix('^').unwrap_or(wanted);
        match self.reason {
            Reason::NoSuchKey if found.size == 0 => {
                write!(f, "`{place}` has no `{name}`; it is an empty object.")
            }
            Reason::NoSuchKey => {
                write!(f, "`{place}` has no `{name}`; there is ")?;
                write_names(f, found)
            }
            Reason::IndexOutOfRange => {
                write!(f, "`{place}` has no {wanted}; it ")?;
                match found.size {
                    0 => f.write_str("is an empty array."),
                    1 => f.write_str("has 1 element."),
                    size => write!(f, "has {size} elements."),
                }
            }
            Reason::NotAnObject if found.kind == Kind::Array => {
                write!(
                    f,
                    "`{place}` is an array, so it has no `{name}`; say which element, as in \
                     `{place}[0]{wanted}`."
                )
            }
            Reason::NotAnObject | Reason::NotAnArray if found.kind == Kind::Null => {
                write!(f, "`{place}` is null, so it has no `{name}`.")
            }
            Reason::NotAnObject | Reason::NotAnArray if found.kind != Kind::Object => {
                write!(
                    f,
                    "`{place}` is {} ({}), so it has no `{name}`.",
                    found.kind, found.value
                )
            }
            Reason::NotAnObject | Reason::NotAnArray => {
                write!(
                    f,
                    "`{place}` is an object, so it has no {wanted}; there is "
                )?;
                write_names(f, found)
            }
            Reason::NoMatch if found.size == 0 => {
                write!(
                    f,
                    "`{place}` is an empty array, so nothing in it passes {wanted}."
                )
            }
            Reason::NoMatch => {
                write!(f, "Nothing in `{place}` passes {wanted}")?;
                if let Some(absent) = &found.absent {
                    write!(f, ": `{absent}` is nowhere")?;
                    if found.instead.is_empty() {
                        return f.write_str(".");
                    }
                    f.write_str("; there is ")?;
                    return write_names(f, found);
                }
                if found.instead.is_empty() {
                    return f.write_str(".");
                }
                write!(f, "; it is {}", found.instead.join(", "))?;
                f.write_str(if found.of > found.instead.len() {
                    " and so on."
                } else {
                    "."
                })
            }
        }
    }
}

fn write_names(f: &mut fmt::Formatter<'_>, found: &Found) -> fmt::Result {
    if found.instead.is_empty() {
        return f.write_str("nothing in it.");
    }
    for (index, name) in found.instead.iter().enumerate() {
        write!(f, "{}`{name}`", if index > 0 { ", " } else { "" })?;
    }
    match found.of.saturating_sub(found.instead.len()) {
        0 => f.write_str("."),
        more => write!(f, " and {more} more."),
    }
}

impl std::error::Error for Missing {}
