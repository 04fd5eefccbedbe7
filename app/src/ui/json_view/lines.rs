//! A JSON text laid out in lines, each knowing where in the text its value starts.
//!
//! This is for showing only: it checks no more than it needs to find its way, and never recurses, so that no
//! response can overflow the stack. Numbers and strings are shown as sent.

use std::ops::Range;

/// What a scalar is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    /// `true`, `false`, `null`.
    Word,
}

/// What stands on a line behind the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// `{` or `[`, with the line of its other end and how many things are inside.
    Open {
        bracket: u8,
        close: usize,
        count: usize,
    },
    Close {
        bracket: u8,
    },
    /// `{}` or `[]`.
    Empty {
        bracket: u8,
    },
    Scalar {
        kind: Kind,
        span: Range<usize>,
    },
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub depth: usize,
    /// The member's name with its quotes, as a range of bytes.
    pub name: Option<Range<usize>>,
    /// Where the value starts, in bytes; for a closing bracket, where its opening one is.
    pub at: usize,
    pub piece: Piece,
    /// Whether a comma follows.
    pub comma: bool,
}

/// Lays out `text`; where it is not JSON, the byte at which that showed.
pub fn lay_out(text: &str) -> Result<Vec<Line>, usize> {
    Layout {
        bytes: text.as_bytes(),
        at: 0,
        lines: Vec::new(),
        open: Vec::new(),
    }
    .run()
}

struct Layout<'a> {
    bytes: &'a [u8],
    at: usize,
    lines: Vec<Line>,
    /// The lines on which the brackets around this place were opened.
    open: Vec<usize>,
}

impl Layout<'_> {
    fn run(mut self) -> Result<Vec<Line>, usize> {
        loop {
            let name = self.name()?;
            self.value(name)?;
            // A value is complete: close what ends here, then go on behind a comma or be done.
            loop {
                self.space();
                if self.open.is_empty() {
                    return if self.at == self.bytes.len() {
                        Ok(self.lines)
                    } else {
                        Err(self.at)
                    };
                }
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        if let Some(line) = self.lines.last_mut() {
                            line.comma = true;
                        }
                        break;
                    }
                    Some(bracket @ (b'}' | b']')) => self.close(bracket)?,
                    _ if self.just_opened() => break,
                    _ => return Err(self.at),
                }
            }
        }
    }

    fn just_opened(&self) -> bool {
        matches!(
            self.lines.last(),
            Some(Line {
                piece: Piece::Open { .. },
                ..
            })
        )
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The bracket that is open here.
    fn inside(&self) -> Option<u8> {
        match self.lines.get(*self.open.last()?)?.piece {
            Piece::Open { bracket, .. } => Some(bracket),
            _ => None,
        }
    }

    fn name(&mut self) -> Result<Option<Range<usize>>, usize> {
        self.space();
        if self.inside() != Some(b'{') {
            return Ok(None);
        }
        let name = self.string()?;
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.at);
        }
        self.at += 1;
        self.space();
        Ok(Some(name))
    }

    fn value(&mut self, name: Option<Range<usize>>) -> Result<(), usize> {
        if let Some(parent) = self.open.last().copied()
            && let Some(Line {
                piece: Piece::Open { count, .. },
                ..
            }) = self.lines.get_mut(parent)
        {
            *count += 1;
        }
        let at = self.at;
        let depth = self.open.len();
        let piece = match self.peek() {
            Some(bracket @ (b'{' | b'[')) => {
                self.at += 1;
                self.space();
                if self.peek() == Some(partner(bracket)) {
                    self.at += 1;
                    Piece::Empty { bracket }
                } else {
                    self.open.push(self.lines.len());
                    Piece::Open {
                        bracket,
                        close: 0,
                        count: 0,
                    }
                }
            }
            Some(b'"') => Piece::Scalar {
                kind: Kind::Text,
                span: self.string()?,
            },
            Some(b'-' | b'0'..=b'9') => Piece::Scalar {
                kind: Kind::Number,
                span: self.bare(),
            },
            Some(b't' | b'f' | b'n') => Piece::Scalar {
                kind: Kind::Word,
                span: self.bare(),
            },
            _ => return Err(at),
        };
        self.lines.push(Line {
            depth,
            name,
            at,
            piece,
            comma: false,
        });
        Ok(())
    }

    fn close(&mut self, bracket: u8) -> Result<(), usize> {
        // A comma with nothing behind it.
        if self.lines.last().is_some_and(|line| line.comma) {
            return Err(self.at);
        }
        let Some(opened) = self.open.pop() else {
            return Err(self.at);
        };
        let end = self.lines.len();
        let Some(line) = self.lines.get_mut(opened) else {
            return Err(self.at);
        };
        let start = line.at;
        match &mut line.piece {
            Piece::Open {
                bracket: opening,
                close,
                ..
            } if partner(*opening) == bracket => *close = end,
            _ => return Err(self.at),
        }
        self.at += 1;
        self.lines.push(Line {
            depth: self.open.len(),
            name: None,
            at: start,
            piece: Piece::Close { bracket },
            comma: false,
        });
        Ok(())
    }

    fn string(&mut self) -> Result<Range<usize>, usize> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(start);
        }
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(start),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(start..self.at);
                }
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
    }

    fn bare(&mut self) -> Range<usize> {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z')
        ) {
            self.at += 1;
        }
        start..self.at
    }
}

fn partner(bracket: u8) -> u8 {
    if bracket == b'{' { b'}' } else { b']' }
}

/// The lines in sight when the brackets opened on the `folded` lines are shut.
pub fn in_sight(lines: &[Line], folded: &std::collections::BTreeSet<usize>) -> Vec<usize> {
    let mut seen = Vec::with_capacity(lines.len());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        seen.push(at);
        at = match line.piece {
            Piece::Open { close, .. } if folded.contains(&at) => close + 1,
            _ => at + 1,
        };
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::{Line, Piece, in_sight, lay_out};
    use std::collections::BTreeSet;

    fn print(text: &str, lines: &[Line]) -> String {
        let mut out = String::new();
        for line in lines {
            out.push_str(&" ".repeat(line.depth));
            if let Some(name) = &line.name {
                out.push_str(&text[name.clone()]);
                out.push(':');
            }
            match &line.piece {
                Piece::Open { bracket, .. } | Piece::Close { bracket } => {
                    out.push(char::from(*bracket));
                }
                Piece::Empty { bracket } => {
                    out.push_str(if *bracket == b'{' { "{}" } else { "[]" });
                }
                Piece::Scalar { span, .. } => out.push_str(&text[span.clone()]),
            }
            out.push_str(if line.comma { ",\n" } else { "\n" });
        }
        out
    }

    #[test]
    fn each_value_has_its_line() {
        let cases = [
            ("1", "1\n"),
            (" \"a\\\"b\" ", "\"a\\\"b\"\n"),
            ("{}", "{}\n"),
            (
                "[1,[],{\"a\":null}]",
                "[\n 1,\n [],\n {\n  \"a\":null\n }\n]\n",
            ),
            (
                "{\"a\" : [1e5, \"é\"], \"b\":{}}",
                "{\n \"a\":[\n  1e5,\n  \"é\"\n ],\n \"b\":{}\n}\n",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(
                lay_out(text).map(|lines| print(text, &lines)).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_not_json_says_where() {
        let cases = [
            ("", 0),
            ("{", 1),
            ("[1,]", 3),
            ("[1 2]", 3),
            ("{\"a\"}", 4),
            ("{1:2}", 1),
            ("[1}", 2),
            ("1 2", 2),
            ("\"a", 0),
            ("<p>", 0),
            ("\"\\", 0),
        ];
        for (text, at) in cases {
            assert_eq!(lay_out(text), Err(at), "{text}");
        }
    }

    #[test]
    fn values_know_where_they_start_and_what_they_hold() {
        let text = "{\"a\": [1, 2]}";
        let lines = lay_out(text).unwrap_or_default();
        let starts: Vec<usize> = lines.iter().map(|line| line.at).collect();
        assert_eq!(starts, [0, 6, 7, 10, 6, 0]);
        assert_eq!(
            lines[1].piece,
            Piece::Open {
                bracket: b'[',
                close: 4,
                count: 2
            }
        );
        assert_eq!(in_sight(&lines, &BTreeSet::from([1])), [0, 1, 5]);
        assert_eq!(in_sight(&lines, &BTreeSet::from([0])), [0]);
    }

    #[test]
    fn depth_costs_no_stack() {
        let text = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(lay_out(&text).map(|lines| lines.len()), Ok(199_999));
    }
}
