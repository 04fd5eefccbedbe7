//! The desk's tables. One of records has the columns of its resource's fields, which a test
//! holds against it, `other`, `searched`, and an index for everything that lists filter by.

use shared::model::Timestamp;

use super::{answers, outbox, tokens};
use crate::bind;
use crate::error::Failure;
use crate::store::{BODIES, Store};

/// See [`Store::open`]: this list only ever grows at its end.
pub(super) fn migrations() -> [&'static str; 6] {
    [
        BODIES,
        answers::TABLES,
        outbox::TABLES,
        tokens::TABLES,
        RECORDS,
        "CREATE TABLE filled (at INTEGER NOT NULL) STRICT",
    ]
}

/// Says whether this is a new desk; it is none any more from then on.
pub(super) fn begin(store: &Store, now: Timestamp) -> Result<bool, Failure> {
    let written = store.run(
        "INSERT INTO filled (at) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM filled)",
        bind![now],
    )?;
    Ok(written > 0)
}

const RECORDS: &str = "
    CREATE TABLE ticket (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        summary TEXT,
        details TEXT,
        details_html TEXT,
        tickettype_id INTEGER,
        status_id INTEGER,
        priority_id INTEGER,
        client_id INTEGER,
        site_id INTEGER,
        user_id INTEGER,
        agent_id INTEGER,
        team TEXT,
        category_1 TEXT,
        dateoccurred TEXT,
        datecreated TEXT,
        dateclosed TEXT,
        lastactiondate TEXT,
        last_update TEXT,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX ticket_by_tickettype ON ticket (tickettype_id);
    CREATE INDEX ticket_by_status ON ticket (status_id);
    CREATE INDEX ticket_by_priority ON ticket (priority_id);
    CREATE INDEX ticket_by_client ON ticket (client_id);
    CREATE INDEX ticket_by_site ON ticket (site_id);
    CREATE INDEX ticket_by_user ON ticket (user_id);
    CREATE INDEX ticket_by_agent ON ticket (agent_id);
    CREATE INDEX ticket_by_dateoccurred ON ticket (dateoccurred);
    CREATE INDEX ticket_by_lastactiondate ON ticket (lastactiondate);

    CREATE TABLE action (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        ticket_id INTEGER,
        outcome TEXT,
        outcome_id INTEGER,
        note TEXT,
        note_html TEXT,
        hiddenfromuser INTEGER,
        timetaken REAL,
        who TEXT,
        who_type INTEGER,
        who_agentid INTEGER,
        datetime TEXT,
        actiondatecreated TEXT,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX action_by_ticket ON action (ticket_id);

    CREATE TABLE client (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        toplevel_id INTEGER,
        website TEXT,
        colour TEXT,
        notes TEXT,
        inactive INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX client_by_name ON client (name COLLATE NOCASE);

    CREATE TABLE site (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        client_id INTEGER,
        phonenumber TEXT,
        timezone TEXT,
        notes TEXT,
        inactive INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX site_by_name ON site (name COLLATE NOCASE);
    CREATE INDEX site_by_client ON site (client_id);

    CREATE TABLE user (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        site_id INTEGER,
        client_id INTEGER,
        firstname TEXT,
        surname TEXT,
        emailaddress TEXT,
        phonenumber TEXT,
        title TEXT,
        notes TEXT,
        inactive INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX user_by_name ON user (name COLLATE NOCASE);
    CREATE INDEX user_by_site ON user (site_id);
    CREATE INDEX user_by_client ON user (client_id);

    CREATE TABLE agent (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        email TEXT,
        jobtitle TEXT,
        team TEXT,
        colour TEXT,
        inactive INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;

    CREATE TABLE status (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        colour TEXT,
        sequence INTEGER,
        isclosed INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;

    CREATE TABLE ticket_type (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        colour TEXT,
        sequence INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;

    CREATE TABLE priority (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        colour TEXT,
        sequence INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;

    CREATE TABLE team (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        sequence INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;";

#[cfg(test)]
mod tests {
    use shared::desk::resource::{FieldKind, RESOURCES};

    use super::*;

    /// The columns of a table, as the statements make it.
    fn columns(table: &str) -> Vec<(String, String)> {
        let all = migrations().concat();
        let (_, definition) = all.split_once(&format!("CREATE TABLE {table} (")).unwrap();
        let (definition, _) = definition.split_once(") STRICT").unwrap();
        let words = definition.split(',').map(|column| {
            let mut words = column.split_whitespace();
            let mut word = || words.next().unwrap_or_default().to_owned();
            (word(), word())
        });
        words.collect()
    }

    #[test]
    fn tables_have_a_column_for_every_field() {
        for resource in RESOURCES {
            let mut expected = vec![("id", "INTEGER")];
            expected.extend(resource.fields.iter().map(|field| {
                let kind = match field.kind {
                    FieldKind::Line | FieldKind::Text | FieldKind::Html | FieldKind::Instant => {
                        "TEXT"
                    }
                    FieldKind::Integer | FieldKind::Boolean | FieldKind::Reference(_) => "INTEGER",
                    FieldKind::Decimal => "REAL",
                };
                (field.name, kind)
            }));
            expected.extend([("other", "TEXT"), ("searched", "TEXT")]);
            let columns = columns(resource.table);
            let columns: Vec<_> = columns
                .iter()
                .map(|(name, kind)| (name.as_str(), kind.as_str()))
                .collect();
            assert_eq!(columns, expected, "{resource:?}");
        }
    }

    #[test]
    fn everything_that_lists_filter_by_has_an_index() {
        let all = migrations().concat();
        for resource in RESOURCES {
            for (field, _) in resource.references() {
                let index = format!(" ON {} ({});", resource.table, field.name);
                assert!(all.contains(&index), "{index}");
            }
        }
    }
}
