//! What the words of a list's `search` find.

use edge_tests::Server;
use serde_json::{Value, json};

use super::support::{databases, encoded, get, ids, seeded, written};

fn found(server: &Server, resource: &str, key: &str, words: &str) -> Vec<u64> {
    let path = format!("/api/{resource}?order=id&search={}", encoded(words));
    let list = get(server, &path);
    let found = ids(&list, key);
    assert_eq!(list["record_count"], found.len(), "{path}");
    found
}

#[test]
fn a_ticket_is_found_by_its_people_and_follows_their_names() {
    let server = seeded();
    // 1001 is from Ewa Nowak of Norwood Timber, 1002 from Helen Marsh of Harrow & Lyle.
    let tickets = |words: &str| found(&server, "Tickets", "tickets", words);
    let of = |id: u64| get(&server, &format!("/api/Tickets/{id}"));
    let (client, user) = (of(1002)["client_id"].clone(), of(1002)["user_id"].clone());
    for (words, expected) in [
        ("harrow", vec![1002]),
        ("HELEN marsh", vec![1002]),
        ("marsh scan", vec![1002]),
        ("harrow lyle folder 1002", vec![1002]),
        ("he harrow", vec![1002]),
        ("harrow laptop", vec![]),
        ("harrow norwood", vec![]),
    ] {
        assert_eq!(tickets(words), expected, "{words}");
    }
    // As many words as are looked at, all of them numbers, too.
    assert_eq!(
        tickets("111 222 333 444 555 666 777 888"),
        Vec::<u64>::new()
    );
    assert_eq!(
        tickets("harrow lyle solicitors helen marsh scan folder 1002"),
        [1002]
    );
    // Only the name counts.
    let notes =
        json!({"id": client, "notes": "Pays by xylophone", "website": "https://xylophone.example"});
    written(&server, "/api/Client", &notes);
    assert_eq!(tickets("xylophone"), Vec::<u64>::new());

    written(
        &server,
        "/api/Client",
        &json!({"id": client, "name": "Zürcher & Söhne"}),
    );
    written(
        &server,
        "/api/Users",
        &json!({"id": user, "name": "Zoë Ångström"}),
    );
    for (words, expected) in [
        ("harrow", vec![]),
        ("marsh", vec![]),
        ("zurcher", vec![1002]),
        ("zuercher soehne scan", vec![1002]),
        ("ZÜRCHER zoe angstrom", vec![1002]),
    ] {
        assert_eq!(tickets(words), expected, "{words}");
    }
    for (resource, key) in [("Site", "sites"), ("Users", "users"), ("Asset", "assets")] {
        let path = format!("/api/{resource}?order=id&client_id={client}");
        let own = ids(&get(&server, &path), key);
        assert!(!own.is_empty() || resource == "Asset", "{path}");
        assert_eq!(found(&server, resource, key, "zurcher"), own, "{resource}");
    }
}

/// Records that hold this text, and words that must find it.
const ALIKE: [(&str, &[&str]); 3] = [
    (
        "Müller an der Hauptstraße",
        &[
            "muller",
            "MÜLLER",
            "mueller",
            "hauptstrasse",
            "Hauptstraße",
            "straße",
        ],
    ),
    ("Muller strasse", &["müller", "Straße"]),
    (
        "João, Łódź, Ærøskøbing",
        &["joao", "lodz", "aeroskobing", "JOÃO ŁÓDŹ"],
    ),
];

fn fields(resource: &str, text: &str) -> Value {
    match resource {
        "Tickets" => json!({"summary": text, "tickettype_id": 1}),
        "Actions" => json!({"ticket_id": 1001, "outcome": "Note", "note": text}),
        "Asset" => json!({"assettype_id": 1, "client_id": 1, "notes": text}),
        "Site" => json!({"name": text, "client_id": 1}),
        "Users" => json!({"name": text, "site_id": 1}),
        "Lookup" => json!({"lookupid": 900, "name": text}),
        _ => json!({"name": text}),
    }
}

#[test]
fn accents_and_spellings_do_not_count_anywhere() {
    let server = seeded();
    for (resource, key) in [
        ("Tickets", "tickets"),
        ("Actions", "actions"),
        ("Client", "clients"),
        ("Site", "sites"),
        ("Users", "users"),
        ("Asset", "assets"),
        ("KBArticle", "articles"),
    ] {
        for (text, searches) in ALIKE {
            let id = written(
                &server,
                &format!("/api/{resource}"),
                &fields(resource, text),
            )["id"]
                .as_u64()
                .unwrap_or(0);
            for words in searches {
                let found = found(&server, resource, key, words);
                assert!(found.contains(&id), "{resource}: {words} in {text}");
            }
        }
    }
    // What has no index is searched alike.
    let made = written(&server, "/api/Lookup", &fields("Lookup", "Größe"));
    let list = get(&server, "/api/Lookup?search=grosse");
    assert_eq!(list[0]["id"], made["id"], "{list}");
}

#[test]
fn a_desk_of_before_is_found_alike() {
    let mut server = seeded();
    let made = written(
        &server,
        "/api/Tickets",
        &fields("Tickets", "Fußgängerbrücke"),
    );
    server.kill();
    let mut undone = 0;
    for database in databases(&server) {
        // Earlier versions kept lower case, and nothing of what was folded.
        let sql =
            "UPDATE ticket SET searched = 'fußgängerbrücke' || char(10) WHERE summary LIKE 'Fu%'";
        if let Ok(rows) = database.execute(sql, []) {
            undone += rows;
            let statements = "DROP INDEX ticket_by_due; DROP TRIGGER ticket_gone; DROP TABLE ticket_tracks;
                DROP TABLE service_levels; DROP TABLE timers; DROP TABLE workflows; DROP TABLE workflow_versions;
                DROP TABLE workflow_positions; DROP TABLE known_actions;
                ALTER TABLE ticket DROP COLUMN sla_id; ALTER TABLE ticket DROP COLUMN sla_name;
                ALTER TABLE ticket DROP COLUMN respondbydate; ALTER TABLE ticket DROP COLUMN responsedate;
                ALTER TABLE ticket DROP COLUMN slaresponsestate; ALTER TABLE ticket DROP COLUMN slaresponsestanding;
                ALTER TABLE ticket DROP COLUMN fixbydate; ALTER TABLE ticket DROP COLUMN slastate;
                ALTER TABLE ticket DROP COLUMN slastanding; ALTER TABLE ticket DROP COLUMN onhold;
                ALTER TABLE ticket DROP COLUMN slaactiondate;
                ALTER TABLE ticket_rule DROP COLUMN runs_on;
                DROP INDEX ticket_by_datecreated; DROP INDEX ticket_by_dateclosed;
                ALTER TABLE ticket_type DROP COLUMN allowed_actions;
                DROP INDEX ticket_by_team_id; ALTER TABLE ticket DROP COLUMN team_id;
                DROP TABLE folded; DROP TABLE audit; UPDATE schema_version SET version = 10";
            database.execute_batch(statements).unwrap();
        }
    }
    assert_eq!(undone, 1);
    server.restart();
    for words in ["fussganger", "Fußgängerbrücke", "FUSSGAENGERBRUECKE"] {
        let found = found(&server, "Tickets", "tickets", words);
        assert_eq!(json!(found), json!([made["id"]]), "{words}");
    }
}
