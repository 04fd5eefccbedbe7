//! Creating, changing and deleting records.

use edge_tests::Server;
use serde_json::{Value, json};

use super::support::{answers, get, ids, post, records, seeded, signed_in, written};

#[test]
fn one_in_gives_one_out_and_an_id_merges() {
    let server = seeded();
    let ticket = json!({"summary": "Wi-Fi", "tickettype_id": "1", "user_id": "5"});
    let made = written(&server, "/api/Tickets", &json!([ticket]));
    assert_eq!((&made["id"], &made["client_id"]), (&json!(1004), &json!(2)));
    assert_eq!(written(&server, "/api/tickets", &ticket)["id"], 1005);
    let two = written(&server, "/api/Tickets", &json!([ticket, ticket]));
    assert_eq!(two.as_array().map(Vec::len), Some(2));
    assert_eq!(written(&server, "/api/Tickets", &json!([])), json!([]));

    let merge = json!([{"id": "1004", "status_id": 9, "SUMMARY": "Wi-Fi again"}]);
    let merged = written(&server, "/api/Tickets", &merge);
    assert_eq!(
        (&merged["summary"], &merged["user_id"]),
        (&json!("Wi-Fi again"), &json!(5))
    );
    assert_eq!(
        (&merged["status_name"], &merged["isclosed"]),
        (&json!("Closed"), &json!(true))
    );
    assert!(merged["dateclosed"].is_string());
    assert_eq!(
        ids(&get(&server, "/api/Tickets?closed_only=true"), "tickets"),
        [1004]
    );
    assert_eq!(get(&server, "/api/Tickets/1004"), merged);

    // A deleted ticket takes its actions along, and its number is not given again.
    let action = json!([{"ticket_id": 1007, "outcome": "Note"}]);
    written(&server, "/api/Actions", &action);
    answers(200, server.delete("/api/Tickets/1007").admin());
    answers(404, server.get("/api/Tickets/1007").admin());
    assert_eq!(
        get(&server, "/api/Actions?ticket_id=1007")["record_count"],
        0
    );
    assert_eq!(written(&server, "/api/Tickets", &ticket)["id"], 1008);
}

#[test]
fn a_list_is_written_as_a_whole_or_not_at_all() {
    let server = seeded();
    let good = json!({"summary": "Good", "tickettype_id": 1});
    let bad = json!({"summary": "Bad", "tickettype_id": 99});
    let refused = post(&server, "/api/Tickets", &json!([good, bad]))
        .expect(400)
        .json();
    assert_eq!(
        refused,
        "Record 2 of 2: tickettype_id: there is no ticket type 99"
    );
    assert_eq!(get(&server, "/api/Tickets")["record_count"], 3);
}

#[test]
fn fields_that_the_desk_does_not_know_come_back_as_they_were() {
    let server = seeded();
    let odd = json!({
        "customfields": [{"id": 12, "name": "CFSerial", "value": "ä\u{0}\u{1f600}\"'</script>"}],
        "Deep": {"a": [1, 2.5, 1e10, -0.125, 9_007_199_254_740_993_u64, null, true, {"b": {}}]},
        "x y": "spaces", "": "no name", "🦀": [[[[]]]],
    });
    let mut ticket = odd.clone();
    ticket["summary"] = "Odd".into();
    ticket["tickettype_id"] = 1.into();
    let made = written(&server, "/api/Tickets", &ticket);
    let path = format!("/api/Tickets/{}", made["id"]);
    for read in [&made, &get(&server, &path)] {
        for (name, value) in odd.as_object().unwrap() {
            assert_eq!(&read[name], value, "{name}");
        }
    }
    let merge = json!([{"id": made["id"], "x y": null, "Deep": 1}]);
    let merged = written(&server, "/api/Tickets", &merge);
    assert_eq!((&merged["x y"], &merged["Deep"]), (&Value::Null, &json!(1)));
    assert_eq!(merged["customfields"], odd["customfields"]);
}

#[test]
fn an_action_says_what_was_done_as_text_and_as_html() {
    let server = seeded();
    let outcome = json!("An Outcome must be entered for this Action");
    for missing in [
        json!({"ticket_id": 1001, "note": "x"}),
        json!({"ticket_id": 1001, "outcome": ""}),
    ] {
        assert_eq!(
            post(&server, "/api/Actions", &json!([missing]))
                .expect(400)
                .json(),
            outcome
        );
    }
    let action = json!([{"ticket_id": "1001", "outcome": "Note", "note": "1 < 2\nand so on", "timetaken": "0.5"}]);
    let made = written(&server, "/api/actions", &action);
    assert_eq!(made["note_html"], "1 &lt; 2<br>and so on");
    assert_eq!(
        (&made["timetaken"], &made["hiddenfromuser"]),
        (&json!(0.5), &json!(false))
    );
    let html = json!([{"ticket_id": 1001, "outcome_id": 7, "note_html": "<p>One</p><p>Two &amp; three</p>"}]);
    let made = written(&server, "/api/actions", &html);
    assert_eq!(made["note"], "One\nTwo & three");
    let list = get(&server, "/api/Actions?ticket_id=1001");
    assert_eq!(records(&list, "actions")[0]["id"], made["id"]);
    let ticket = get(&server, "/api/Tickets/1001");
    assert_eq!(ticket["lastactiondate"], made["datetime"]);
}

#[test]
fn html_is_kept_as_sent_and_reaches_the_console_harmless() {
    let server = seeded();
    let cookie = signed_in(&server);
    for attack in [
        "<script>alert(1)</script>x",
        "<img src=x onerror=alert(1)>x",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\" jAvAsCrIpT&#58;alert(1)\">x</a>",
        "<svg onload=alert(1)><style><img src=x onerror=alert(1)></style></svg>x",
        "x<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>x",
        "<form action=//attacker.example><input name=password autofocus onfocus=alert(1)>x</form>",
        "<style>@import '//attacker.example'</style>x",
        "<base href=//attacker.example><link rel=stylesheet href=//attacker.example>x",
        "x<b style=\"background:url(//attacker.example)\" onmouseover=alert(1)>x</b>",
    ] {
        let action = json!([{"ticket_id": 1001, "outcome": "Note", "note_html": attack, "extra_html": [attack]}]);
        let made = written(&server, "/api/Actions", &action);
        assert_eq!(made["note_html"], attack);
        let path = format!("/api/Actions/{}", made["id"]);
        assert_eq!(get(&server, &path)["note_html"], attack);
        let one = server
            .get(&path)
            .header("cookie", &cookie)
            .send()
            .expect(200)
            .json();
        let list = server
            .get("/api/Actions?ticket_id=1001")
            .header("cookie", &cookie);
        let listed = records(&list.send().expect(200).json(), "actions")[0].clone();
        for shown in [
            &one["note_html"],
            &one["extra_html"][0],
            &listed["note_html"],
            &one["note"],
        ] {
            let shown = shown.as_str().unwrap().to_lowercase();
            assert!(shown.contains('x'), "{attack} became {shown}");
            for danger in [
                "<script",
                "onerror=",
                "onload=",
                "onfocus=",
                "onmouse",
                "javascript:",
                "style",
                "attacker",
                "<iframe",
                "<base",
            ] {
                assert!(!shown.contains(danger), "{attack} became {shown}");
            }
        }
    }
}

#[test]
fn a_new_client_is_in_the_list_with_its_site_and_user() {
    let server = seeded();
    let client = json!([{"name": "Ålesund Boats", "newclient_contactname": "Kari"}]);
    let made = written(&server, "/api/Client", &client);
    assert!(
        ids(&get(&server, "/api/Client?search=%C3%A5LESUND"), "clients")
            .contains(&made["id"].as_u64().unwrap())
    );
    let users = get(&server, &format!("/api/Users?client_id={}", made["id"]));
    assert_eq!(records(&users, "users")[0]["name"], "Kari");
    let again = json!([{"name": "harrow & lyle SOLICITORS"}]);
    assert_eq!(
        post(&server, "/api/Client", &again).expect(400).json(),
        "Name must be unique"
    );
    let used = server
        .delete("/api/Client/2")
        .admin()
        .send()
        .expect(400)
        .json();
    assert!(
        used.as_str()
            .unwrap()
            .contains("1 ticket still refers to it"),
        "{used}"
    );
    answers(
        200,
        server
            .delete(&format!("/api/Client/{}", made["id"]))
            .admin(),
    );
    assert_eq!(
        get(&server, &format!("/api/Site?client_id={}", made["id"]))["record_count"],
        0
    );
}

#[test]
fn a_search_finds_what_records_say_now() {
    let server = seeded();
    let found = |words: &str| {
        let list = get(&server, &format!("/api/Asset?search={words}"));
        ids(&list, "assets")
    };
    let made = written(
        &server,
        "/api/Asset",
        &json!([{"inventory_number": "LAP-0815", "assettype_id": 1, "client_id": 1, "notes": "Größe \"XL\"\u{0} end"}]),
    );
    let id = made["id"].as_u64().unwrap();
    for words in [
        "lap-0815",
        "08",
        "GR%C3%96SSE",
        "%22xl%22",
        "end",
        "0815%20xl",
    ] {
        assert_eq!(found(words), [id], "{words}");
    }
    written(
        &server,
        "/api/Asset",
        &json!([{"id": id, "notes": "Größe unknown"}]),
    );
    for (words, expected) in [
        ("xl", vec![]),
        ("%22xl%22", vec![]),
        ("gr%C3%B6%C3%9Fe%20unk", vec![id]),
    ] {
        assert_eq!(found(words), expected, "{words}");
    }
    answers(200, server.delete(&format!("/api/Asset/{id}")).admin());
    assert_eq!(found("unknown"), Vec::<u64>::new());
}

#[test]
fn a_write_that_is_sent_again_is_answered_again_and_done_once() {
    let mut server = seeded();
    let action = json!([{"ticket_id": 1001, "outcome": "Note", "note": "once"}]);
    let send = |server: &Server, key: &str, action: &Value, status: u16| {
        let call = server.post("/api/Actions").admin();
        answers(status, call.header("idempotency-key", key).json(action)).json()
    };
    let before = get(&server, "/api/Actions")["record_count"]
        .as_u64()
        .unwrap();
    let first = send(&server, "k-1", &action, 201);
    assert_eq!(send(&server, "k-1", &action, 201), first);
    server.restart();
    assert_eq!(send(&server, "k-1", &action, 201), first);
    assert_eq!(get(&server, "/api/Actions")["record_count"], before + 1);
    assert_ne!(send(&server, "k-2", &action, 201)["id"], first["id"]);
    let other = json!([{"ticket_id": 1002, "outcome": "Note"}]);
    assert!(send(&server, "k-1", &other, 422).is_string());
    // What was refused was not done: it may be sent again, corrected.
    send(&server, "k-3", &json!([{"ticket_id": 1001}]), 400);
    send(&server, "k-3", &action, 201);
    send(&server, "", &action, 400);
}
