//! The desk's tables. One of records has the columns of its resource's fields, which a test
//! holds against it, `other`, `searched`, and an index for everything that lists filter by.

use serde::Deserialize;
use shared::desk::StorageError;
use shared::desk::resource::RESOURCES;
use shared::model::Timestamp;

use super::tables::Tables;
use super::{answers, applications, dates, outbox, service_level, timers, tokens, workflow};
use crate::audit;
use crate::bind;
use crate::error::Failure;
use crate::store::{BODIES, Store, search_index};

/// See [`Store::open`]: this list only ever grows at its end.
pub(super) fn migrations() -> [&'static str; 20] {
    [
        BODIES,
        answers::TABLES,
        outbox::TABLES,
        tokens::TABLES,
        RECORDS,
        "CREATE TABLE filled (at INTEGER NOT NULL) STRICT",
        MORE_RECORDS,
        applications::TABLES,
        tokens::MORE_TABLES,
        SEARCH,
        "CREATE TABLE folded (at INTEGER NOT NULL) STRICT",
        audit::TABLE,
        TEAM_IDS,
        "ALTER TABLE ticket_type ADD COLUMN allowed_actions TEXT",
        timers::TABLE,
        service_level::TABLES,
        "ALTER TABLE ticket_rule ADD COLUMN runs_on TEXT",
        workflow::TABLES,
        dates::INDICES,
        workflow::STEP_NAMES,
    ]
}

/// How often this desk was filled before; once more from then on, where that is fewer than `times`.
pub(super) fn fill_up_to(store: &Store, times: usize, now: Timestamp) -> Result<usize, Failure> {
    #[derive(Deserialize)]
    struct Row {
        times: usize,
    }
    let row: Option<Row> = store.first("SELECT COUNT(*) AS times FROM filled", bind![])?;
    let done = row.map_or(0, |row| row.times);
    for _ in done..times {
        store.run("INSERT INTO filled (at) VALUES (?)", bind![now])?;
    }
    Ok(done)
}

/// Folds what is searched of the records that a desk had before texts were folded; once.
pub(super) fn fold(store: &Store, tables: &Tables<'_>, now: Timestamp) -> Result<(), Failure> {
    #[derive(Deserialize)]
    struct Row {
        times: usize,
    }
    let row: Option<Row> = store.first("SELECT COUNT(*) AS times FROM folded", bind![])?;
    if row.is_some_and(|row| row.times > 0) {
        return Ok(());
    }
    for resource in RESOURCES {
        tables.fold(resource).map_err(|StorageError(cause)| {
            Failure::internal("folding of what is searched", &cause)
        })?;
    }
    store.run("INSERT INTO folded (at) VALUES (?)", bind![now])?;
    Ok(())
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

/// The rest of Halo's resources. Who uses an asset stands in the asset itself; a table beside it, which
/// SQLite keeps, finds the assets of a user.
const MORE_RECORDS: &str = "
    ALTER TABLE ticket ADD COLUMN customfields TEXT;
    ALTER TABLE action ADD COLUMN customfields TEXT;
    ALTER TABLE client ADD COLUMN customfields TEXT;
    ALTER TABLE site ADD COLUMN delivery_address TEXT;
    ALTER TABLE site ADD COLUMN customfields TEXT;
    ALTER TABLE user ADD COLUMN customfields TEXT;
    CREATE INDEX ticket_by_team ON ticket (team COLLATE NOCASE);
    CREATE INDEX ticket_by_category_1 ON ticket (category_1 COLLATE NOCASE);
    CREATE INDEX ticket_by_last_update ON ticket (last_update);
    CREATE INDEX ticket_by_client_and_date ON ticket (client_id, dateoccurred);
    CREATE INDEX ticket_by_agent_and_date ON ticket (agent_id, dateoccurred);
    CREATE INDEX ticket_by_status_and_date ON ticket (status_id, dateoccurred);
    CREATE INDEX action_by_outcome ON action (outcome COLLATE NOCASE);
    CREATE INDEX action_by_outcome_id ON action (outcome_id);
    CREATE INDEX action_by_datetime ON action (datetime);
    CREATE INDEX client_by_toplevel ON client (toplevel_id);
    CREATE INDEX user_by_emailaddress ON user (emailaddress COLLATE NOCASE);
    CREATE INDEX agent_by_team ON agent (team COLLATE NOCASE);

    CREATE TABLE asset (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        inventory_number TEXT,
        assettype_id INTEGER,
        client_id INTEGER,
        site_id INTEGER,
        key_field TEXT,
        key_field2 TEXT,
        key_field3 TEXT,
        status_id INTEGER,
        fields TEXT,
        users TEXT,
        notes TEXT,
        inactive INTEGER,
        customfields TEXT,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX asset_by_inventory_number ON asset (inventory_number COLLATE NOCASE);
    CREATE INDEX asset_by_assettype ON asset (assettype_id);
    CREATE INDEX asset_by_client ON asset (client_id);
    CREATE INDEX asset_by_site ON asset (site_id);
    CREATE INDEX asset_by_status ON asset (status_id);

    CREATE TABLE asset_user (
        user_id INTEGER NOT NULL,
        asset_id INTEGER NOT NULL,
        PRIMARY KEY (user_id, asset_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX asset_user_by_asset ON asset_user (asset_id);
    CREATE TRIGGER asset_inserted AFTER INSERT ON asset BEGIN
        INSERT OR IGNORE INTO asset_user (user_id, asset_id)
        SELECT CAST(json_extract(value, '$.id') AS INTEGER), new.id FROM json_each(new.users)
        WHERE json_extract(value, '$.id') IS NOT NULL;
    END;
    CREATE TRIGGER asset_updated AFTER UPDATE OF users ON asset BEGIN
        DELETE FROM asset_user WHERE asset_id = new.id;
        INSERT OR IGNORE INTO asset_user (user_id, asset_id)
        SELECT CAST(json_extract(value, '$.id') AS INTEGER), new.id FROM json_each(new.users)
        WHERE json_extract(value, '$.id') IS NOT NULL;
    END;
    CREATE TRIGGER asset_deleted AFTER DELETE ON asset BEGIN
        DELETE FROM asset_user WHERE asset_id = old.id;
    END;

    CREATE TABLE asset_type (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        sequence INTEGER,
        keyfield_name TEXT,
        keyfield2_name TEXT,
        keyfield3_name TEXT,
        fields TEXT,
        inactive INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;

    CREATE TABLE article (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        description TEXT,
        description_html TEXT,
        resolution TEXT,
        resolution_html TEXT,
        tag_string TEXT,
        faqlists TEXT,
        inactive INTEGER,
        who TEXT,
        date_created TEXT,
        date_edited TEXT,
        customfields TEXT,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX article_by_name ON article (name COLLATE NOCASE);
    CREATE INDEX article_by_date_created ON article (date_created);

    CREATE TABLE lookup (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        lookupid INTEGER,
        name TEXT,
        value2 TEXT,
        value3 TEXT,
        value4 TEXT,
        value5 TEXT,
        value6 TEXT,
        value7 TEXT,
        value8 TEXT,
        value9 TEXT,
        sequence INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX lookup_by_lookupid ON lookup (lookupid);

    CREATE TABLE custom_table (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        columns TEXT,
        rows TEXT,
        next_row_id INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;

    CREATE TABLE ticket_rule (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        precedence INTEGER,
        active INTEGER,
        stopmatching INTEGER,
        criteria TEXT,
        outcomes TEXT,
        new_agent_id INTEGER,
        new_team TEXT,
        new_priority_id INTEGER,
        new_status_id INTEGER,
        new_category_1 TEXT,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX ticket_rule_by_new_agent ON ticket_rule (new_agent_id);
    CREATE INDEX ticket_rule_by_new_priority ON ticket_rule (new_priority_id);
    CREATE INDEX ticket_rule_by_new_status ON ticket_rule (new_status_id);

    CREATE TABLE control (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        companyname TEXT,
        timezone TEXT,
        currency_code TEXT,
        support_emailaddress TEXT,
        support_phonenumber TEXT,
        customfields TEXT,
        other TEXT,
        searched TEXT
    ) STRICT;

    CREATE TABLE outcome (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT,
        buttonname TEXT,
        sequence INTEGER,
        hiddenfromuser INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;

    CREATE TABLE category (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        value TEXT,
        category_name TEXT,
        type_id INTEGER,
        sequence INTEGER,
        other TEXT,
        searched TEXT
    ) STRICT;
    CREATE INDEX category_by_type ON category (type_id);";

/// The id of a ticket's team stands beside its name, which it had alone before.
const TEAM_IDS: &str = "
    ALTER TABLE ticket ADD COLUMN team_id INTEGER;
    CREATE INDEX ticket_by_team_id ON ticket (team_id);
    UPDATE ticket SET team_id = (SELECT team.id FROM team WHERE team.name = ticket.team COLLATE NOCASE)
    WHERE team IS NOT NULL;";

const SEARCH: &str = search_index!("ticket" "action" "client" "site" "user" "asset" "article");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use shared::desk::resource::{FieldKind, FilterTest};

    use super::*;

    /// The columns of a table, as the statements make it, and as they add to it.
    fn columns(table: &str) -> BTreeSet<(String, String)> {
        let all = migrations().join(";");
        let (_, definition) = all.split_once(&format!("CREATE TABLE {table} (")).unwrap();
        let (definition, _) = definition.split_once(") STRICT").unwrap();
        let addition = format!("ALTER TABLE {table} ADD COLUMN ");
        let added = all
            .split(';')
            .filter_map(|statement| statement.trim().strip_prefix(&addition));
        let words = definition.split(',').chain(added).map(|column| {
            let mut words = column.split_whitespace();
            let mut word = || words.next().unwrap_or_default().to_owned();
            (word(), word())
        });
        words.collect()
    }

    #[test]
    fn tables_have_a_column_for_every_field() {
        for resource in RESOURCES {
            let fields = resource.fields.iter().map(|field| {
                let kind = match field.kind {
                    FieldKind::Line
                    | FieldKind::Text
                    | FieldKind::Html
                    | FieldKind::Instant
                    | FieldKind::Objects
                    | FieldKind::Named => "TEXT",
                    FieldKind::Integer | FieldKind::Boolean | FieldKind::Reference(_) => "INTEGER",
                    FieldKind::Decimal => "REAL",
                };
                (field.name, kind)
            });
            let expected: BTreeSet<_> =
                [("id", "INTEGER"), ("other", "TEXT"), ("searched", "TEXT")]
                    .into_iter()
                    .chain(fields)
                    .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
                    .collect();
            assert_eq!(columns(resource.table), expected, "{resource:?}");
        }
    }

    #[test]
    fn what_may_be_very_many_has_an_index_for_its_search() {
        for resource in RESOURCES {
            let index = format!("CREATE VIRTUAL TABLE {}_search USING", resource.table);
            assert_eq!(
                SEARCH.contains(&index),
                resource.search_index,
                "{resource:?}"
            );
        }
    }

    #[test]
    fn everything_that_lists_filter_by_has_an_index() {
        let all = migrations().concat();
        for resource in RESOURCES {
            let references = resource
                .references()
                .map(|(field, _)| field.name.to_owned());
            let filters = resource
                .filters
                .iter()
                .filter_map(|filter| match filter.test {
                    FilterTest::Ids(field) | FilterTest::From(field) | FilterTest::Until(field) => {
                        Some(field.to_owned())
                    }
                    FilterTest::Text(field) | FilterTest::TextOrIds(field, _) => {
                        Some(format!("{field} COLLATE NOCASE"))
                    }
                    FilterTest::IdsIn(_)
                    | FilterTest::TextIn(_)
                    | FilterTest::Named
                    | FilterTest::WhenTrue(_) => None,
                });
            let date = resource.date.map(str::to_owned);
            for field in references.chain(filters).chain(date) {
                let index = format!(" ON {} ({field});", resource.table);
                assert!(all.contains(&index), "{index}");
            }
        }
    }
}
