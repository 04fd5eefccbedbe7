//! Why a signature was refused, could not be made, or could never have fitted.

use std::error::Error;
use std::fmt;

use crate::model::DigestEncoding;

/// Why a request is not taken as signed. The cause is for the owner's log only:
/// a caller that learns it learns how near it came.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// No secret is set, so nothing can fit.
    NoSecret,
    /// The only one has ended, or all of several have.
    Ended { is_only: bool },
    /// What is set is no key of the scheme; where its keys begin with something, with one of these.
    NoKeyOfScheme { begins_with: Vec<&'static str> },
    /// A header that the scheme reads is not there.
    MissingHeader { name: String },
    /// A header that the scheme reads is there more than once.
    RepeatedHeader { name: String },
    /// The signature does not begin with the prefix of the scheme.
    WrongPrefix,
    /// The signature is not written in the encoding of the scheme.
    NotDecodable { encoding: DigestEncoding },
    /// The time stamp is not a whole number of seconds.
    BadTimestamp,
    /// The time stamp is too old, or too far ahead.
    OutsideTolerance { off_by_s: u64, tolerance_s: u32 },
    /// The body is no form, and the address does not name its SHA-256.
    BodyNotSigned { parameter: String },
    /// None of the secrets gives this signature for this request.
    Mismatch,
}

impl SignatureError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSecret => "no_secret",
            Self::Ended { .. } => "secret_ended",
            Self::NoKeyOfScheme { .. } => "no_key_of_scheme",
            Self::MissingHeader { .. } => "missing_header",
            Self::RepeatedHeader { .. } => "repeated_header",
            Self::WrongPrefix => "wrong_prefix",
            Self::NotDecodable { .. } => "not_decodable",
            Self::BadTimestamp => "bad_timestamp",
            Self::OutsideTolerance { .. } => "outside_tolerance",
            Self::BodyNotSigned { .. } => "body_not_signed",
            Self::Mismatch => "mismatch",
        }
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSecret => f.write_str("No signing secret is set: enter one in the runbook's start settings."),
            Self::Ended { is_only: true } => f.write_str("The only key has ended: add another one in the runbook's start settings."),
            Self::Ended { is_only: false } => f.write_str("All keys have ended: add another one in the runbook's start settings."),
            Self::NoKeyOfScheme { begins_with } if begins_with.is_empty() => {
                f.write_str("The stored key does not fit the scheme: enter it once more in the runbook's start settings.")
            }
            Self::NoKeyOfScheme { begins_with } => write!(
                f,
                "The stored key does not fit the scheme: enter one that begins with {} in the runbook's start settings.",
                begins_with.join(" or ")
            ),
            Self::MissingHeader { name } => write!(f, "The request has no header `{name}`: send it."),
            Self::RepeatedHeader { name } => write!(f, "The request has the header `{name}` more than once: send it once."),
            Self::WrongPrefix => f.write_str("The signature does not begin with the prefix that is set: change that, or have the sender write it."),
            Self::NotDecodable { encoding: DigestEncoding::Hex } => {
                f.write_str("The signature is not hexadecimal: check the encoding that is set.")
            }
            Self::NotDecodable { encoding: DigestEncoding::Base64 } => {
                f.write_str("The signature is not base64: check the encoding that is set.")
            }
            Self::BadTimestamp => f.write_str("The time stamp is not a whole number of seconds since 1970: have the sender write it so."),
            Self::OutsideTolerance { off_by_s, tolerance_s } => write!(
                f,
                "The time stamp is {off_by_s} s away from now, and {tolerance_s} s are allowed: check the sender's clock."
            ),
            Self::BodyNotSigned { parameter } => write!(
                f,
                "The body is no form, and its SHA-256 does not stand in `{parameter}` in the address, so nobody has signed it: have the sender put it there, or send a form."
            ),
            Self::Mismatch => f.write_str(
                "The signature does not fit: check that both sides have the same secret and algorithm, and that the body is signed as it is sent.",
            ),
        }
    }
}

impl Error for SignatureError {}

/// Why a signature could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The secret is empty, written in another way than the scheme asks for, or a public key.
    NoKey,
    /// A header that is to be signed is missing, or there more than once.
    SignedHeader(SignatureError),
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str(
                "Nothing can be signed with this secret: enter the one that the sender has.",
            ),
            Self::SignedHeader(error) => error.fmt(f),
        }
    }
}

impl Error for SignError {}

/// Why settings describe no signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingsError {
    /// Not a name that a header can have.
    HeaderName { name: String },
    /// What is signed names something else than body, time stamp, address and headers;
    /// `at` counts characters from the start of the format.
    UnknownToken { token: String, at: usize },
    /// A `<<` without its `>>`; `at` counts characters from the start of the format.
    Unclosed { at: usize },
    /// What is signed leaves out the body, so that any body would be accepted.
    NoBody,
    /// What is signed names a time stamp, but no header brings one.
    NoTimestampHeader,
    /// Neither an IP address nor a network.
    Source { text: String },
}

impl SettingsError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::HeaderName { .. } => "header_name",
            Self::UnknownToken { .. } => "unknown_token",
            Self::Unclosed { .. } => "unclosed",
            Self::NoBody => "no_body",
            Self::NoTimestampHeader => "no_timestamp_header",
            Self::Source { .. } => "source",
        }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeaderName { name } if name.is_empty() => f.write_str(
                "the header of the signature or of its time stamp has no name: enter one",
            ),
            Self::HeaderName { name } => write!(
                f,
                "`{name}` cannot be the name of a header: use letters, digits and `-`, as in `X-Signature`"
            ),
            Self::UnknownToken { token, .. } => write!(
                f,
                "`<<{token}>>` cannot be signed: use `<<body>>`, `<<timestamp>>`, `<<url>>` or `<<request@header[name]>>`"
            ),
            Self::Unclosed { .. } => {
                f.write_str("a `<<` in what is signed is never closed: end it with `>>`")
            }
            Self::NoBody => f.write_str("what is signed leaves out the body: add `<<body>>`"),
            Self::NoTimestampHeader => f.write_str(
                "what is signed names `<<timestamp>>`: enter the header that brings the time stamp",
            ),
            Self::Source { text } => write!(
                f,
                "`{text}` is no IP address and no network: write it as `203.0.113.7`, `203.0.113.0/24` or `2001:db8::/32`"
            ),
        }
    }
}

impl Error for SettingsError {}
