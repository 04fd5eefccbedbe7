//! Whatever is sent, the desk answers with a sentence and goes on.

use serde_json::json;

use super::support::{get, seeded, written};

#[test]
fn odd_bodies_are_refused_with_a_sentence() {
    let server = seeded();
    let long = "x".repeat(900_000);
    let bodies = [
        String::new(),
        "null".to_owned(),
        "[null]".to_owned(),
        "[[]]".to_owned(),
        "[1e999]".to_owned(),
        "{".to_owned(),
        "\"text\"".to_owned(),
        "[{}]".to_owned(),
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!(
            "[{{\"summary\": {}1{}, \"tickettype_id\": 1}}]",
            "[".repeat(120),
            "]".repeat(120)
        ),
        json!([{"id": 1e300}]).to_string(),
        json!([{"id": "99999999999999999999999999"}]).to_string(),
        json!([{"id": {}}]).to_string(),
        json!([{"summary": ["x"], "ticket_id": true, "name": {}}]).to_string(),
        json!([{"summary": "x", "tickettype_id": -5}]).to_string(),
        json!([{"summary": "x".repeat(2000), "tickettype_id": 1}]).to_string(),
        json!([{"summary": "x", "tickettype_id": 1, "dateoccurred": 12}]).to_string(),
        json!([{"summary": "x", "tickettype_id": 1, "a": long, "b": long}]).to_string(),
        json!([{"ticket_id": 1001, "outcome": "x", "note": long, "note_html": format!("<p>{long}")}]).to_string(),
        json!([{"ticket_id": 1001, "outcome": "x", "timetaken": "1e999"}]).to_string(),
        json!(vec![json!({}); 2000]).to_string(),
    ];
    for path in [
        "/api/Tickets",
        "/api/Actions",
        "/api/Client",
        "/api/Site",
        "/api/Users",
        "/api/Status",
    ] {
        for body in &bodies {
            let call = server
                .post(path)
                .admin()
                .header("content-type", "application/json");
            let answer = call.body(body.as_str()).send();
            let start: String = body.chars().take(80).collect();
            assert!(
                (400..500).contains(&answer.status),
                "{path} {start}: {}",
                answer.status
            );
            assert!(
                answer.json().is_string(),
                "{path} {start}: {}",
                answer.text()
            );
        }
        let call = server
            .post(path)
            .admin()
            .header("content-type", "application/json");
        assert!(
            call.body([0x5b, 0xff, 0x5d])
                .send()
                .expect(400)
                .json()
                .is_string()
        );
    }
    let large = server
        .post("/api/Tickets")
        .admin()
        .body(vec![b' '; 5 << 20]);
    assert!(large.send().expect(413).json().is_string());
    assert_eq!(get(&server, "/api/Tickets")["record_count"], 3);
}

#[test]
fn odd_addresses_are_answered_without_harm() {
    let server = seeded();
    for (method, path, status) in [
        ("GET", "/api", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/Nothing", 404),
        ("GET", "/api/Tickets/0", 404),
        ("GET", "/api/Tickets/-1", 404),
        ("GET", "/api/Tickets/1.5", 404),
        ("GET", "/api/Tickets/99999999999999999999", 404),
        ("GET", "/api/Tickets/9007199254740991", 404),
        ("GET", "/api/Tickets/%00", 404),
        ("GET", "/api/Tickets/%ff%fe", 404),
        ("GET", "/api/Tickets/1001/more", 404),
        ("DELETE", "/api/Tickets/5", 404),
        ("PUT", "/api/Tickets/1001", 405),
        ("PATCH", "/api/Tickets", 405),
        ("POST", "/api/Tickets/1001", 405),
        ("DELETE", "/api/Tickets", 405),
        ("POST", "/api/authinfo", 405),
        ("PROPFIND", "/api/Tickets", 405),
        ("PROPFIND", "/api/Tickets/1001", 405),
        ("REPORT", "/api/Agent/me", 405),
        ("PROPFIND", "/auth/token", 405),
        ("GET", "/api/Tickets?count=-1", 400),
        ("GET", "/api/Tickets?count=1e3", 400),
        (
            "GET",
            "/api/Tickets?page_no=99999999999999999999&pageinate=true",
            400,
        ),
        ("GET", "/api/Tickets?client_id=1%20OR%201=1", 400),
        ("GET", "/api/Tickets?client_id=9007199254740992", 400),
        (
            "GET",
            "/api/Tickets?pageinate=true&page_no=18446744073709551615",
            200,
        ),
        ("GET", "/api/Tickets?client_id=9007199254740991", 200),
        ("GET", "/api/Tickets?order=id;DROP%20TABLE%20ticket", 200),
        ("GET", "/api/Tickets?search=%F0%9F%A6%80%00'%22", 200),
        ("GET", "/api/Tickets?%ff=%ff&&=&search", 200),
    ] {
        let answer = server.call(method, path).admin().send();
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        if status != 200 {
            assert!(
                answer.json().is_string(),
                "{method} {path}: {}",
                answer.text()
            );
        }
        assert_eq!(
            answer.header("allow").is_some(),
            status == 405,
            "{method} {path}"
        );
    }
    let ids = (1..5000)
        .map(|id: u64| id.to_string())
        .collect::<Vec<_>>()
        .join(",");
    assert_eq!(
        get(&server, &format!("/api/Tickets?client_id={ids}"))["record_count"],
        3
    );
    let head = server
        .call("HEAD", "/api/Tickets")
        .admin()
        .send()
        .expect(200);
    assert!(head.body.is_empty());
}

#[test]
fn an_answer_that_would_be_too_large_is_refused() {
    let server = seeded();
    for _ in 0..10 {
        let action = json!([{"ticket_id": 1001, "outcome": "Log", "note": "x".repeat(950_000)}]);
        written(&server, "/api/Actions", &action);
    }
    let refused = server
        .get("/api/Actions?count=100")
        .admin()
        .send()
        .expect(400)
        .json();
    assert!(
        refused.as_str().unwrap().contains("ask for fewer"),
        "{refused}"
    );
    get(&server, "/api/Actions?count=3");
}
