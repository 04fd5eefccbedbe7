//! Twilio's signatures, held against the cases of its own libraries (`twilio-python`, `tests/unit/test_request_validator.py`).

use super::*;

const TOKEN: &str = "12345";
const URI: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const FORM: &str = "CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309";
const BODY_JSON: &str = r#"{"property": "value", "boolean": true}"#;
const BODY_DIGEST: &str = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";

fn verdict(url: &str, content_type: &str, body: &str, signature: &str) -> Result<(), &'static str> {
    let headers = pairs(&[
        ("content-type", content_type),
        ("x-twilio-signature", signature),
    ]);
    let delivery = Delivery {
        url,
        headers: &headers,
        body: body.as_bytes(),
    };
    let verdict = service(SignatureScheme::Twilio).verify(&["other", TOKEN], &delivery, NOW);
    verdict
        .map(|index| assert_eq!(index, 1))
        .map_err(|error| error.code())
}

#[test]
fn forms_are_signed_with_the_address_and_sorted() {
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    let on_port = |port: &str| URI.replace(".com", &format!(".com:{port}"));
    let plain = URI.replace("https", "http");
    for (what, url, body, signature, expected) in [
        (
            "as it is",
            URI.to_owned(),
            FORM,
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
            Ok(()),
        ),
        (
            "our port is not signed",
            on_port("1234"),
            FORM,
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
            Ok(()),
        ),
        (
            "our port is signed",
            on_port("1234").replace("https", "http"),
            FORM,
            "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
            Ok(()),
        ),
        (
            "443 is signed",
            URI.to_owned(),
            FORM,
            "kvajT1Ptam85bY51eRf/AJRuM3w=",
            Ok(()),
        ),
        (
            "80 is signed",
            plain,
            FORM,
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
            Ok(()),
        ),
        (
            "values are sorted, and each counts once",
            URI.to_owned(),
            "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
            Ok(()),
        ),
        (
            "another address",
            URI.replace("bar=2", "bar=3"),
            FORM,
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
            Err("mismatch"),
        ),
        (
            "another body",
            URI.to_owned(),
            "CallSid=1",
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
            Err("mismatch"),
        ),
        ("no base64", URI.to_owned(), FORM, "?", Err("not_decodable")),
    ] {
        assert_eq!(verdict(&url, form, body, signature), expected, "{what}");
    }
}

#[test]
fn other_bodies_are_named_by_their_digest_in_the_address() {
    let signed = format!("{URI}&bodySHA256={BODY_DIGEST}");
    let json = "application/json";
    let signature = "a9nBmqA0ju/hNViExpshrM61xv4=";
    assert_eq!(verdict(&signed, json, BODY_JSON, signature), Ok(()));
    let other = BODY_JSON.replace("true", "false");
    assert_eq!(
        verdict(&signed, json, &other, signature),
        Err("body_not_signed")
    );
    // The address alone is signed here, so that any body would fit.
    let sign = |url: &str, body: &[u8]| {
        let delivery = Delivery {
            url,
            headers: &[],
            body,
        };
        let hmac = service(SignatureScheme::Twilio);
        hmac.sign(TOKEN.as_bytes(), &delivery, NOW)
            .unwrap()
            .remove(0)
            .1
    };
    let unnamed = sign(URI, b"");
    assert_eq!(
        verdict(URI, json, BODY_JSON, &unnamed),
        Err("body_not_signed")
    );
    assert_eq!(verdict(URI, json, "", &unnamed), Ok(()));
    // What says it is a form must be signed as one.
    assert_eq!(
        verdict(
            &signed,
            "application/x-www-form-urlencoded",
            BODY_JSON,
            signature
        ),
        Err("mismatch")
    );
}

#[test]
fn ports_are_told_from_addresses_that_have_colons() {
    for (url, expected) in [
        ("https://a.test", "https://a.test:443"),
        ("http://a.test/x?y=:1", "http://a.test:80/x?y=:1"),
        ("https://a.test:8443/x", "https://a.test/x"),
        ("http://[::1]:8787/x", "http://[::1]/x"),
        ("http://[::1]/x", "http://[::1]:80/x"),
        ("https://a.test?x", "https://a.test:443?x"),
    ] {
        assert_eq!(other_port(url).as_deref(), Some(expected));
    }
    assert_eq!(other_port("no address"), None);
}

#[test]
fn a_form_is_no_body_where_people_say_what_is_signed() {
    let refused = Hmac::default().with_signed("é<<url>><<form>>").unwrap_err();
    assert_eq!(
        refused,
        SettingsError::UnknownToken {
            token: "form".to_owned(),
            at: 8
        }
    );
    assert_eq!(
        Hmac::default().with_signed("<<url>>").unwrap_err(),
        SettingsError::NoBody
    );
    assert!(Hmac::default().with_signed("<<url>><<body>>").is_ok());
}
