//! Bytes as senders write them, and the hashes that are made of them.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use hmac::{KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use crate::model::{Digest, DigestEncoding};

/// Senders leave the padding away as often as not.
pub(super) const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn encode(encoding: DigestEncoding, bytes: &[u8]) -> String {
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

pub(super) fn decode(encoding: DigestEncoding, text: &str) -> Option<Vec<u8>> {
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
pub(super) fn digest(algorithm: Digest, secret: &[u8], message: &[impl AsRef<[u8]>]) -> Vec<u8> {
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
