//! Whatever is sent, the answer is one of the contract's, and the worker goes on.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use edge_tests::{
    Options, Server,
    bundle::{Bundle, chain, with},
};
use serde_json::json;

use super::{bern, ended, open, serving, signed, start, waited_for, with_basic};

/// The status that these very bytes are answered with; nothing where the connection is closed without a word.
fn status(server: &Server, request: &[u8]) -> Option<u16> {
    let mut caller = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    caller.write_all(request).unwrap();
    let mut answer = Vec::new();
    caller.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.to_owned();
    Some(status.parse().unwrap())
}

/// A request for a path with these lines in its head.
fn request(server: &Server, path: &[u8], lines: &[u8], body: &[u8]) -> Vec<u8> {
    let rest = format!(
        " HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Length: {}\r\n",
        server.port(),
        body.len()
    );
    [b"POST ", path, rest.as_bytes(), lines, b"\r\n", body].concat()
}

fn served() -> Server {
    serving(&[
        ("open", open(&json!({}))),
        ("with-basic", with_basic(&json!({}))),
        ("signed", signed(&json!({}))),
    ])
}

#[test]
fn odd_addresses_are_nobodys() {
    let server = served();
    let long = vec![b'a'; 8_000];
    for id in [
        &b"%"[..],
        b"%zz",
        b"%00",
        b"%ff%fe",
        b"open%00",
        b"open%2f",
        b"%6fpen",
        b"open/",
        b"open//",
        b"//open",
        b"./open/..",
        b"open;x=1",
        b"open\xc3\xa9",
        b"\xff",
        b"<script>",
        b"../../console/export",
        b"..%2f..%2fconsole%2fexport",
        b"open.0",
        b"workspace",
        &long,
    ] {
        let path = [b"/api/automation/", id].concat();
        let status = status(
            &server,
            &request(&server, &path, b"", br#"{"city":"Bern"}"#),
        );
        let shown = String::from_utf8_lossy(id);
        assert!(
            matches!(status, Some(400 | 401 | 404 | 405 | 414 | 431)),
            "{shown}: {status:?}"
        );
    }
    let query = b"/api/automation/open?a=%ff&%zz&=&&b=\xc3\xa9#x";
    let answer = status(
        &server,
        &request(&server, query, b"", br#"{"city":"Bern"}"#),
    );
    assert_eq!(answer, Some(202));
    ended(&server, 1);
}

#[test]
fn odd_headers_break_nothing() {
    let server = served();
    let many: Vec<u8> = (0..200)
        .flat_map(|n| format!("X-Header-{n}: {n}\r\n").into_bytes())
        .collect();
    let mut started = 0;
    for lines in [
        &b"X-Odd: \xff\xfe\r\n"[..],
        b"Idempotency-Key: \xff\r\n",
        b"Idempotency-Key: a\r\nIdempotency-Key: b\r\n",
        b"Content-Type: \xff\r\n",
        b"Content-Type: application/json; charset=utf-16\r\n",
        b"Content-Type: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Authorization: Basic \xff\r\n",
        b"X-Signature:\r\n",
        b"Origin: https://elsewhere.example\r\nCookie: nimbus=guess\r\n",
        b"X-Forwarded-Host: elsewhere.example\r\nX-Forwarded-For: 127.0.0.1\r\n",
        &many,
    ] {
        let shown = String::from_utf8_lossy(lines);
        let answer = |id: &str| {
            let path = format!("/api/automation/{id}");
            let body = bern().to_string();
            status(
                &server,
                &request(&server, path.as_bytes(), lines, body.as_bytes()),
            )
        };
        let answered = answer("open");
        assert!(matches!(answered, Some(202 | 400)), "{shown}: {answered:?}");
        started += usize::from(answered == Some(202));
        assert_eq!(
            (answer("with-basic"), answer("signed")),
            (Some(401), Some(401)),
            "{shown}"
        );
    }
    assert!(started >= 8, "only {started} of them are starts");
    ended(&server, started);
}

#[test]
fn deep_and_wide_bodies_are_read_or_refused() {
    let server = served();
    let deep = |open: &str, close: &str, times: usize| open.repeat(times) + &close.repeat(times);
    let mut started = 0;
    for body in [
        deep("[", "]", 100_000),
        deep("{\"a\":", "}", 50_000),
        "[".repeat(500_000),
        format!("[{}1]", "1,".repeat(400_000)),
        format!("{{{}\"city\":\"Bern\"}}", "\"a\":1,".repeat(100_000)),
        format!("{{\"city\":\"{}\"}}", "\\u0041".repeat(100_000)),
        format!("{{\"city\":\"{}\"}}", "\\ud83d".repeat(1_000)),
        format!("{{\"city\":{}}}", "9".repeat(500_000)),
        json!({"city": "\u{0}\u{1f}\u{7f}\u{ffff}"}).to_string(),
    ] {
        let answer = start(&server, "open").body(body.as_str()).send();
        let shown: String = body.chars().take(60).collect();
        assert!(
            matches!(answer.status, 202 | 400),
            "{shown}: {}",
            answer.status
        );
        started += usize::from(answer.status == 202);
    }
    let _ = start(&server, "open").json(&bern()).send().expect(202);
    ended(&server, started + 1);
}

#[test]
fn a_body_of_many_levels_is_carried_to_the_end_and_refused_where_it_would_be_kept() {
    let server = Server::start(&Options {
        seed: true,
        ..Options::default()
    });
    let inputs = json!({"inputs": [{"name": "X", "value": "request^x", "type": "object"}]});
    let echo = with(&open(&inputs), &waited_for(&json!(["X"])));
    let body = "[{\"summary\": \"Deep\", \"tickettype_id\": 1, \"z\": <<X>>}]";
    let keep = json!({"type": "desk_action", "action": "create_ticket", "body": body});
    Bundle::new()
        .runbook(chain("echo", &echo, &[]))
        .runbook(chain("keep", &open(&inputs), &[keep]))
        .import(&server);
    let nested = |levels: usize| "{\"a\":".repeat(levels) + "1" + &"}".repeat(levels);
    let send = |id: &str, levels: usize| {
        let body = format!("{{\"x\":{}}}", nested(levels));
        start(&server, id).body(body).send()
    };
    // One level is the body itself.
    for levels in [100, 121, 127] {
        let answer = send("echo", levels).expect(200).text();
        let outputs = format!("\"outputs\":{{\"X\":{}}}", nested(levels));
        assert!(answer.contains(&outputs), "{answer}");
    }
    for levels in [63, 100, 121] {
        let _ = send("keep", levels).expect(202);
    }
    for id in ["echo", "keep"] {
        let refused = send(id, 128).expect(400).text();
        assert!(refused.contains("more than 128 deep"), "{refused}");
    }
    let runs = ended(&server, 6);
    let kept: Vec<_> = runs.iter().filter(|run| run["runbook"] == "keep").collect();
    let (failed, succeeded): (Vec<_>, Vec<_>) =
        kept.into_iter().partition(|run| run["status"] == "failed");
    assert_eq!((failed.len(), succeeded.len()), (2, 1), "{runs:?}");
    for run in failed {
        let error = run["error"].to_string();
        assert!(error.contains("up to 64 levels deep"), "{run}");
    }
}
