//! Standard Webhooks with public keys. Nobody publishes whole examples of these, so the algorithm is held against RFC 8032
//! and the scheme against signatures that OpenSSL 3 made.

use super::*;

/// The key of test 1 of RFC 8032, 7.1.
const KEY: &str = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
/// The example of the standard's own document.
const EXAMPLE: &str = r#"{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}"#;
const AT: i64 = 1_674_087_231;
/// `openssl pkeyutl -sign -rawin` of that example, with the other half of the key.
const SIGNATURE: &str =
    "pbpYBMlty2hExn4zt0UTGb6BaP2Vq5AfyzjB9GGV3x/wCJKd8UjOCf8Qhaji6TKY9C5eNMnlF0GG4udaO6B7Ag==";

#[test]
fn the_algorithm_is_that_of_the_rfc() {
    for (key, message, signature) in [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let bytes = |hex: &str| decode(DigestEncoding::Hex, hex).unwrap();
        let text = format!("whpk_{}", encode(DigestEncoding::Base64, &bytes(key)));
        let public_keys = service(SignatureScheme::StandardWebhooks).public_keys;
        let Some(Key::Public(key)) = Key::read(text.as_bytes(), KeyForm::Text, public_keys) else {
            panic!("{text} is a key");
        };
        let message = bytes(message);
        let pieces = [Cow::Borrowed(message.as_slice())];
        assert!(is_signed_by(&key, &pieces, &[bytes(signature)]), "{text}");
        let more = [Cow::Borrowed(message.as_slice()), Cow::Borrowed(&b"x"[..])];
        assert!(!is_signed_by(&key, &more, &[bytes(signature)]), "{text}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of one rule")]
fn a_message_is_signed_by_the_owner_of_the_key() {
    let hmac = service(SignatureScheme::StandardWebhooks);
    let other = "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";
    let v1a = format!("v1a,{SIGNATURE}");
    let changed = v1a.replace("v1a,p", "v1a,q");
    for (what, secrets, signature, body, now_s, expected) in [
        ("right", vec![KEY], v1a.as_str(), EXAMPLE, AT, Ok(0)),
        (
            "behind others",
            vec!["whsec_c2VjcmV0", other, KEY],
            &v1a,
            EXAMPLE,
            AT,
            Ok(2),
        ),
        (
            "among others",
            vec![KEY],
            &format!("v1,AAAA {v1a} v2,x"),
            EXAMPLE,
            AT + 300,
            Ok(0),
        ),
        (
            "too old",
            vec![KEY],
            &v1a,
            EXAMPLE,
            AT + 301,
            Err("outside_tolerance"),
        ),
        ("another body", vec![KEY], &v1a, "{}", AT, Err("mismatch")),
        (
            "another key",
            vec![other],
            &v1a,
            EXAMPLE,
            AT,
            Err("mismatch"),
        ),
        (
            "another signature",
            vec![KEY],
            &changed,
            EXAMPLE,
            AT,
            Err("mismatch"),
        ),
        (
            "as a shared one",
            vec![KEY],
            &format!("v1,{SIGNATURE}"),
            EXAMPLE,
            AT,
            Err("mismatch"),
        ),
        (
            "too short",
            vec![KEY],
            "v1a,AAAA",
            EXAMPLE,
            AT,
            Err("mismatch"),
        ),
        (
            "no base64",
            vec![KEY],
            "v1a,?",
            EXAMPLE,
            AT,
            Err("not_decodable"),
        ),
        (
            "no signature",
            vec![KEY],
            "v2,AAAA",
            EXAMPLE,
            AT,
            Err("wrong_prefix"),
        ),
        (
            "no key",
            vec!["whpk_AAAA"],
            &v1a,
            EXAMPLE,
            AT,
            Err("no_key_of_scheme"),
        ),
        (
            "a key that fits everything",
            vec!["whpk_AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
            &v1a,
            EXAMPLE,
            AT,
            Err("no_key_of_scheme"),
        ),
    ] {
        let headers = pairs(&[
            ("webhook-id", "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"),
            ("webhook-timestamp", &AT.to_string()),
            ("webhook-signature", signature),
        ]);
        let verdict = hmac.verify(&secrets, &delivery(&headers, body.as_bytes()), now_s);
        assert_eq!(verdict.map_err(|error| error.code()), expected, "{what}");
    }
}

/// A public key is known to everybody: whoever takes it for a shared one lets everybody in.
#[test]
fn a_public_key_is_never_taken_for_a_shared_one() {
    let hmac = service(SignatureScheme::StandardWebhooks);
    let stamp = AT.to_string();
    let mut headers = pairs(&[("webhook-id", "msg_1"), ("webhook-timestamp", &stamp)]);
    assert_eq!(
        hmac.sign(KEY.as_bytes(), &delivery(&headers, BODY), AT),
        Err(SignError::NoKey)
    );
    let message = [b"msg_1.", stamp.as_bytes(), b".", BODY].concat();
    for key in [KEY.as_bytes().to_vec(), BASE64.decode(&KEY[5..]).unwrap()] {
        let forged = digest(Digest::Sha256, &key, &[&message]);
        let value = format!("v1,{}", encode(DigestEncoding::Base64, &forged));
        headers.retain(|(name, _)| name != "webhook-signature");
        headers.push(header("webhook-signature", &value));
        assert_eq!(
            check(&hmac, &[KEY], &headers, BODY, AT),
            Err(SignatureError::Mismatch)
        );
    }
}
