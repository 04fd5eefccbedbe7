//! From the text of a path to its segments.

use super::path_error::{PathError, PathErrorKind};
use super::segment::Segment;
use super::{OutputPath, suggest};

mod test;

/// What a backslash makes an ordinary character of a name.
pub(super) const SPECIAL: [char; 12] =
    ['^', '[', ']', '!', '\\', '=', '<', '>', '~', '&', '@', '?'];

/// Reads a path that begins with `root`, as it is or as it is printed.
pub(super) fn parse(root: &str, text: &str) -> Result<OutputPath, PathError> {
    parse_plain(root, text)
        .map_err(|(at, kind)| PathError::new(at, kind, suggest::suggest(root, text)))
}

/// [`parse`] without the suggestion, for those that try one.
pub(super) fn parse_plain(root: &str, text: &str) -> Result<OutputPath, (usize, PathErrorKind)> {
    let fault = match after_root(root, text) {
        Some(start) => match read(root, text, start) {
            Ok(path) => return Ok(path),
            Err(fault) => fault,
        },
        None => Fault {
            at: 0,
            kind: PathErrorKind::WrongRoot {
                root: root.to_owned(),
            },
        },
    };
    Err(fault.in_characters(text))
}

/// Reads a path with any root, which ends where the first segment begins.
pub(super) fn parse_any(text: &str) -> Result<OutputPath, PathError> {
    let mut parser = Parser::new(text, 0);
    let fault = match parser.name(Place::Root) {
        Ok(root) => match read(&root, text, parser.at) {
            Ok(path) => return Ok(path),
            Err(fault) => fault,
        },
        Err(fault) => fault,
    };
    let (at, kind) = fault.in_characters(text);
    Err(PathError::new(at, kind, None))
}

/// Where the root ends, in bytes.
pub(super) fn after_root(root: &str, text: &str) -> Option<usize> {
    if root.is_empty() {
        return None;
    }
    let printed = super::display::Name::child(root).to_string();
    // Where one begins with the other, there are backslashes, which only the printed one
    // can go on with.
    [printed.as_str(), root]
        .into_iter()
        .find(|start| text.starts_with(start))
        .map(str::len)
}

fn read(root: &str, text: &str, start: usize) -> Result<OutputPath, Fault> {
    let mut parser = Parser::new(text, start);
    let mut segments = Vec::new();
    let mut bare = false;
    while let Some(next) = parser.peek() {
        match next {
            '^' => {
                parser.advance(next);
                segments.push(Segment::Child(parser.name(Place::Child)?));
            }
            '[' => segments.push(parser.bracket()?),
            '!' => {
                parser.advance(next);
                if parser.peek().is_some() {
                    return Err(parser.fault(PathErrorKind::TextAfterMark));
                }
                bare = true;
            }
            ']' => return Err(parser.fault(PathErrorKind::StrayBracket)),
            _ if segments.is_empty() => {
                return Err(parser.fault(PathErrorKind::TextAfterRoot {
                    root: root.to_owned(),
                }));
            }
            // A name ends only at one of the above, so a bracket came before.
            _ => return Err(parser.fault(PathErrorKind::TextAfterBracket)),
        }
    }
    Ok(OutputPath {
        root: root.into(),
        segments: segments.into(),
        bare,
    })
}

/// What is wrong, and where in bytes.
pub(super) struct Fault {
    pub(super) at: usize,
    pub(super) kind: PathErrorKind,
}

impl Fault {
    pub(super) fn in_characters(self, text: &str) -> (usize, PathErrorKind) {
        let before = text.get(..self.at).unwrap_or(text);
        (before.chars().count(), self.kind)
    }
}

/// Where a name stands, which decides where it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Root,
    Child,
    Test,
    /// Between the brackets of a header's or query's name.
    Part,
}

impl Place {
    fn ends_at(self, character: char) -> bool {
        match self {
            Self::Root | Self::Child => matches!(character, '^' | '[' | ']' | '!'),
            Self::Part => character == ']',
            Self::Test => matches!(
                character,
                '^' | '[' | ']' | '!' | '=' | '<' | '>' | '~' | '&'
            ),
        }
    }
}

#[derive(Clone)]
pub(super) struct Parser<'t> {
    text: &'t str,
    /// In bytes, always between two characters.
    pub(super) at: usize,
    tests: usize,
    /// Before this place no `&` splits: what follows it was read as one name already.
    unsplit_before: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self {
            text,
            at,
            tests: 0,
            unsplit_before: 0,
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn advance(&mut self, character: char) {
        self.at += character.len_utf8();
    }

    fn skip_white_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    pub(super) fn fault(&self, kind: PathErrorKind) -> Fault {
        fault_at(self.at, kind)
    }

    /// A name with its escapes taken off, up to a character that ends it.
    pub(super) fn name(&mut self, place: Place) -> Result<Box<str>, Fault> {
        let mut name = String::new();
        while let Some(character) = self.peek() {
            if place.ends_at(character) {
                break;
            }
            if character == '\\' {
                let escaped = self.rest().chars().nth(1);
                let Some(escaped) = escaped.filter(|escaped| SPECIAL.contains(escaped)) else {
                    return Err(self.fault(PathErrorKind::Escape));
                };
                self.advance(character);
                self.advance(escaped);
                name.push(escaped);
            } else {
                self.advance(character);
                name.push(character);
            }
        }
        if name.is_empty() {
            return Err(self.fault(PathErrorKind::EmptyName));
        }
        Ok(name.into())
    }

    fn bracket(&mut self) -> Result<Segment, Fault> {
        let open = self.at;
        self.advance('[');
        let each = self.peek() == Some('*');
        if each {
            self.advance('*');
            if self.peek() == Some(']') {
                self.advance(']');
                return Ok(Segment::Each(Box::default()));
            }
        } else if let Some(segment) = self.index()? {
            return Ok(segment);
        }
        let tests = self.tests(open, each)?;
        Ok(if each {
            Segment::Each(tests)
        } else {
            Segment::First(tests)
        })
    }

    /// A number and its bracket; `None` when something else stands here.
    fn index(&mut self) -> Result<Option<Segment>, Fault> {
        let Some((content, _)) = self.rest().split_once(']') else {
            return Ok(None);
        };
        let digits = content.strip_prefix('-').unwrap_or(content);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(None);
        }
        // Nothing but digits can only fail by being too large.
        let index = digits.parse().unwrap_or(u64::MAX);
        let negative = digits.len() < content.len();
        if negative && index == 0 {
            return Err(self.fault(PathErrorKind::MinusZero));
        }
        self.at += content.len() + 1;
        Ok(Some(if negative {
            Segment::FromEnd(index)
        } else {
            Segment::Index(index)
        }))
    }
}

fn fault_at(at: usize, kind: PathErrorKind) -> Fault {
    Fault { at, kind }
}
