//! Why a text is no path: where it goes wrong, and what was meant, if that can be told.

use std::fmt;

/// A text that is no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    at: usize,
    kind: PathErrorKind,
    suggestion: Option<String>,
}

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathErrorKind {
    /// `choices[0]`
    WrongRoot { root: String },
    /// `responses`, `response.a`
    TextAfterRoot { root: String },
    /// `response^`, `response^^a`
    EmptyName,
    /// `response^a\x`
    Escape,
    /// `response^a]`
    StrayBracket,
    /// `response[0]a`
    TextAfterBracket,
    /// `response[0`
    UnclosedBracket,
    /// `response[x]`
    NotAnIndex,
    /// `response[-0]`
    MinusZero,
    /// `response[=1]`
    TestWithoutProperty,
    /// `response[a[0]=1]`
    BracketInTest,
    /// `response[*a]`
    TestWithoutOperator,
    /// `response[a="b]`
    UnclosedQuote,
    /// `response[a="b"c]`
    TextAfterQuote,
    /// `response!a`
    TextAfterMark,
    /// `response@statuses`
    UnknownPart { root: String },
    /// `response@status[0]`
    TextAfterPart,
    /// `response@header`
    PartWithoutName { example: &'static str },
}

impl PathErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongRoot { .. } => "wrong_root",
            Self::TextAfterRoot { .. } => "text_after_root",
            Self::EmptyName => "empty_name",
            Self::Escape => "escape",
            Self::StrayBracket => "stray_bracket",
            Self::TextAfterBracket => "text_after_bracket",
            Self::UnclosedBracket => "unclosed_bracket",
            Self::NotAnIndex => "not_an_index",
            Self::MinusZero => "minus_zero",
            Self::TestWithoutProperty => "test_without_property",
            Self::BracketInTest => "bracket_in_test",
            Self::TestWithoutOperator => "test_without_operator",
            Self::UnclosedQuote => "unclosed_quote",
            Self::TextAfterQuote => "text_after_quote",
            Self::TextAfterMark => "text_after_mark",
            Self::UnknownPart { .. } => "unknown_part",
            Self::TextAfterPart => "text_after_part",
            Self::PartWithoutName { .. } => "part_without_name",
        }
    }
}

impl PathError {
    pub(super) fn new(at: usize, kind: PathErrorKind, suggestion: Option<String>) -> Self {
        Self {
            at,
            kind,
            suggestion,
        }
    }

    /// Where it goes wrong, in characters from the beginning of the path.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    pub fn kind(&self) -> &PathErrorKind {
        &self.kind
    }

    /// A path that says what seems to be meant.
    pub fn suggestion(&self) -> Option<&str> {
        self.suggestion.as_deref()
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            PathErrorKind::WrongRoot { root } => {
                write!(f, "A path begins with `{root}`.")
            }
            PathErrorKind::TextAfterRoot { root } => write!(
                f,
                "After `{root}` a path goes on with `^` and a name, with `[`, or not at all."
            ),
            PathErrorKind::EmptyName => f.write_str("A name must follow `^`."),
            PathErrorKind::Escape => f.write_str(
                "A backslash may stand only before one of ^ [ ] ! \\ = < > ~ & @ ?, and makes it part of \
                 the name; a backslash itself is written \\\\.",
            ),
            PathErrorKind::StrayBracket => f.write_str(
                "This `]` closes nothing; if it is part of the name, write `\\]`, and in a test put the value \
                 in quotes.",
            ),
            PathErrorKind::TextAfterBracket => {
                f.write_str("After `]` a path goes on with `^` and a name, with `[`, or not at all.")
            }
            PathErrorKind::UnclosedBracket => f.write_str("This `[` has no `]`."),
            PathErrorKind::NotAnIndex => f.write_str(
                "In brackets stands a number such as [0] or [-1], a test such as [name=value], or [*].",
            ),
            PathErrorKind::MinusZero => {
                f.write_str("[-0] is no element; the first is [0], the last [-1].")
            }
            PathErrorKind::TestWithoutProperty => {
                f.write_str("A test needs a name before its operator, as in [name=value].")
            }
            PathErrorKind::BracketInTest => f.write_str(
                "A test looks at a property by its names, as in [site^name=Depot]; brackets of the name itself \
                 are written `\\[` and `\\]`.",
            ),
            PathErrorKind::TestWithoutOperator => f.write_str(
                "A test needs one of = != > >= < <= ~ after the name, as in [*name=value].",
            ),
            PathErrorKind::UnclosedQuote => f.write_str("This quote is not closed."),
            PathErrorKind::TextAfterQuote => {
                f.write_str("After a value in quotes comes `]`, or `&` and another test.")
            }
            PathErrorKind::TextAfterMark => f.write_str(
                "`!` may stand only at the end; if it is part of the name, write `\\!`.",
            ),
            PathErrorKind::UnknownPart { root } if root == "request" => f.write_str(
                "Beside its body a request has `request@method`, `request@header[name]` and \
                 `request@query[name]`.",
            ),
            PathErrorKind::UnknownPart { root } => write!(
                f,
                "Beside its body a response has `{root}@status`, `{root}@header[name]` and `{root}@time_ms`."
            ),
            PathErrorKind::TextAfterPart => f.write_str("Nothing but `!` may follow here."),
            PathErrorKind::PartWithoutName { example } => {
                write!(f, "This needs a name in brackets, such as [{example}].")
            }
        }?;
        match &self.suggestion {
            Some(suggestion) => write!(f, " Did you mean `{suggestion}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for PathError {}
