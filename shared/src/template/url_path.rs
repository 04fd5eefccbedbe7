//! What a URL's path must be kept from, beside characters that encoding handles.

use super::scan::Piece;
use super::{RenderError, TemplateError, Token};

/// Refuses a token that would complete a percent escape begun in the text before
/// it: `%2<<x>>` could become a slash.
pub(super) fn check(pieces: &[Piece<'_>]) -> Result<(), TemplateError> {
    for pair in pieces.windows(2) {
        let [Piece::Literal(literal), Piece::Token(token)] = pair else {
            continue;
        };
        let text = literal.text.as_bytes();
        if matches!(text, [.., b'%'] | [.., b'%', _]) {
            return Err(TemplateError::PercentEscape { at: token.at });
        }
    }
    Ok(())
}

/// Refuses a segment with a token in it that has become `.` or `..`: whoever reads
/// the URL would take it for a way up.
pub(super) fn check_rendered(path: &str, tokens: &[(usize, &Token)]) -> Result<(), RenderError> {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let mut start = 0;
    // For a URL of the web, a backslash parts segments too.
    for segment in path.get(..end).unwrap_or_default().split(['/', '\\']) {
        let range = start..=start + segment.len();
        if is_dots(segment)
            && let Some((_, token)) = tokens.iter().find(|(at, _)| range.contains(at))
        {
            return Err(RenderError::DotSegment {
                token: token.place(),
            });
        }
        start += segment.len() + 1;
    }
    Ok(())
}

/// As the URL standard compares: `%2e` is a dot too, and tabs, line breaks and
/// outer spaces do not count.
fn is_dots(segment: &str) -> bool {
    let read: String = segment
        .chars()
        .filter(|char| !matches!(char, '\0'..=' '))
        .collect();
    let read = read.to_ascii_lowercase().replace("%2e", ".");
    read == "." || read == ".."
}
