//! Masking of secrets when what was stored is read: in headers, URLs and bodies.
//!
//! The journal keeps true values, because runs resume from it; nothing leaves it
//! unmasked. A secret is found as it is, percent-encoded, JSON-escaped and
//! XML-escaped (however much of it the sender chose to escape), and inside
//! base64, at whatever place of the encoded bytes it stands.

mod base64_core;
#[cfg(test)]
mod tests;
mod unit;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use unit::Spelling;

use crate::json::{self, Limits};

/// What stands in place of a secret, however long that was.
pub const MASK: &str = "••••••";

/// Shorter values are left alone: they occur by chance, and masking `7` wherever
/// it stands would make a log unreadable and tell the value all the same.
pub const SHORTEST_MASKED: usize = 6;

/// How much is compared for each byte of a text, on the average: secrets and texts may both
/// come from a service that means ill. A text that takes more is so like the secrets,
/// everywhere, that the rest of it is hidden.
const WORK_PER_BYTE: usize = 64;

/// However short the text is.
const LEAST_WORK: usize = 1 << 16;

/// Where there are more secrets, no text is shown: to look for all of them takes more
/// memory than there is.
const MOST_SECRETS: usize = 1_000;

/// A set of secret values, ready to be masked.
#[derive(Clone, Default)]
pub struct Mask {
    needles: Vec<Needle>,
    /// The needles by their first byte and then by their second, so that most places of a
    /// text cost one look-up.
    by_start: Vec<BTreeMap<u8, Vec<usize>>>,
    hides_all: bool,
}

/// A secret, or what can be told of its base64.
#[derive(Clone)]
struct Needle {
    bytes: Vec<u8>,
    /// The characters next to a match carry some of the secret's bits too.
    ragged_start: bool,
    ragged_end: bool,
}

impl Mask {
    /// A mask for these decoded values; those of fewer than [`SHORTEST_MASKED`]
    /// characters are left out. Values that are composed of a secret need not be
    /// given: `user:password` in a Basic header is found by its password.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut needles = Vec::new();
        for secret in secrets {
            if secret.chars().count() < SHORTEST_MASKED {
                continue;
            }
            needles.push(Needle {
                bytes: secret.into(),
                ragged_start: false,
                ragged_end: false,
            });
            needles.extend(base64_core::needles(secret.as_bytes()));
        }
        let mut by_start = vec![BTreeMap::<u8, Vec<usize>>::new(); 256];
        for (index, needle) in needles.iter().enumerate() {
            // No secret that is masked is shorter than this.
            if let [first, second, ..] = *needle.bytes
                && let Some(bucket) = by_start.get_mut(usize::from(first))
            {
                bucket.entry(second).or_default().push(index);
            }
        }
        Self {
            needles,
            by_start,
            hides_all: false,
        }
    }

    /// A mask for `secrets`, and for all that the JSON texts of secret variables hold: of an
    /// object or array, each part may travel alone.
    pub fn with_values<'a>(
        secrets: impl IntoIterator<Item = &'a str>,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut hidden: BTreeSet<Cow<'a, str>> = secrets.into_iter().map(Cow::Borrowed).collect();
        for value in values {
            hidden.insert(json::text(value));
            json::each_scalar(value, |_, part| _ = hidden.insert(json::text(part)));
        }
        if hidden.len() > MOST_SECRETS {
            Self::of_everything()
        } else {
            Self::new(hidden.iter().map(Cow::as_ref))
        }
    }

    /// A mask that hides whatever it is laid over.
    pub fn of_everything() -> Self {
        Self {
            hides_all: true,
            ..Self::default()
        }
    }

    /// Whether there is anything to mask.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty() && !self.hides_all
    }

    /// `text` with every secret replaced by [`MASK`]; borrowed when it holds none.
    pub fn apply<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let hidden = self.hidden(text);
        if hidden.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = String::with_capacity(text.len());
        let mut end = 0;
        for range in hidden {
            masked.push_str(text.get(end..range.start).unwrap_or_default());
            masked.push_str(MASK);
            end = range.end;
        }
        masked.push_str(text.get(end..).unwrap_or_default());
        Cow::Owned(masked)
    }

    /// The same of a JSON text, which stays one: a number that is a secret has no quotes to stand between.
    pub fn apply_to_json<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let masked = self.apply(text);
        let is_json = |text: &str| {
            let limits = Limits::with_depth(Limits::MAX_DEPTH);
            json::validate(text.as_bytes(), limits).is_ok()
        };
        if matches!(masked, Cow::Borrowed(_)) || is_json(&masked) {
            return masked;
        }
        let mut parts = String::with_capacity(masked.len());
        let mut end = 0;
        json::each_scalar(text, |place, scalar| {
            // Keys stand between.
            parts.push_str(&self.apply(text.get(end..place.start).unwrap_or_default()));
            let masked = self.apply(scalar);
            if is_json(&masked) {
                parts.push_str(&masked);
            } else {
                parts.push_str(&json::quote(MASK));
            }
            end = place.end;
        });
        parts.push_str(text.get(end..).unwrap_or_default());
        Cow::Owned(parts)
    }

    /// Where secrets stand, in order and apart from each other: what overlaps is
    /// one range, so that no end of the one shows beside the other.
    fn hidden(&self, text: &str) -> Vec<Range<usize>> {
        let mut hidden: Vec<Range<usize>> = Vec::new();
        if self.is_empty() || text.is_empty() {
            return hidden;
        }
        let bytes = text.as_bytes();
        if self.hides_all {
            hidden.push(0..bytes.len());
            return hidden;
        }
        let spellings: Vec<Spelling> = Spelling::ALL
            .into_iter()
            .filter(|spelling| spelling.occurs_in(bytes))
            .collect();
        let mut work = bytes.len().saturating_mul(WORK_PER_BYTE).max(LEAST_WORK);
        for start in 0..bytes.len() {
            if !text.is_char_boundary(start) {
                continue;
            }
            let found = self.longest_at(bytes, start, &spellings, &mut work);
            let found = if work == 0 {
                Some(start..bytes.len())
            } else {
                found
            };
            let Some(found) = found else { continue };
            match hidden.last_mut() {
                Some(last) if found.start <= last.end => last.end = last.end.max(found.end),
                _ => hidden.push(found),
            }
            if work == 0 {
                break;
            }
        }
        hidden
    }

    /// The longest of the secrets that begin here, in whatever way it is spelled. Takes
    /// what it compares from `work`; means nothing where none of that is left.
    fn longest_at(
        &self,
        text: &[u8],
        start: usize,
        spellings: &[Spelling],
        work: &mut usize,
    ) -> Option<Range<usize>> {
        let mut longest: Option<Range<usize>> = None;
        for spelling in spellings {
            let Some([first, second]) = spelling.first_two(text, start) else {
                continue;
            };
            let bucket = self.by_start.get(usize::from(first));
            let bucket = bucket.and_then(|bucket| bucket.get(&second));
            for index in bucket.into_iter().flatten() {
                let Some(needle) = self.needles.get(*index) else {
                    continue;
                };
                if let Some(end) = spelling.end_of(&needle.bytes, text, start, work) {
                    let found = needle.widened(text, start..end);
                    if longest.as_ref().is_none_or(|known| known.end < found.end) {
                        longest = Some(found);
                    }
                }
            }
        }
        longest
    }
}

/// Says nothing about the secrets, so that a mask can stand in a type that is printed.
impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mask").finish_non_exhaustive()
    }
}

impl Needle {
    /// The range with the neighbours that carry some of the secret's bits.
    fn widened(&self, text: &[u8], range: Range<usize>) -> Range<usize> {
        let is_base64 = |index: Option<usize>| {
            index
                .and_then(|index| text.get(index))
                .is_some_and(|byte| base64_core::is_digit(*byte))
        };
        let before = self.ragged_start && is_base64(range.start.checked_sub(1));
        let after = self.ragged_end && is_base64(Some(range.end));
        range.start - usize::from(before)..range.end + usize::from(after)
    }
}
