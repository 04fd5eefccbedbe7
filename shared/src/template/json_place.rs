//! Where the tokens of a JSON template stand: for a value, or inside a string.

use super::TemplateError;
use super::encode::Place;
use super::scan::Piece;
use crate::json::{self, Limits};

/// The place of each piece, after a check that the template is JSON whatever its
/// values are: with `null` for values, and a letter for what stands in strings.
pub(super) fn places(pieces: &[Piece<'_>]) -> Result<Vec<Place>, TemplateError> {
    let mut places = Vec::with_capacity(pieces.len());
    let mut sample = String::new();
    // Where each piece begins in the sample.
    let mut starts = Vec::with_capacity(pieces.len());
    let mut in_string = false;
    for piece in pieces {
        places.push(if in_string {
            Place::JsonString
        } else {
            Place::JsonValue
        });
        starts.push(sample.len());
        match piece {
            Piece::Literal(literal) => {
                in_string = ends_in_string(&literal.text, in_string);
                sample.push_str(&literal.text);
            }
            Piece::Token(_) if in_string => sample.push('x'),
            Piece::Token(_) => sample.push_str("null"),
        }
    }
    if sample.trim().is_empty() {
        return Err(TemplateError::EmptyJson);
    }
    if let Err(error) = json::validate(sample.as_bytes(), Limits::default()) {
        let index = starts
            .partition_point(|start| *start <= error.offset())
            .saturating_sub(1);
        let start = starts.get(index).copied().unwrap_or_default();
        let at = match pieces.get(index) {
            Some(Piece::Literal(literal)) => literal.origin(error.offset() - start),
            Some(Piece::Token(token)) => token.at,
            None => 0,
        };
        return Err(TemplateError::InvalidJson {
            at,
            expected: error.expected(),
        });
    }
    Ok(places)
}

/// A token never stands between a backslash and what that escapes: there `\<<`
/// is no token.
fn ends_in_string(text: &str, mut in_string: bool) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => _ = bytes.next(),
            _ => {}
        }
    }
    in_string
}
