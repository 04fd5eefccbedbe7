//! The guard at the door of one runbook: who may start it from outside.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;

use super::{BasicError, Sources, verify_basic};
use crate::model::{PublicAuth, RunId, SigningSecret, Start, Timestamp};
use crate::signature::{Delivery, Headers, Hmac, SettingsError, SignatureError};

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Of Standard Webhooks: the same for each delivery of one message.
const WEBHOOK_ID: &str = "webhook-id";

/// Checks public starts of one runbook. Holds its secrets, so it prints nothing of them.
#[derive(Clone)]
pub struct PublicGuard {
    kind: Kind,
    sources: Sources,
}

#[derive(Clone)]
enum Kind {
    Open,
    Basic {
        username: String,
        password: String,
    },
    Signature {
        hmac: Box<Hmac>,
        secrets: Vec<SigningSecret>,
    },
    Closed,
}

impl PublicGuard {
    /// The guard that a runbook's settings, with their secrets filled in, ask for.
    pub fn new(start: &Start) -> Result<Self, SettingsError> {
        let kind = match start.auth.as_ref() {
            None | Some(PublicAuth::None {}) => Kind::Open,
            Some(PublicAuth::Basic { username, password }) => Kind::Basic {
                username: username.clone(),
                password: password.reveal().to_owned(),
            },
            Some(auth @ PublicAuth::Signature { secrets, .. }) => Kind::Signature {
                hmac: Box::new(Hmac::of(auth)?.unwrap_or_default()),
                secrets: secrets.clone(),
            },
        };
        let sources = Sources::parse(&start.limits.sources)?;
        Ok(Self { kind, sources })
    }

    /// A guard for an id that nobody may start. It does a signature's work before
    /// it refuses, so that the time taken does not tell which ids there are.
    pub fn closed() -> Self {
        Self {
            kind: Kind::Closed,
            sources: Sources::default(),
        }
    }

    /// Whether nobody may start the runbook from outside.
    pub fn is_closed(&self) -> bool {
        matches!(self.kind, Kind::Closed)
    }

    /// What tells a start from its repeats, where the caller says so: the id of the message,
    /// where that is signed as Standard Webhooks have it, else `Idempotency-Key`. A key that
    /// nobody has signed must not make another start of a recorded one.
    pub fn idempotency_key<'h>(&self, headers: Headers<'h>) -> Option<&'h str> {
        self.signed_key(headers)
            .or_else(|| value(headers, IDEMPOTENCY_KEY))
    }

    fn signed_key<'h>(&self, headers: Headers<'h>) -> Option<&'h str> {
        match &self.kind {
            Kind::Signature { hmac, .. } if hmac.signs_header(WEBHOOK_ID) => {
                value(headers, WEBHOOK_ID)
            }
            _ => None,
        }
    }

    /// What a start has in common with all that must be recognised as the same, so that they meet; nothing where any
    /// place will do. A recorded start that can be recognised is led astray by no key that nobody has signed.
    pub fn meets_repeats_by<'h>(&self, headers: Headers<'h>, body: &'h [u8]) -> Option<&'h [u8]> {
        let Kind::Signature { hmac, .. } = &self.kind else {
            return self.idempotency_key(headers).map(str::as_bytes);
        };
        let key = if hmac.replay_guard().is_some() {
            self.signed_key(headers)
        } else {
            self.idempotency_key(headers)
        };
        Some(key.map_or(body, str::as_bytes))
    }

    /// What tells a recorded start that is sent once more, where a time stamp or an id is signed: the same bytes with
    /// the same of these are the same request. See [`Hmac::signed_digest`].
    pub fn signed_digest(&self, delivery: &Delivery<'_>) -> Option<[u8; 32]> {
        match &self.kind {
            Kind::Signature { hmac, .. } => hmac.signed_digest(delivery),
            Kind::Open | Kind::Basic { .. } | Kind::Closed => None,
        }
    }

    /// The field of a form that holds the sender's JSON; see [`Hmac::json_field`].
    pub fn json_field(&self) -> Option<&'static str> {
        match &self.kind {
            Kind::Signature { hmac, .. } => hmac.json_field(),
            Kind::Open | Kind::Basic { .. } | Kind::Closed => None,
        }
    }

    /// Checks one start, over the bytes as they came, from the address that it came from where that
    /// is known. Gives the place of the secret that proved it. The cause of a refusal is
    /// for the owner's log; every caller is shown the same 401.
    pub fn verify(
        &self,
        delivery: &Delivery<'_>,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Option<String>, Refusal> {
        let proof = self.verify_proof(delivery, now)?;
        self.sources.check(from)?;
        Ok(proof)
    }

    /// Checks a question how a run went. Where starts are signed, the run's id is signed in place of the
    /// body, or the address alone where that is part of what is signed. Gives what [`PublicGuard::verify`] gives.
    pub fn verify_poll(
        &self,
        delivery: &Delivery<'_>,
        run_id: &RunId,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Option<String>, Refusal> {
        let signs_url = matches!(&self.kind, Kind::Signature { hmac, .. } if hmac.signs_url());
        let id = run_id.to_string();
        let signed = Delivery {
            body: if signs_url { b"" } else { id.as_bytes() },
            ..*delivery
        };
        self.verify(&signed, from, now)
    }

    fn verify_proof(
        &self,
        delivery: &Delivery<'_>,
        now: Timestamp,
    ) -> Result<Option<String>, Refusal> {
        let now_s = i64::try_from(now / 1000).unwrap_or(i64::MAX);
        match &self.kind {
            Kind::Open => Ok(None),
            Kind::Basic { username, password } => {
                let mut headers = delivery.headers.iter();
                let header = headers.find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
                let header = header.map(|(_, value)| value.as_str());
                verify_basic(header, username, password).map_err(Refusal::Basic)?;
                Ok(Some("start.auth.password".to_owned()))
            }
            Kind::Signature { hmac, secrets } => {
                // An empty one fits nothing, and keeps the place of what has ended.
                let good: Vec<&str> = secrets
                    .iter()
                    .map(|secret| {
                        let is_good = secret.is_good_at(now);
                        if is_good { secret.value.reveal() } else { "" }
                    })
                    .collect();
                let index = hmac.verify(&good, delivery, now_s).map_err(|error| {
                    let held = secrets
                        .iter()
                        .filter(|secret| !secret.value.reveal().is_empty());
                    Refusal::Signature(match (error, held.count()) {
                        (SignatureError::NoSecret, held @ 1..) => {
                            SignatureError::Ended { is_only: held == 1 }
                        }
                        (error, _) => error,
                    })
                })?;
                Ok(Some(format!("start.auth.secrets[{index}]")))
            }
            Kind::Closed => {
                let verdict = Hmac::default().verify(&["closed"], delivery, now_s);
                Err(verdict.map_or_else(Refusal::Signature, |_| Refusal::Closed))
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
    /// It comes from an address that is not allowed.
    Source {
        from: IpAddr,
    },
    /// Only some addresses are allowed, and it is not known where it comes from.
    UnknownSource,
    /// Nobody may start this from outside.
    Closed,
}

impl Refusal {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Basic(error) => error.code(),
            Self::Signature(error) => error.code(),
            Self::Source { .. } => "source",
            Self::UnknownSource => "unknown_source",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Basic(error) => error.fmt(f),
            Self::Signature(error) => error.fmt(f),
            Self::Source { from } => write!(f, "The request comes from {from}, which is not among the allowed addresses: add it under Limits if it may start this runbook."),
            Self::UnknownSource => f.write_str("Only some addresses are allowed, and it is not known where the request comes from: allow all under Limits, and have callers prove who they are."),
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
        PublicGuard::new(&start(settings)).unwrap()
    }

    fn start(auth: &str) -> Start {
        Start {
            auth: serde_json::from_str(auth).unwrap(),
            ..Start::default()
        }
    }

    fn delivery<'a>(headers: Headers<'a>, body: &'a [u8]) -> Delivery<'a> {
        Delivery {
            url: "https://nimbus.example/api/automation/rb",
            headers,
            body,
        }
    }

    fn check(guard: &PublicGuard, headers: Headers<'_>) -> Result<Option<String>, Refusal> {
        guard.verify(&delivery(headers, BODY), None, NOW)
    }

    #[test]
    fn settings_decide_who_may_start() {
        let open = guard(r#"{"type":"none"}"#);
        assert_eq!(check(&open, &[]), Ok(None));
        let unset = PublicGuard::new(&Start::default()).unwrap();
        assert_eq!(check(&unset, &[]), Ok(None));

        let basic_guard =
            guard(r#"{"type":"basic","username":"me","password":{"secret":"open sesame"}}"#);
        let right = header("authorization", &basic("me", "open sesame"));
        assert_eq!(
            check(&basic_guard, &right),
            Ok(Some("start.auth.password".to_owned()))
        );
        assert_eq!(
            check(&basic_guard, &[]),
            Err(Refusal::Basic(BasicError::Missing))
        );
        let forgotten = guard(r#"{"type":"basic","username":"me"}"#);
        let empty = header("authorization", &basic("me", ""));
        assert_eq!(
            check(&forgotten, &empty),
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
            (
                "new",
                1_750_000_000,
                Ok(Some("start.auth.secrets[0]".to_owned())),
            ),
            (
                "old",
                1_750_000_010,
                Ok(Some("start.auth.secrets[1]".to_owned())),
            ),
            ("old", 1_750_000_011, Err("outside_tolerance")),
            ("older", 1_750_000_000, Err("mismatch")),
        ] {
            let headers = hmac
                .sign(secret.as_bytes(), &delivery(&[], BODY), at)
                .unwrap();
            assert_eq!(
                check(&signed, &headers).map_err(|refusal| refusal.code()),
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
        let headers = Hmac::default()
            .sign(b"closed", &delivery(&[], BODY), 0)
            .unwrap();
        assert_eq!(
            check(&PublicGuard::closed(), &headers),
            Err(Refusal::Closed)
        );
        assert!(check(&PublicGuard::closed(), &[]).is_err());
    }

    #[test]
    fn settings_that_describe_no_signature_are_refused() {
        let settings = r#"{"type":"signature","scheme":"hmac","signed":"<<timestamp>><<body>>"}"#;
        let refused = PublicGuard::new(&start(settings)).unwrap_err();
        assert_eq!(refused, SettingsError::NoTimestampHeader);
    }
    #[test]
    fn a_secret_that_has_ended_proves_nothing() {
        // 2025-06-15T15:06:40Z, which is NOW without its milliseconds.
        let settings = |ends_at: &str| {
            format!(
                r#"{{"type":"signature","scheme":"hmac","secrets":[
                    {{"secret":"old","ends_at":"{ends_at}"}},{{"secret":"new"}}]}}"#
            )
        };
        let ended = guard(&settings("2025-06-15T15:06:40Z"));
        let ending = guard(&settings("2025-06-15T15:06:41Z"));
        let first = Ok(Some("start.auth.secrets[0]".to_owned()));
        let second = Ok(Some("start.auth.secrets[1]".to_owned()));
        for (guard, secret, expected) in [
            (&ending, "old", first),
            (&ending, "new", second.clone()),
            (&ended, "old", Err("mismatch")),
            (&ended, "new", second),
        ] {
            let headers = Hmac::default()
                .sign(secret.as_bytes(), &delivery(&[], BODY), 0)
                .unwrap();
            assert_eq!(
                check(guard, &headers).map_err(|refusal| refusal.code()),
                expected,
                "{secret}"
            );
        }
    }

    #[test]
    fn a_refusal_tells_a_key_that_has_ended_or_does_not_fit_from_none() {
        let ended = r#"{"secret":"old","ends_at":"2001-01-01T00:00:00Z"}"#;
        for (scheme, secrets, expected) in [
            (
                "github",
                "{\"secret\":null}".to_owned(),
                "No signing secret is set",
            ),
            ("github", ended.to_owned(), "The only key has ended"),
            ("github", format!("{ended},{ended}"), "All keys have ended"),
            (
                "standard_webhooks",
                r#"{"secret":"no base64!"}"#.to_owned(),
                "enter one that begins with whsec_ or whpk_",
            ),
        ] {
            let settings =
                format!(r#"{{"type":"signature","scheme":"{scheme}","secrets":[{secrets}]}}"#);
            let service: crate::model::SignatureScheme =
                serde_json::from_value(scheme.into()).unwrap();
            let hmac = Hmac::of_service(service, 300).unwrap();
            let id = header("webhook-id", "msg_1");
            let now_s = i64::try_from(NOW / 1000).unwrap();
            let signed = hmac.sign(b"whsec_c2VjcmV0", &delivery(&id, BODY), now_s);
            let headers = [id, signed.unwrap()].concat();
            let refusal = check(&guard(&settings), &headers).unwrap_err().to_string();
            assert!(refusal.contains(expected), "{refusal}");
        }
    }

    #[test]
    fn the_ends_of_keys_are_those_of_the_newest_settings() {
        let mut published = start(
            r#"{"type":"signature","scheme":"hmac","secrets":[{"secret":null},{"secret":null}]}"#,
        );
        let draft = start(
            r#"{"type":"signature","scheme":"github","secrets":[{"secret":null,"ends_at":"2001-01-01T00:00:00Z"}]}"#,
        );
        published.take_ends_from(&draft);
        let expected = r#"{"type":"signature","scheme":"hmac","secrets":[{"secret":null,"ends_at":"2001-01-01T00:00:00Z"}]}"#;
        assert_eq!(published.auth, start(expected).auth);
        // Where the draft has no keys any more, what is published keeps its own.
        published.take_ends_from(&start(r#"{"type":"none"}"#));
        assert_eq!(published.auth, start(expected).auth);
    }

    #[test]
    fn who_comes_from_elsewhere_is_refused_with_the_right_credentials() {
        let mut settings = start(r#"{"type":"none"}"#);
        settings.limits.sources = vec!["192.0.2.0/24".to_owned()];
        let some = PublicGuard::new(&settings).unwrap();
        for (from, expected) in [
            (Some("192.0.2.7"), Ok(None)),
            (Some("192.0.3.7"), Err("source")),
            (None, Err("unknown_source")),
        ] {
            let from = from.map(|from| from.parse().unwrap());
            let verdict = some.verify(&delivery(&[], BODY), from, NOW);
            assert_eq!(verdict.map_err(|refusal| refusal.code()), expected);
        }
        settings.limits.sources = vec!["anywhere".to_owned()];
        assert_eq!(PublicGuard::new(&settings).unwrap_err().code(), "source");
    }

    #[test]
    fn a_question_is_signed_by_the_id_of_its_run() {
        let run_id = RunId::parse("rb.0.1").unwrap();
        let signed = guard(r#"{"type":"signature","scheme":"hmac","secrets":[{"secret":"k"}]}"#);
        let twilio = guard(r#"{"type":"signature","scheme":"twilio","secrets":[{"secret":"k"}]}"#);
        let ask = |guard: &PublicGuard, headers: Headers<'_>| {
            guard
                .verify_poll(&delivery(headers, b"no body counts"), &run_id, None, NOW)
                .map_err(|refusal| refusal.code())
        };
        let first = || Ok(Some("start.auth.secrets[0]".to_owned()));
        let sign = |hmac: &Hmac, body: &[u8]| hmac.sign(b"k", &delivery(&[], body), 0).unwrap();
        let hmac = Hmac::default();
        assert_eq!(ask(&signed, &sign(&hmac, b"rb.0.1")), first());
        assert_eq!(ask(&signed, &sign(&hmac, b"rb.0.2")), Err("mismatch"));
        assert_eq!(ask(&signed, &sign(&hmac, b"")), Err("mismatch"));
        // The address holds the id already.
        let hmac = Hmac::of_service(crate::model::SignatureScheme::Twilio, 300).unwrap();
        assert_eq!(ask(&twilio, &sign(&hmac, b"")), first());
        let elsewhere = Delivery {
            url: "https://nimbus.example/api/automation/other",
            headers: &[],
            body: b"",
        };
        let headers = hmac.sign(b"k", &elsewhere, 0).unwrap();
        assert_eq!(ask(&twilio, &headers), Err("mismatch"));
        assert_eq!(ask(&guard(r#"{"type":"none"}"#), &[]), Ok(None));
    }
}
