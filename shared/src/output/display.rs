//! From segments back to text that parses to them.

use std::fmt;

use super::OutputPath;
use super::segment::{Operand, Operator, Segment, Test};

/// A name with the escapes that its place needs.
pub(super) struct Name<'a> {
    name: &'a str,
    special: &'static [char],
}

impl<'a> Name<'a> {
    /// As a segment of its own. `<`, `>` and `?` would do no harm in a path, but end a
    /// template's token.
    pub(super) fn child(name: &'a str) -> Self {
        Self {
            name,
            special: &['^', '[', ']', '!', '\\', '<', '>', '?'],
        }
    }

    pub(super) fn in_test(name: &'a str) -> Self {
        Self {
            name,
            special: &['^', '[', ']', '!', '\\', '=', '<', '>', '~', '&', '?'],
        }
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.name;
        while let Some(at) = rest.find(self.special) {
            let (run, special) = rest.split_at(at);
            let length = special.chars().next().map_or(0, char::len_utf8);
            let (special, after) = special.split_at(length);
            write!(f, "{run}\\{special}")?;
            rest = after;
        }
        f.write_str(rest)
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Name::child(&self.root).fmt(f)?;
        for segment in &self.segments {
            segment.fmt(f)?;
        }
        f.write_str(if self.bare { "!" } else { "" })
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Child(name) => write!(f, "^{}", Name::child(name)),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::FromEnd(index) => write!(f, "[-{index}]"),
            Self::First(tests) => write_tests(f, "[", tests),
            Self::Each(tests) => write_tests(f, "[*", tests),
        }
    }
}

fn write_tests(f: &mut fmt::Formatter<'_>, open: &str, tests: &[Test]) -> fmt::Result {
    f.write_str(open)?;
    for (index, test) in tests.iter().enumerate() {
        if index > 0 {
            f.write_str("&")?;
        }
        write!(f, "{test}")?;
    }
    f.write_str("]")
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.property().enumerate() {
            if index > 0 {
                f.write_str("^")?;
            }
            Name::in_test(name).fmt(f)?;
        }
        f.write_str(self.operator.as_str())?;
        match &self.operand {
            Operand::Quoted(text) => write!(f, "\"{text}\""),
            Operand::Bare(text) => {
                // `> =1` would be read as `>=1`,
                let longer = matches!(self.operator, Operator::Greater | Operator::Less);
                let gap = if longer && text.starts_with('=') {
                    " "
                } else {
                    ""
                };
                // and a backslash at the end could escape the `&` of the next test.
                let end = if text.ends_with('\\') { " " } else { "" };
                write!(f, "{gap}{text}{end}")
            }
        }
    }
}
