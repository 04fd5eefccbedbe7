mod public_keys;
mod twilio;

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

/// Key, data, and the digests by SHA-1, SHA-256 and SHA-512 where the documents
/// give them: RFC 2202 (SHA-1) and RFC 4231 (SHA-256, SHA-512).
type Vector = (
    &'static str,
    Vec<u8>,
    Vec<u8>,
    Option<&'static str>,
    Option<(&'static str, &'static str)>,
);

fn vectors() -> Vec<Vector> {
    vec![
        (
            "RFC 2202 and 4231, case 1",
            vec![0x0b; 20],
            b"Hi There".to_vec(),
            Some("b617318655057264e28bc0b6fb378c8ef146be00"),
            Some((
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            )),
        ),
        (
            "RFC 2202 and 4231, case 2",
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            Some("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            Some((
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            )),
        ),
        (
            "RFC 2202 and 4231, case 3",
            vec![0xaa; 20],
            vec![0xdd; 50],
            Some("125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
            Some((
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
                "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
            )),
        ),
        (
            "RFC 2202 and 4231, case 4",
            (0x01..=0x19).collect(),
            vec![0xcd; 50],
            Some("4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
            Some((
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
                "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
            )),
        ),
        (
            "RFC 2202, case 5",
            vec![0x0c; 20],
            b"Test With Truncation".to_vec(),
            Some("4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"),
            None,
        ),
        (
            "RFC 2202, case 6",
            vec![0xaa; 80],
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            Some("aa4ae5e15272d00e95705637ce8a3b55ed402112"),
            None,
        ),
        (
            "RFC 2202, case 7",
            vec![0xaa; 80],
            b"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".to_vec(),
            Some("e8e99d0f45237d786d6bbaa7965c7808bbff1a91"),
            None,
        ),
        (
            "RFC 4231, case 6",
            vec![0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First".to_vec(),
            None,
            Some((
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
            )),
        ),
        (
            "RFC 4231, case 7",
            vec![0xaa; 131],
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.".to_vec(),
            None,
            Some((
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
                "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
            )),
        ),
    ]
}

#[test]
fn published_vectors_sign_and_verify() {
    for (name, key, data, sha1, sha2) in vectors() {
        let expected = [
            (Digest::Sha1, sha1),
            (Digest::Sha256, sha2.map(|(sha256, _)| sha256)),
            (Digest::Sha512, sha2.map(|(_, sha512)| sha512)),
        ];
        for (algorithm, digest) in expected {
            let Some(digest) = digest else { continue };
            let hmac = Hmac::new(algorithm, DigestEncoding::Hex, "X-Signature", "v=").unwrap();
            let headers = hmac.sign(&key, &delivery(&[], &data), 0).unwrap();
            assert_eq!(
                headers,
                [("X-Signature".to_owned(), format!("v={digest}"))],
                "{name}, {algorithm:?}"
            );
            assert_eq!(
                check(&hmac, &[&key], &headers, &data, 0),
                Ok(()),
                "{name}, {algorithm:?}"
            );
        }
    }
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

/// What the services themselves publish as examples.
#[test]
fn the_services_own_examples_verify() {
    let slack = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    for (scheme, secret, headers, body, now_s) in [
        (
            // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
            SignatureScheme::Github,
            "It's a Secret to Everybody",
            pairs(&[(
                "X-Hub-Signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
            )]),
            "Hello, World!",
            0,
        ),
        (
            // https://api.slack.com/authentication/verifying-requests-from-slack
            SignatureScheme::Slack,
            "8f742231b10e8888abcd99yyyzzz85a5",
            pairs(&[
                (
                    "X-Slack-Signature",
                    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
                ),
                ("X-Slack-Request-Timestamp", "1531420618"),
            ]),
            slack,
            1_531_420_618,
        ),
        (
            // https://github.com/standard-webhooks/standard-webhooks, the libraries' own test
            SignatureScheme::StandardWebhooks,
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            pairs(&[
                ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                ("webhook-timestamp", "1614265330"),
                (
                    "webhook-signature",
                    "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v1,%%% v2,x v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                ),
            ]),
            r#"{"test": 2432232314}"#,
            1_614_265_330,
        ),
    ] {
        let hmac = service(scheme);
        let verify = |secret: &str, body: &str, now_s: i64| {
            check(&hmac, &["other", secret], &headers, body.as_bytes(), now_s)
        };
        assert_eq!(verify(secret, body, now_s), Ok(()), "{scheme:?}");
        assert_eq!(
            verify(secret, &format!("{body} "), now_s),
            Err(SignatureError::Mismatch),
            "{scheme:?}"
        );
        assert!(verify("wrong", body, now_s).is_err(), "{scheme:?}");
        let late = verify(secret, body, now_s + 301);
        let is_guarded = scheme != SignatureScheme::Github;
        assert_eq!(hmac.replay_guard().is_some(), is_guarded, "{scheme:?}");
        assert_eq!(late.is_err(), is_guarded, "{scheme:?}");
        assert_eq!(
            hmac.signed_digest(&delivery(&headers, body.as_bytes()))
                .is_some(),
            is_guarded,
            "{scheme:?}"
        );
    }
}

#[test]
fn every_service_verifies_what_is_signed_as_it_signs() {
    for preset in PRESETS {
        let hmac = service(preset.scheme);
        let secret = if preset.scheme == SignatureScheme::StandardWebhooks {
            "whsec_c2VjcmV0IHNlY3JldA=="
        } else {
            "whsec_not base64"
        };
        let id = pairs(&[
            ("webhook-id", "msg_1"),
            ("content-type", "application/x-www-form-urlencoded"),
        ]);
        let mut headers = hmac
            .sign(secret.as_bytes(), &delivery(&id, b"{}"), 1_000)
            .unwrap();
        headers.extend(id);
        assert_eq!(
            check(&hmac, &[secret], &headers, b"{}", 1_100),
            Ok(()),
            "{}",
            preset.name
        );
        assert_eq!(
            check(&hmac, &[secret], &headers, b"{ }", 1_100),
            Err(SignatureError::Mismatch),
            "{}",
            preset.name
        );
    }
}

/// As Stripe's own libraries make it: the time stamp and every signature in one header.
#[test]
fn a_list_of_signatures_fits_where_one_of_them_does() {
    let hmac = service(SignatureScheme::Stripe);
    let body = br#"{"id": "evt_1"}"#;
    let signed = hmac.sign(b"whsec_a", &delivery(&[], body), 1_000).unwrap();
    let value = &signed[0].1;
    assert!(value.starts_with("t=1000,v1="), "{value}");
    let (_, digest) = value.split_once("v1=").unwrap();
    let other = "0".repeat(64);
    for (value, expected) in [
        (format!("t=1000,v1={digest}"), Ok(())),
        (format!("t=1000, v1={other}, v1={digest},v0=x"), Ok(())),
        (format!("v1={digest},t=1000"), Ok(())),
        (format!("t=1000,v1={other}"), Err("mismatch")),
        (format!("t=1001,v1={digest}"), Err("mismatch")),
        (format!("v1={digest}"), Err("bad_timestamp")),
        (format!("t=1,v1={digest}"), Err("outside_tolerance")),
        (format!("t=1000,v0={digest}"), Err("wrong_prefix")),
        (format!("t=1000,v1={digest},v1=zz"), Ok(())),
        (format!("t=1000,v1=zz,v1={digest}"), Ok(())),
        (format!("t=1000,v1=zz,v1={other}"), Err("mismatch")),
        ("t=1000,v1=zz".to_owned(), Err("not_decodable")),
        (
            format!("t=1000{}", format!(",v1={other}").repeat(40)),
            Err("mismatch"),
        ),
    ] {
        let headers = pairs(&[("stripe-signature", &value)]);
        let verdict = check(&hmac, &["whsec_a"], &headers, body, 1_010);
        assert_eq!(verdict.map_err(|error| error.code()), expected, "{value}");
    }
}

/// Held against the library of those who wrote the standard.
#[test]
fn standard_webhooks_are_signed_as_the_standard_has_it() {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let library = standardwebhooks::Webhook::new(secret).unwrap();
    let hmac = service(SignatureScheme::StandardWebhooks);
    for (id, now_s, body) in [
        ("msg_1", 1_700_000_000, "{}"),
        ("msg.2", 1, ""),
        ("é", 1_700_000_000, "{\"a\": \"é\u{1f600}\"}\n"),
    ] {
        let signature = library.sign(id, now_s, body.as_bytes()).unwrap();
        let now = now_s.to_string();
        let headers = pairs(&[
            ("webhook-id", id),
            ("webhook-timestamp", &now),
            ("webhook-signature", &signature),
        ]);
        assert_eq!(
            check(&hmac, &[secret], &headers, body.as_bytes(), now_s),
            Ok(()),
            "{id}"
        );
        let own = hmac
            .sign(
                secret.as_bytes(),
                &delivery(&headers, body.as_bytes()),
                now_s,
            )
            .unwrap();
        assert_eq!(own[0].1, signature);
    }
}
