//! Numbers compared by their decimal value, on their text: no binary fraction comes
//! in between, and no exponent is ever written out.

use std::cmp::Ordering;

use super::Limits;
use super::scan::Scanner;

/// Exponents beyond this count as this: no two numbers that people send differ so.
const MAX_EXPONENT: i128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;

/// Whether `text` is a JSON number and nothing else.
pub fn is_number(text: &str) -> bool {
    if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return false;
    }
    let mut scanner = Scanner::new(text, Limits::default());
    scanner.skip_value(0).is_ok() && scanner.peek().is_none()
}

/// How two JSON numbers compare by value (`1`, `1.0` and `10e-1` are equal); `None`
/// where either text is not one.
pub fn compare_numbers(left: &str, right: &str) -> Option<Ordering> {
    // What ids and counts are nearly always like: more digits is more.
    if is_natural(left) && is_natural(right) {
        return Some(left.len().cmp(&right.len()).then_with(|| left.cmp(right)));
    }
    let (left, right) = (Decimal::read(left)?, Decimal::read(right)?);
    Some(match (left.sign(), right.sign()) {
        (0, 0) => Ordering::Equal,
        (-1, -1) => right.compare_magnitude(&left),
        (1, 1) => left.compare_magnitude(&right),
        (left, right) => left.cmp(&right),
    })
}

/// Whether `text` is a JSON number of digits only.
fn is_natural(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().all(u8::is_ascii_digit)
        && match bytes.first() {
            Some(b'0') => bytes.len() == 1,
            first => first.is_some(),
        }
}

/// A number as its significant digits and the power of ten of the first of them.
struct Decimal<'a> {
    negative: bool,
    /// Digits, perhaps with a point among them, from the first that is not zero;
    /// empty for zero.
    digits: &'a str,
    /// Of the first digit: 2 for `123`, -2 for `0.01`.
    magnitude: i128,
}

impl<'a> Decimal<'a> {
    fn read(text: &'a str) -> Option<Self> {
        if !is_number(text) {
            return None;
        }
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)),
            None => (unsigned, 0),
        };
        let point = mantissa.find('.').unwrap_or(mantissa.len());
        let digits = mantissa.trim_start_matches(['0', '.']);
        let first = mantissa.len() - digits.len();
        let distance = if first < point {
            place(point - first) - 1
        } else {
            -place(first - point)
        };
        Some(Self {
            negative,
            digits,
            magnitude: exponent + distance,
        })
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        }
    }

    fn compare_magnitude(&self, other: &Self) -> Ordering {
        self.magnitude.cmp(&other.magnitude).then_with(|| {
            let (mut left, mut right) = (self.places(), other.places());
            loop {
                // Behind its last digit a number goes on with zeros.
                match (left.next(), right.next()) {
                    (None, None) => return Ordering::Equal,
                    (left, right) => match left.unwrap_or(b'0').cmp(&right.unwrap_or(b'0')) {
                        Ordering::Equal => {}
                        unequal => return unequal,
                    },
                }
            }
        })
    }

    fn places(&self) -> impl Iterator<Item = u8> {
        self.digits.bytes().filter(u8::is_ascii_digit)
    }
}

fn place(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(MAX_EXPONENT)
}

fn read_exponent(text: &str) -> i128 {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let size = digits
        .parse()
        .map_or(MAX_EXPONENT, |size: i128| size.min(MAX_EXPONENT));
    if negative { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_by_value() {
        for (left, ordering, right) in [
            ("0", Ordering::Equal, "-0"),
            ("0", Ordering::Equal, "0.000e99"),
            ("1", Ordering::Equal, "1.0"),
            ("1", Ordering::Equal, "1e0"),
            ("1", Ordering::Equal, "10e-1"),
            ("1", Ordering::Equal, "0.1E+1"),
            ("1", Ordering::Equal, "0.001e3"),
            ("123.4500", Ordering::Equal, "12345e-2"),
            ("1e400", Ordering::Equal, "10e399"),
            ("0.1", Ordering::Less, "0.10000000000000000555"),
            (
                "12345678901234567890",
                Ordering::Less,
                "12345678901234567891",
            ),
            ("9", Ordering::Less, "10"),
            ("0.9", Ordering::Less, "1"),
            ("0.09", Ordering::Less, "0.1"),
            ("-1", Ordering::Less, "0"),
            ("-2", Ordering::Less, "-1"),
            ("-1e400", Ordering::Less, "1e-400"),
            ("1e999999999", Ordering::Greater, "1e999999998"),
            ("1e-999999999", Ordering::Greater, "0"),
            (
                "1e99999999999999999999999999999999999999999999",
                Ordering::Greater,
                "9e9999",
            ),
            (
                "1e-99999999999999999999999999999999999999999999",
                Ordering::Less,
                "1e-9999",
            ),
        ] {
            assert_eq!(
                compare_numbers(left, right),
                Some(ordering),
                "{left} {right}"
            );
            assert_eq!(compare_numbers(right, left), Some(ordering.reverse()));
        }
    }

    #[test]
    fn what_is_no_json_number_is_none() {
        for text in [
            "", "-", "+1", "01", ".5", "1.", "1e", "0x1", "1 ", " 1", "NaN", "1_0", "\"1\"", "true",
        ] {
            assert!(!is_number(text), "{text}");
            assert_eq!(compare_numbers(text, "1"), None, "{text}");
        }
    }
}
