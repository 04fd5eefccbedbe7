//! The parts of a path, and when a test passes.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::json::{self, Kind};

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// `^name`: a child of an object, by its decoded name.
    Child(Box<str>),
    /// `[2]`: an element, counted from 0. What is too large to hold is the largest.
    Index(u64),
    /// `[-1]`: an element, counted from the end, the last one being 1.
    FromEnd(u64),
    /// `[id=7]`: the first element that passes all tests. There is at least one test.
    First(Box<[Test]>),
    /// `[*]`, `[*id>7]`: every element that passes all tests, if there are any.
    Each(Box<[Test]>),
}

impl Segment {
    /// The tests on elements, where there are any.
    pub fn tests(&self) -> &[Test] {
        match self {
            Self::First(tests) | Self::Each(tests) => tests,
            Self::Child(_) | Self::Index(_) | Self::FromEnd(_) => &[],
        }
    }
}

/// A question about a property of an element, such as `site^name=Depot`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Test {
    pub(super) property: Box<[Box<str>]>,
    pub(super) operator: Operator,
    pub(super) operand: Operand,
    /// Which of the path's tests this is, counted from 0.
    pub(super) number: usize,
}

impl Test {
    /// The names that lead from the element to the property; at least one.
    pub fn property(&self) -> impl Iterator<Item = &str> {
        self.property.iter().map(AsRef::as_ref)
    }

    pub fn operator(&self) -> Operator {
        self.operator
    }

    pub fn operand(&self) -> &Operand {
        &self.operand
    }

    /// Whether the test passes for a property with this JSON text.
    pub(super) fn passes(&self, raw: &str) -> bool {
        match self.operator {
            Operator::Equal => self.equals(raw),
            Operator::NotEqual => !self.equals(raw),
            Operator::Greater => self.orders(raw, Ordering::is_gt),
            Operator::GreaterOrEqual => self.orders(raw, Ordering::is_ge),
            Operator::Less => self.orders(raw, Ordering::is_lt),
            Operator::LessOrEqual => self.orders(raw, Ordering::is_le),
            Operator::Contains => {
                text_of_string(raw).is_some_and(|text| text.contains(self.operand.text()))
            }
        }
    }

    fn equals(&self, raw: &str) -> bool {
        match (Kind::of(raw), &self.operand) {
            (Some(Kind::String), operand) => json::decode(raw) == operand.text(),
            (Some(Kind::Number), Operand::Bare(text)) => {
                json::compare_numbers(raw, text) == Some(Ordering::Equal)
            }
            (Some(Kind::Boolean | Kind::Null), Operand::Bare(text)) => raw == &**text,
            _ => false,
        }
    }

    /// Numbers order against numbers, strings against anything that is no bare number;
    /// nothing else has an order.
    fn orders(&self, raw: &str, accepts: fn(Ordering) -> bool) -> bool {
        let ordering = match &self.operand {
            Operand::Bare(number) if json::is_number(number) => json::compare_numbers(raw, number),
            operand => text_of_string(raw).map(|text| (*text).cmp(operand.text())),
        };
        ordering.is_some_and(accepts)
    }
}

fn text_of_string(raw: &str) -> Option<Cow<'_, str>> {
    (Kind::of(raw) == Some(Kind::String)).then(|| json::decode(raw))
}

/// How a property is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    Equal,
    /// The opposite of [`Self::Equal`], also between kinds.
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    /// The property is a string, and the text is in it, case minded.
    Contains,
}

impl Operator {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Contains => "~",
        }
    }
}

/// What a property is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Operand {
    /// A number against a number, `true`, `false` or `null` against those, a text
    /// against a string.
    Bare(Box<str>),
    /// Always a text.
    Quoted(Box<str>),
}

impl Operand {
    pub fn text(&self) -> &str {
        match self {
            Self::Bare(text) | Self::Quoted(text) => text,
        }
    }
}
