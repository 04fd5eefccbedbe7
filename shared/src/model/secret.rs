//! Secrets: `{"secret": "…"}` on the way in, `{"secret": null}` on the way out.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A credential that people may set but never read back.
///
/// `None` means "keep what is stored". The console stores documents without their
/// secrets (see [`HasSecrets`]) and seals the values on their own.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    pub secret: Option<String>,
}

impl Secret {
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            secret: Some(value.into()),
        }
    }

    /// The value, or an empty text where none is held.
    pub fn reveal(&self) -> &str {
        self.secret.as_deref().unwrap_or_default()
    }

    pub fn is_held(&self) -> bool {
        self.secret.is_some()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_held() {
            "Secret(held)"
        } else {
            "Secret(none)"
        })
    }
}

/// A document with secrets at known places.
pub trait HasSecrets {
    /// Visits every secret with its place, such as `auth.token` or `start.auth.secrets[0]`.
    fn each_secret(&mut self, visit: &mut dyn FnMut(&str, &mut Secret));

    /// Takes all secrets out and gives them with their places; what stays holds none.
    fn take_secrets(&mut self) -> Vec<(String, Secret)> {
        let mut taken = Vec::new();
        self.each_secret(&mut |place, secret| {
            taken.push((place.to_owned(), std::mem::take(secret)));
        });
        taken
    }

    /// Puts values back at their places; `find` gives the stored value of a place.
    fn fill_secrets(&mut self, find: &dyn Fn(&str) -> Option<String>) {
        self.each_secret(&mut |place, secret| {
            if secret.secret.is_none() {
                secret.secret = find(place);
            }
        });
    }
}
