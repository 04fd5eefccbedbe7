//! Secrets: `{"secret": "…"}` on the way in, `{"secret": null}` on the way out.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Timestamp;

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

/// A secret of which there may be several, so that one can be replaced without a gap:
/// `{"secret": "…", "ends_at": "2030-01-31T00:00:00Z"}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "SigningSecretFields", into = "SigningSecretFields")]
pub struct SigningSecret {
    pub value: Secret,
    /// A date-time (RFC 3339) from which on it is good for nothing any more. One that is no
    /// date-time is refused by publishing, and has ended already.
    pub ends_at: Option<String>,
}

impl SigningSecret {
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: Secret::new(value),
            ends_at: None,
        }
    }

    /// Whether it is still good.
    pub fn is_good_at(&self, now: Timestamp) -> bool {
        match self.ends_at.as_deref() {
            None => true,
            Some(text) => instant(text).is_some_and(|ends_at| now < ends_at),
        }
    }

    /// When it ends; nothing where that is not set, or no date-time.
    pub fn end(&self) -> Option<Timestamp> {
        instant(self.ends_at.as_deref()?)
    }
}

fn instant(text: &str) -> Option<Timestamp> {
    let instant = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
    // What ended before 1970 has ended.
    Some(u64::try_from(instant.unix_timestamp_nanos() / 1_000_000).unwrap_or(0))
}

/// A [`SigningSecret`] as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SigningSecretFields {
    secret: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ends_at: Option<String>,
}

impl From<SigningSecretFields> for SigningSecret {
    fn from(fields: SigningSecretFields) -> Self {
        Self {
            value: Secret {
                secret: fields.secret,
            },
            ends_at: fields.ends_at,
        }
    }
}

impl From<SigningSecret> for SigningSecretFields {
    fn from(secret: SigningSecret) -> Self {
        Self {
            secret: secret.value.secret,
            ends_at: secret.ends_at,
        }
    }
}

/// A document with secrets at known places.
pub trait HasSecrets {
    /// Visits every secret with its place, such as `auth.token` or `start.auth.secrets[0]`.
    fn each_secret(&mut self, visit: &mut dyn FnMut(&str, &mut Secret));

    /// Of a document that is stored: the places of the secrets that are stored with it, which are all but the
    /// `missing` ones.
    fn stored_places(&self, missing: &[String]) -> Vec<String>
    where
        Self: Clone,
    {
        let mut stored = Vec::new();
        self.clone().each_secret(&mut |place, _| {
            if !missing.iter().any(|missing| missing == place) {
                stored.push(place.to_owned());
            }
        });
        stored
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signing_secret_ends_when_its_date_has_come() {
        // 2030-01-31T09:00:00Z
        let at = 1_896_080_400_000;
        for (ends_at, before, then) in [
            (None, true, true),
            (Some("2030-01-31T09:00:00Z"), true, false),
            (Some("2030-01-31T10:00:00+01:00"), true, false),
            (Some("2030-01-31T09:00:00.001Z"), true, true),
            (Some("1969-01-01T00:00:00Z"), false, false),
            (Some("2030-01-31"), false, false),
            (Some(""), false, false),
        ] {
            let secret = SigningSecret {
                ends_at: ends_at.map(str::to_owned),
                ..SigningSecret::new("a")
            };
            assert_eq!(secret.is_good_at(at - 1), before, "{ends_at:?}");
            assert_eq!(secret.is_good_at(at), then, "{ends_at:?}");
        }
    }

    #[test]
    fn a_secret_is_stored_only_where_the_stored_document_has_its_place() {
        let stored = |auth: serde_json::Value, missing: &[&str]| {
            let runbook = serde_json::json!({"id": "r", "name": "r", "start": {"auth": auth}});
            let runbook: crate::model::Runbook = serde_json::from_value(runbook).unwrap();
            let missing: Vec<String> = missing.iter().map(|place| (*place).to_owned()).collect();
            runbook.stored_places(&missing)
        };
        let basic = serde_json::json!({"type": "basic", "username": "me"});
        let signature = serde_json::json!({
            "type": "signature", "scheme": "hmac", "secrets": [{"secret": null}, {"secret": null}],
        });
        let none = serde_json::json!({"type": "none"});
        for (auth, missing, expected) in [
            (&none, &[][..], &[][..]),
            (&basic, &[], &["start.auth.password"]),
            (&basic, &["start.auth.password"], &[]),
            (
                &signature,
                &["start.auth.secrets[0]"],
                &["start.auth.secrets[1]"],
            ),
        ] {
            assert_eq!(
                stored(auth.clone(), missing),
                expected,
                "{auth} {missing:?}"
            );
        }
    }

    #[test]
    fn a_signing_secret_is_written_as_the_contract_has_it() {
        for text in [
            r#"{"secret":"a"}"#,
            r#"{"secret":null}"#,
            r#"{"secret":null,"ends_at":"2030-01-31T09:00:00Z"}"#,
        ] {
            let secret: SigningSecret = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&secret).unwrap(), text);
        }
        let unknown = r#"{"secret":"a","end":"2030-01-31T09:00:00Z"}"#;
        assert!(serde_json::from_str::<SigningSecret>(unknown).is_err());
    }
}
