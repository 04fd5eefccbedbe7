//! The workspace's tables.

/// Only ever grows at its end (see [`crate::store::Store::open`]).
pub(super) const MIGRATIONS: &[&str] = &[
    // Tokens are kept as hashes: who reads the database cannot sign in with them.
    "CREATE TABLE sign_in_links (hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
     CREATE TABLE sessions (hash TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
];
