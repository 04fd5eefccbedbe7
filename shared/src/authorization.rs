//! Who may come in: the guard of a public start, and the Basic credentials
//! (RFC 7617) that it may ask for. Text in, verdict out.

mod guard;
mod refused;
mod sources;

use std::error::Error;
use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

pub use guard::{PublicGuard, Refusal};
pub use refused::{RefusedStarts, WhyRefused};
pub use sources::{Connection, Sources};

/// Callers leave the padding away as often as not.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The value of an `Authorization` header with these credentials.
///
/// A user name with a colon cannot be told from its password by whoever reads
/// the header; that is the format's own limit.
pub fn basic(username: &str, password: &str) -> String {
    format!(
        "Basic {}",
        STANDARD.encode(format!("{username}:{password}"))
    )
}

/// Whether an `Authorization` header brings exactly these credentials.
///
/// Both halves are always compared, as digests of equal length, so that the time
/// taken tells neither which half was wrong nor how long the right one is. An
/// empty password that is expected fits nothing: it means that none is set.
pub fn verify_basic(
    header: Option<&str>,
    username: &str,
    password: &str,
) -> Result<(), BasicError> {
    let (given_username, given_password) = read_basic(header)?;
    let fits = same(&given_username, username.as_bytes())
        & same(&given_password, password.as_bytes())
        & !Choice::from(u8::from(password.is_empty()));
    if bool::from(fits) {
        Ok(())
    } else {
        Err(BasicError::Mismatch)
    }
}

/// The user name and password in an `Authorization` header.
pub(crate) fn read_basic(header: Option<&str>) -> Result<(Vec<u8>, Vec<u8>), BasicError> {
    let header = header
        .map(str::trim)
        .filter(|header| !header.is_empty())
        .ok_or(BasicError::Missing)?;
    let (scheme, encoded) = header.split_once(' ').unwrap_or((header, ""));
    if !scheme.eq_ignore_ascii_case("Basic") {
        return Err(BasicError::OtherScheme);
    }
    let mut username = LENIENT
        .decode(encoded.trim())
        .map_err(|_| BasicError::NotDecodable)?;
    let colon = username
        .iter()
        .position(|byte| *byte == b':')
        .ok_or(BasicError::NotDecodable)?;
    let password = username.split_off(colon + 1);
    username.truncate(colon);
    Ok((username, password))
}

fn same(left: &[u8], right: &[u8]) -> Choice {
    Sha256::digest(left)
        .as_slice()
        .ct_eq(Sha256::digest(right).as_slice())
}

/// Why credentials were refused: for the owner's log only, a caller is shown one
/// and the same 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BasicError {
    /// No `Authorization` header.
    Missing,
    /// Another scheme than Basic.
    OtherScheme,
    /// Not base64 of `user:password`.
    NotDecodable,
    /// Another user name or password.
    Mismatch,
}

impl BasicError {
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::OtherScheme => "other_scheme",
            Self::NotDecodable => "not_decodable",
            Self::Mismatch => "mismatch",
        }
    }
}

impl fmt::Display for BasicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "The request has no `Authorization` header: send user name and password.",
            Self::OtherScheme => "The `Authorization` header is not of the kind `Basic`: send user name and password.",
            Self::NotDecodable => "The `Authorization` header is not base64 of `user:password`: let the client write it.",
            Self::Mismatch => "User name or password is wrong: check both sides.",
        })
    }
}

impl Error for BasicError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_fit_only_as_a_whole() {
        let right = basic("Aladdin", "open sesame");
        assert_eq!(
            right, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
            "the example of RFC 7617"
        );
        for (header, username, password, expected) in [
            (right.as_str(), "Aladdin", "open sesame", Ok(())),
            (
                "bAsIc   QWxhZGRpbjpvcGVuIHNlc2FtZQ== ",
                "Aladdin",
                "open sesame",
                Ok(()),
            ),
            (
                "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ",
                "Aladdin",
                "open sesame",
                Ok(()),
            ),
            (&right, "aladdin", "open sesame", Err(BasicError::Mismatch)),
            (&right, "Aladdin", "open sesam", Err(BasicError::Mismatch)),
            (&right, "Aladdin", "open sesame!", Err(BasicError::Mismatch)),
            (&right, "", "", Err(BasicError::Mismatch)),
            (&basic("me", ""), "me", "", Err(BasicError::Mismatch)),
            (&basic("", "key"), "", "key", Ok(())),
            (&basic("me", "a:b"), "me", "a:b", Ok(())),
            (&basic("jürgen", "päss"), "jürgen", "päss", Ok(())),
            ("", "me", "secret", Err(BasicError::Missing)),
            (
                "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
                "Aladdin",
                "open sesame",
                Err(BasicError::OtherScheme),
            ),
            ("Basic", "me", "secret", Err(BasicError::NotDecodable)),
            ("Basic ???", "me", "secret", Err(BasicError::NotDecodable)),
            (
                "Basic QWxhZGRpbg==",
                "Aladdin",
                "",
                Err(BasicError::NotDecodable),
            ),
        ] {
            assert_eq!(
                verify_basic(Some(header), username, password),
                expected,
                "{header:?} against {username:?}"
            );
        }
        assert_eq!(verify_basic(None, "me", "secret"), Err(BasicError::Missing));
    }
}
