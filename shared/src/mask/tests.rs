use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use super::*;

const SECRETS: [&str; 5] = [
    "sk-example",
    "pä\"ss/wörd & <more>",
    "secret\nwith lines",
    "short",
    "sk-example-longer",
];

#[test]
fn secrets_are_found_however_they_are_spelled() {
    let mask = Mask::new(SECRETS);
    for (text, expected) in [
        ("", ""),
        ("nothing to hide", "nothing to hide"),
        ("Bearer sk-example", "Bearer ••••••"),
        ("sk-example,sk-example", "••••••,••••••"),
        ("sk-example-longer", "••••••"),
        ("sk-example-long", "••••••-long"),
        (
            "five characters are too few: short",
            "five characters are too few: short",
        ),
        ("pä\"ss/wörd & <more>!", "••••••!"),
        (
            "?key=p%C3%A4%22ss%2Fw%C3%B6rd%20%26%20%3Cmore%3E&a=1",
            "?key=••••••&a=1",
        ),
        (
            "?key=p%c3%a4%22ss/w%c3%b6rd+%26+%3Cmore%3E&a=1",
            "?key=••••••&a=1",
        ),
        (r#"{"p":"pä\"ss/wörd & <more>"}"#, r#"{"p":"••••••"}"#),
        (
            r#"{"p":"p\u00e4\"ss\/w\u00F6rd & \u003cmore\u003e"}"#,
            r#"{"p":"••••••"}"#,
        ),
        (r#"{"p":"secret\nwith lines"}"#, r#"{"p":"••••••"}"#),
        ("<p>pä&quot;ss/wörd &amp; &lt;more&gt;</p>", "<p>••••••</p>"),
        (
            "<p>p&#228;&#34;ss/w&#xF6;rd &#38; &#x3c;more></p>",
            "<p>••••••</p>",
        ),
        ("é sk-example é", "é •••••• é"),
        (r"\u", r"\u"),
        (r"sk-exampl\u00", r"sk-exampl\u00"),
        ("sk-exampl%6", "sk-exampl%6"),
        ("sk-exampl%65", "••••••"),
        ("sk-exampl&#101;", "••••••"),
        ("sk-exampl&#99999999999;", "sk-exampl&#99999999999;"),
    ] {
        assert_eq!(mask.apply(text), expected, "{text}");
    }
}

#[test]
fn characters_beyond_the_basic_plane_are_found_as_surrogate_pairs() {
    let mask = Mask::new(["key-😀-key"]);
    assert_eq!(mask.apply(r#""key-\ud83d\uDE00-key""#), "\"••••••\"");
    assert_eq!(mask.apply(r#""key-\ud83d-key""#), r#""key-\ud83d-key""#);
    assert_eq!(
        mask.apply(r#""key-\ud83d\u0041-key""#),
        r#""key-\ud83d\u0041-key""#
    );
}

#[test]
fn base64_hides_a_secret_at_every_place_and_in_both_alphabets() {
    let mask = Mask::new(["open sesame", "??>>??>>"]);
    for user in ["", "a", "ab", "abc", "Aladdin"] {
        for behind in ["", ":", "::", ":::"] {
            for secret in ["open sesame", "??>>??>>"] {
                let text = format!("{user}:{secret}{behind}");
                for encoded in [STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                    // Of the digits, six bits each, all that carry a bit of the secret go.
                    let first = (user.len() + 1) * 8 / 6;
                    let end = ((user.len() + 1 + secret.len()) * 8).div_ceil(6);
                    let expected = format!("{}{MASK}{}", &encoded[..first], &encoded[end..]);
                    assert_eq!(mask.apply(&encoded), expected, "{text}");
                }
            }
        }
    }
    assert_eq!(
        mask.apply("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        "Basic QWxhZGRpbj••••••=="
    );
    assert_eq!(
        mask.apply("a=QWxhZGRpbjpvcGVuIHNlc2FtZQ%3D%3D"),
        "a=QWxhZGRpbj••••••%3D%3D"
    );
}

#[test]
fn overlapping_secrets_leave_no_end_of_either() {
    let mask = Mask::new(["abcdefgh", "efghijkl"]);
    assert_eq!(mask.apply("-abcdefghijkl-"), "-••••••-");
    assert_eq!(mask.apply("-abcdefgh.efghijkl-"), "-••••••.••••••-");
}

/// Were each place compared to its end, this test would not end.
#[test]
fn a_text_that_is_like_a_secret_everywhere_is_hidden() {
    let secret = format!("{}b", "a".repeat(100_000));
    let text = "a".repeat(50_000);
    let mask = Mask::new([secret.as_str()]);
    assert!(mask.apply(&text).ends_with(MASK));

    let many: Vec<String> = (0..500).map(|index| format!("aaaaaa{index:05}b")).collect();
    let mask = Mask::new(many.iter().map(String::as_str));
    assert!(mask.apply(&text).ends_with(MASK));
    assert_eq!(mask.apply("- aaaaaa00077b! -"), "- ••••••! -");
}

#[test]
fn without_secrets_nothing_is_copied() {
    assert!(Mask::default().is_empty() && Mask::new(["", "short"]).is_empty());
    assert!(matches!(
        Mask::default().apply("sk-example"),
        Cow::Borrowed("sk-example")
    ));
    assert!(matches!(
        Mask::new(SECRETS).apply("nothing"),
        Cow::Borrowed("nothing")
    ));
    assert!(!format!("{:?}", Mask::new(SECRETS)).contains("sk-example"));
    assert!(!Mask::of_everything().is_empty());
    assert_eq!(Mask::of_everything().apply("any\ntext"), MASK);
    assert_eq!(Mask::of_everything().apply(""), "");
}

proptest! {
    #[test]
    fn no_spelling_of_a_secret_gets_through(secret in "\\PC{6,20}", before in "\\PC{0,9}", after in "\\PC{0,9}") {
        let mask = Mask::new([secret.as_str()]);
        let json = serde_json::to_string(&secret).unwrap();
        let xml = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        for spelled in [
            secret.clone(),
            utf8_percent_encode(&secret, NON_ALPHANUMERIC).to_string(),
            json[1..json.len() - 1].to_owned(),
            xml,
        ] {
            let masked = mask.apply(&format!("{before}{spelled}{after}")).into_owned();
            prop_assert!(masked.contains(MASK) && !masked.contains(&spelled), "{spelled:?} in {masked:?}");
        }
    }

    #[test]
    fn any_text_is_survived(secrets in prop::collection::vec("[ -~é\\n]{0,9}", 0..4), text in "[a-d%&#;\\\\u0-9+é]{0,60}") {
        Mask::new(secrets.iter().map(String::as_str)).apply(&text);
    }
}
