//! Runs of ordinary characters inside strings, the one loop that most bytes of a
//! body pass through.

/// Where the first byte at or after `from` stands that ends a run: a quote, a
/// backslash or a control character; the length of `bytes` when there is none.
pub(super) fn run_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let (words, tail) = rest.as_chunks::<8>();
    let mut at = from;
    for word in words {
        let stops = stops_in(u64::from_le_bytes(*word));
        if stops != 0 {
            // The lowest set bit is right even where a carry set one above it.
            return at + (stops.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    tail.iter()
        .position(|&byte| is_stop(byte))
        .map_or(bytes.len(), |index| at + index)
}

fn is_stop(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Marks the high bit of bytes that end a run; bits above the lowest one set may be
/// wrong, because the subtraction borrows across bytes.
fn stops_in(word: u64) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let zero_in = |word: u64| word.wrapping_sub(LOW) & !word;
    let quote = zero_in(word ^ (LOW * u64::from(b'"')));
    let backslash = zero_in(word ^ (LOW * u64::from(b'\\')));
    let control = word.wrapping_sub(LOW * 0x20) & !word;
    (quote | backslash | control) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_told_apart() {
        for byte in 0..=u8::MAX {
            for filler in [b'a', 0x7f, 0x80, 0xff, b' ', b'!', b'#', b'[', b']'] {
                for length in 0..20 {
                    for place in 0..length {
                        let mut bytes = vec![filler; length];
                        bytes[place] = byte;
                        let expected = if is_stop(byte) { place } else { length };
                        assert_eq!(run_end(&bytes, 0), expected, "{byte:#x} at {place}");
                    }
                }
            }
        }
    }

    #[test]
    fn starts_where_it_is_told() {
        assert_eq!(run_end(b"\"aaaaaaaaaaaa\"a", 1), 13);
        assert_eq!(run_end(b"ab", 2), 2);
        assert_eq!(run_end(b"ab", 5), 2);
    }
}
