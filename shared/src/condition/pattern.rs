//! Regular expressions that take no longer than they may, whatever they are and look through.

use regex_lite::{Regex, RegexBuilder};

/// A regular expression.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    regex: Regex,
    most_bytes: usize,
}

/// Matching takes time by the length of the text times the size of the compiled pattern;
/// this much of it takes about a second.
const MOST_WORK: usize = 1 << 31;

/// However small the pattern is.
const MOST_BYTES: usize = 1 << 20;

/// No pattern that people write needs more, in bytes.
const LARGEST: usize = 1 << 18;

const SMALLEST: usize = 1 << 10;

impl Pattern {
    pub(super) fn compile(text: &str, match_case: bool) -> Result<Self, String> {
        let build = |size_limit| {
            RegexBuilder::new(text)
                .case_insensitive(!match_case)
                .size_limit(size_limit)
                .build()
        };
        let regex = build(LARGEST).map_err(|error| error.to_string())?;
        // Its size cannot be asked for, but be tried.
        let mut size = SMALLEST;
        while size < LARGEST && build(size).is_err() {
            size *= 2;
        }
        Ok(Self {
            regex,
            most_bytes: (MOST_WORK / size).min(MOST_BYTES),
        })
    }

    /// Longer texts are not looked through.
    pub(super) fn most_bytes(&self) -> usize {
        self.most_bytes
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_larger_a_pattern_the_less_it_looks_through() {
        for (text, most_bytes) in [
            ("a", 1 << 20),
            ("^(INC|REQ)-[0-9]{4,8}$", 1 << 20),
            ("(a{20}){20}b", 1 << 16),
            ("(a{50}){50}b", 1 << 14),
        ] {
            let pattern = Pattern::compile(text, false).unwrap();
            assert_eq!(pattern.most_bytes(), most_bytes, "{text}");
        }
        assert!(Pattern::compile("(a{500}){500}", false).is_err());
        assert!(Pattern::compile("(", false).is_err());
    }
}
