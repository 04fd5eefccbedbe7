//! Signing, as a caller does it.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

macro_rules! hmac_of {
    ($hash:ty, $secret:expr, $message:expr) => {{
        let mac = Hmac::<$hash>::new_from_slice($secret.as_bytes()).unwrap();
        mac.chain_update($message).finalize().into_bytes().to_vec()
    }};
}

/// The HMAC of a message, by the name of its hash.
pub(super) fn digest(algorithm: &str, secret: &str, message: &[u8]) -> Vec<u8> {
    match algorithm {
        "sha1" => hmac_of!(Sha1, secret, message),
        "sha256" => hmac_of!(Sha256, secret, message),
        "sha512" => hmac_of!(Sha512, secret, message),
        other => unreachable!("{other} is no hash"),
    }
}

/// Bytes in the encoding of that name.
pub(super) fn encoded(encoding: &str, bytes: &[u8]) -> String {
    match encoding {
        "hex" => bytes.iter().fold(String::new(), |mut digits, byte| {
            write!(digits, "{byte:02x}").unwrap();
            digits
        }),
        "base64" => STANDARD.encode(bytes),
        other => unreachable!("{other} is no encoding"),
    }
}

/// What most callers send: SHA-256 over the message, in hexadecimal digits.
pub(super) fn signature(secret: &str, message: &[u8]) -> String {
    encoded("hex", &digest("sha256", secret, message))
}

/// The time as callers write it: seconds since 1970, so many from now.
pub(super) fn seconds_from_now(seconds: i64) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let now = i64::try_from(now.unwrap().as_secs()).unwrap();
    (now + seconds).to_string()
}
