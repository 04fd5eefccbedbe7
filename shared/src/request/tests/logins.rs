//! Logins: where they go, what they need, what is never shown of them.

use serde_json::json;

use super::*;
use crate::request::login::{self, LoginError, Renewal, Token};

fn applied(auth: serde_json::Value, token: Option<&str>) -> Result<Request, LoginError> {
    let mut request = get("https://h.test/x?a=1");
    login::apply(&authorization(auth), token, &mut request)?;
    Ok(request)
}

#[test]
fn each_login_stands_where_its_service_looks_for_it() {
    for (auth, header, url) in [
        (json!({ "type": "none" }), None, None),
        (
            json!({ "type": "bearer", "token": { "secret": "abc" } }),
            Some(("Authorization", "Bearer abc")),
            None,
        ),
        (
            json!({ "type": "bearer", "token": { "secret": " abc\n" } }),
            Some(("Authorization", "Bearer abc")),
            None,
        ),
        (
            json!({ "type": "bearer", "token": { "secret": "abc" }, "name": "X-Auth", "prefix": "token=" }),
            Some(("X-Auth", "token=abc")),
            None,
        ),
        (
            json!({ "type": "bearer", "token": { "secret": "a b" }, "in": "query", "name": "access_token" }),
            None,
            Some("https://h.test/x?a=1&access_token=a+b"),
        ),
        (
            json!({ "type": "api_key", "in": "header", "name": "X-Api-Key", "key": { "secret": "abc" } }),
            Some(("X-Api-Key", "abc")),
            None,
        ),
        (
            json!({ "type": "api_key", "in": "header", "name": "Authorization", "prefix": "ApiKey", "key": { "secret": "abc" } }),
            Some(("Authorization", "ApiKey abc")),
            None,
        ),
        (
            json!({ "type": "api_key", "in": "query", "name": "key", "key": { "secret": "a&b" } }),
            None,
            Some("https://h.test/x?a=1&key=a%26b"),
        ),
        (
            json!({ "type": "basic", "username": "Aladdin", "password": { "secret": "open sesame" } }),
            Some(("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")),
            None,
        ),
        (
            json!({ "type": "basic", "username": "jürgen", "password": { "secret": "" } }),
            Some(("Authorization", "Basic asO8cmdlbjo=")),
            None,
        ),
        (
            json!({ "type": "oauth2", "grant": "client_credentials", "token_url": "https://id.test/token", "client_id": "c" }),
            Some(("Authorization", "Bearer fetched")),
            None,
        ),
    ] {
        let request = applied(auth.clone(), Some("fetched")).unwrap();
        match header {
            Some((name, value)) => assert_eq!(
                request.headers(),
                [(name.to_owned(), value.to_owned())],
                "{auth}"
            ),
            None => assert_eq!(request.headers(), [], "{auth}"),
        }
        assert_eq!(
            request.url().as_str(),
            url.unwrap_or("https://h.test/x?a=1"),
            "{auth}"
        );
    }
}

#[test]
fn a_login_replaces_a_header_that_the_method_sets_by_hand() {
    let mut request = get("https://h.test/");
    request
        .headers
        .push(("authorization".to_owned(), "Bearer old".to_owned()));
    let auth = authorization(json!({ "type": "bearer", "token": { "secret": "new" } }));
    login::apply(&auth, None, &mut request).unwrap();
    assert_eq!(
        request.headers(),
        [("Authorization".to_owned(), "Bearer new".to_owned())]
    );
}

#[test]
fn a_login_that_cannot_be_is_refused() {
    for (auth, token, code, field) in [
        (
            json!({ "type": "bearer", "token": { "secret": null } }),
            None,
            "secret_missing",
            "auth.token",
        ),
        (
            json!({ "type": "bearer", "token": { "secret": "a\r\nX-Evil: 1" } }),
            None,
            "login_header",
            "auth.token",
        ),
        (
            json!({ "type": "api_key", "in": "header", "name": "X Key", "key": { "secret": "abc" } }),
            None,
            "login_header",
            "auth.name",
        ),
        (
            json!({ "type": "api_key", "in": "header", "name": "Host", "key": { "secret": "abc" } }),
            None,
            "login_header",
            "auth.name",
        ),
        (
            json!({ "type": "api_key", "in": "query", "name": "", "key": { "secret": "abc" } }),
            None,
            "login_parameter",
            "auth.name",
        ),
        (json!({ "type": "desk" }), None, "not_the_desk", "auth"),
        (
            json!({ "type": "oauth2", "grant": "client_credentials", "token_url": "https://id.test", "client_id": "c" }),
            None,
            "no_token",
            "auth",
        ),
    ] {
        let error = applied(auth.clone(), token).unwrap_err();
        assert_eq!((error.code(), error.field()), (code, field), "{auth}");
    }
}

#[test]
fn a_desk_login_adds_nothing_to_a_request_that_stays_inside() {
    let mut request = build("<<halo_url>>", &json!({}), &[]).unwrap();
    let before = request.clone();
    login::apply(
        &authorization(json!({ "type": "desk" })),
        None,
        &mut request,
    )
    .unwrap();
    assert_eq!(request, before);
}

fn oauth(fields: &serde_json::Value) -> Authorization {
    let mut auth = json!({
        "type": "oauth2", "grant": "client_credentials", "token_url": "https://id.test/token?tenant=a",
        "client_id": "me", "client_secret": { "secret": "s3 cret" },
    });
    auth.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    authorization(auth)
}

#[test]
fn tokens_are_asked_for_as_the_grant_says() {
    for (fields, url, body) in [
        (
            json!({}),
            "https://id.test/token?tenant=a",
            "grant_type=client_credentials&client_id=me&client_secret=s3+cret",
        ),
        (
            json!({ "scope": "all edit:tickets", "token_url": "<<halo_url>>/auth/token" }),
            "http://desk.test:8787/auth/token",
            "grant_type=client_credentials&client_id=me&client_secret=s3+cret&scope=all+edit%3Atickets",
        ),
        (
            json!({ "grant": "password", "username": "ann", "password": { "secret": "p&w" }, "client_secret": { "secret": null } }),
            "https://id.test/token?tenant=a",
            "grant_type=password&username=ann&password=p%26w&client_id=me",
        ),
    ] {
        let request = login::token_request(&oauth(&fields), HALO_URL).unwrap();
        assert_eq!(request.method(), HttpMethod::Post);
        assert_eq!(request.url().as_str(), url);
        assert_eq!(request.body(), Some(body.as_bytes()));
        let is_own = request.destination() == Destination::Own;
        assert_eq!(is_own, url.starts_with(HALO_URL), "{url}");
    }
    for (fields, code) in [
        (
            json!({ "client_secret": { "secret": null } }),
            "secret_missing",
        ),
        (
            json!({ "grant": "password", "username": "ann" }),
            "secret_missing",
        ),
        (json!({ "token_url": "id.test/token" }), "token_url"),
        (json!({ "token_url": "ftp://id.test/token" }), "token_url"),
        (
            json!({ "token_url": "<<halo_url>>.evil.example/token" }),
            "token_url",
        ),
        (
            json!({ "token_url": "<<halo_url>>@evil.example/token" }),
            "token_url",
        ),
        (
            json!({ "token_url": "https://a:b@id.test/token" }),
            "token_url",
        ),
    ] {
        let error = login::token_request(&oauth(&fields), HALO_URL).unwrap_err();
        assert_eq!(error.code(), code, "{fields}");
    }
}

#[test]
fn token_answers_are_read_or_refused_in_their_own_words() {
    const NOW: u64 = 1_000_000;
    for (fields, status, body, expected) in [
        (
            json!({}),
            200,
            r#"{"access_token": "t", "expires_in": 3600}"#,
            Ok(3_600_000),
        ),
        (
            json!({}),
            200,
            r#"{"access_token": "t", "expires_in": "120"}"#,
            Ok(120_000),
        ),
        (json!({}), 200, r#"{"access_token": "t"}"#, Ok(3_600_000)),
        (
            json!({ "lifetime_minutes": 5 }),
            200,
            r#"{"access_token": "t", "expires_in": 3600}"#,
            Ok(300_000),
        ),
        (
            json!({ "token_name": "id_token" }),
            201,
            r#"{"id_token": "t", "expires_in": 60}"#,
            Ok(60_000),
        ),
        (
            json!({}),
            401,
            r#"{"error": "invalid_client", "error_description": "No such client"}"#,
            Err(("token_refused", "401 (invalid_client: No such client)")),
        ),
        (
            json!({}),
            200,
            r#"{"error": "invalid_scope"}"#,
            Err(("token_refused", "(invalid_scope)")),
        ),
        (
            json!({}),
            503,
            "<html>",
            Err(("token_refused", "answered 503:")),
        ),
        (
            json!({}),
            200,
            "<html>",
            Err(("token_unreadable", "not JSON")),
        ),
        (
            json!({}),
            200,
            r#"{"token": "t"}"#,
            Err(("token_unreadable", "`access_token`")),
        ),
        (
            json!({}),
            200,
            r#"{"access_token": ""}"#,
            Err(("token_unreadable", "`access_token`")),
        ),
        (
            json!({}),
            200,
            r#"{"access_token": 7}"#,
            Err(("token_unreadable", "`access_token`")),
        ),
    ] {
        let found = login::read_token(status, body.as_bytes(), &oauth(&fields), NOW);
        match expected {
            Ok(lifetime) => {
                let token = found.unwrap();
                assert_eq!(token.value, "t");
                assert_eq!(token.expires_at, NOW + lifetime, "{body}");
            }
            Err((code, words)) => {
                let error = found.unwrap_err();
                assert_eq!(error.code(), code, "{body}");
                assert!(error.to_string().contains(words), "{error}");
            }
        }
    }
}

#[test]
fn a_token_is_used_until_shortly_before_its_end() {
    for (lifetime, age, fresh) in [
        (3_600_000, 0, true),
        (3_600_000, 3_539_999, true),
        (3_600_000, 3_540_000, false),
        (3_600_000, 4_000_000, false),
        (60_000, 53_999, true),
        (60_000, 54_000, false),
        (0, 0, false),
    ] {
        let token = Token {
            value: "t".to_owned(),
            fetched_at: 5,
            expires_at: 5 + lifetime,
        };
        assert_eq!(token.is_fresh(5 + age), fresh, "{lifetime} {age}");
    }
    assert_eq!(login::after(401, false), Renewal::Renew);
    assert_eq!(login::after(401, true), Renewal::Keep);
    assert_eq!(login::after(403, false), Renewal::Keep);
}

#[test]
fn everything_secret_about_a_login_is_known_for_masking() {
    let values = login::secret_values(
        &authorization(
            json!({ "type": "basic", "username": "Aladdin", "password": { "secret": "open sesame" } }),
        ),
        None,
    );
    assert_eq!(values, ["open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
    let values = login::secret_values(&oauth(&json!({})), Some("fetched"));
    assert_eq!(values, ["s3 cret", "fetched"]);
    assert!(login::secret_values(&authorization(json!({ "type": "none" })), None).is_empty());
}

#[test]
fn a_preview_shows_the_login_but_not_its_secret() {
    for (auth, header, url) in [
        (
            json!({ "type": "bearer" }),
            Some("Bearer ••••••"),
            "https://h.test/x",
        ),
        (
            json!({ "type": "basic", "username": "ann" }),
            Some("Basic ••••••"),
            "https://h.test/x",
        ),
        (
            json!({ "type": "api_key", "in": "query", "name": "k" }),
            None,
            "https://h.test/x?k=••••••",
        ),
    ] {
        let mut request = get("https://h.test/x");
        login::preview(&authorization(auth.clone()), &mut request).unwrap();
        assert_eq!(request.header("Authorization"), header, "{auth}");
        assert_eq!(request.shown_url(), url, "{auth}");
    }
}
