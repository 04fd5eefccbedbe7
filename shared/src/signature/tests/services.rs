//! Requests as services sign them.

use super::*;

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
