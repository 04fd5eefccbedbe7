//! Searching texts that are kept in lower case: which words are looked for, and which trigrams
//! lead to them.

/// How many words a search has at most; the others are left out.
const MOST_WORDS: usize = 8;

/// How many trigrams a search asks the index for; the text itself is looked at in any case.
pub(crate) const MOST_TRIGRAMS: usize = 64;

/// The words of a search; all of them have to be found.
pub fn words(search: &str) -> Vec<String> {
    search
        .to_lowercase()
        .split_whitespace()
        .take(MOST_WORDS)
        .map(str::to_owned)
        .collect()
}

/// What a text's trigrams must be among, as SQLite's FTS5 takes it; `None` where no word has three characters.
pub fn trigrams(words: &[String]) -> Option<String> {
    let mut all: Vec<String> = words.iter().flat_map(|word| trigrams_of(word)).collect();
    all.truncate(MOST_TRIGRAMS);
    (!all.is_empty()).then(|| all.join(" AND "))
}

/// The trigrams of a word, each as FTS5 takes it; none has a zero, at which the index ends a text.
pub(crate) fn trigrams_of(word: &str) -> Vec<String> {
    let ends: Vec<usize> = word
        .char_indices()
        .map(|(at, _)| at)
        .chain([word.len()])
        .collect();
    ends.windows(4)
        .map(|window| &word[window[0]..window[3]])
        .filter(|trigram| !trigram.contains('\0'))
        .map(|trigram| format!("\"{}\"", trigram.replace('"', "\"\"")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_looked_for_in_lower_case() {
        assert_eq!(words("  Printer\tÄRGER \n"), ["printer", "ärger"]);
        assert!(words(" ").is_empty());
        assert_eq!(words(&"a ".repeat(100)).len(), MOST_WORDS);
    }

    #[test]
    fn the_index_is_asked_for_what_has_three_characters() {
        for (words, expected) in [
            (&["ab"][..], None),
            (&["a\0bc"], None),
            (&["abc"], Some(r#""abc""#)),
            (&["ab", "Änne"], Some(r#""Änn" AND "nne""#)),
            (&[r#"a"b"#], Some(r#""a""b""#)),
        ] {
            let words: Vec<_> = words.iter().map(|&word| word.to_owned()).collect();
            assert_eq!(trigrams(&words).as_deref(), expected, "{words:?}");
        }
        let long = trigrams(&["x".repeat(1000)]).unwrap();
        assert_eq!(long.matches("AND").count(), MOST_TRIGRAMS - 1);
    }
}
