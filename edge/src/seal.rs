//! Sealing: AES-256-GCM under the deployment's master key.
//!
//! A sealed value belongs to its context (what it belongs to, and its place there): it
//! cannot be opened in another one, so a row that is moved or copied opens nothing.

use aes_gcm::aead::{Aead as _, KeyInit as _, Nonce, Payload};
use aes_gcm::{Aes256Gcm, Key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::config::Config;
use crate::error::Failure;
use crate::random;

const NONCE_BYTES: usize = 12;

/// Seals bytes: the nonce, then what was sealed with its tag.
pub fn seal(config: &Config, context: &str, plain: &[u8]) -> Result<Vec<u8>, Failure> {
    let nonce = random::bytes::<NONCE_BYTES>()?;
    let payload = Payload {
        msg: plain,
        aad: context.as_bytes(),
    };
    let sealed = cipher(config)
        .encrypt(&Nonce::<Aes256Gcm>::from(nonce), payload)
        .map_err(|error| Failure::internal("seal", &error))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// Opens what [`seal`] gave, in the same context.
pub fn open(config: &Config, context: &str, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
    let broken = || {
        Failure::internal(
            "seal",
            &"a sealed value does not open: is the master key another one?",
        )
    };
    let (nonce, sealed) = sealed
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or_else(broken)?;
    let payload = Payload {
        msg: sealed,
        aad: context.as_bytes(),
    };
    cipher(config)
        .decrypt(&Nonce::<Aes256Gcm>::from(*nonce), payload)
        .map_err(|_| broken())
}

/// Seals a text, as base64.
pub fn seal_text(config: &Config, context: &str, plain: &str) -> Result<String, Failure> {
    seal(config, context, plain.as_bytes()).map(|sealed| STANDARD.encode(sealed))
}

/// Opens what [`seal_text`] gave.
pub fn open_text(config: &Config, context: &str, sealed: &str) -> Result<String, Failure> {
    let broken = |_| Failure::internal("seal", &"a sealed text is broken");
    let sealed = STANDARD
        .decode(sealed)
        .map_err(|error| broken(error.to_string()))?;
    let plain = open(config, context, &sealed)?;
    String::from_utf8(plain).map_err(|error| broken(error.to_string()))
}

fn cipher(config: &Config) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(config.master_key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::config_at;

    #[test]
    fn sealed_values_open_only_under_their_key_and_context() {
        let config = config_at("http://127.0.0.1:1");
        let sealed = seal_text(&config, "integration/1/auth.token", "sk-example").unwrap();
        assert_eq!(
            open_text(&config, "integration/1/auth.token", &sealed).as_deref(),
            Ok("sk-example")
        );
        assert!(open_text(&config, "integration/2/auth.token", &sealed).is_err());
        let again = seal_text(&config, "integration/1/auth.token", "sk-example").unwrap();
        assert_ne!(again, sealed, "every sealing draws its own nonce");

        let mut other = config_at("http://127.0.0.1:1");
        other.master_key[0] ^= 1;
        assert!(open_text(&other, "integration/1/auth.token", &sealed).is_err());
        let mut bytes = STANDARD.decode(&sealed).unwrap();
        bytes[20] ^= 1;
        assert!(open(&config, "integration/1/auth.token", &bytes).is_err());
        assert!(open(&config, "", &[0; 11]).is_err());
    }
}
