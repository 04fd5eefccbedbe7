//! Text as a search sees it: without case, accents and the spelling of single letters.

use icu_normalizer::DecomposingNormalizerBorrowed as Normalizer;

/// Two texts that a search takes for the same have the same folded form: `Müller` and `MULLER`, `Straße` and
/// `strasse`.
pub(super) fn fold(text: &str) -> String {
    Folded::of(text).plain
}

/// A text that is searched: folded, and where German spells a letter with two, spelled so as well, which is
/// how `mueller` finds `Müller`.
pub(super) fn fold_both(text: &str) -> String {
    let Folded { mut plain, spelled } = Folded::of(text);
    if let Some(spelled) = spelled {
        plain.push(' ');
        plain.push_str(&spelled);
    }
    plain
}

struct Folded {
    plain: String,
    /// Where it is another text.
    spelled: Option<String>,
}

/// The marks that are set over and under letters of the Latin, Greek and Cyrillic scripts. Those of other scripts
/// tell words apart.
const MARKS: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';
const DIAERESIS: char = '\u{308}';

impl Folded {
    fn of(text: &str) -> Self {
        let mut plain = String::with_capacity(text.len());
        let mut spelled: Option<String> = None;
        for letter in Normalizer::new_nfkd().normalize(text).chars() {
            if letter == DIAERESIS && plain.ends_with(['a', 'o', 'u']) {
                spelled.get_or_insert_with(|| plain.clone()).push('e');
            }
            // The index ends a text at a zero.
            if letter == '\0' || MARKS.contains(&letter) {
                continue;
            }
            for lower in letter.to_lowercase() {
                let add = |text: &mut String| match apart(lower) {
                    Some(letters) => text.push_str(letters),
                    None => text.push(lower),
                };
                add(&mut plain);
                spelled.as_mut().map(add);
            }
        }
        Self { plain, spelled }
    }
}

/// Letters that do not come apart by themselves; in lower case.
fn apart(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_that_are_meant_alike_are_folded_alike() {
        for (text, folded) in [
            ("Müller", "muller"),
            ("Mu\u{308}ller", "muller"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("João Ferreira", "joao ferreira"),
            ("Ålesund", "alesund"),
            ("Ærø", "aero"),
            ("Łódź", "lodz"),
            ("İstanbul ıŞık", "istanbul isik"),
            ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
            ("οδυσσεύς", "οδυσσευσ"),
            ("ﬁnal ＡＢＣ", "final abc"),
            ("Ёлка", "елка"),
            ("a\0b", "ab"),
            ("50 % \"<b>\"", "50 % \"<b>\""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn umlauts_are_found_spelled_out_as_well() {
        for (text, folded) in [
            ("Muller", "muller"),
            ("Müller", "muller mueller"),
            ("Grüße, Öl", "grusse, ol gruesse, oel"),
            ("Zoë", "zoe"),
        ] {
            assert_eq!(fold_both(text), folded, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_changes_nothing_twice_and_knows_no_case(text in "\\PC*") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert!(fold_both(&text).starts_with(&folded));
            if text.is_ascii() {
                prop_assert_eq!(folded, text.to_ascii_lowercase());
            }
        }

        #[test]
        fn a_part_of_a_text_is_found_in_it(before in "[a-zäöüßéñ ]*", part in "[A-ZÄÖÜa-zßéñ]+", after in "[a-zäöüßéñ ]*") {
            let whole = format!("{before}{part}{after}");
            prop_assert!(fold_both(&whole).contains(&fold(&part)));
        }
    }
}
