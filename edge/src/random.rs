//! Randomness: the only place that draws it, always from the runtime's cryptographic source.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::Failure;

/// `N` random bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Failure::internal("random bytes", &error))?;
    Ok(bytes)
}

/// A random number, such as the unguessable part of a run's id.
pub fn number() -> Result<u64, Failure> {
    bytes().map(u64::from_le_bytes)
}

/// A fresh id (UUID version 4).
pub fn uuid() -> Result<String, Failure> {
    let uuid = uuid::Builder::from_random_bytes(bytes()?).into_uuid();
    Ok(uuid.hyphenated().to_string())
}

/// A token that cannot be guessed: 256 bits, safe in a URL.
pub fn token() -> Result<String, Failure> {
    bytes::<32>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
}
