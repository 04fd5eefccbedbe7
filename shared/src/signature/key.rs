//! What a signature is checked with: a key that both sides have, or the public half of one.

use std::borrow::Cow;

use base64::Engine as _;
use ed25519_dalek::{Signature, VerifyingKey};

use super::encoding::BASE64;

/// How a secret is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyForm {
    /// Its bytes are the key.
    Text,
    /// Base64 after this.
    Base64 { prefix: &'static str },
}

/// Secrets that are public keys (Ed25519), beside those that both sides have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PublicKeys {
    /// What such a secret begins with; the rest is base64.
    pub(crate) key: &'static str,
    /// Stands before a signature that is made with its other half.
    pub(crate) signature: &'static str,
}

/// A secret, ready to check with.
pub(super) enum Key<'s> {
    Shared(Cow<'s, [u8]>),
    Public(Box<VerifyingKey>),
}

impl<'s> Key<'s> {
    /// None where the text is no key: nothing fits it then. What says that it is a public key is
    /// never taken for one that both sides have, because everybody may know it.
    pub(super) fn read(
        secret: &'s [u8],
        form: KeyForm,
        public: Option<PublicKeys>,
    ) -> Option<Self> {
        let text = std::str::from_utf8(secret).unwrap_or_default().trim();
        if let Some(encoded) = public.and_then(|keys| text.strip_prefix(keys.key)) {
            let bytes = BASE64.decode(encoded).ok()?.try_into().ok()?;
            let key = VerifyingKey::from_bytes(&bytes).ok()?;
            return (!key.is_weak()).then(|| Self::Public(Box::new(key)));
        }
        let key = match form {
            KeyForm::Text => Cow::Borrowed(secret),
            KeyForm::Base64 { prefix } => {
                let text = text.strip_prefix(prefix).unwrap_or(text);
                Cow::Owned(BASE64.decode(text).ok()?)
            }
        };
        (!key.is_empty()).then_some(Self::Shared(key))
    }
}

/// Whether the owner of the key's other half made one of these signatures.
pub(super) fn is_signed_by(
    key: &VerifyingKey,
    message: &[Cow<'_, [u8]>],
    given: &[Vec<u8>],
) -> bool {
    let message = message.concat();
    given
        .iter()
        .filter_map(|bytes| Signature::from_slice(bytes).ok())
        .any(|signature| key.verify_strict(&message, &signature).is_ok())
}
