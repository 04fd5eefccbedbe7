//! Where the tokens of an XML template stand: in text or in a quoted attribute.

use super::TemplateError;
use super::encode::Place;
use super::scan::Piece;

/// Where the scanner is in the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    /// Between `<` and `>`, outside of quotes.
    Tag,
    Quoted(char),
    /// In a comment, a CDATA section or an instruction, up to this end.
    Until(&'static str),
}

const BLOCKS: [(&str, &str); 3] = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];

/// Every piece is written for XML, after a check that no token stands where
/// escaping cannot hold its value: a name with a space in it would be a name and
/// an attribute, an empty value would close a comment.
pub(super) fn places(pieces: &[Piece<'_>]) -> Result<Vec<Place>, TemplateError> {
    let mut state = State::Text;
    for piece in pieces {
        match piece {
            Piece::Literal(literal) => state = after(&literal.text, state),
            Piece::Token(_) if matches!(state, State::Text | State::Quoted(_)) => {}
            Piece::Token(token) => return Err(TemplateError::XmlPlace { at: token.at }),
        }
    }
    Ok(vec![Place::Xml; pieces.len()])
}

fn after(text: &str, mut state: State) -> State {
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        let mut taken = char.len_utf8();
        state = match (state, char) {
            (State::Text, '<') => match BLOCKS.iter().find(|(open, _)| rest.starts_with(open)) {
                Some((open, end)) => {
                    taken = open.len();
                    State::Until(end)
                }
                None => State::Tag,
            },
            (State::Tag, '>') => State::Text,
            (State::Tag, '"' | '\'') => State::Quoted(char),
            (State::Quoted(quote), _) if quote == char => State::Tag,
            (State::Until(end), _) if rest.starts_with(end) => {
                taken = end.len();
                State::Text
            }
            (state, _) => state,
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    state
}
