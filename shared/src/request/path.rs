//! A method's path: appended to the base URL, and unable to climb out of it.

use std::fmt;

use percent_encoding::percent_decode_str;
use url::Url;

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathError {
    /// `/a/../b`, also as `%2e%2e`.
    DotSegment,
    /// `https://…`: the whole address of what the base URL is the beginning of.
    WholeAddress,
    /// `//a`, `/a//b`: most often a token that had an empty value.
    EmptySegment,
    /// `/a\b`.
    Backslash,
    /// `/a#b`.
    Fragment,
    /// A line break, tab or another control character.
    ControlCharacter,
    /// The address would be outside the base URL for another reason.
    Outside,
}

impl PathError {
    pub fn code(self) -> &'static str {
        match self {
            Self::DotSegment => "dot_segment",
            Self::WholeAddress => "whole_address",
            Self::EmptySegment => "empty_segment",
            Self::Backslash => "backslash",
            Self::Fragment => "fragment",
            Self::ControlCharacter => "control_character",
            Self::Outside => "outside_base_url",
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DotSegment => "the path must not hold a segment `.` or `..`: write the whole path from the base URL on",
            Self::WholeAddress => "the path must not be a whole address: the base URL stands in front of it already, so write what comes behind that, such as `/completions`",
            Self::EmptySegment => "the path must not hold an empty segment: write one `/` only, and check that no variable in it is empty",
            Self::Backslash => "the path holds a backslash: write `/`",
            Self::Fragment => "the path must not hold a `#`: what stands behind it is never sent",
            Self::ControlCharacter => "the path holds a line break or another invisible character: remove it",
            Self::Outside => "the path would leave the integration's base URL: write a path that is appended to it",
        })
    }
}

impl std::error::Error for PathError {}

/// Checks a path's text, or the literal parts of its template, which have the same rules.
pub(super) fn check(path: &str) -> Result<(), PathError> {
    if path.chars().any(char::is_control) {
        return Err(PathError::ControlCharacter);
    }
    if path.contains('#') {
        return Err(PathError::Fragment);
    }
    let (path, _) = split_query(path);
    if path.contains('\\') {
        return Err(PathError::Backslash);
    }
    if path.starts_with("http://") || path.starts_with("https://") {
        return Err(PathError::WholeAddress);
    }
    if path.contains("//") {
        return Err(PathError::EmptySegment);
    }
    if path.split('/').any(is_dots) {
        return Err(PathError::DotSegment);
    }
    Ok(())
}

/// Appends a path to a base with exactly one slash between them. A query that was pasted
/// with the path stays its query: values encode `?`, so it is the author's own.
pub(super) fn join(base: &Url, rendered: &str) -> Result<Url, PathError> {
    check(rendered)?;
    let (path, query) = split_query(rendered);
    let mut url = base.clone();
    if !path.is_empty() {
        let below = base.path().trim_end_matches('/');
        url.set_path(&format!(
            "{below}/{}",
            path.strip_prefix('/').unwrap_or(path)
        ));
        if !url.path().starts_with(&format!("{below}/")) {
            return Err(PathError::Outside);
        }
    }
    url.set_query(query);
    if url.origin() != base.origin() {
        return Err(PathError::Outside);
    }
    Ok(url)
}

fn split_query(path: &str) -> (&str, Option<&str>) {
    match path.split_once('?') {
        Some((path, query)) => (path, Some(query).filter(|query| !query.is_empty())),
        None => (path, None),
    }
}

/// Spaces are not seen by every reader of a URL.
fn is_dots(segment: &str) -> bool {
    let segment = percent_decode_str(segment).decode_utf8_lossy();
    matches!(segment.trim(), "." | "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_appended_or_refused() {
        use PathError as E;
        for (path, expected) in [
            ("", Ok("https://h.test:8443/v1")),
            ("/", Ok("https://h.test:8443/v1/")),
            ("/a", Ok("https://h.test:8443/v1/a")),
            ("a", Ok("https://h.test:8443/v1/a")),
            ("/a/", Ok("https://h.test:8443/v1/a/")),
            ("/a b/ü", Ok("https://h.test:8443/v1/a%20b/%C3%BC")),
            ("/a%2Fb/..%2F", Ok("https://h.test:8443/v1/a%2Fb/..%2F")),
            ("/@evil.example", Ok("https://h.test:8443/v1/@evil.example")),
            ("@evil.example", Ok("https://h.test:8443/v1/@evil.example")),
            (":80", Ok("https://h.test:8443/v1/:80")),
            ("https://evil.example", Err(E::WholeAddress)),
            ("/...", Ok("https://h.test:8443/v1/...")),
            ("/a?b=c&d=/../e", Ok("https://h.test:8443/v1/a?b=c&d=/../e")),
            ("?b=c", Ok("https://h.test:8443/v1?b=c")),
            ("/a?", Ok("https://h.test:8443/v1/a")),
            ("/..", Err(E::DotSegment)),
            ("/a/../../b", Err(E::DotSegment)),
            ("/a/./b", Err(E::DotSegment)),
            ("/%2e%2E/b", Err(E::DotSegment)),
            ("/.%2e", Err(E::DotSegment)),
            ("/ .. /b", Err(E::DotSegment)),
            ("..", Err(E::DotSegment)),
            ("//evil.example", Err(E::EmptySegment)),
            ("/a//b", Err(E::EmptySegment)),
            ("\\\\evil.example", Err(E::Backslash)),
            ("/a\\..\\b", Err(E::Backslash)),
            ("/a#b", Err(E::Fragment)),
            ("/a?b#c", Err(E::Fragment)),
            ("/a\tb", Err(E::ControlCharacter)),
            ("/a\nb", Err(E::ControlCharacter)),
            ("/.\t.", Err(E::ControlCharacter)),
        ] {
            let base = Url::parse("https://h.test:8443/v1").unwrap();
            let found = join(&base, path);
            assert_eq!(
                found.as_ref().map(Url::as_str).map_err(|e| *e),
                expected,
                "{path:?}"
            );
        }
    }
}
