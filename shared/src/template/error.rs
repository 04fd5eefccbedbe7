//! Why a text is no template, and why a template could not be rendered.

use std::error::Error;
use std::fmt;

use crate::json::{Expected, InvalidJson};
use crate::output::{ExtractError, Missing, PathError};

/// Why a text is no template. Places count characters from its start.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum TemplateError {
    /// A `<<` without its `>>`.
    Unclosed { at: usize },
    /// A token that names no variable.
    NoName { at: usize },
    /// A character that cannot stand here in a token.
    Character { at: usize, character: char },
    /// A path that is none.
    Path { at: usize, error: PathError },
    /// What stands behind `??` is not JSON.
    Fallback { at: usize, literal: String },
    /// The text around the tokens is not JSON, or a token stands where no value may.
    InvalidJson { at: usize, expected: Expected },
    /// There is no text where JSON is wanted.
    EmptyJson,
    /// A header cannot hold a line break.
    HeaderLineBreak { at: usize },
    /// A token right behind the beginning of a percent escape.
    PercentEscape { at: usize },
    /// A token in XML that stands neither in text nor in a quoted attribute.
    XmlPlace { at: usize },
}

impl TemplateError {
    /// The kind, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::InvalidJson { .. } | Self::EmptyJson => "invalid_json",
            Self::HeaderLineBreak { .. } => "header_line_break",
            Self::Unclosed { .. }
            | Self::NoName { .. }
            | Self::Character { .. }
            | Self::Path { .. }
            | Self::Fallback { .. }
            | Self::PercentEscape { .. }
            | Self::XmlPlace { .. } => "syntax",
        }
    }

    /// Where, in characters from the start of the template.
    pub fn at(&self) -> usize {
        match self {
            Self::Unclosed { at }
            | Self::NoName { at }
            | Self::Character { at, .. }
            | Self::Path { at, .. }
            | Self::Fallback { at, .. }
            | Self::InvalidJson { at, .. }
            | Self::HeaderLineBreak { at }
            | Self::PercentEscape { at }
            | Self::XmlPlace { at } => *at,
            Self::EmptyJson => 0,
        }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unclosed { .. } => {
                f.write_str(r"This `<<` begins a token that is never closed: end it with `>>`, or write `\<<` for the two characters.")
            }
            Self::NoName { .. } => f.write_str("This token names no variable: write its name, as in `<<ticket^id>>`."),
            Self::Character { character, .. } => write!(
                f,
                r"`{character}` cannot stand here in a token: in a name, write `\` before it."
            ),
            Self::Path { error, .. } => error.fmt(f),
            Self::Fallback { literal, .. } => write!(
                f,
                "`{literal}` behind `??` is not a JSON value: write a text in quotes, as in `?? \"none\"`, a number, true, false or null."
            ),
            Self::InvalidJson { expected, .. } => write!(
                f,
                "This is not JSON: here should be {expected}. A token stands for a whole value, or in quotes for text."
            ),
            Self::EmptyJson => f.write_str("The text is empty, so it is not JSON: write `{}` for an empty object."),
            Self::HeaderLineBreak { .. } => f.write_str("A header cannot hold a line break: take it out."),
            Self::PercentEscape { .. } => {
                f.write_str("This token stands in the middle of a percent escape: write `%25` for a percent sign.")
            }
            Self::XmlPlace { .. } => f.write_str(
                "No token can stand here: put it between tags, or in an attribute's quotes; there its value is escaped.",
            ),
        }
    }
}

impl Error for TemplateError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Path { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// A token as written, and the character of the template at which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenPlace {
    pub text: String,
    pub at: usize,
}

/// Why a template could not be rendered.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RenderError {
    /// A token without a fallback found nothing.
    Unresolved { token: TokenPlace, why: Unresolved },
    /// The value would break its header in two.
    HeaderLineBreak { token: TokenPlace },
    /// The value makes its URL segment `.` or `..`.
    DotSegment { token: TokenPlace },
    /// With its values the text is longer than [`MOST_BYTES`](super::MOST_BYTES).
    TooLarge,
    /// The whole is not JSON: with its values it is nested too deeply.
    InvalidJson { error: InvalidJson },
}

/// Why a token found nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Unresolved {
    /// There is no such variable, but perhaps one that was meant.
    NoVariable {
        name: String,
        nearest: Option<String>,
    },
    /// The variable has nothing at the token's path.
    Missing(Box<Missing>),
    /// The variable is not JSON. It cannot be: its text was checked when it was set.
    InvalidJson(InvalidJson),
}

impl RenderError {
    /// The kind, for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unresolved { .. } => "unresolved",
            Self::HeaderLineBreak { .. } => "header_line_break",
            Self::DotSegment { .. } => "dot_segment",
            Self::TooLarge => "too_large",
            Self::InvalidJson { .. } => "invalid_json",
        }
    }

    /// The token that is to blame, where there is one.
    pub fn token(&self) -> Option<&TokenPlace> {
        match self {
            Self::Unresolved { token, .. }
            | Self::HeaderLineBreak { token }
            | Self::DotSegment { token } => Some(token),
            Self::TooLarge | Self::InvalidJson { .. } => None,
        }
    }

    /// What the token's path found instead.
    pub fn missing(&self) -> Option<&Missing> {
        match self {
            Self::Unresolved {
                why: Unresolved::Missing(missing),
                ..
            } => Some(missing),
            _ => None,
        }
    }
}

impl From<ExtractError> for Unresolved {
    fn from(error: ExtractError) -> Self {
        match error {
            ExtractError::Missing(missing) => Self::Missing(Box::new(missing)),
            ExtractError::InvalidJson(error) => Self::InvalidJson(error),
        }
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unresolved { token, why } => write!(f, "`{}` has no value: {why}", token.text),
            Self::HeaderLineBreak { token } => {
                write!(
                    f,
                    "The value of `{}` holds a line break, and a header cannot: choose another value.",
                    token.text
                )
            }
            Self::DotSegment { token } => write!(
                f,
                "The value of `{}` makes this part of the path `.` or `..`, which would lead elsewhere: choose another value.",
                token.text
            ),
            Self::TooLarge => write!(
                f,
                "With the values of its tokens the text is longer than {} MiB: choose smaller parts of them.",
                super::MOST_BYTES / (1024 * 1024)
            ),
            Self::InvalidJson { error } => write!(f, "With the values of its tokens: {error}"),
        }
    }
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoVariable {
                name,
                nearest: Some(nearest),
            } => write!(f, "no variable `{name}`; there is `{nearest}`."),
            Self::NoVariable {
                name,
                nearest: None,
            } => write!(
                f,
                "no variable `{name}`. Make it an input variable, or set it in a step before this one; or give the token a fallback, as in `<<{name} ?? \"none\">>`."
            ),
            Self::Missing(missing) => missing.fmt(f),
            Self::InvalidJson(error) => error.fmt(f),
        }
    }
}

impl Error for RenderError {}
