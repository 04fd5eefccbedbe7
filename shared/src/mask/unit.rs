//! One character of a text, undone of the escape it is written in.

/// A way of escaping. A match reads one kind of escape only, but any mixture of
/// escaped and plain characters, as senders differ in what they escape.
#[derive(Clone, Copy)]
pub(super) enum Spelling {
    Plain,
    Percent,
    /// As percent, with `+` for a space.
    Form,
    Json,
    Xml,
}

/// What stands at one place of a text, and how many bytes of the text it takes.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    decoded: [u8; 4],
    decoded_len: usize,
    len: usize,
}

impl Unit {
    pub(super) fn bytes(&self) -> &[u8] {
        self.decoded.get(..self.decoded_len).unwrap_or_default()
    }

    fn byte(byte: u8, len: usize) -> Self {
        Self {
            decoded: [byte, 0, 0, 0],
            decoded_len: 1,
            len,
        }
    }

    fn char(char: char, len: usize) -> Self {
        let mut decoded = [0; 4];
        let decoded_len = char.encode_utf8(&mut decoded).len();
        Self {
            decoded,
            decoded_len,
            len,
        }
    }
}

impl Spelling {
    pub(super) const ALL: [Self; 5] = [
        Self::Plain,
        Self::Percent,
        Self::Form,
        Self::Json,
        Self::Xml,
    ];

    /// Whether a text can hold anything that is spelled so and not plainly.
    pub(super) fn occurs_in(self, text: &[u8]) -> bool {
        let marks: &[u8] = match self {
            Self::Plain => return true,
            Self::Percent => b"%",
            Self::Form => b"%+",
            Self::Json => b"\\",
            Self::Xml => b"&",
        };
        text.iter().any(|byte| marks.contains(byte))
    }

    /// The first two bytes that stand at `start`.
    pub(super) fn first_two(self, text: &[u8], start: usize) -> Option<[u8; 2]> {
        let unit = self.unit_at(text, start)?;
        match *unit.bytes() {
            [first, second, ..] => Some([first, second]),
            [first] => {
                let next = self.unit_at(text, start + unit.len)?;
                Some([first, *next.bytes().first()?])
            }
            [] => None,
        }
    }

    /// Where `needle` ends if it is what stands at `start`. Each character that is looked at
    /// is taken from `work`; where that is used up, nobody knows.
    pub(super) fn end_of(
        self,
        needle: &[u8],
        text: &[u8],
        start: usize,
        work: &mut usize,
    ) -> Option<usize> {
        let mut at = start;
        let mut rest = needle;
        while !rest.is_empty() {
            *work = work.checked_sub(1)?;
            let unit = self.unit_at(text, at)?;
            rest = rest.strip_prefix(unit.bytes())?;
            at += unit.len;
        }
        Some(at)
    }

    /// `None` at the end of the text.
    pub(super) fn unit_at(self, text: &[u8], at: usize) -> Option<Unit> {
        let rest = text.get(at..)?;
        let first = *rest.first()?;
        let escaped = match (self, first) {
            (Self::Percent | Self::Form, b'%') => percent(rest),
            (Self::Form, b'+') => Some(Unit::byte(b' ', 1)),
            (Self::Json, b'\\') => json(rest),
            (Self::Xml, b'&') => xml(rest),
            _ => None,
        };
        Some(escaped.unwrap_or(Unit::byte(first, 1)))
    }
}

/// `%2F`
fn percent(rest: &[u8]) -> Option<Unit> {
    let byte = u8::try_from(hex(rest.get(1..3)?)?).ok()?;
    Some(Unit::byte(byte, 3))
}

/// `\n`, `\/`, `\u00e9`, `\ud83d\ude00`
fn json(rest: &[u8]) -> Option<Unit> {
    let byte = match rest.get(1)? {
        byte @ (b'"' | b'\\' | b'/') => *byte,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return json_code(rest),
        _ => return None,
    };
    Some(Unit::byte(byte, 2))
}

fn json_code(rest: &[u8]) -> Option<Unit> {
    let first = hex(rest.get(2..6)?)?;
    if let Some(char) = char::from_u32(first) {
        return Some(Unit::char(char, 6));
    }
    let second = rest
        .get(6..8)
        .filter(|escape| *escape == br"\u")
        .and_then(|_| hex(rest.get(8..12)?))?;
    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
    let high = first.checked_sub(0xD800).filter(|high| *high < 0x400)?;
    char::from_u32(0x1_0000 + (high << 10) + low).map(|char| Unit::char(char, 12))
}

/// `&amp;`, `&#38;`, `&#x26;`
fn xml(rest: &[u8]) -> Option<Unit> {
    /// The longest reference of use is `&#x10FFFF;`; what is longer is text.
    const LONGEST: usize = 12;
    let end = rest.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(rest.get(1..end)?).ok()?;
    let char = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let code = name.strip_prefix('#')?;
            let code = match code.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => code.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some(Unit::char(char, end + 1))
}

/// The value of a few hexadecimal digits, at most eight.
fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |value, digit| {
        Some((value << 4) | char::from(*digit).to_digit(16)?)
    })
}
