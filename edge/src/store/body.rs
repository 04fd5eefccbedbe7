//! Bodies that may be larger than a row: in pieces of at most 1 MiB (a row holds 2 MB).

use serde::Deserialize;
use serde_bytes::ByteBuf;

use super::Store;
use crate::bind;
use crate::error::Failure;

/// The tables of an object that keeps bodies: to stand among its migrations.
pub const BODIES: &str = "CREATE TABLE bodies (
    owner TEXT NOT NULL,
    piece INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (owner, piece)
) STRICT, WITHOUT ROWID";

const PIECE_BYTES: usize = 1024 * 1024;

/// Stores a body under its owner's key, in place of what was there.
pub fn write_body(store: &Store, owner: &str, body: &[u8]) -> Result<(), Failure> {
    store.run("DELETE FROM bodies WHERE owner = ?", bind![owner])?;
    add_body(store, owner, body)
}

/// Stores a body under a key that has none yet.
pub fn add_body(store: &Store, owner: &str, body: &[u8]) -> Result<(), Failure> {
    for (piece, bytes) in body.chunks(PIECE_BYTES).enumerate() {
        store.run(
            "INSERT INTO bodies (owner, piece, bytes) VALUES (?, ?, ?)",
            bind![owner, piece, bytes],
        )?;
    }
    Ok(())
}

/// Reads a body; one that was never stored is empty.
pub fn read_body(store: &Store, owner: &str) -> Result<Vec<u8>, Failure> {
    #[derive(Deserialize)]
    struct Row {
        bytes: ByteBuf,
    }
    let pieces: Vec<Row> = store.rows(
        "SELECT bytes FROM bodies WHERE owner = ? ORDER BY piece",
        bind![owner],
    )?;
    let mut body = Vec::with_capacity(pieces.iter().map(|row| row.bytes.len()).sum());
    for row in pieces {
        body.extend_from_slice(&row.bytes);
    }
    Ok(body)
}
