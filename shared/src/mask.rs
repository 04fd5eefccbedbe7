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
use std::ops::Range;

use unit::Spelling;

/// What stands in place of a secret, however long that was.
pub const MASK: &str = "••••••";

/// Shorter values are left alone: they occur by chance, and masking `7` wherever
/// it stands would make a log unreadable and tell the value all the same.
pub const SHORTEST_MASKED: usize = 6;

/// A set of secret values, ready to be masked.
#[derive(Clone, Default)]
pub struct Mask {
    needles: Vec<Needle>,
    /// The needles by their first byte, so that most places of a text cost one look-up.
    by_first_byte: Vec<Vec<usize>>,
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
        let mut by_first_byte = vec![Vec::new(); 256];
        for (index, needle) in needles.iter().enumerate() {
            let first = needle.bytes.first().copied().map(usize::from);
            if let Some(bucket) = first.and_then(|first| by_first_byte.get_mut(first)) {
                bucket.push(index);
            }
        }
        Self {
            needles,
            by_first_byte,
        }
    }

    /// Whether there is anything to mask.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
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

    /// Where secrets stand, in order and apart from each other: what overlaps is
    /// one range, so that no end of the one shows beside the other.
    fn hidden(&self, text: &str) -> Vec<Range<usize>> {
        let mut hidden: Vec<Range<usize>> = Vec::new();
        if self.is_empty() {
            return hidden;
        }
        let bytes = text.as_bytes();
        for start in 0..bytes.len() {
            if !text.is_char_boundary(start) {
                continue;
            }
            let Some(found) = self.longest_at(bytes, start) else {
                continue;
            };
            match hidden.last_mut() {
                Some(last) if found.start <= last.end => last.end = last.end.max(found.end),
                _ => hidden.push(found),
            }
        }
        hidden
    }

    /// The longest of the secrets that begin here, in whatever way it is spelled.
    fn longest_at(&self, text: &[u8], start: usize) -> Option<Range<usize>> {
        Spelling::ALL
            .into_iter()
            .flat_map(|spelling| {
                let unit = spelling.unit_at(text, start);
                let first = unit
                    .and_then(|unit| unit.bytes().first().copied())
                    .map(usize::from);
                let bucket = first.and_then(|first| self.by_first_byte.get(first));
                bucket
                    .into_iter()
                    .flatten()
                    .filter_map(|index| self.needles.get(*index))
                    .filter_map(move |needle| {
                        let end = spelling.end_of(&needle.bytes, text, start)?;
                        Some(needle.widened(text, start..end))
                    })
            })
            .max_by_key(|range| range.end)
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
