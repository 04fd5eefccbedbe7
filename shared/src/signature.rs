//! HMAC signatures over the raw bytes of a public start: bytes in, verdict out.
//!
//! The bytes are signed as they came, before anything parses them. Every cause
//! of refusal has its own [`SignatureError`] for the owner of the runbook; a
//! caller from outside is shown one and the same 401 for all of them.

mod error;
mod preset;
mod signed;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha512};
use subtle::{Choice, ConstantTimeEq as _};

use crate::model::{Digest, DigestEncoding, SignatureScheme};

pub use error::{SettingsError, SignError, SignatureError};
pub use preset::{PRESETS, Preset};
pub(crate) use signed::{Part, Signed};

/// Header names and values as they came; names are compared without case.
pub type Headers<'a> = &'a [(String, String)];

/// A caller's clock must be this near to ours when a scheme has a time stamp and
/// names no tolerance of its own.
pub const DEFAULT_TOLERANCE_S: u32 = 300;

/// Senders leave the padding away as often as not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// How one runbook's callers sign what they send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hmac {
    algorithm: Digest,
    encoding: DigestEncoding,
    header: String,
    prefix: String,
    /// Where the header is a list of signatures, any of which may fit: what stands between them.
    separator: Option<char>,
    timestamp: Option<Timestamp>,
    signed: Signed,
    key: KeyForm,
}

/// How a secret is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyForm {
    /// Its bytes are the key.
    Text,
    /// Base64 after `whsec_`, as Standard Webhooks have it.
    Whsec,
}

impl KeyForm {
    /// The key; empty, which never fits, where the text is none.
    fn key(self, secret: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Text => Cow::Borrowed(secret),
            Self::Whsec => {
                let text = std::str::from_utf8(secret).unwrap_or_default().trim();
                let text = text.strip_prefix("whsec_").unwrap_or(text);
                Cow::Owned(BASE64.decode(text).unwrap_or_default())
            }
        }
    }
}

impl Default for Hmac {
    /// SHA-256 over the body, in hexadecimal digits, in `X-Signature`.
    fn default() -> Self {
        Self {
            algorithm: Digest::default(),
            encoding: DigestEncoding::default(),
            header: "X-Signature".to_owned(),
            prefix: String::new(),
            separator: None,
            timestamp: None,
            signed: Signed::body_alone(),
            key: KeyForm::Text,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Timestamp {
    place: TimestampPlace,
    tolerance_s: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum TimestampPlace {
    Header(String),
    /// A member of the list that the signature's header is, after this.
    Member(&'static str),
}

impl Hmac {
    /// A signature over the body alone, in `header`, after `prefix` (such as
    /// `sha256=`, or nothing).
    pub fn new(
        algorithm: Digest,
        encoding: DigestEncoding,
        header: &str,
        prefix: &str,
    ) -> Result<Self, SettingsError> {
        Ok(Self {
            algorithm,
            encoding,
            header: header_name(header)?,
            prefix: prefix.to_owned(),
            ..Self::default()
        })
    }

    /// Also asks for a time stamp (seconds since 1970) in `header` that is at
    /// most `tolerance_s` seconds away from now, before or after. It only guards
    /// against replay when it is signed too: see [`Hmac::with_signed`].
    pub fn with_timestamp(mut self, header: &str, tolerance_s: u32) -> Result<Self, SettingsError> {
        self.timestamp = Some(Timestamp {
            place: TimestampPlace::Header(header_name(header)?),
            tolerance_s,
        });
        Ok(self)
    }

    /// Signs what `format` spells out in place of the body alone: text with
    /// `<<body>>`, `<<timestamp>>` and `<<request@header[name]>>`, such as
    /// `<<timestamp>>.<<body>>`. To be called after [`Hmac::with_timestamp`].
    pub fn with_signed(mut self, format: &str) -> Result<Self, SettingsError> {
        self.signed = Signed::parse(format)?;
        if self.signed.parts().contains(&Part::Timestamp) && self.timestamp.is_none() {
            return Err(SettingsError::NoTimestampHeader);
        }
        Ok(self)
    }

    /// How one of the well-known services signs; none where the parts are set by hand.
    pub fn of_service(scheme: SignatureScheme, tolerance_s: u32) -> Option<Self> {
        Preset::of(scheme).map(|preset| preset.hmac(tolerance_s))
    }

    /// What tells a recorded request that is sent once more: the SHA-256 of all that is signed, where a time stamp is
    /// part of that. It does not depend on how the signature is written.
    pub fn signed_digest(&self, headers: Headers<'_>, body: &[u8]) -> Option<[u8; 32]> {
        if !self.signed.parts().contains(&Part::Timestamp) {
            return None;
        }
        let stamp = self.stamp_text(self.timestamp.as_ref()?, headers).ok()?;
        let message = self.signed.message(headers, body, stamp).ok()?;
        let digest = message
            .iter()
            .fold(Sha256::new(), sha2::Digest::chain_update)
            .finalize();
        Some(digest.into())
    }

    /// Whether the value of this header is part of what is signed.
    pub fn signs_header(&self, name: &str) -> bool {
        self.signed
            .parts()
            .iter()
            .any(|part| matches!(part, Part::Header(signed) if signed.eq_ignore_ascii_case(name)))
    }

    /// Whether one of `secrets` signed this request. All of them are tried, and the
    /// body is hashed even when a header is missing, so that the time taken does
    /// not say what was wrong; empty secrets never fit. `now_s` is in seconds since 1970.
    pub fn verify(
        &self,
        secrets: &[impl AsRef<[u8]>],
        headers: Headers<'_>,
        body: &[u8],
        now_s: i64,
    ) -> Result<(), SignatureError> {
        let timestamp = self
            .timestamp
            .as_ref()
            .map(|stamp| stamp.read(self.stamp_text(stamp, headers), now_s))
            .transpose();
        let given = self.given(headers);
        let stamp = timestamp.as_ref().ok().copied().flatten();
        let message = self
            .signed
            .message(headers, body, stamp.unwrap_or_default());
        let mut keys = secrets
            .iter()
            .map(|secret| self.key.key(secret.as_ref()))
            .filter(|key| !key.is_empty())
            .peekable();
        let has_secret = keys.peek().is_some();
        let fits = keys.fold(Choice::from(0), |fits, key| {
            let pieces = message.as_deref().unwrap_or(&[]);
            let given = given.as_deref().unwrap_or_default();
            let right = digest(self.algorithm, &key, pieces);
            given
                .iter()
                .fold(fits, |fits, given| fits | right.as_slice().ct_eq(given))
        });
        timestamp?;
        given?;
        message?;
        match (has_secret, bool::from(fits)) {
            (false, _) => Err(SignatureError::NoSecret),
            (true, false) => Err(SignatureError::Mismatch),
            (true, true) => Ok(()),
        }
    }

    /// The headers that a caller adds to `headers` so that [`Hmac::verify`]
    /// accepts the request: the signature, and the time stamp where one is asked for.
    pub fn sign(
        &self,
        secret: &[u8],
        headers: Headers<'_>,
        body: &[u8],
        now_s: i64,
    ) -> Result<Vec<(String, String)>, SignError> {
        if secret.is_empty() {
            return Err(SignError::EmptySecret);
        }
        let now = now_s.to_string();
        let message = self
            .signed
            .message(headers, body, &now)
            .map_err(SignError::SignedHeader)?;
        let key = self.key.key(secret);
        let signature = encode(self.encoding, &digest(self.algorithm, &key, &message));
        let mut value = format!("{}{signature}", self.prefix);
        let mut added = Vec::new();
        match self.timestamp.as_ref().map(|stamp| &stamp.place) {
            Some(TimestampPlace::Header(name)) => added.push((name.clone(), now)),
            Some(TimestampPlace::Member(prefix)) => {
                let separator = self.separator.unwrap_or(',');
                value = format!("{prefix}{now}{separator}{value}");
            }
            None => {}
        }
        added.insert(0, (self.header.clone(), value));
        Ok(added)
    }

    /// The bytes of the signatures that the caller sent; several where the header is a list.
    fn given(&self, headers: Headers<'_>) -> Result<Vec<Vec<u8>>, SignatureError> {
        let value = only(headers, &self.header)?;
        let prefix = self.prefix.trim_start();
        let mut signatures = Vec::new();
        for encoded in self
            .members(value)
            .filter_map(|member| member.strip_prefix(prefix))
        {
            let signature =
                decode(self.encoding, encoded.trim()).ok_or(SignatureError::NotDecodable {
                    encoding: self.encoding,
                })?;
            signatures.push(signature);
            if signatures.len() > MOST_SIGNATURES {
                return Err(SignatureError::Mismatch);
            }
        }
        if signatures.is_empty() {
            return Err(SignatureError::WrongPrefix);
        }
        Ok(signatures)
    }

    /// The members of the signature's header; all of it where that is no list.
    fn members<'h>(&self, value: &'h str) -> impl Iterator<Item = &'h str> + use<'h> {
        let separator = self.separator;
        value
            .split(move |character| Some(character) == separator)
            .map(str::trim)
    }

    /// The time stamp as the caller wrote it, because those are the characters it signed.
    fn stamp_text<'h>(
        &self,
        stamp: &Timestamp,
        headers: Headers<'h>,
    ) -> Result<&'h str, SignatureError> {
        match &stamp.place {
            TimestampPlace::Header(name) => only(headers, name),
            TimestampPlace::Member(prefix) => {
                let value = only(headers, &self.header)?;
                let mut members = self.members(value);
                members
                    .find_map(|member| member.strip_prefix(prefix))
                    .ok_or(SignatureError::BadTimestamp)
            }
        }
    }
}

/// A list holds no more: each of them is compared.
const MOST_SIGNATURES: usize = 16;

impl Timestamp {
    /// Checks a time stamp, and gives it back.
    fn read<'a>(
        &self,
        text: Result<&'a str, SignatureError>,
        now_s: i64,
    ) -> Result<&'a str, SignatureError> {
        let text = text?;
        let sent_s: i64 = text.parse().map_err(|_| SignatureError::BadTimestamp)?;
        let off_by_s = now_s.abs_diff(sent_s);
        if off_by_s > u64::from(self.tolerance_s) {
            return Err(SignatureError::OutsideTolerance {
                off_by_s,
                tolerance_s: self.tolerance_s,
            });
        }
        Ok(text)
    }
}

fn encode(encoding: DigestEncoding, bytes: &[u8]) -> String {
    match encoding {
        DigestEncoding::Hex => {
            let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
            digits
                .filter_map(|digit| char::from_digit(digit.into(), 16))
                .collect()
        }
        DigestEncoding::Base64 => BASE64.encode(bytes),
    }
}

fn decode(encoding: DigestEncoding, text: &str) -> Option<Vec<u8>> {
    match encoding {
        DigestEncoding::Hex => {
            let digits = text
                .chars()
                .map(|char| char.to_digit(16))
                .collect::<Option<Vec<_>>>()?;
            let (pairs, []) = digits.as_chunks::<2>() else {
                return None;
            };
            pairs
                .iter()
                .map(|[high, low]| u8::try_from(high * 16 + low).ok())
                .collect()
        }
        DigestEncoding::Base64 => BASE64.decode(text).ok(),
    }
}

/// The HMAC (RFC 2104) of `message`, given in pieces.
fn digest(algorithm: Digest, secret: &[u8], message: &[&[u8]]) -> Vec<u8> {
    macro_rules! hmac_of {
        ($hash:ty) => {{
            let mac = hmac::Hmac::<$hash>::new_from_slice(secret)
                .expect("HMAC takes keys of every length");
            message
                .iter()
                .fold(mac, |mac, piece| mac.chain_update(piece))
                .finalize()
                .into_bytes()
                .to_vec()
        }};
    }
    match algorithm {
        Digest::Sha1 => hmac_of!(Sha1),
        Digest::Sha256 => hmac_of!(Sha256),
        Digest::Sha512 => hmac_of!(Sha512),
    }
}

/// The one value of a header. Two of the same name leave open which of them
/// counts, so they are refused.
fn only<'a>(headers: Headers<'a>, name: &str) -> Result<&'a str, SignatureError> {
    let mut values = headers
        .iter()
        .filter(|(given, _)| given.eq_ignore_ascii_case(name));
    match (values.next(), values.next()) {
        (Some((_, value)), None) => Ok(value.trim()),
        (Some(_), Some(_)) => Err(SignatureError::RepeatedHeader {
            name: name.to_owned(),
        }),
        (None, _) => Err(SignatureError::MissingHeader {
            name: name.to_owned(),
        }),
    }
}

/// A header name is a token (RFC 9110, 5.6.2).
fn header_name(name: &str) -> Result<String, SettingsError> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(SettingsError::HeaderName {
            name: name.to_owned(),
        });
    }
    Ok(name.to_owned())
}
