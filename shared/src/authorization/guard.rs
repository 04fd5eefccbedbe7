//! The guard at the door of one runbook: who may start it from outside.

use std::error::Error;
use std::fmt;

use super::{BasicError, verify_basic};
use crate::model::{PublicAuth, Secret, Timestamp};
use crate::signature::{DEFAULT_TOLERANCE_S, Headers, Hmac, SettingsError, SignatureError};

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Of Standard Webhooks: the same for each delivery of one message.
const WEBHOOK_ID: &str = "webhook-id";

/// Checks public starts of one runbook. Holds its secrets, so it prints nothing of them.
#[derive(Clone)]
pub struct PublicGuard(Kind);

#[derive(Clone)]
enum Kind {
    Open,
    Basic {
        username: String,
        password: String,
    },
    Signature {
        hmac: Box<Hmac>,
        secrets: Vec<String>,
    },
    Closed,
}

impl PublicGuard {
    /// The guard that a runbook's settings, with their secrets filled in, ask for.
    pub fn new(auth: Option<&PublicAuth>) -> Result<Self, SettingsError> {
        let kind = match auth {
            None | Some(PublicAuth::None {}) => Kind::Open,
            Some(PublicAuth::Basic { username, password }) => Kind::Basic {
                username: username.clone(),
                password: password.reveal().to_owned(),
            },
            Some(PublicAuth::Signature {
                scheme,
                secrets,
                algorithm,
                encoding,
                header,
                prefix,
                timestamp_header,
                signed,
                tolerance_s,
            }) => {
                let tolerance_s = tolerance_s.unwrap_or(DEFAULT_TOLERANCE_S);
                let hmac = if let Some(hmac) = Hmac::of_service(*scheme, tolerance_s) {
                    hmac
                } else {
                    let mut hmac = Hmac::new(*algorithm, *encoding, header, prefix)?;
                    if let Some(header) = timestamp_header {
                        hmac = hmac.with_timestamp(header, tolerance_s)?;
                    }
                    if let Some(format) = signed {
                        hmac = hmac.with_signed(format)?;
                    }
                    hmac
                };
                let secrets = secrets.iter().map(Secret::reveal).map(str::to_owned);
                Kind::Signature {
                    hmac: Box::new(hmac),
                    secrets: secrets.collect(),
                }
            }
        };
        Ok(Self(kind))
    }

    /// A guard for an id that nobody may start. It does a signature's work before
    /// it refuses, so that the time taken does not tell which ids there are.
    pub fn closed() -> Self {
        Self(Kind::Closed)
    }

    /// Whether anyone who knows the address may start the runbook.
    pub fn is_open(&self) -> bool {
        matches!(self.0, Kind::Open)
    }

    /// What tells a start from its repeats, where the caller says so: the id of the message,
    /// where that is signed as Standard Webhooks have it, else `Idempotency-Key`. A key that
    /// nobody has signed must not make another start of a recorded one.
    pub fn idempotency_key<'h>(&self, headers: Headers<'h>) -> Option<&'h str> {
        let signed_id = match &self.0 {
            Kind::Signature { hmac, .. } if hmac.signs_header(WEBHOOK_ID) => {
                value(headers, WEBHOOK_ID)
            }
            _ => None,
        };
        signed_id.or_else(|| value(headers, IDEMPOTENCY_KEY))
    }

    /// What tells a recorded start that is sent once more, where a time stamp is signed: within its tolerance, the same
    /// bytes with the same time stamp are the same request. See [`Hmac::signed_digest`].
    pub fn signed_digest(&self, headers: Headers<'_>, body: &[u8]) -> Option<[u8; 32]> {
        match &self.0 {
            Kind::Signature { hmac, .. } => hmac.signed_digest(headers, body),
            Kind::Open | Kind::Basic { .. } | Kind::Closed => None,
        }
    }

    /// Checks one start, over the bytes as they came. The cause of a refusal is
    /// for the owner's log; every caller is shown the same 401.
    pub fn verify(&self, headers: Headers<'_>, body: &[u8], now: Timestamp) -> Result<(), Refusal> {
        let now_s = i64::try_from(now / 1000).unwrap_or(i64::MAX);
        match &self.0 {
            Kind::Open => Ok(()),
            Kind::Basic { username, password } => {
                let mut headers = headers.iter();
                let header = headers.find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
                let header = header.map(|(_, value)| value.as_str());
                verify_basic(header, username, password).map_err(Refusal::Basic)
            }
            Kind::Signature { hmac, secrets } => hmac
                .verify(secrets, headers, body, now_s)
                .map_err(Refusal::Signature),
            Kind::Closed => {
                let verdict = Hmac::default().verify(&["closed"], headers, body, now_s);
                Err(verdict.map_or_else(Refusal::Signature, |()| Refusal::Closed))
            }
        }
    }
}

/// The first value of a header that is not empty.
fn value<'h>(headers: Headers<'h>, name: &str) -> Option<&'h str> {
    headers
        .iter()
        .filter(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
        .find(|value| !value.is_empty())
}

impl fmt::Debug for PublicGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicGuard").finish_non_exhaustive()
    }
}

/// Why a start was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    Basic(BasicError),
    Signature(SignatureError),
    /// Nobody may start this from outside.
    Closed,
}

impl Refusal {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Basic(error) => error.code(),
            Self::Signature(error) => error.code(),
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Basic(error) => error.fmt(f),
            Self::Signature(error) => error.fmt(f),
            Self::Closed => f.write_str("This runbook is started from the desk only: open it to the public in its start settings."),
        }
    }
}

impl Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authorization::basic;

    const BODY: &[u8] = b"{}";
    /// In milliseconds; the header below is in seconds.
    const NOW: Timestamp = 1_750_000_000_999;

    fn header(name: &str, value: &str) -> Vec<(String, String)> {
        vec![(name.to_owned(), value.to_owned())]
    }

    fn guard(settings: &str) -> PublicGuard {
        let auth: PublicAuth = serde_json::from_str(settings).unwrap();
        PublicGuard::new(Some(&auth)).unwrap()
    }

    #[test]
    fn settings_decide_who_may_start() {
        let open = guard(r#"{"type":"none"}"#);
        assert!(open.is_open() && PublicGuard::new(None).unwrap().is_open());
        assert_eq!(open.verify(&[], BODY, NOW), Ok(()));

        let basic_guard =
            guard(r#"{"type":"basic","username":"me","password":{"secret":"open sesame"}}"#);
        let right = header("authorization", &basic("me", "open sesame"));
        assert!(!basic_guard.is_open());
        assert_eq!(basic_guard.verify(&right, BODY, NOW), Ok(()));
        assert_eq!(
            basic_guard.verify(&[], BODY, NOW),
            Err(Refusal::Basic(BasicError::Missing))
        );
        let forgotten = guard(r#"{"type":"basic","username":"me"}"#);
        let empty = header("authorization", &basic("me", ""));
        assert_eq!(
            forgotten.verify(&empty, BODY, NOW),
            Err(Refusal::Basic(BasicError::Mismatch))
        );

        let signed = guard(
            r#"{"type":"signature","scheme":"hmac","secrets":[{"secret":"new"},{"secret":"old"}],
                "algorithm":"sha512","encoding":"base64","header":"X-Sign","prefix":"v1 ",
                "timestamp_header":"X-Time","signed":"<<timestamp>>.<<body>>","tolerance_s":10}"#,
        );
        let hmac = Hmac::new(
            crate::model::Digest::Sha512,
            crate::model::DigestEncoding::Base64,
            "X-Sign",
            "v1 ",
        )
        .and_then(|hmac| hmac.with_timestamp("X-Time", 10))
        .and_then(|hmac| hmac.with_signed("<<timestamp>>.<<body>>"))
        .unwrap();
        for (secret, at, expected) in [
            ("new", 1_750_000_000, Ok(())),
            ("old", 1_750_000_010, Ok(())),
            ("old", 1_750_000_011, Err("outside_tolerance")),
            ("older", 1_750_000_000, Err("mismatch")),
        ] {
            let headers = hmac.sign(secret.as_bytes(), &[], BODY, at).unwrap();
            assert_eq!(
                signed
                    .verify(&headers, BODY, NOW)
                    .map_err(|refusal| refusal.code()),
                expected
            );
        }
        assert!(!format!("{signed:?}{basic_guard:?}").contains("old"));
    }

    #[test]
    fn a_message_id_is_a_key_where_it_is_signed() {
        let open = guard(r#"{"type":"none"}"#);
        let body_only = guard(r#"{"type":"signature","scheme":"hmac"}"#);
        let webhook = guard(
            r#"{"type":"signature","scheme":"hmac","timestamp_header":"webhook-timestamp",
                "signed":"<<request@header[Webhook-Id]>>.<<timestamp>>.<<body>>"}"#,
        );
        let id = || header("Webhook-ID", " msg_1 ");
        let key = || header("Idempotency-Key", "k");
        let both = [key(), id()].concat();
        for (guard, headers, expected) in [
            (&open, vec![], None),
            (&open, key(), Some("k")),
            (&open, id(), None),
            (&open, both.clone(), Some("k")),
            (&open, header("idempotency-key", " "), None),
            (&body_only, id(), None),
            (&body_only, both.clone(), Some("k")),
            (&webhook, id(), Some("msg_1")),
            (&webhook, key(), Some("k")),
            (&webhook, both, Some("msg_1")),
        ] {
            assert_eq!(guard.idempotency_key(&headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn a_closed_door_stays_closed_to_its_own_key() {
        let headers = Hmac::default().sign(b"closed", &[], BODY, 0).unwrap();
        assert_eq!(
            PublicGuard::closed().verify(&headers, BODY, NOW),
            Err(Refusal::Closed)
        );
        assert!(PublicGuard::closed().verify(&[], BODY, NOW).is_err());
    }

    #[test]
    fn settings_that_describe_no_signature_are_refused() {
        let settings = r#"{"type":"signature","scheme":"hmac","signed":"<<timestamp>><<body>>"}"#;
        let refused = PublicGuard::new(Some(&serde_json::from_str(settings).unwrap())).unwrap_err();
        assert_eq!(refused, SettingsError::NoTimestampHeader);
    }
}
