//! What base64 of a longer text shows of a secret within it.

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::Needle;

/// The digits that `secret` alone decides, for each of the three places where it
/// can stand in a group of three bytes, in both alphabets.
pub(super) fn needles(secret: &[u8]) -> Vec<Needle> {
    let mut needles: Vec<Needle> = Vec::new();
    for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        for before in 0..3 {
            let needle = needle(secret, before, engine);
            if needles.iter().all(|other| other.bytes != needle.bytes) {
                needles.push(needle);
            }
        }
    }
    needles
}

/// Six bits are a digit: the first digit of the secret's own begins at the first
/// multiple of six behind the `before` bytes, its last ends before the next byte.
fn needle(secret: &[u8], before: usize, engine: &GeneralPurpose) -> Needle {
    let mut bytes = vec![0; before];
    bytes.extend_from_slice(secret);
    let digits = engine.encode(&bytes).into_bytes();
    let first = (before * 8).div_ceil(6);
    let last = bytes.len() * 8 / 6;
    Needle {
        bytes: digits.get(first..last).unwrap_or_default().to_vec(),
        ragged_start: before > 0,
        ragged_end: !bytes.len().is_multiple_of(3),
    }
}

/// Whether a byte is a digit of either alphabet.
pub(super) fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}
