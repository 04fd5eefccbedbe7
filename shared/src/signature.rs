//! Signatures over the raw bytes of a public start: bytes in, verdict out.
//!
//! The bytes are signed as they came, before anything parses them. Every cause
//! of refusal has its own [`SignatureError`] for the owner of the runbook; a
//! caller from outside is shown one and the same 401 for all of them.

mod encoding;
mod error;
mod key;
mod preset;
mod signed;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};
use url::form_urlencoded;

use self::encoding::{decode, digest, encode};
use self::key::{Key, is_signed_by};
use crate::model::{Digest, DigestEncoding, PublicAuth, SignatureScheme};
use crate::start::is_form;

pub use error::{SettingsError, SignError, SignatureError};
pub use key::SecretFault;
pub(crate) use key::{KeyForm, PublicKeys};
pub use preset::{PRESETS, Preset};
pub(crate) use signed::{Part, Signed, names_one_delivery};

/// Header names and values as they came; names are compared without case.
pub type Headers<'a> = &'a [(String, String)];

/// A request, as far as it can be signed.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The whole address, as the caller knows it.
    pub url: &'a str,
    pub headers: Headers<'a>,
    pub body: &'a [u8],
}

/// A caller's clock must be this near to ours when a scheme has a time stamp and
/// names no tolerance of its own.
pub const DEFAULT_TOLERANCE_S: u32 = 300;

/// How one runbook's callers sign what they send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hmac {
    pub(crate) algorithm: Digest,
    pub(crate) encoding: DigestEncoding,
    pub(crate) header: String,
    pub(crate) prefix: String,
    /// Where the header is a list of signatures, any of which may fit: what stands between them.
    pub(crate) separator: Option<char>,
    pub(crate) timestamp: Option<Timestamp>,
    pub(crate) signed: Signed,
    pub(crate) key: KeyForm,
    pub(crate) public_keys: Option<PublicKeys>,
    /// The query parameter that holds the SHA-256 of a body that is no form; it is signed with the address.
    pub(crate) body_digest: Option<&'static str>,
    json_field: Option<&'static str>,
}

/// What is signed that no other request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayGuard<'h> {
    /// It is within its tolerance for a short time only.
    Timestamp,
    /// The header of this name holds an id or a time; for how long it is remembered is up to whoever remembers.
    Header(&'h str),
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
            public_keys: None,
            body_digest: None,
            json_field: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Timestamp {
    pub(crate) place: TimestampPlace,
    tolerance_s: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TimestampPlace {
    Header(String),
    /// A member of the list that the signature's header is, after this.
    Member(&'static str),
}

impl Hmac {
    /// The signature that these settings ask for; none where they ask for something else.
    pub fn of(auth: &PublicAuth) -> Result<Option<Self>, SettingsError> {
        let PublicAuth::Signature {
            scheme,
            secrets: _,
            algorithm,
            encoding,
            header,
            prefix,
            timestamp_header,
            signed,
            tolerance_s,
        } = auth
        else {
            return Ok(None);
        };
        let tolerance_s = tolerance_s.unwrap_or(DEFAULT_TOLERANCE_S);
        if let Some(hmac) = Self::of_service(*scheme, tolerance_s) {
            return Ok(Some(hmac));
        }
        let mut hmac = Self::new(*algorithm, *encoding, header, prefix)?;
        if let Some(header) = timestamp_header {
            hmac = hmac.with_timestamp(header, tolerance_s)?;
        }
        if let Some(format) = signed {
            hmac = hmac.with_signed(format)?;
        }
        Ok(Some(hmac))
    }

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
    /// `<<body>>`, `<<timestamp>>`, `<<url>>` and `<<request@header[name]>>`, such as
    /// `<<timestamp>>.<<body>>`. To be called after [`Hmac::with_timestamp`].
    pub fn with_signed(mut self, format: &str) -> Result<Self, SettingsError> {
        self.signed = Signed::parse_by_hand(format)?;
        if self.signed.parts().contains(&Part::Timestamp) && self.timestamp.is_none() {
            return Err(SettingsError::NoTimestampHeader);
        }
        Ok(self)
    }

    /// How one of the well-known services signs; none where the parts are set by hand.
    pub fn of_service(scheme: SignatureScheme, tolerance_s: u32) -> Option<Self> {
        Preset::of(scheme).map(|preset| preset.hmac(tolerance_s))
    }

    /// What of a request makes it one that is sent only once; nothing where whoever has recorded it may send it again.
    pub fn replay_guard(&self) -> Option<ReplayGuard<'_>> {
        let parts = self.signed.parts();
        if parts.contains(&Part::Timestamp) {
            return Some(ReplayGuard::Timestamp);
        }
        parts.iter().find_map(|part| match part {
            Part::Header(name) if names_one_delivery(name) => Some(ReplayGuard::Header(name)),
            _ => None,
        })
    }

    /// What tells a recorded request that is sent once more: the SHA-256 of all that is signed, where a time stamp or an
    /// id is part of that. It does not depend on how the signature is written.
    pub fn signed_digest(&self, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        self.replay_guard()?;
        let stamp = match &self.timestamp {
            Some(stamp) => self.stamp_text(stamp, delivery.headers).ok()?,
            None => "",
        };
        let message = self.signed.message(delivery, delivery.url, stamp).ok()?;
        let digest = message
            .iter()
            .fold(Sha256::new(), sha2::Digest::chain_update)
            .finalize();
        Some(digest.into())
    }

    /// Whether a time stamp is looked at, be it signed or not.
    pub fn has_timestamp(&self) -> bool {
        self.timestamp.is_some()
    }

    /// The field of its forms that holds what it sends as JSON otherwise.
    pub fn json_field(&self) -> Option<&'static str> {
        self.json_field
    }

    /// Whether the address is part of what is signed.
    pub fn signs_url(&self) -> bool {
        self.signed.parts().contains(&Part::Url)
    }

    /// Whether the value of this header is part of what is signed.
    pub fn signs_header(&self, name: &str) -> bool {
        self.signed
            .parts()
            .iter()
            .any(|part| matches!(part, Part::Header(signed) if signed.eq_ignore_ascii_case(name)))
    }

    /// Which of `secrets` signed this request: the first that fits. All of them are tried, and the
    /// body is hashed even when a header is missing, so that the time taken does
    /// not say what was wrong; empty secrets never fit. `now_s` is in seconds since 1970.
    pub fn verify(
        &self,
        secrets: &[impl AsRef<[u8]>],
        delivery: &Delivery<'_>,
        now_s: i64,
    ) -> Result<usize, SignatureError> {
        let timestamp = self
            .timestamp
            .as_ref()
            .map(|stamp| stamp.read(self.stamp_text(stamp, delivery.headers), now_s))
            .transpose();
        let given = self.given(delivery.headers);
        let stamp = timestamp.as_ref().ok().copied().flatten();
        let urls = self.urls(delivery.url);
        let messages = urls
            .iter()
            .map(|url| {
                self.signed
                    .message(delivery, url, stamp.unwrap_or_default())
            })
            .collect::<Result<Vec<_>, _>>();
        let tried: Vec<Option<Choice>> = secrets
            .iter()
            .map(|secret| Key::read(secret.as_ref(), self.key, self.public_keys))
            .map(|key| {
                let key = key?;
                let messages = messages.as_deref().unwrap_or(&[]);
                let given = given.as_ref().ok();
                Some(messages.iter().fold(Choice::from(0), |fits, message| {
                    fits | self.fits(&key, message, given)
                }))
            })
            .collect();
        timestamp?;
        given?;
        messages?;
        if tried.iter().all(Option::is_none) {
            let is_set = secrets.iter().any(|secret| !secret.as_ref().is_empty());
            return Err(if is_set {
                SignatureError::NoKeyOfScheme {
                    begins_with: key::beginnings(self.key, self.public_keys),
                }
            } else {
                SignatureError::NoSecret
            });
        }
        if let Some(name) = self.body_digest
            && !has_digest_in_query(delivery, name)
        {
            return Err(SignatureError::BodyNotSigned {
                parameter: name.to_owned(),
            });
        }
        tried
            .into_iter()
            .position(|fits| fits.is_some_and(bool::from))
            .ok_or(SignatureError::Mismatch)
    }

    /// Whether one of the signatures was made with this key.
    fn fits(&self, key: &Key<'_>, message: &[Cow<'_, [u8]>], given: Option<&Given>) -> Choice {
        match key {
            Key::Shared(key) => {
                let right = digest(self.algorithm, key, message);
                let given = given.map_or(&[][..], |given| &given.by_shared_key);
                given.iter().fold(Choice::from(0), |fits, given| {
                    fits | right.as_slice().ct_eq(given)
                })
            }
            // Nothing of a public key has to be kept from whoever takes the time.
            Key::Public(key) => {
                let given = given.map_or(&[][..], |given| &given.by_public_key);
                Choice::from(u8::from(is_signed_by(key, message, given)))
            }
        }
    }

    /// The headers that a caller adds to `delivery` so that [`Hmac::verify`]
    /// accepts the request: the signature, and the time stamp where one is asked for.
    /// With a public key nothing can be signed.
    pub fn sign(
        &self,
        secret: &[u8],
        delivery: &Delivery<'_>,
        now_s: i64,
    ) -> Result<Vec<(String, String)>, SignError> {
        let Some(Key::Shared(key)) = Key::read(secret, self.key, self.public_keys) else {
            return Err(SignError::NoKey);
        };
        let now = now_s.to_string();
        let message = self
            .signed
            .message(delivery, delivery.url, &now)
            .map_err(SignError::SignedHeader)?;
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

    /// The addresses that may have been signed: senders disagree whether a port belongs to them.
    fn urls(&self, url: &str) -> Vec<String> {
        let mut urls = vec![url.to_owned()];
        if self.signs_url() {
            urls.extend(other_port(url));
        }
        urls
    }

    /// The bytes of the signatures that the caller sent; several where the header is a list.
    fn given(&self, headers: Headers<'_>) -> Result<Given, SignatureError> {
        let value = only(headers, &self.header)?;
        let mut given = Given::default();
        let mut unread = None;
        for member in self.members(value) {
            let public = self.public_keys.map(|keys| keys.signature);
            let (encoded, of_public_key, encoding) = if let Some(encoded) =
                member.strip_prefix(self.prefix.trim_start())
            {
                (encoded, false, self.encoding)
            } else if let Some(encoded) = public.and_then(|prefix| member.strip_prefix(prefix)) {
                (encoded, true, DigestEncoding::Base64)
            } else {
                continue;
            };
            let signature = decode(encoding, encoded.trim());
            match (signature, of_public_key) {
                (Some(signature), true) => given.by_public_key.push(signature),
                (Some(signature), false) => given.by_shared_key.push(signature),
                // One that cannot be read spoils no other: it may be of a kind that is not known here.
                (None, _) => unread = Some(SignatureError::NotDecodable { encoding }),
            }
            if given.by_public_key.len() + given.by_shared_key.len() > MOST_SIGNATURES {
                return Err(SignatureError::Mismatch);
            }
        }
        if given.by_public_key.is_empty() && given.by_shared_key.is_empty() {
            return Err(unread.unwrap_or(SignatureError::WrongPrefix));
        }
        Ok(given)
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

/// The signatures that a caller sent, decoded.
#[derive(Default)]
struct Given {
    by_shared_key: Vec<Vec<u8>>,
    by_public_key: Vec<Vec<u8>>,
}

/// Whether a body that is no form is named by its SHA-256 in the query; one that is not there needs no name.
fn has_digest_in_query(delivery: &Delivery<'_>, parameter: &str) -> bool {
    if delivery.body.is_empty() || is_form(content_type(delivery.headers)) {
        return true;
    }
    let digest = encode(DigestEncoding::Hex, &Sha256::digest(delivery.body));
    let query = delivery.url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| name == parameter && value.eq_ignore_ascii_case(&digest))
}

/// The same address without its port, or with the one that its scheme implies.
fn other_port(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    // The colons of an IPv6 address stand before the bracket that closes it.
    let host_end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let port = authority.get(host_end..)?.find(':');
    if let Some(colon) = port {
        let host = authority.get(..host_end + colon)?;
        return Some(format!("{scheme}://{host}{path}"));
    }
    let is_secure = scheme.eq_ignore_ascii_case("https");
    let port = if is_secure { 443 } else { 80 };
    Some(format!("{scheme}://{authority}:{port}{path}"))
}

/// The media type that a request says it has, or an empty text.
fn content_type(headers: Headers<'_>) -> &str {
    headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map_or("", |(_, value)| value)
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
pub(crate) fn header_name(name: &str) -> Result<String, SettingsError> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(SettingsError::HeaderName {
            name: name.to_owned(),
        });
    }
    Ok(name.to_owned())
}
