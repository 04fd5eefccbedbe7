//! Sealing: AES-256-GCM under the deployment's master key.
//!
//! A sealed value belongs to its context (what it belongs to, and its place there): it
//! cannot be opened in another one, so a row that is moved or copied opens nothing.

use std::cell::OnceCell;

use aes_gcm::aead::{Aead as _, KeyInit as _, Nonce, Payload};
use aes_gcm::{Aes256Gcm, Key};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::config::Config;
use crate::error::Failure;
use crate::random;

const NONCE_BYTES: usize = 12;

/// The master key of a deployment.
pub struct MasterKey {
    bytes: [u8; 32],
    /// Its schedule takes as long as sealing a short text does.
    cipher: OnceCell<Aes256Gcm>,
}

impl MasterKey {
    pub fn new(bytes: [u8; 32]) -> Self {
        Self {
            bytes,
            cipher: OnceCell::new(),
        }
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    fn cipher(&self) -> &Aes256Gcm {
        self.cipher
            .get_or_init(|| Aes256Gcm::new(&Key::<Aes256Gcm>::from(self.bytes)))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MasterKey").finish_non_exhaustive()
    }
}

/// Seals bytes: the nonce, then what was sealed with its tag.
pub fn seal(config: &Config, context: &str, plain: &[u8]) -> Result<Vec<u8>, Failure> {
    let nonce = random::bytes::<NONCE_BYTES>()?;
    let payload = Payload {
        msg: plain,
        aad: context.as_bytes(),
    };
    let sealed = config
        .master_key
        .cipher()
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
    config
        .master_key
        .cipher()
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
        other.master_key = MasterKey::new([1; 32]);
        assert!(open_text(&other, "integration/1/auth.token", &sealed).is_err());
        let mut bytes = STANDARD.decode(&sealed).unwrap();
        bytes[20] ^= 1;
        assert!(open(&config, "integration/1/auth.token", &bytes).is_err());
        assert!(open(&config, "", &[0; 11]).is_err());
    }
}
