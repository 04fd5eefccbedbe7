//! Redirects: what goes along, and what stays behind.

use serde_json::json;

use super::*;
use crate::request::redirect::{self, MAX_HOPS, RedirectError};

/// A signed-in request with a body.
fn sent(method: HttpMethod) -> Request {
    let mut request = get("https://h.test/v1/x");
    request.method = method;
    request.headers = vec![
        ("X-Tenant".to_owned(), "acme".to_owned()),
        ("Content-Type".to_owned(), "application/json".to_owned()),
    ];
    request.body = Some(b"{}".to_vec());
    let auth = authorization(json!({ "type": "bearer", "token": { "secret": "s3cret-token" } }));
    login::apply(&auth, None, &mut request).unwrap();
    request
}

#[test]
fn methods_and_bodies_change_as_rfc_9110_says() {
    use HttpMethod::{Delete, Get, Patch, Post, Put};
    for (status, before, after, keeps_body) in [
        (301, Get, Get, true),
        (301, Post, Get, false),
        (302, Post, Get, false),
        (302, Put, Put, true),
        (303, Post, Get, false),
        (303, Put, Get, false),
        (303, Delete, Get, false),
        (307, Post, Post, true),
        (308, Post, Post, true),
        (308, Patch, Patch, true),
    ] {
        let next = redirect::next(&sent(before), status, Some("/y"), 0)
            .unwrap()
            .unwrap();
        assert_eq!(next.method(), after, "{status} {before:?}");
        assert_eq!(next.body().is_some(), keeps_body, "{status} {before:?}");
        assert_eq!(
            next.header("Content-Type").is_some(),
            keeps_body,
            "{status} {before:?}"
        );
        assert_eq!(next.header("Authorization"), Some("Bearer s3cret-token"));
        assert_eq!(next.url().as_str(), "https://h.test/y");
    }
}

#[test]
fn only_the_own_origin_gets_login_headers_and_body() {
    for (location, url, is_same) in [
        ("/y?z=1#f", "https://h.test/y?z=1", true),
        ("y", "https://h.test/v1/y", true),
        ("?z=1", "https://h.test/v1/x?z=1", true),
        ("https://h.test:443/y", "https://h.test/y", true),
        ("https://H.TEST/y", "https://h.test/y", true),
        ("http://h.test/y", "http://h.test/y", false),
        ("https://h.test:8443/y", "https://h.test:8443/y", false),
        ("https://evil.example/y", "https://evil.example/y", false),
        ("//evil.example/y", "https://evil.example/y", false),
        ("https://sub.h.test/y", "https://sub.h.test/y", false),
        (
            "https://h.test.evil.example/y",
            "https://h.test.evil.example/y",
            false,
        ),
        (
            "https://evil.example/y?a=1&back=s3cret-token&b=2",
            "https://evil.example/y?a=1&b=2",
            false,
        ),
    ] {
        let next = redirect::next(&sent(HttpMethod::Post), 307, Some(location), 0)
            .unwrap()
            .unwrap();
        assert_eq!(next.url().as_str(), url, "{location}");
        assert_eq!(!next.headers().is_empty(), is_same, "{location}");
        assert_eq!(next.body().is_some(), is_same, "{location}");
        let everything = format!("{}{:?}{:?}", next.url(), next.headers(), next.body());
        assert_eq!(everything.contains("s3cret"), is_same, "{location}");
        if !is_same {
            let back = redirect::next(&next, 307, Some("https://h.test/z"), 1)
                .unwrap()
                .unwrap();
            assert!(
                back.headers().is_empty(),
                "what was dropped does not come back"
            );
        }
    }
}

#[test]
fn a_login_in_the_query_goes_along_within_its_origin_only() {
    let mut request = get("https://h.test/x");
    let auth = authorization(
        json!({ "type": "api_key", "in": "query", "name": "key", "key": { "secret": "s3cret" } }),
    );
    login::apply(&auth, None, &mut request).unwrap();
    for (location, expected) in [
        ("/y", "https://h.test/y?key=s3cret"),
        ("/y?key=s3cret", "https://h.test/y?key=s3cret"),
        (
            "https://evil.example/y?key=s3cret",
            "https://evil.example/y",
        ),
        (
            "https://evil.example/y?key=other&a=b",
            "https://evil.example/y?a=b",
        ),
    ] {
        let next = redirect::next(&request, 302, Some(location), 0)
            .unwrap()
            .unwrap();
        assert_eq!(next.url().as_str(), expected, "{location}");
    }
}

#[test]
fn what_is_no_redirect_is_the_answer_and_what_leads_astray_is_refused() {
    let request = sent(HttpMethod::Get);
    for (status, location) in [
        (200, Some("/y")),
        (304, Some("/y")),
        (300, Some("/y")),
        (302, None),
    ] {
        assert_eq!(
            redirect::next(&request, status, location, 0),
            Ok(None),
            "{status}"
        );
    }
    let own = build("<<halo_url>>", &json!({}), &[]).unwrap();
    assert_eq!(
        redirect::next(&own, 302, Some("https://evil.example/"), 0),
        Ok(None)
    );
    for location in [
        "ftp://h.test/y",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://user:pw@h.test/",
        "https://",
        "/a\\..\\b",
        "/a\nb",
        "data:text/plain,x",
    ] {
        let refused = redirect::next(&request, 302, Some(location), 0);
        assert!(
            matches!(refused, Err(RedirectError::Location(_))),
            "{location:?}: {refused:?}"
        );
    }
    assert!(
        redirect::next(&request, 302, Some("/y"), MAX_HOPS - 1)
            .unwrap()
            .is_some()
    );
    assert_eq!(
        redirect::next(&request, 302, Some("/y"), MAX_HOPS),
        Err(RedirectError::TooMany)
    );
}
