//! Redirects: how many, how, and with what of the first request.

use edge_tests::{
    ADMIN_TOKEN, Received, Reply, Stub,
    bundle::{method, with},
    console::run,
};
use serde_json::{Value, json};

use super::{failure, is_told, no_login, serving};

const BODY: &str = r#"{"a": 1}"#;

fn bearer() -> Value {
    json!({"type": "bearer", "token": {"secret": "t-secret"}})
}

/// A method with headers and, where it may have one, a body.
fn asks(id: &str, verb: &str, path: &str) -> Value {
    let headers = json!({"headers": [{"name": "X-Own", "value": "own"}, {"name": "Content-Language", "value": "de"}]});
    let body = json!({"body": {"type": "json", "text": BODY}});
    match verb {
        "GET" => method(id, verb, path, &headers),
        _ => method(id, verb, path, &with(&headers, &body)),
    }
}

fn reached(stub: &Stub, path: &str) -> Received {
    let requests = stub.received();
    let mut requests = requests
        .iter()
        .filter(|request| request.target.split('?').next() == Some(path));
    let request = requests.next().unwrap().clone();
    assert!(requests.next().is_none(), "{path} was asked twice");
    request
}

/// Each kind of redirect, the method it is asked with, and the one that follows.
const KINDS: [(u16, &str, &str); 19] = [
    (301, "GET", "GET"),
    (301, "POST", "GET"),
    (301, "PUT", "PUT"),
    (301, "DELETE", "DELETE"),
    (302, "GET", "GET"),
    (302, "POST", "GET"),
    (302, "PUT", "PUT"),
    (302, "PATCH", "PATCH"),
    (303, "GET", "GET"),
    (303, "POST", "GET"),
    (303, "PUT", "GET"),
    (303, "DELETE", "GET"),
    (307, "GET", "GET"),
    (307, "POST", "POST"),
    (307, "PUT", "PUT"),
    (307, "PATCH", "PATCH"),
    (308, "GET", "GET"),
    (308, "POST", "POST"),
    (308, "DELETE", "DELETE"),
];

fn name(status: u16, verb: &str) -> String {
    format!("{status}-{verb}")
}

#[test]
fn a_redirect_at_home_keeps_what_it_may() {
    let stub = Stub::start();
    let methods = KINDS
        .map(|(status, verb, _)| asks(&name(status, verb), verb, &format!("/{status}/{verb}")));
    let server = serving(&stub.url(""), &bearer(), &[], methods);
    for (status, verb, then) in KINDS {
        let target = format!("/then/{status}/{verb}");
        stub.reply(
            verb,
            &format!("/{status}/{verb}"),
            Reply::redirect(status, &target),
        );
        stub.reply(then, &target, Reply::json(200, &json!({})));
        assert_eq!(
            failure(&server, &name(status, verb)),
            None,
            "{status} {verb}"
        );
        let followed = reached(&stub, &target);
        let shown = String::from_utf8_lossy(&followed.head).into_owned();
        assert_eq!(followed.method, then, "{status} {verb}");
        assert_eq!(
            followed.header("authorization"),
            Some("Bearer t-secret"),
            "{shown}"
        );
        assert_eq!(followed.header("x-own"), Some("own"), "{shown}");
        if then == "GET" && verb != "GET" {
            assert_eq!(followed.text(), "");
            for header in ["content-type", "content-language"] {
                assert_eq!(followed.header(header), None, "{shown}");
            }
        } else if verb != "GET" {
            assert_eq!(followed.text(), BODY);
            assert_eq!(
                followed.header("content-type"),
                Some("application/json"),
                "{shown}"
            );
        }
    }
}

#[test]
fn a_redirect_elsewhere_takes_nothing_along() {
    let (stub, elsewhere) = (Stub::start(), Stub::start());
    let methods = KINDS
        .map(|(status, verb, _)| asks(&name(status, verb), verb, &format!("/{status}/{verb}")));
    let server = serving(&stub.url(""), &bearer(), &[], methods);
    for (status, verb, then) in KINDS {
        let path = format!("/then/{status}/{verb}");
        let target = elsewhere.url(&format!("{path}?given=t-secret&kept=1"));
        stub.reply(
            verb,
            &format!("/{status}/{verb}"),
            Reply::redirect(status, &target),
        );
        elsewhere.reply(then, &path, Reply::json(200, &json!({})));
        let run = run(&server, &name(status, verb), &json!({}));
        assert_eq!(run["status"], "succeeded", "{status} {verb}: {run}");
        let followed = reached(&elsewhere, &path);
        let shown = String::from_utf8_lossy(&followed.head).into_owned();
        assert_eq!(
            (followed.method.as_str(), followed.text().as_str()),
            (then, "")
        );
        for header in [
            "authorization",
            "x-own",
            "content-language",
            "content-type",
            "cookie",
            "referer",
        ] {
            assert_eq!(followed.header(header), None, "{shown}");
        }
        // Not even where the service itself passes the secret on.
        assert_eq!(followed.target, format!("{path}?kept=1"));
        let attempts = run["visits"][0]["attempts"].as_array().unwrap();
        assert_eq!(attempts.len(), 2, "{attempts:?}");
        assert_eq!(
            (
                &attempts[0]["response"]["status"],
                &attempts[1]["request"]["method"]
            ),
            (&json!(status), &json!(then))
        );
        assert!(!run.to_string().contains("t-secret"), "{run}");
    }
}

#[test]
fn what_comes_back_home_has_no_login_any_more() {
    let (stub, elsewhere) = (Stub::start(), Stub::start());
    let server = serving(&stub.url(""), &bearer(), &[], [asks("m", "GET", "/out")]);
    stub.reply("GET", "/out", Reply::redirect(302, &elsewhere.url("/back")));
    elsewhere.reply("GET", "/back", Reply::redirect(302, &stub.url("/home")));
    stub.reply("GET", "/home", Reply::json(200, &json!({})));
    assert_eq!(failure(&server, "m"), None);
    let home = reached(&stub, "/home");
    assert_eq!(
        (home.header("authorization"), home.header("x-own")),
        (None, None)
    );
}

#[test]
fn a_key_in_the_query_stays_at_home() {
    let (stub, elsewhere) = (Stub::start(), Stub::start());
    let key =
        json!({"type": "api_key", "in": "query", "name": "key", "key": {"secret": "k-secret"}});
    let server = serving(
        &stub.url(""),
        &key,
        &[],
        [asks("home", "GET", "/home"), asks("out", "GET", "/out")],
    );
    stub.reply("GET", "/home", Reply::redirect(302, "/then?page=2"));
    stub.reply("GET", "/then", Reply::json(200, &json!({})));
    assert_eq!(failure(&server, "home"), None);
    assert_eq!(reached(&stub, "/then").target, "/then?page=2&key=k-secret");
    stub.reply(
        "GET",
        "/out",
        Reply::redirect(302, &elsewhere.url("/then?key=k-secret&page=2")),
    );
    elsewhere.reply("GET", "/then", Reply::json(200, &json!({})));
    assert_eq!(failure(&server, "out"), None);
    assert_eq!(reached(&elsewhere, "/then").target, "/then?page=2");
}

#[test]
fn five_are_followed_and_no_more() {
    let stub = Stub::start();
    let server = serving(
        &stub.url(""),
        &no_login(),
        &[],
        [
            asks("five", "GET", "/hop/1"),
            asks("six", "GET", "/hop/0"),
            asks("circle", "GET", "/circle"),
        ],
    );
    for hop in 0..=5 {
        stub.reply(
            "GET",
            &format!("/hop/{hop}"),
            Reply::redirect(302, &format!("{}", hop + 1)),
        );
    }
    stub.reply("GET", "/hop/6", Reply::json(200, &json!({})));
    assert_eq!(failure(&server, "five"), None);
    assert_eq!(stub.received().len(), 6);
    is_told(
        failure(&server, "six").as_ref(),
        "too_many_redirects",
        "more than 5 times",
    );
    assert_eq!(stub.count("GET", "/hop/6"), 1);
    stub.reply("GET", "/circle", Reply::redirect(307, "/circle"));
    is_told(
        failure(&server, "circle").as_ref(),
        "too_many_redirects",
        "more than 5 times",
    );
    assert_eq!(stub.count("GET", "/circle"), 6);
}

#[test]
fn a_redirect_is_resolved_like_a_link() {
    let stub = Stub::start();
    let host = stub.address().to_string();
    let rows = [
        ("next", "/a/b/next"),
        ("./next?x=1", "/a/b/next"),
        ("../next", "/a/next"),
        ("/next#part", "/next"),
        ("?x=2", "/a/b/row-4"),
        ("//HOST/next/", "/next/"),
        ("http://HOST", "/"),
        ("HTTP://HOST/Next", "/Next"),
    ];
    let ids: Vec<String> = (0..rows.len())
        .map(|index| format!("row-{index}"))
        .collect();
    let methods = ids
        .iter()
        .map(|id| method(id, "POST", &format!("/a/b/{id}"), &json!({})));
    let server = serving(&stub.url(""), &no_login(), &[], methods);
    for (id, (location, expected)) in ids.iter().zip(rows) {
        let location = location.replace("HOST", &host);
        stub.reply(
            "POST",
            &format!("/a/b/{id}"),
            Reply::redirect(303, &location),
        );
        stub.reply("GET", expected, Reply::json(200, &json!({})));
        assert_eq!(failure(&server, id), None, "{location}");
        let last = stub.received().pop().unwrap();
        assert_eq!(last.target.split('?').next(), Some(expected), "{location}");
    }
    assert_eq!(stub.received().len(), 2 * rows.len());
}

#[test]
fn a_redirect_is_checked_like_a_first_request() {
    let stub = Stub::start();
    let rows = [
        ("http://10.0.0.1/", "address_refused", "--allow"),
        (
            "http://169.254.169.254/latest/meta-data/",
            "address_refused",
            "never",
        ),
        ("http://[::ffff:10.0.0.1]/", "address_refused", "--allow"),
        ("https://example.com/", "address_refused", "--allow"),
        (
            "http://metadata.google.internal/",
            "address_refused",
            "never",
        ),
        ("ftp://127.0.0.1/", "redirect_refused", "https://"),
        ("file:///etc/passwd", "redirect_refused", ""),
        ("javascript:alert(1)", "redirect_refused", ""),
        ("http://me:pw@127.0.0.1/", "redirect_refused", "password"),
        ("http:\\\\127.0.0.1\\x", "redirect_refused", "backslash"),
        ("http://", "redirect_refused", ""),
        ("http://[::1", "redirect_refused", ""),
    ];
    let ids: Vec<String> = (0..rows.len())
        .map(|index| format!("row-{index}"))
        .collect();
    let methods = ids.iter().map(|id| asks(id, "GET", &format!("/{id}")));
    let server = serving(&stub.url(""), &bearer(), &[], methods);
    for (id, (location, code, words)) in ids.iter().zip(rows) {
        stub.reply("GET", &format!("/{id}"), Reply::redirect(302, location));
        let error = failure(&server, id);
        is_told(error.as_ref(), code, words);
    }
    assert_eq!(stub.received().len(), rows.len());
}

#[test]
fn a_redirect_without_a_place_is_an_answer() {
    let stub = Stub::start();
    let server = serving(
        &stub.url(""),
        &no_login(),
        &[],
        [asks("none", "GET", "/none"), asks("other", "GET", "/other")],
    );
    stub.reply("GET", "/none", Reply::text(302, ""));
    is_told(failure(&server, "none").as_ref(), "unsuccessful", "302");
    stub.reply("GET", "/other", Reply::redirect(300, "/elsewhere"));
    is_told(failure(&server, "other").as_ref(), "unsuccessful", "300");
    assert_eq!(stub.received().len(), 2);
}

/// A service cannot have the desk asked in our name.
#[test]
fn a_redirect_to_the_desk_is_a_strangers_request() {
    let stub = Stub::start();
    let login = json!({"type": "bearer", "token": {"secret": ADMIN_TOKEN}});
    let server = serving(&stub.url(""), &login, &[], [asks("m", "GET", "/x")]);
    stub.reply(
        "GET",
        "/x",
        Reply::redirect(302, &format!("{}/api/Tickets", server.url())),
    );
    is_told(failure(&server, "m").as_ref(), "unsuccessful", "401");
}
