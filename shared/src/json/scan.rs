//! The scanner: strict, iterative, one pass. It knows where values begin and end and
//! nothing of what they are for.

use super::invalid::{Expected, Fault, InvalidJson};
use super::run::run_end;
use super::{Kind, Limits};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The white space of RFC 8259, section 2.
pub(crate) fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Runs `read` over the one value of `body`, then makes sure that nothing follows it.
///
/// `read` finds the scanner at the value's first byte and must leave it behind its
/// last one.
pub(crate) fn with_scanner<'a, T>(
    body: &'a [u8],
    limits: Limits,
    read: impl FnOnce(&mut Scanner<'a>) -> Result<T, Fault>,
) -> Result<T, InvalidJson> {
    match std::str::from_utf8(body) {
        Ok(text) => scan_text(text, limits, read).map_err(|fault| InvalidJson::new(body, fault)),
        Err(error) => {
            let end = error.valid_up_to();
            let sound = body
                .get(..end)
                .and_then(|sound| std::str::from_utf8(sound).ok())
                .unwrap_or_default();
            // What is wrong before the bytes that are no text is nearer to the cause.
            let fault = match scan_text(sound, limits, |scanner| scanner.skip_value(0)) {
                Err(fault) if fault.at < end => fault,
                _ => Fault {
                    at: end,
                    expected: Expected::Utf8,
                },
            };
            Err(InvalidJson::new(body, fault))
        }
    }
}

fn scan_text<'a, T>(
    text: &'a str,
    limits: Limits,
    read: impl FnOnce(&mut Scanner<'a>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut scanner = Scanner::new(text, limits);
    if text.starts_with(BYTE_ORDER_MARK) {
        scanner.position = BYTE_ORDER_MARK.len();
    }
    scanner.white_space();
    let result = read(&mut scanner)?;
    scanner.white_space();
    match scanner.peek() {
        None => Ok(result),
        Some(_) => Err(scanner.fault(Expected::End)),
    }
}

/// The key of a member of an object, as it stands in the body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'a> {
    /// With its quotes.
    pub(crate) raw: &'a str,
    /// Of the opening quote.
    pub(crate) start: usize,
    escaped: bool,
}

impl Key<'_> {
    /// Whether the key's decoded text is `name`.
    pub(crate) fn is(&self, name: &str) -> bool {
        if self.escaped {
            super::decode(self.raw) == name
        } else {
            // Two quotes more than the name: cheaper than cutting them off first.
            self.raw.len() == name.len() + 2 && self.raw.get(1..=name.len()) == Some(name)
        }
    }
}

/// A cursor over text that is being checked.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    position: usize,
    limits: Limits,
    /// One bit for each level that [`Self::skip_value`] is in: set where it is an object.
    objects: [u64; Limits::MAX_DEPTH / 64 + 1],
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str, limits: Limits) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            position: 0,
            limits,
            objects: [0; Limits::MAX_DEPTH / 64 + 1],
        }
    }

    pub(crate) fn position(&self) -> usize {
        self.position
    }

    /// All of the body, in which positions are.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// Goes on from elsewhere, for a second look at what has been checked before.
    pub(crate) fn seek(&mut self, position: usize) {
        self.position = position;
    }

    /// The text between two places where the scanner has stopped. Such places are
    /// always beside an ASCII character, so there is text between them.
    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    /// Steps over one byte.
    pub(crate) fn advance(&mut self) {
        self.position += 1;
    }

    /// The kind of the value that begins here.
    pub(crate) fn kind(&self) -> Result<Kind, Fault> {
        self.peek()
            .and_then(Kind::of_first_byte)
            .ok_or(self.fault(Expected::Value))
    }

    pub(crate) fn fault(&self, expected: Expected) -> Fault {
        Fault {
            at: self.position,
            expected,
        }
    }

    pub(crate) fn white_space(&mut self) {
        while self.peek().is_some_and(is_white_space) {
            self.position += 1;
        }
    }

    /// Refuses an object or array that would be the `depth`th around what is in it.
    pub(crate) fn check_depth(&self, depth: usize) -> Result<(), Fault> {
        if depth > self.limits.depth() {
            return Err(self.fault(Expected::LessNesting {
                limit: self.limits.depth(),
            }));
        }
        Ok(())
    }

    /// Steps over a key, its colon and the white space before the value.
    pub(crate) fn key(&mut self, otherwise: Expected) -> Result<Key<'a>, Fault> {
        let start = self.position;
        if self.peek() != Some(b'"') {
            return Err(self.fault(otherwise));
        }
        let escaped = self.string()?;
        let raw = self.slice(start, self.position);
        self.white_space();
        if self.peek() != Some(b':') {
            return Err(self.fault(Expected::Colon));
        }
        self.position += 1;
        self.white_space();
        Ok(Key {
            raw,
            start,
            escaped,
        })
    }

    /// Steps over a value that stands in `depth` objects and arrays, checking all of it.
    pub(crate) fn skip_value(&mut self, depth: usize) -> Result<(), Fault> {
        let mut open = depth;
        loop {
            match self.peek() {
                Some(b'{') => {
                    open += 1;
                    self.check_depth(open)?;
                    self.set_object(open, true);
                    self.position += 1;
                    self.white_space();
                    if self.peek() != Some(b'}') {
                        self.key(Expected::KeyOrBrace)?;
                        continue;
                    }
                    self.position += 1;
                    open -= 1;
                }
                Some(b'[') => {
                    open += 1;
                    self.check_depth(open)?;
                    self.set_object(open, false);
                    self.position += 1;
                    self.white_space();
                    if self.peek() != Some(b']') {
                        if self.peek().and_then(Kind::of_first_byte).is_none() {
                            return Err(self.fault(Expected::ValueOrBracket));
                        }
                        continue;
                    }
                    self.position += 1;
                    open -= 1;
                }
                _ => self.scalar()?,
            }
            // A value has ended; so may what it stands in.
            loop {
                if open == depth {
                    return Ok(());
                }
                self.white_space();
                let in_object = self.is_object(open);
                match self.peek() {
                    Some(b',') => {
                        self.position += 1;
                        self.white_space();
                        if in_object {
                            self.key(Expected::Key)?;
                        }
                        break;
                    }
                    Some(b'}') if in_object => {}
                    Some(b']') if !in_object => {}
                    _ if in_object => return Err(self.fault(Expected::CommaOrBrace)),
                    _ => return Err(self.fault(Expected::CommaOrBracket)),
                }
                self.position += 1;
                open -= 1;
            }
        }
    }

    fn set_object(&mut self, depth: usize, object: bool) {
        // `check_depth` has seen to it that the word is there.
        if let Some(word) = self.objects.get_mut(depth / 64) {
            let bit = 1 << (depth % 64);
            if object {
                *word |= bit;
            } else {
                *word &= !bit;
            }
        }
    }

    fn is_object(&self, depth: usize) -> bool {
        self.objects
            .get(depth / 64)
            .is_some_and(|word| word & (1 << (depth % 64)) != 0)
    }

    fn scalar(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.literal(b"true", Expected::True),
            Some(b'f') => self.literal(b"false", Expected::False),
            Some(b'n') => self.literal(b"null", Expected::Null),
            _ => Err(self.fault(Expected::Value)),
        }
    }

    fn literal(&mut self, literal: &[u8], expected: Expected) -> Result<(), Fault> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        if !rest.starts_with(literal) {
            return Err(self.fault(expected));
        }
        self.position += literal.len();
        Ok(())
    }

    /// Steps over a string from its opening quote, and says whether it has escapes.
    fn string(&mut self) -> Result<bool, Fault> {
        self.position += 1;
        let mut escaped = false;
        loop {
            self.position = run_end(self.bytes, self.position);
            match self.peek() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(escaped);
                }
                Some(b'\\') => {
                    escaped = true;
                    self.position += 1;
                    self.escape()?;
                }
                Some(_) => return Err(self.fault(Expected::NoControlCharacter)),
                None => return Err(self.fault(Expected::ClosingQuote)),
            }
        }
    }

    /// Steps over what follows a backslash. A surrogate may stand alone: RFC 8259
    /// allows it, and the value is kept as sent.
    fn escape(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.position += 1,
            Some(b'u') => {
                self.position += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return Err(self.fault(Expected::HexDigit));
                    }
                    self.position += 1;
                }
            }
            _ => return Err(self.fault(Expected::Escape)),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == Some(b'-') {
            self.position += 1;
        }
        if self.peek() == Some(b'0') {
            self.position += 1;
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.fault(Expected::NoLeadingZero));
            }
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.position += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.position += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.position += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.position;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.position += 1;
        }
        if self.position == start {
            return Err(self.fault(Expected::Digit));
        }
        Ok(())
    }
}
