//! Where an output variable gets its value: a path into a body, or what stands beside
//! a body.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::display::Name;
use super::parse::{Parser, Place};
use super::path_error::{PathError, PathErrorKind};
use super::{OutputPath, parse, suggest};

/// What `response^…`, `response@status` and their kin name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    root: Box<str>,
    part: Part,
    bare: bool,
}

/// The part of a request or response that is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// A path into the body.
    Body(OutputPath),
    /// `response@status`: a number.
    Status,
    /// `response@time_ms`: a number.
    TimeMs,
    /// `response@header[retry-after]`, `request@header[…]`: a string. Names of headers
    /// do not mind case.
    Header(String),
    /// `request@query[page]`: a string.
    Query(String),
    /// `request@method`: a string.
    Method,
}

impl Source {
    /// Reads a source whose root is `response` or `request`.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let root = if parse::after_root("request", text).is_some() {
            "request"
        } else {
            "response"
        };
        Self::parse_from(root, text)
    }

    /// Reads a source whose root is called `root`. Only `response` and `request` have
    /// something beside a body.
    pub fn parse_from(root: &str, text: &str) -> Result<Self, PathError> {
        if let Some(at) = beside_at(root, text) {
            return beside(root, text, at + 1).map_err(|fault| {
                let suggestion = suggest::suggest_part(text, at + 1, words(root));
                let suggestion = suggestion.filter(|text| beside(root, text, at + 1).is_ok());
                let (at, kind) = fault.in_characters(text);
                PathError::new(at, kind, suggestion)
            });
        }
        OutputPath::parse_from(root, text).map(Self::from)
    }

    /// `response`, `request`, or the variable that is looked into.
    pub fn root(&self) -> &str {
        &self.root
    }

    pub fn part(&self) -> &Part {
        &self.part
    }

    /// The path into the body, where it is one.
    pub fn body(&self) -> Option<&OutputPath> {
        match &self.part {
            Part::Body(path) => Some(path),
            _ => None,
        }
    }

    /// Whether it ends with `!`, which takes the quotes off a string.
    pub fn is_bare(&self) -> bool {
        self.bare
    }
}

impl From<OutputPath> for Source {
    fn from(path: OutputPath) -> Self {
        Self {
            root: path.root().into(),
            bare: path.is_bare(),
            part: Part::Body(path),
        }
    }
}

/// A word behind the `@`.
enum Word {
    Plain(Part),
    /// It needs a name in brackets, such as this.
    Named(fn(String) -> Part, &'static str),
}

fn word(root: &str, word: &str) -> Option<Word> {
    Some(match (root, word) {
        ("response", "status") => Word::Plain(Part::Status),
        ("response", "time_ms") => Word::Plain(Part::TimeMs),
        ("request", "method") => Word::Plain(Part::Method),
        ("response", "header") => Word::Named(Part::Header, "retry-after"),
        ("request", "header") => Word::Named(Part::Header, "x-github-event"),
        ("request", "query") => Word::Named(Part::Query, "page"),
        _ => return None,
    })
}

/// The words that may stand there, as they are written.
fn words(root: &str) -> &'static [&'static str] {
    match root {
        "request" => &["method", "header", "query"],
        _ => &["status", "header", "time_ms"],
    }
}

/// Where the `@` stands, if the text is about what stands beside a body.
fn beside_at(root: &str, text: &str) -> Option<usize> {
    let at = parse::after_root(root, text)?;
    let has_parts = matches!(root, "response" | "request");
    (has_parts && text.get(at..)?.starts_with('@')).then_some(at)
}

/// Reads what stands behind the `@`.
fn beside(root: &str, text: &str, start: usize) -> Result<Source, parse::Fault> {
    let mut parser = Parser::new(text, start);
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.find(['[', '!']).unwrap_or(rest.len());
    let Some(word) = word(root, rest.get(..end).unwrap_or_default()) else {
        return Err(parser.fault(PathErrorKind::UnknownPart { root: root.into() }));
    };
    parser.at += end;
    let part = match word {
        Word::Plain(part) => part,
        Word::Named(part, example) => part(bracketed_name(&mut parser, example)?),
    };
    let bare = parser.peek() == Some('!');
    if bare {
        parser.advance('!');
    }
    match parser.peek() {
        None => Ok(Source {
            root: root.into(),
            part,
            bare,
        }),
        Some(_) if bare => Err(parser.fault(PathErrorKind::TextAfterMark)),
        Some(_) => Err(parser.fault(PathErrorKind::TextAfterPart)),
    }
}

fn bracketed_name(parser: &mut Parser<'_>, example: &'static str) -> Result<String, parse::Fault> {
    let open = parser.at;
    if parser.peek() != Some('[') {
        return Err(parser.fault(PathErrorKind::PartWithoutName { example }));
    }
    parser.advance('[');
    let name = parser.name(Place::Part).map_err(|fault| match fault.kind {
        PathErrorKind::EmptyName => parse::Fault {
            kind: PathErrorKind::PartWithoutName { example },
            ..fault
        },
        _ => fault,
    })?;
    if parser.peek() != Some(']') {
        return Err(parse::Fault {
            at: open,
            kind: PathErrorKind::UnclosedBracket,
        });
    }
    parser.advance(']');
    Ok(name.into())
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = &self.root;
        match &self.part {
            Part::Body(path) => return path.fmt(f),
            Part::Status => write!(f, "{root}@status")?,
            Part::TimeMs => write!(f, "{root}@time_ms")?,
            Part::Method => write!(f, "{root}@method")?,
            Part::Header(name) => write!(f, "{root}@header[{}]", Name::child(name))?,
            Part::Query(name) => write!(f, "{root}@query[{}]", Name::child(name))?,
        }
        f.write_str(if self.bare { "!" } else { "" })
    }
}

impl FromStr for Source {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl serde::Serialize for Source {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Source {
    /// Reads a source with any root, as [`OutputPath`] does.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let roots = ["response", "request"];
        let beside = roots.iter().any(|root| beside_at(root, &text).is_some());
        if beside {
            Self::parse(&text)
        } else {
            parse::parse_any(&text).map(Self::from)
        }
        .map_err(serde::de::Error::custom)
    }
}
