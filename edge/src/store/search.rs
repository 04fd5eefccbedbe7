//! Searching texts.

/// Statements for an index of the trigrams of a table's `searched`, by its `id`. It keeps no text of its own, and
/// SQLite keeps it in step.
macro_rules! search_index {
    ($($table:literal)*) => {
        concat!($(
            "CREATE VIRTUAL TABLE ", $table, "_search USING fts5 (searched, content = '", $table, "',
                content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'trigram case_sensitive 1');
            INSERT INTO ", $table, "_search (", $table, "_search) VALUES ('rebuild');
            CREATE TRIGGER ", $table, "_search_inserted AFTER INSERT ON ", $table, " BEGIN
                INSERT INTO ", $table, "_search (rowid, searched) VALUES (new.id, new.searched);
            END;
            CREATE TRIGGER ", $table, "_search_updated AFTER UPDATE OF searched ON ", $table, "
            WHEN old.searched IS NOT new.searched BEGIN
                INSERT INTO ", $table, "_search (", $table, "_search, rowid, searched)
                VALUES ('delete', old.id, old.searched);
                INSERT INTO ", $table, "_search (rowid, searched) VALUES (new.id, new.searched);
            END;
            CREATE TRIGGER ", $table, "_search_deleted AFTER DELETE ON ", $table, " BEGIN
                INSERT INTO ", $table, "_search (", $table, "_search, rowid, searched)
                VALUES ('delete', old.id, old.searched);
            END;
            ",
        )*)
    };
}

pub(crate) use search_index;
