//! Lists and their parameters.

use serde_json::json;

use super::support::{get, ids, records, seeded, written};

#[test]
fn lists_have_halos_shape_in_any_case() {
    let server = seeded();
    for path in ["/api/Tickets", "/API/tickets/", "/api/TICKETS?unknown=1"] {
        let list = get(&server, path);
        assert_eq!(
            (&list["record_count"], ids(&list, "tickets")),
            (&json!(3), vec![1003, 1002, 1001])
        );
    }
    for (path, key) in [
        ("/api/Actions", "actions"),
        ("/api/Client", "clients"),
        ("/api/Site", "sites"),
        ("/api/Users", "users"),
    ] {
        let list = get(&server, path);
        assert_eq!(list["record_count"], records(&list, key).len(), "{path}");
        assert!(list["record_count"].as_u64() > Some(2), "{path}");
    }
    for path in [
        "/api/Status",
        "/api/TicketType",
        "/api/Priority",
        "/api/Team",
        "/api/Agent",
    ] {
        assert!(get(&server, path)[0]["name"].is_string(), "{path}");
    }
    let ticket = get(&server, "/api/tickets/1002");
    assert_eq!(ticket["client_name"], "Harrow & Lyle Solicitors");
    assert_eq!(ticket["status"], json!({"id": 1, "name": "New"}));
}

#[test]
fn parameters_choose_sort_and_page() {
    let server = seeded();
    for (query, expected) in [
        ("client_id=2", vec![1002]),
        ("Client_ID=1,3", vec![1003, 1001]),
        ("status_id=1&tickettype_id=1", vec![1002]),
        ("requesttype_id=3", vec![1003]),
        ("agent_id=2", vec![1001]),
        ("requesttype=3", vec![1003]),
        ("agent=2,99", vec![1001]),
        ("status=1&requesttype=1", vec![1002]),
        ("status=9", vec![]),
        ("client_ids=1,3", vec![1003, 1001]),
        ("username=helen%20marsh", vec![1002]),
        ("username=helen", vec![]),
        ("open_only=true", vec![1003, 1002, 1001]),
        ("closed_only=True", vec![]),
        ("search=SCAN%20folder", vec![1002]),
        ("search=1002", vec![1002]),
        ("search=1002%20copier", vec![1002]),
        ("search=1002%20laptop", vec![]),
        ("search=JO%C3%83O%20FERREIRA", vec![1003]),
        ("search=%25", vec![]),
        ("search=es%20or", vec![1003, 1002, 1001]),
        ("search=%22", vec![1002]),
        ("search=NOT%20NEAR(*)", vec![]),
        ("search=kitchen'%20OR%201=1", vec![]),
        ("order=summary", vec![1003, 1001, 1002]),
        ("order=Summary&orderdesc=true", vec![1002, 1001, 1003]),
        ("order=id", vec![1001, 1002, 1003]),
        ("order=no_such_column", vec![1003, 1002, 1001]),
        ("count=2", vec![1003, 1002]),
        ("count=0", vec![]),
        ("pageinate=true&page_size=0", vec![]),
        ("pageinate=true&page_size=2", vec![1003, 1002]),
        ("PAGEINATE=true&Page_Size=2&page_no=2", vec![1001]),
        ("pageinate=true&page_size=2&page_no=3", vec![]),
    ] {
        let list = get(&server, &format!("/api/Tickets?{query}"));
        assert_eq!(ids(&list, "tickets"), expected, "{query}");
    }
    let page = get(
        &server,
        "/api/Tickets?pageinate=true&page_size=2&page_no=2&open_only=true",
    );
    for (name, expected) in [("record_count", 3), ("page_no", 2), ("page_size", 2)] {
        assert_eq!(page[name], expected, "{name}");
    }
    // Zero asks for the number alone.
    for query in ["count=0", "pageinate=true&page_size=0&page_no=2"] {
        let list = get(&server, &format!("/api/Tickets?{query}"));
        assert_eq!(list["record_count"], 3, "{query}");
    }
    assert_eq!(get(&server, "/api/Status?count=0"), json!([]));
    let list = get(&server, "/api/Tickets?idonly=true");
    assert_eq!(
        list["tickets"],
        json!([{"id": 1003}, {"id": 1002}, {"id": 1001}])
    );
    let list = get(&server, "/api/Actions?ticket_id=1002&excludeprivate=true");
    assert_eq!(records(&list, "actions").len(), 1);
}

#[test]
fn lists_are_limited_by_their_bytes_alone() {
    let server = seeded();
    let note = format!("<p>{}</p>", "n".repeat(900_000));
    for _ in 0..10 {
        let action = json!({"ticket_id": 1001, "outcome": "Email", "note_html": note});
        written(&server, "/api/Actions", &action);
    }
    let path = "/api/Actions?ticket_id=1001&outcome=Email";
    let list = get(&server, path);
    let sent = records(&list, "actions").len() as u64;
    let count = list["record_count"].as_u64().unwrap_or(0);
    assert!(count >= 10 && sent > 2 && sent < count, "{sent} of {count}");
    let page = get(
        &server,
        &format!("{path}&pageinate=true&page_size=2&page_no=2"),
    );
    assert_eq!(records(&page, "actions").len(), 2);
    for query in ["count=10", "pageinate=true&page_size=10"] {
        let refused = server.get(&format!("{path}&{query}")).admin().send();
        let sentence = refused.expect(400).json();
        let start = "The answer would be larger than 8388608 bytes: ask for fewer records";
        assert!(
            sentence
                .as_str()
                .is_some_and(|text| text.starts_with(start)),
            "{sentence}"
        );
    }

    for batch in 0..6 {
        let users: Vec<_> = (0..1000)
            .map(|number| json!({"name": format!("User {batch}-{number}"), "site_id": 1}))
            .collect();
        written(&server, "/api/Users", &json!(users));
    }
    for query in [
        "count=1000000",
        "count=true",
        "pageinate=true&page_size=7000",
    ] {
        let list = get(&server, &format!("/api/Users?{query}"));
        let count = list["record_count"].as_u64().unwrap_or(0);
        assert!(count > 6000, "{count}");
        assert_eq!(records(&list, "users").len() as u64, count, "{query}");
    }
    assert_eq!(records(&get(&server, "/api/Users"), "users").len(), 1000);
}

#[test]
fn what_is_switched_off_is_listed_only_when_asked_for() {
    let server = seeded();
    written(
        &server,
        "/api/Client",
        &json!([{"id": "3", "inactive": "true"}]),
    );
    for (query, count) in [
        ("", 2),
        ("?includeinactive=true", 3),
        ("?includeinactive=true&includeactive=false", 1),
        ("?includeactive=false", 0),
    ] {
        assert_eq!(
            get(&server, &format!("/api/Client{query}"))["record_count"],
            count,
            "{query}"
        );
    }
}
