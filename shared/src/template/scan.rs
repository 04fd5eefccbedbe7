//! Tells the tokens of a template from the text around them.

use super::{Context, TemplateError};

/// A stretch of a template.
#[derive(Debug)]
pub(super) enum Piece<'t> {
    Literal(Literal),
    Token(RawToken<'t>),
}

/// Text as it will stand, without the backslashes that kept `<<` from being a token.
#[derive(Debug, Default)]
pub(super) struct Literal {
    pub(super) text: String,
    /// Bytes of `text`, and the characters of the template that they come from.
    origins: Vec<(usize, usize)>,
}

impl Literal {
    fn push(&mut self, text: &str, origin: usize) {
        if !text.is_empty() {
            self.origins.push((self.text.len(), origin));
            self.text.push_str(text);
        }
    }

    /// The character of the template that a byte of `text` comes from.
    pub(super) fn origin(&self, offset: usize) -> usize {
        let after = self.origins.partition_point(|(start, _)| *start <= offset);
        let (start, origin) = self
            .origins
            .get(after.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        let end = self.text.floor_char_boundary(offset);
        origin
            + self
                .text
                .get(start..end)
                .map_or(0, |text| text.chars().count())
    }
}

/// What stands between `<<` and `>>`.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawToken<'t> {
    pub(super) inner: &'t str,
    /// The character of the template at which its `<<` stands.
    pub(super) at: usize,
    /// The byte of `inner` at which its `??` stands.
    pub(super) fallback: Option<usize>,
}

const OPEN: &str = "<<";
const CLOSE: &str = ">>";

/// Splits a template; literals and tokens alternate, except that tokens may stand side by side.
pub(super) fn pieces(text: &str, context: Context) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut literal = Literal::default();
    let mut rest = text;
    // The character of the template at which `rest` begins.
    let mut at = 0;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let open = at + before.chars().count();
        let plain = before.trim_end_matches('\\');
        let (_, slashes) = before.split_at(plain.len());
        literal.push(plain, at);
        // Backslashes before `<<` escape each other first. JSON reads its own pairs.
        let pairs = slashes.len() / 2;
        let kept = if context == Context::Json {
            pairs * 2
        } else {
            pairs
        };
        literal.push(&"\\".repeat(kept), open - slashes.len());
        if slashes.len() % 2 == 1 {
            literal.push(OPEN, open);
            rest = after;
            at = open + OPEN.len();
            continue;
        }
        let (inner, fallback) = inner(after).ok_or(TemplateError::Unclosed { at: open })?;
        if !literal.text.is_empty() {
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
        }
        pieces.push(Piece::Token(RawToken {
            inner,
            at: open,
            fallback,
        }));
        rest = after.get(inner.len() + CLOSE.len()..).unwrap_or_default();
        at = open + OPEN.len() + inner.chars().count() + CLOSE.len();
    }
    literal.push(rest, at);
    if !literal.text.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

/// Where the scanner of a token is.
enum State {
    /// In the name or the path, within so many brackets.
    Path { brackets: usize },
    /// In a quoted value of a test, within so many brackets.
    Quoted { brackets: usize },
    /// In the literal behind `??`.
    Fallback,
    /// In a string of that literal.
    FallbackString,
}

/// The inside of the token whose `<<` stands just before `text`, and where its
/// `??` stands; `None` when the token is never closed.
fn inner(text: &str) -> Option<(&str, Option<usize>)> {
    let mut state = State::Path { brackets: 0 };
    let mut fallback = None;
    // The last character that is not white space: a quote opens a text only behind an operator.
    let mut last = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let doubled = chars.peek().is_some_and(|(_, next)| *next == char);
        state = match (state, char) {
            (State::Path { .. } | State::Fallback, '>') if doubled => {
                return Some((text.get(..at)?, fallback));
            }
            // A name is never this long: the `>>` that would be found belongs to another token.
            (State::Path { .. } | State::Quoted { .. }, '\n') => return None,
            (State::Path { .. }, '<') if doubled => return None,
            (state @ (State::Path { .. } | State::FallbackString), '\\') => {
                chars.next();
                state
            }
            (State::Path { brackets: 0 }, '?') if doubled => {
                chars.next();
                fallback = Some(at);
                State::Fallback
            }
            (State::Path { brackets }, '[') => State::Path {
                brackets: brackets + 1,
            },
            (State::Path { brackets }, ']') => State::Path {
                brackets: brackets.saturating_sub(1),
            },
            (
                State::Path {
                    brackets: brackets @ 1..,
                },
                '"',
            ) if "=<>~".contains(last) => State::Quoted { brackets },
            (State::Quoted { brackets }, '"') => State::Path { brackets },
            (State::Fallback, '"') => State::FallbackString,
            (State::FallbackString, '"') => State::Fallback,
            (state, _) => state,
        };
        if !char.is_whitespace() {
            last = char;
        }
    }
    None
}
