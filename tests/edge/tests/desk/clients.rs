//! What clients that were written for Halo ask for, over the desk's real tables.

use edge_tests::{Options, Server};
use serde_json::{Value, json};

use super::support::{answers, encoded, get, ids, seeded, written};

/// An `advanced_search` of one field.
fn equals(name: &str, value: &str) -> String {
    let filter = json!([{"filter_name": name, "filter_type": 2, "filter_value": value}]);
    format!("advanced_search={}", encoded(&filter.to_string()))
}

fn id_of(record: &Value) -> u64 {
    record["id"].as_u64().unwrap_or_default()
}

#[test]
fn an_advanced_search_finds_who_is_meant_and_nobody_else() {
    let server = seeded();
    let own = json!({"id": 5, "azureoid": "9f1e-77", "AzureTenant": 12});
    written(&server, "/api/Users", &own);
    for (query, expected) in [
        (equals("azureoid", "9F1E-77"), vec![5]),
        (equals("azuretenant", "12"), vec![5]),
        (equals("azureoid", "another"), vec![]),
        (equals("azureoid' OR 1=1 --", "x"), vec![]),
        (equals("name", "HELEN MARSH"), vec![5]),
        (equals("id", "5"), vec![5]),
        (equals("inactive", "true"), vec![]),
    ] {
        let path = format!("/api/Users?client_id=2&includeinactive=false&pageinate=false&{query}");
        assert_eq!(ids(&get(&server, &path), "users"), expected, "{query}");
    }
    let call = server
        .get("/api/Users?advanced_search=%5B%7B%7D%5D")
        .admin();
    let refused = answers(400, call).json();
    let sentence = refused.as_str().unwrap_or_default();
    assert!(
        sentence.starts_with("Invalid advanced search parameter"),
        "{sentence}"
    );
}

#[test]
fn filters_find_what_belongs_together() {
    let server = seeded();
    written(&server, "/api/Client", &json!({"id": 2, "toplevel_id": 40}));
    let (first, second) = (1001, 1002);
    let linked = json!([
        {"id": first, "assets": [{"id": "1"}, 2, "x"], "team_id": 1},
        {"id": second, "assets": {"no": "list"}},
    ]);
    written(&server, "/api/Tickets", &linked);
    let sites = get(&server, "/api/Site?client_id=2");
    assert_eq!(
        ids(&get(&server, "/api/Site?toplevel_id=40"), "sites"),
        ids(&sites, "sites")
    );
    let users = get(&server, "/api/Users?client_id=2");
    assert_eq!(
        ids(&get(&server, "/api/Users?toplevel_id=40"), "users"),
        ids(&users, "users")
    );
    for (path, key, expected) in [
        ("/api/Users?asset_id=1", "users", vec![1]),
        ("/api/Users?asset_id=2", "users", vec![]),
        ("/api/Asset?ticket_id=1001", "assets", vec![1]),
        ("/api/Asset?ticket_id=1002", "assets", vec![]),
        ("/api/Tickets?asset_id=1,2", "tickets", vec![first]),
        (
            "/api/Tickets?ticket_id=1001,1003",
            "tickets",
            vec![1003, first],
        ),
        ("/api/Tickets?search_summary=SCAN", "tickets", vec![second]),
        (
            "/api/Tickets?search_summary=OUTLOOK%20KEEPS",
            "tickets",
            vec![first],
        ),
        ("/api/Tickets?toplevel_id=40", "tickets", vec![second]),
        (
            "/api/Tickets?order=client_name",
            "tickets",
            vec![first, second, 1003],
        ),
        (
            "/api/Tickets?order=Client_Name&orderdesc=true&client_id=1,3",
            "tickets",
            vec![1003, first],
        ),
        (
            "/api/Tickets?count=true",
            "tickets",
            vec![1003, second, first],
        ),
        (
            "/api/Tickets?startdate=2000-01-01&datesearch=dateoccured",
            "tickets",
            vec![1003, second, first],
        ),
    ] {
        assert_eq!(ids(&get(&server, path), key), expected, "{path}");
    }
    let of_team = ids(&get(&server, "/api/Tickets?team_id=1"), "tickets");
    assert!(of_team.contains(&first), "{of_team:?}");
    for query in ["team=1", "team=1st%20line%20support", "team=1,99"] {
        let list = get(&server, &format!("/api/Tickets?{query}"));
        assert_eq!(ids(&list, "tickets"), of_team, "{query}");
    }
    assert_eq!(
        get(&server, "/api/Tickets/1001")["team"],
        "1st Line Support"
    );
}

#[test]
fn the_list_of_lookup_lists_is_there_for_clients_to_begin_with() {
    for seed in [true, false] {
        let server = Server::start(&Options {
            seed,
            ..Options::default()
        });
        let lists = get(&server, "/api/lookup?lookupid=11");
        assert_eq!(
            (&lists[0]["id"], &lists[0]["lookupid"]),
            (&json!(11), &json!(11))
        );
        let path = "/api/Lookup/11?lookupid=100";
        answers(404, server.get(path).admin());
        answers(404, server.delete(path).admin());
        answers(200, server.delete("/api/Lookup/11?lookupid=11").admin());
    }
}

#[test]
fn what_has_no_place_in_a_list_comes_last_and_is_nobodys_default() {
    let server = seeded();
    let made = written(
        &server,
        "/api/Status",
        &json!([{"name": "Waiting for parts"}]),
    );
    let all = get(&server, "/api/Status");
    let last = all.as_array().and_then(|all| all.last());
    assert_eq!(last.map(id_of), Some(id_of(&made)));
    let ticket = json!([{"summary": "S", "tickettype_id": 1}]);
    assert_eq!(
        written(&server, "/api/Tickets", &ticket)["status_name"],
        "New"
    );
}

#[test]
fn what_logins_act_as_and_what_is_known_by_its_name_stays() {
    let server = seeded();
    for path in ["/api/Agent/1", "/api/Team/1", "/api/Outcome/1"] {
        let refused = answers(400, server.delete(path).admin()).json();
        let sentence = refused.as_str().unwrap_or_default();
        assert!(sentence.contains("cannot be deleted"), "{path}: {sentence}");
    }
    assert_eq!(get(&server, "/api/Agent/me")["id"], 1);
    let refused = answers(405, server.delete("/api/Control/1").admin());
    assert_eq!(refused.header("allow"), Some("GET"));
}

#[test]
fn an_action_changes_its_ticket() {
    let server = seeded();
    let action = json!([{"ticket_id": 1002, "outcome": "Resolve", "note": "x", "new_status": 9, "new_team": "1st Line Support"}]);
    written(&server, "/api/Actions", &action);
    let ticket = get(&server, "/api/Tickets/1002");
    assert_eq!(
        (
            &ticket["status_id"],
            &ticket["hasbeenclosed"],
            &ticket["team_id"]
        ),
        (&json!(9), &json!(true), &json!(1))
    );
    let open = get(&server, "/api/Tickets?open_only=true");
    assert!(!ids(&open, "tickets").contains(&1002));
}
