//! What a signature is checked with: a key that both sides have, or the public half of one.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use ed25519_dalek::{Signature, VerifyingKey};

use super::Preset;
use super::encoding::BASE64;
use crate::model::SignatureScheme;

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
    /// What the other half of it begins with, which nobody but the sender may have.
    pub(crate) private_key: &'static str,
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

/// What keys begin with, where they begin with something.
pub(super) fn beginnings(form: KeyForm, public: Option<PublicKeys>) -> Vec<&'static str> {
    let shared = match form {
        KeyForm::Text => None,
        KeyForm::Base64 { prefix } => Some(prefix),
    };
    let public = public.map(|keys| keys.key);
    shared.into_iter().chain(public).collect()
}

/// What is wrong with a secret, so that nothing could ever be signed with it, or perhaps not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretFault {
    /// Neither a shared nor a public key of the scheme.
    NoKey,
    /// The private half of a key.
    PrivateKey,
    /// It begins or ends with white space, which the sender's may not.
    Spaced,
    /// It can be read as a key, but does not begin as those of the scheme do.
    OtherBeginning,
}

impl SecretFault {
    /// That of a secret that people have entered for this scheme; an empty one is none yet.
    pub fn of(scheme: SignatureScheme, secret: &str) -> Option<Self> {
        let (form, public) = Preset::of(scheme).map_or((KeyForm::Text, None), |preset| {
            (preset.key, preset.public_keys)
        });
        let text = secret.trim();
        if secret.is_empty() {
            return None;
        }
        if public.is_some_and(|keys| text.starts_with(keys.private_key)) {
            return Some(Self::PrivateKey);
        }
        if text.is_empty() || Key::read(secret.as_bytes(), form, public).is_none() {
            return Some(Self::NoKey);
        }
        let beginnings = beginnings(form, public);
        if !beginnings.is_empty() && !beginnings.iter().any(|start| text.starts_with(start)) {
            return Some(Self::OtherBeginning);
        }
        // What is decoded is read without it.
        (text != secret && form == KeyForm::Text).then_some(Self::Spaced)
    }

    /// What is to be said of a secret that is stored, where nobody could sign with it for this scheme.
    pub fn of_stored(scheme: SignatureScheme, secret: &str) -> Option<String> {
        Self::of(scheme, secret).filter(|fault| fault.is_fatal())?;
        let preset = Preset::of(scheme);
        let (form, public) = preset.map_or((KeyForm::Text, None), |preset| {
            (preset.key, preset.public_keys)
        });
        let scheme = preset.map_or("the scheme", |preset| preset.name);
        let beginnings = beginnings(form, public).join(" or ");
        Some(if beginnings.is_empty() {
            format!("the stored key does not fit {scheme}: enter it once more, as a whole")
        } else {
            format!("the stored key does not fit {scheme}: enter one that begins with {beginnings}")
        })
    }

    /// Whether nobody could sign with it.
    pub fn is_fatal(self) -> bool {
        matches!(self, Self::NoKey | Self::PrivateKey)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::PrivateKey => "private_key",
            Self::Spaced => "spaced_secret",
            Self::OtherBeginning => "other_beginning",
        }
    }
}

impl fmt::Display for SecretFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoKey => {
                "this secret is no key, so nobody could ever sign with it: copy it once more, as a whole"
            }
            Self::PrivateKey => {
                "this is the private key, which only the sender may have: enter the public one, which begins with whpk_"
            }
            Self::Spaced => {
                "this secret begins or ends with a space or a line break, which counts: take it out, unless the sender's has it too"
            }
            Self::OtherBeginning => {
                "keys of this scheme begin with whsec_ or whpk_, and this one does not: copy it once more, as a whole, unless the sender's has no such beginning either"
            }
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_no_key_is_told_from_one_that_is() {
        use SignatureScheme::{Github, Hmac, StandardWebhooks};
        let public = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        for (scheme, secret, expected) in [
            (StandardWebhooks, "whsec_c2VjcmV0", None),
            (StandardWebhooks, " whsec_c2VjcmV0\n", None),
            (StandardWebhooks, "c2VjcmV0", Some("other_beginning")),
            (StandardWebhooks, "abc", Some("other_beginning")),
            (StandardWebhooks, public, None),
            (StandardWebhooks, "", None),
            (StandardWebhooks, "whsec_!!", Some("no_key")),
            (StandardWebhooks, "whsec_", Some("no_key")),
            (StandardWebhooks, "whpk_AAAA", Some("no_key")),
            (StandardWebhooks, "whsk_AAAA", Some("private_key")),
            (Github, "whsk_AAAA", None),
            (Hmac, "any text", None),
            (Hmac, "any text\n", Some("spaced_secret")),
            (Hmac, "  ", Some("no_key")),
        ] {
            let fault = SecretFault::of(scheme, secret);
            assert_eq!(fault.map(SecretFault::code), expected, "{secret:?}");
            let is_fatal = fault.is_some_and(SecretFault::is_fatal);
            assert_eq!(
                is_fatal,
                expected.is_some_and(|code| !matches!(code, "spaced_secret" | "other_beginning"))
            );
        }
    }

    #[test]
    fn a_stored_key_that_does_not_fit_another_scheme_is_named() {
        use SignatureScheme::{Github, StandardWebhooks};
        assert_eq!(SecretFault::of_stored(Github, "any text"), None);
        assert_eq!(
            SecretFault::of_stored(StandardWebhooks, "whsec_c2VjcmV0"),
            None
        );
        assert_eq!(
            SecretFault::of_stored(StandardWebhooks, "any text").as_deref(),
            Some(
                "the stored key does not fit Standard Webhooks: enter one that begins with whsec_ or whpk_"
            )
        );
    }
}
