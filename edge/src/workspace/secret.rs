//! Secrets: taken out of documents, sealed for their owner and place, and given to nobody
//! but the Runners that use them.

use std::collections::BTreeSet;

use serde::Deserialize;
use shared::model::{HasSecrets, Secret};

use crate::bind;
use crate::config::Config;
use crate::error::Failure;
use crate::runner::protocol::{Credential, Owner};
use crate::seal;
use crate::store::Store;

#[derive(Deserialize)]
struct Row {
    place: String,
    sealed: String,
}

/// Stores the secrets that were taken out of a document. One without a value keeps the stored
/// one, an empty one removes it, and those of places that the document no longer has go.
pub(super) fn write(
    store: &Store,
    config: &Config,
    owner: &Owner,
    taken: &[(String, Secret)],
) -> Result<(), Failure> {
    let key = owner.to_string();
    let places: BTreeSet<&str> = taken.iter().map(|(place, _)| place.as_str()).collect();
    for row in rows(store, &key)? {
        if !places.contains(row.place.as_str()) {
            remove(store, &key, &row.place)?;
        }
    }
    for (place, secret) in taken {
        match secret.secret.as_deref() {
            None => {}
            Some("") => remove(store, &key, place)?,
            Some(value) => {
                let sealed = seal::seal_text(config, &owner.context(place), value)?;
                put(store, &key, place, &sealed)?;
            }
        }
    }
    Ok(())
}

/// Removes all secrets of an owner.
pub(super) fn clear(store: &Store, owner: &str) -> Result<(), Failure> {
    store.run("DELETE FROM secrets WHERE owner = ?", bind![owner])?;
    Ok(())
}

/// Moves a secret to another place of its owner.
pub(super) fn move_to(
    store: &Store,
    config: &Config,
    owner: &Owner,
    from: &str,
    to: &str,
) -> Result<(), Failure> {
    let key = owner.to_string();
    let row: Option<Row> = store.first(
        "DELETE FROM secrets WHERE owner = ? AND place = ? RETURNING place, sealed",
        bind![key, from],
    )?;
    remove(store, &key, to)?;
    if let Some(row) = row {
        // It opens in the place that it was sealed for only.
        let value = seal::open_text(config, &owner.context(from), &row.sealed)?;
        let sealed = seal::seal_text(config, &owner.context(to), &value)?;
        put(store, &key, to, &sealed)?;
    }
    Ok(())
}

/// A secret itself, to check whether it can be of use; one that does not open counts as not set.
pub(super) fn opened(
    store: &Store,
    config: &Config,
    owner: &Owner,
    place: &str,
) -> Result<Option<String>, Failure> {
    let rows = rows(store, &owner.to_string())?;
    let row = rows.into_iter().find(|row| row.place == place);
    Ok(row.and_then(|row| seal::open_text(config, &owner.context(place), &row.sealed).ok()))
}

/// All secrets of an owner, sealed, for where they may go.
pub(super) fn credentials(
    store: &Store,
    owner: &Owner,
    destination: &str,
) -> Result<Vec<Credential>, Failure> {
    Ok(rows(store, &owner.to_string())?
        .into_iter()
        .map(|row| Credential {
            owner: owner.clone(),
            place: row.place,
            destination: destination.to_owned(),
            sealed: row.sealed,
        })
        .collect())
}

/// The places of a document that no secret is stored for.
pub(super) fn missing(
    store: &Store,
    owner: &Owner,
    document: &mut impl HasSecrets,
) -> Result<Vec<String>, Failure> {
    let stored = rows(store, &owner.to_string())?;
    let mut missing = Vec::new();
    document.each_secret(&mut |place, _| {
        if !stored.iter().any(|row| row.place == place) {
            missing.push(place.to_owned());
        }
    });
    Ok(missing)
}

fn rows(store: &Store, owner: &str) -> Result<Vec<Row>, Failure> {
    store.rows(
        "SELECT place, sealed FROM secrets WHERE owner = ? ORDER BY place",
        bind![owner],
    )
}

fn put(store: &Store, owner: &str, place: &str, sealed: &str) -> Result<(), Failure> {
    store.run(
        "INSERT INTO secrets (owner, place, sealed) VALUES (?, ?, ?)
         ON CONFLICT (owner, place) DO UPDATE SET sealed = excluded.sealed",
        bind![owner, place, sealed],
    )?;
    Ok(())
}

fn remove(store: &Store, owner: &str, place: &str) -> Result<(), Failure> {
    store.run(
        "DELETE FROM secrets WHERE owner = ? AND place = ?",
        bind![owner, place],
    )?;
    Ok(())
}
