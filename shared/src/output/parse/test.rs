//! From the text of a bracket to the tests in it.

use super::{Fault, Parser, Place, fault_at};
use crate::output::path_error::PathErrorKind;
use crate::output::segment::{Operand, Operator, Test};

/// What leads from an element to a property.
type Names = Box<[Box<str>]>;

impl Parser<'_> {
    /// The tests up to the end of the bracket that began at `open`.
    pub(super) fn tests(&mut self, open: usize, each: bool) -> Result<Box<[Test]>, Fault> {
        let mut tests = Vec::new();
        loop {
            let content = self.at;
            let (property, operator) = self.question().map_err(|fault| match fault.kind {
                // The end of the text, or of the bracket, before any operator.
                PathErrorKind::TestWithoutOperator if fault.at == self.text.len() => {
                    fault_at(open, PathErrorKind::UnclosedBracket)
                }
                PathErrorKind::TestWithoutOperator if each => {
                    fault_at(content, PathErrorKind::TestWithoutOperator)
                }
                PathErrorKind::TestWithoutOperator => fault_at(content, PathErrorKind::NotAnIndex),
                _ => fault,
            })?;
            self.skip_white_space();
            let operand = self.operand(open)?;
            tests.push(Test {
                property,
                operator,
                operand,
                number: self.tests,
            });
            self.tests += 1;
            match self.peek() {
                Some('&') => self.advance('&'),
                Some(_) => {
                    self.advance(']');
                    return Ok(tests.into());
                }
                None => return Err(fault_at(open, PathErrorKind::UnclosedBracket)),
            }
        }
    }

    /// The names of a property and the operator after them.
    fn question(&mut self) -> Result<(Names, Operator), Fault> {
        self.skip_white_space();
        let mut names = Vec::new();
        loop {
            let start = self.at;
            let name = self.name(Place::Test);
            let next = self.peek();
            match name {
                Ok(name) => names.push(name),
                Err(empty) if empty.kind == PathErrorKind::EmptyName => {
                    return Err(fault_at(
                        start,
                        match next {
                            Some(']' | '&') | None if names.is_empty() => {
                                PathErrorKind::TestWithoutOperator
                            }
                            Some('[') => PathErrorKind::BracketInTest,
                            _ if names.is_empty() => PathErrorKind::TestWithoutProperty,
                            _ => PathErrorKind::EmptyName,
                        },
                    ));
                }
                Err(other) => return Err(other),
            }
            match next {
                Some('^') => self.advance('^'),
                Some('[') => return Err(self.fault(PathErrorKind::BracketInTest)),
                _ => break,
            }
        }
        let operator = self.operator()?;
        // White space before the operator is not the name's.
        if let Some(last) = names.last_mut() {
            let trimmed = last.trim_end();
            if trimmed.is_empty() {
                let kind = if names.len() == 1 {
                    PathErrorKind::TestWithoutProperty
                } else {
                    PathErrorKind::EmptyName
                };
                return Err(self.fault(kind));
            }
            *last = trimmed.into();
        }
        Ok((names.into(), operator))
    }

    fn operator(&mut self) -> Result<Operator, Fault> {
        const OPERATORS: [Operator; 7] = [
            Operator::NotEqual,
            Operator::GreaterOrEqual,
            Operator::LessOrEqual,
            Operator::Equal,
            Operator::Greater,
            Operator::Less,
            Operator::Contains,
        ];
        for operator in OPERATORS {
            if self.rest().starts_with(operator.as_str()) {
                self.at += operator.as_str().len();
                return Ok(operator);
            }
        }
        Err(self.fault(PathErrorKind::TestWithoutOperator))
    }

    /// The value of a test, up to the `]` or `&` after it.
    fn operand(&mut self, open: usize) -> Result<Operand, Fault> {
        let start = self.at;
        if self.peek() == Some('"') {
            self.advance('"');
            let Some((text, _)) = self.rest().split_once('"') else {
                return Err(fault_at(start, PathErrorKind::UnclosedQuote));
            };
            self.at += text.len() + 1;
            self.skip_white_space();
            return match self.peek() {
                Some(']') => Ok(Operand::Quoted(text.into())),
                Some('&') if self.splits() => Ok(Operand::Quoted(text.into())),
                Some(_) => Err(self.fault(PathErrorKind::TextAfterQuote)),
                None => Err(fault_at(open, PathErrorKind::UnclosedBracket)),
            };
        }
        loop {
            let Some(ahead) = self.rest().find([']', '&']) else {
                return Err(fault_at(open, PathErrorKind::UnclosedBracket));
            };
            self.at += ahead;
            if self.peek() == Some(']') || self.splits() {
                let text = self.text.get(start..self.at).unwrap_or_default();
                return Ok(Operand::Bare(text.trim_end().into()));
            }
            self.advance('&');
        }
    }

    /// Whether another test follows the `&` that stands here.
    fn splits(&mut self) -> bool {
        if self.at < self.unsplit_before {
            return false;
        }
        let mut ahead = self.clone();
        ahead.advance('&');
        if ahead.question().is_ok() {
            return true;
        }
        // Any `&` up to there was escaped in this reading, and what follows it would be
        // read in the same way to the same end.
        self.unsplit_before = ahead.at;
        false
    }
}
