//! Templates: text with tokens `<<name^path…! ?? fallback>>`.
//!
//! A template is parsed once, for the place where its text will stand. That
//! decides how each value is written, so that no value can change the structure
//! around it.

mod encode;
mod error;
mod json_place;
mod mapping;
mod scan;
#[cfg(test)]
mod tests;
mod token;
mod url_path;
mod variables;
mod xml_place;

use std::borrow::Cow;

pub use error::{RenderError, TemplateError, TokenPlace, Unresolved};
pub use mapping::Mapping;
pub use token::Token;
pub use variables::{Variable, VariableError, Variables};

pub(crate) use encode::{form as form_encode, percent as percent_encode};
pub(crate) use token::SPECIAL;
pub(crate) use variables::nearest;

use encode::Place;
use scan::Piece;

use crate::json::{self, Limits};

/// A rendered text holds no more: a token that stands there many times would make one that
/// there is no memory for.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What stands for a token's value in [`Template::json_outline`]; no template has it otherwise.
pub(crate) const UNKNOWN: char = '\u{0}';

const UNKNOWN_ESCAPE: &str = "\\u0000";

/// Where the text of a template will stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// A JSON document, whole.
    Json,
    /// The path of a URL; the text itself is already in the form that a URL has.
    UrlPath,
    /// A name or value of a query; the text around the tokens is encoded as well.
    QueryValue,
    /// A name or value of a form; the text around the tokens is encoded as well.
    Form,
    /// The value of a header.
    Header,
    /// Plain text.
    Text,
    /// An XML document or a part of one.
    Xml,
}

/// Text with tokens, parsed for its [`Context`].
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    source: String,
    context: Context,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Literal(String),
    Token { token: Token, place: Place },
}

impl Template {
    /// Parses a template. Offsets in errors count characters of `text`.
    pub fn parse(text: &str, context: Context) -> Result<Self, TemplateError> {
        let pieces = scan::pieces(text, context)?;
        let places = match context {
            Context::Json => json_place::places(&pieces)?,
            Context::Xml => xml_place::places(&pieces)?,
            Context::UrlPath => {
                url_path::check(&pieces)?;
                vec![Place::Percent; pieces.len()]
            }
            Context::QueryValue => vec![Place::Percent; pieces.len()],
            Context::Form => vec![Place::Form; pieces.len()],
            Context::Header => vec![Place::Header; pieces.len()],
            Context::Text => vec![Place::Text; pieces.len()],
        };
        Self::assemble(text, context, pieces, places)
    }

    /// Text that is compared, not sent: values are decoded, with or without `!`.
    pub(crate) fn parse_decoded(text: &str) -> Result<Self, TemplateError> {
        Self::parse_compared(text, Place::Decoded)
    }

    /// A regular expression. A value is the whole of it, or stands for its own
    /// characters among the text around it.
    pub(crate) fn parse_pattern(text: &str) -> Result<Self, TemplateError> {
        let whole = Self::parse_compared(text, Place::Decoded)?;
        if whole.single_token().is_some() {
            Ok(whole)
        } else {
            Self::parse_compared(text, Place::Pattern)
        }
    }

    fn parse_compared(text: &str, place: Place) -> Result<Self, TemplateError> {
        let pieces = scan::pieces(text, Context::Text)?;
        let places = vec![place; pieces.len()];
        Self::assemble(text, Context::Text, pieces, places)
    }

    fn assemble(
        text: &str,
        context: Context,
        pieces: Vec<Piece<'_>>,
        places: Vec<Place>,
    ) -> Result<Self, TemplateError> {
        let parts = pieces
            .into_iter()
            .zip(places)
            .map(|(piece, place)| match piece {
                Piece::Literal(literal) => {
                    if context == Context::Header
                        && let Some(offset) = literal.text.find(encode::breaks_header)
                    {
                        return Err(TemplateError::HeaderLineBreak {
                            at: literal.origin(offset),
                        });
                    }
                    Ok(Part::Literal(match context {
                        Context::QueryValue => encode::percent(&literal.text).to_string(),
                        Context::Form => encode::form(&literal.text).collect(),
                        _ => literal.text,
                    }))
                }
                Piece::Token(raw) => Ok(Part::Token {
                    token: Token::parse(&raw)?,
                    place,
                }),
            });
        Ok(Self {
            source: text.to_owned(),
            context,
            parts: parts.collect::<Result<_, _>>()?,
        })
    }

    /// The JSON that the template makes, as far as it is known without values: a token that is a value is
    /// [`UNKNOWN`], and so is a part of a string. `None` where that is not JSON.
    pub(crate) fn json_outline(&self) -> Option<serde_json::Value> {
        let mut text = String::with_capacity(self.source.len());
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Token { place, .. } if *place == Place::JsonValue => {
                    text.push('"');
                    text.push_str(UNKNOWN_ESCAPE);
                    text.push('"');
                }
                Part::Token { .. } => text.push_str(UNKNOWN_ESCAPE),
            }
        }
        serde_json::from_str(&text).ok()
    }

    /// The text with the values of its tokens.
    pub fn render(&self, variables: &Variables) -> Result<String, RenderError> {
        let mut rendered = String::with_capacity(self.source.len());
        // Where the text of each token begins, for the check of URL segments.
        let mut token_starts = Vec::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => rendered.push_str(literal),
                Part::Token { token, place } => {
                    token_starts.push((rendered.len(), token));
                    let value = token.resolve(variables)?;
                    place
                        .write(&value, &mut rendered)
                        .map_err(|encode::LineBreak| RenderError::HeaderLineBreak {
                            token: token.place(),
                        })?;
                    if rendered.len() > MOST_BYTES {
                        return Err(RenderError::TooLarge);
                    }
                }
            }
        }
        match self.context {
            Context::Json => {
                json::validate(rendered.as_bytes(), Limits::default())
                    .map_err(|error| RenderError::InvalidJson { error })?;
            }
            Context::UrlPath => url_path::check_rendered(&rendered, &token_starts)?,
            _ => {}
        }
        Ok(rendered)
    }

    /// The text that was parsed.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub fn context(&self) -> Context {
        self.context
    }

    /// The tokens in their order.
    pub fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.parts.iter().filter_map(|part| match part {
            Part::Token { token, .. } => Some(token),
            Part::Literal(_) => None,
        })
    }

    /// The token, where the template is exactly one.
    pub(crate) fn single_token(&self) -> Option<&Token> {
        match self.parts.as_slice() {
            [Part::Token { token, .. }] => Some(token),
            _ => None,
        }
    }
}

/// A value as a token finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value<'a> {
    /// Its JSON text, as it was sent.
    pub(crate) json: Cow<'a, str>,
    /// Whether a string stands in text without its quotes.
    pub(crate) bare: bool,
}

impl<'a> Value<'a> {
    pub(crate) fn is_string(&self) -> bool {
        self.json.starts_with('"')
    }

    /// The characters of a string; of any other value its JSON text.
    pub(crate) fn decoded(&self) -> Cow<'_, str> {
        json::text(&self.json)
    }

    /// The same for a value that is needed no longer.
    pub(crate) fn into_decoded(self) -> Cow<'a, str> {
        match self.json {
            Cow::Borrowed(raw) => json::text(raw),
            Cow::Owned(raw) => Cow::Owned(json::text(&raw).into_owned()),
        }
    }
}
