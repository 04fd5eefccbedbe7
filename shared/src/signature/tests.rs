mod public_keys;
mod services;
mod twilio;
mod vectors;

use base64::Engine as _;

use super::encoding::BASE64;
use super::*;

const URL: &str = "https://nimbus.example/api/automation/rb";

fn delivery<'a>(headers: Headers<'a>, body: &'a [u8]) -> Delivery<'a> {
    Delivery {
        url: URL,
        headers,
        body,
    }
}

/// Whether one of the secrets fits a request at [`URL`].
fn check(
    hmac: &Hmac,
    secrets: &[impl AsRef<[u8]>],
    headers: Headers<'_>,
    body: &[u8],
    now_s: i64,
) -> Result<(), SignatureError> {
    hmac.verify(secrets, &delivery(headers, body), now_s)
        .map(|_| ())
}

const SECRET: &str = "example-signing-key";
const BODY: &[u8] = b"{\"ticket_id\": 42}";
const NOW: i64 = 1_750_000_000;

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn hmac(encoding: DigestEncoding, prefix: &str) -> Hmac {
    Hmac::new(Digest::Sha256, encoding, "X-Signature", prefix).unwrap()
}

fn signature(hmac: &Hmac) -> String {
    hmac.sign(SECRET.as_bytes(), &delivery(&[], BODY), NOW)
        .unwrap()
        .remove(0)
        .1
}

#[test]
fn encodings_are_read_as_senders_write_them() {
    let hex = hmac(DigestEncoding::Hex, "");
    let base64 = hmac(DigestEncoding::Base64, "");
    let (in_hex, in_base64) = (signature(&hex), signature(&base64));
    assert!(
        in_base64.ends_with('='),
        "the case without padding below needs a signature that has some"
    );
    let upper = in_hex.to_uppercase();
    let unpadded = in_base64.trim_end_matches('=').to_owned();
    for (hmac, value, expected) in [
        (&hex, in_hex.as_str(), Ok(())),
        (&hex, upper.as_str(), Ok(())),
        (&hex, &in_hex[1..], Err("not_decodable")),
        (&hex, &in_hex[2..], Err("mismatch")),
        (&hex, &format!("{in_hex}00"), Err("mismatch")),
        (&hex, &format!("+{}", &in_hex[1..]), Err("not_decodable")),
        (&hex, &in_base64, Err("not_decodable")),
        (&hex, "é", Err("not_decodable")),
        (&hex, "", Err("mismatch")),
        (&base64, &in_base64, Ok(())),
        (&base64, &unpadded, Ok(())),
        (&base64, &format!("  {in_base64} "), Ok(())),
        (&base64, "", Err("mismatch")),
        (&base64, "?", Err("not_decodable")),
    ] {
        let verdict = check(hmac, &[SECRET], &[header("x-signature", value)], BODY, NOW);
        assert_eq!(verdict.map_err(|error| error.code()), expected, "{value:?}");
    }
}

#[test]
fn every_cause_of_refusal_is_told_apart() {
    let hmac = hmac(DigestEncoding::Hex, "sha256=");
    let good = header("X-Signature", &signature(&hmac));
    let bare = header("X-Signature", good.1.trim_start_matches("sha256="));
    for (name, secrets, headers, body, expected) in [
        ("good", vec![SECRET], vec![good.clone()], BODY, Ok(())),
        (
            "an older secret still counts",
            vec!["new", SECRET],
            vec![good.clone()],
            BODY,
            Ok(()),
        ),
        (
            "the newer one as well",
            vec![SECRET, "old"],
            vec![good.clone()],
            BODY,
            Ok(()),
        ),
        (
            "another secret",
            vec!["other"],
            vec![good.clone()],
            BODY,
            Err("mismatch"),
        ),
        (
            "one byte changed",
            vec![SECRET],
            vec![good.clone()],
            b"{\"ticket_id\": 43}",
            Err("mismatch"),
        ),
        (
            "no secret",
            vec![],
            vec![good.clone()],
            BODY,
            Err("no_secret"),
        ),
        (
            "only an empty secret",
            vec![""],
            vec![good.clone()],
            BODY,
            Err("no_secret"),
        ),
        (
            "no header",
            vec![SECRET],
            vec![header("X-Other", "1")],
            BODY,
            Err("missing_header"),
        ),
        (
            "two headers",
            vec![SECRET],
            vec![good.clone(), good.clone()],
            BODY,
            Err("repeated_header"),
        ),
        (
            "no prefix",
            vec![SECRET],
            vec![bare],
            BODY,
            Err("wrong_prefix"),
        ),
    ] {
        let verdict = check(&hmac, &secrets, &headers, body, NOW);
        assert_eq!(verdict.map_err(|error| error.code()), expected, "{name}");
    }
}

#[test]
fn an_empty_secret_fits_nothing_not_even_its_own_signature() {
    let hmac = hmac(DigestEncoding::Hex, "");
    let forged = encode(DigestEncoding::Hex, &digest(Digest::Sha256, b"", &[BODY]));
    let verdict = check(
        &hmac,
        &["", SECRET],
        &[header("X-Signature", &forged)],
        BODY,
        NOW,
    );
    assert_eq!(verdict, Err(SignatureError::Mismatch));
    assert_eq!(
        hmac.sign(b"", &delivery(&[], BODY), NOW),
        Err(SignError::NoKey)
    );
}

#[test]
fn time_stamps_are_signed_and_must_be_near() {
    let hmac = hmac(DigestEncoding::Hex, "v0=")
        .with_timestamp("X-Timestamp", 300)
        .unwrap()
        .with_signed("v0:<<timestamp>>:<<request@header[X-Topic]>>:<<body>>")
        .unwrap();
    let topic = header("x-topic", "tickets");
    let sent = |at: i64| {
        let mut headers = hmac
            .sign(
                SECRET.as_bytes(),
                &delivery(std::slice::from_ref(&topic), BODY),
                at,
            )
            .unwrap();
        headers.push(topic.clone());
        headers
    };
    let stamped = |stamp: &str| {
        let mut headers = sent(NOW);
        headers[1].1 = stamp.to_owned();
        headers
    };
    let without = |name: &str| {
        sent(NOW)
            .into_iter()
            .filter(|(given, _)| given != name)
            .collect::<Vec<_>>()
    };
    for (name, headers, expected) in [
        ("now", sent(NOW), Ok(())),
        ("as old as may be", sent(NOW - 300), Ok(())),
        ("too old", sent(NOW - 301), Err("outside_tolerance")),
        ("as far ahead as may be", sent(NOW + 300), Ok(())),
        ("too far ahead", sent(NOW + 301), Err("outside_tolerance")),
        (
            "another stamp on the same signature",
            stamped(&(NOW + 1).to_string()),
            Err("mismatch"),
        ),
        ("no number", stamped("yesterday"), Err("bad_timestamp")),
        (
            "a number too large",
            stamped("99999999999999999999"),
            Err("bad_timestamp"),
        ),
        (
            "the lowest number there is",
            stamped(&i64::MIN.to_string()),
            Err("outside_tolerance"),
        ),
        ("no stamp", without("X-Timestamp"), Err("missing_header")),
        (
            "a signed header twice",
            [sent(NOW), vec![topic.clone()]].concat(),
            Err("repeated_header"),
        ),
        (
            "a signed header is gone",
            without("x-topic"),
            Err("missing_header"),
        ),
    ] {
        let verdict = check(&hmac, &[SECRET], &headers, BODY, NOW);
        assert_eq!(verdict.map_err(|error| error.code()), expected, "{name}");
    }
    assert_eq!(
        hmac.sign(SECRET.as_bytes(), &delivery(&[], BODY), NOW),
        Err(SignError::SignedHeader(SignatureError::MissingHeader {
            name: "X-Topic".to_owned()
        }))
    );
}

#[test]
fn a_recorded_request_is_recognised_where_what_is_signed_tells_it_apart() {
    let by_hand = |signed: &str| hmac(DigestEncoding::Hex, "").with_signed(signed).unwrap();
    let stamped = hmac(DigestEncoding::Hex, "")
        .with_timestamp("X-Time", 300)
        .unwrap();
    let id = "<<request@header[X-Delivery]>>.<<body>>";
    for (hmac, guard) in [
        (by_hand("<<body>>"), None),
        (by_hand("<<url>><<body>>"), None),
        (by_hand("<<request@header[X-Topic]>>.<<body>>"), None),
        (by_hand(id), Some(ReplayGuard::Header("X-Delivery"))),
        // A time stamp counts only where it is signed.
        (stamped.clone(), None),
        (
            stamped.clone().with_signed(id).unwrap(),
            Some(ReplayGuard::Header("X-Delivery")),
        ),
        (
            stamped.with_signed("<<timestamp>>.<<body>>").unwrap(),
            Some(ReplayGuard::Timestamp),
        ),
    ] {
        assert_eq!(hmac.replay_guard(), guard, "{hmac:?}");
        let digest = |id: &str, time: &str, body: &[u8]| {
            let headers = [
                header("x-delivery", id),
                header("x-topic", "news"),
                header("x-time", time),
            ];
            hmac.signed_digest(&delivery(&headers, body))
        };
        let first = digest("d1", "1000", BODY);
        assert_eq!(first.is_some(), guard.is_some(), "{hmac:?}");
        assert_eq!(first, digest("d1", "1000", BODY));
        if let Some(guard) = guard {
            assert_ne!(first, digest("d1", "1000", b"{}"), "{hmac:?}");
            let other = match guard {
                ReplayGuard::Timestamp => digest("d1", "1001", BODY),
                ReplayGuard::Header(_) => digest("d2", "1000", BODY),
            };
            assert_ne!(first, other, "{hmac:?}");
        }
    }
}

#[test]
fn bodies_are_bytes_of_any_kind() {
    let hmac = hmac(DigestEncoding::Base64, "");
    let body = [0xff, 0x00, 0xfe, b'\r', b'\n'];
    let headers = hmac
        .sign(SECRET.as_bytes(), &delivery(&[], &body), NOW)
        .unwrap();
    assert_eq!(check(&hmac, &[SECRET], &headers, &body, NOW), Ok(()));
    assert_eq!(
        check(&hmac, &[SECRET], &headers, &body[..4], NOW),
        Err(SignatureError::Mismatch)
    );
}

#[test]
fn settings_that_could_never_fit_are_refused() {
    for name in ["", "X Signature", "X-Signatur:", "Größe", "a\r\nb"] {
        let refused = Hmac::new(Digest::Sha1, DigestEncoding::Hex, name, "").unwrap_err();
        assert_eq!(refused.code(), "header_name", "{name:?}");
    }
    let stamped = hmac(DigestEncoding::Hex, "")
        .with_timestamp("X-Timestamp", 300)
        .unwrap();
    for (format, expected) in [
        ("<<timestamp>>.<<body>>", Ok(())),
        ("<< body >>", Ok(())),
        ("é<<timestamp", Err(SettingsError::Unclosed { at: 1 })),
        (
            "é<<nope>><<body>>",
            Err(SettingsError::UnknownToken {
                token: "nope".to_owned(),
                at: 1,
            }),
        ),
        (
            "<<>><<body>>",
            Err(SettingsError::UnknownToken {
                token: String::new(),
                at: 0,
            }),
        ),
        (
            "<<request@header[a b]>><<body>>",
            Err(SettingsError::HeaderName {
                name: "a b".to_owned(),
            }),
        ),
        ("<<timestamp>>", Err(SettingsError::NoBody)),
        ("", Err(SettingsError::NoBody)),
    ] {
        assert_eq!(
            stamped.clone().with_signed(format).map(|_| ()),
            expected,
            "{format:?}"
        );
    }
    assert_eq!(
        hmac(DigestEncoding::Hex, "").with_signed("<<timestamp>>.<<body>>"),
        Err(SettingsError::NoTimestampHeader)
    );
}

fn service(scheme: SignatureScheme) -> Hmac {
    Hmac::of_service(scheme, DEFAULT_TOLERANCE_S).unwrap()
}

fn pairs(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
