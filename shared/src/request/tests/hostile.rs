//! Whatever values and templates hold: a request never leaves its base URL.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Pieces that have broken URL building elsewhere, and anything else.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "/",
            "//",
            "\\",
            "..",
            "../",
            "./",
            "%2e",
            "%2E%2e",
            "%2f",
            "%5c",
            "@",
            ":",
            "?",
            "#",
            "&",
            "=",
            ";",
            "\t",
            "\n",
            "\r",
            "\0",
            " ",
            "http://",
            "https://evil.example",
            "evil.example",
            ":80",
            "[::1]",
            "%00",
            "%",
            "<<",
            "\u{202e}",
            "ü",
            "\u{ff0f}",
            "\u{2024}",
            "\u{feff}",
            "0x7f.1",
        ])
        .prop_map(str::to_owned),
        ".{0,3}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn values_cannot_lead_a_request_elsewhere(first in hostile(), second in hostile(), literal in "[a-z?=&.%/@:-]{0,8}") {
        let values = [("A", crate::json::quote(&first)), ("B", crate::json::quote(&second))];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for (base, origin, below) in [
            ("https://h.test:8443/v1", "https://h.test:8443", "/v1/"),
            ("http://127.0.0.1", "http://127.0.0.1", "/"),
            ("<<halo_url>>/api", "http://desk.test:8787", "/api/"),
        ] {
            for path in [
                format!("/a/<<A>>/{literal}"),
                "<<A>>".to_owned(),
                "<<A>><<B>>".to_owned(),
                format!("/{literal}<<A>>/<<B>>"),
                format!("{literal}/<<A>>"),
            ] {
                let fields = json!({
                    "path": path,
                    "query": [{ "name": "q", "value": "<<A>>" }],
                    "headers": [{ "name": "X-A", "value": "<<B>>" }],
                });
                let Ok(template) = RequestTemplate::for_method(&integration(base), &method(&fields)) else { continue };
                let Ok(request) = template.render(&mut variables(&values), HALO_URL) else { continue };
                // As whoever sends it will read it.
                let read = Url::parse(request.url().as_str()).unwrap();
                prop_assert_eq!(read.origin().ascii_serialization(), origin);
                prop_assert!(format!("{}/", read.path()).starts_with(below), "{}", read);
                prop_assert_eq!((read.username(), read.password(), read.fragment()), ("", None, None));
                prop_assert_eq!(&read, request.url());
                let last = read.query_pairs().last().map(|(name, value)| (name.into_owned(), value.into_owned()));
                prop_assert_eq!(last, Some(("q".to_owned(), first.clone())));
                for (name, value) in request.headers() {
                    prop_assert!(!value.contains(['\r', '\n', '\0']), "{}: {:?}", name, value);
                }
            }
        }
    }

    #[test]
    fn path_templates_cannot_lead_a_request_elsewhere(path in hostile()) {
        let Ok(template) = RequestTemplate::for_method(&integration("https://h.test/v1"), &method(&json!({ "path": path }))) else {
            return Ok(());
        };
        let Ok(request) = template.render(&mut Variables::new(), HALO_URL) else { return Ok(()) };
        let read = Url::parse(request.url().as_str()).unwrap();
        prop_assert_eq!(read.origin().ascii_serialization(), "https://h.test");
        prop_assert!(read.path() == "/v1" || read.path().starts_with("/v1/"), "{}", read);
        prop_assert_eq!(read.username(), "");
    }

    #[test]
    fn redirects_take_no_secret_to_another_origin(location in hostile(), status in prop::sample::select(vec![301_u16, 302, 303, 307, 308])) {
        let mut request = get("https://h.test/v1/x");
        request.headers.push(("X-Internal".to_owned(), "s3cret-header".to_owned()));
        let auth = authorization(json!({ "type": "api_key", "in": "query", "name": "key", "key": { "secret": "s3cret-key" } }));
        login::apply(&auth, None, &mut request).unwrap();
        if let Ok(Some(next)) = redirect::next(&request, status, Some(&location), 0) {
            prop_assert!(matches!(next.url().scheme(), "http" | "https"));
            prop_assert_eq!(next.url().username(), "");
            if next.url().origin() != request.url().origin() {
                prop_assert!(next.headers().is_empty() && next.body().is_none());
                prop_assert!(!next.url().as_str().contains("s3cret"));
            }
        }
    }
}
