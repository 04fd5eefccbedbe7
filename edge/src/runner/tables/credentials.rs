//! Credentials: those in use, and those that journals may still hold.

use serde::Deserialize;

use super::{Tables, digest};
use crate::bind;
use crate::error::Failure;
use crate::runner::protocol::{Credential, Owner};
use crate::seal;

impl Tables {
    pub(in crate::runner) fn credentials(&self) -> Result<Vec<Credential>, Failure> {
        self.store.rows(
            "SELECT owner, place, destination, sealed FROM credentials",
            bind![],
        )
    }

    /// Stores all credentials that these owners have now; what they had else is gone, like what
    /// is replaced, and kept for masking only: journals may hold it. What `is_needed` says of a
    /// credential for another destination than the new ones decides whether it stays.
    pub(in crate::runner) fn put_credentials(
        &self,
        owners: &[Owner],
        credentials: &[Credential],
        is_needed: impl Fn(&Credential) -> bool,
    ) -> Result<(), Failure> {
        for old in self.credentials()? {
            let own = || credentials.iter().filter(|new| new.owner == old.owner);
            let new =
                own().find(|new| new.place == old.place && new.destination == old.destination);
            let goes_elsewhere_now = own().any(|new| new.destination != old.destination);
            let is_over = match new {
                Some(new) => new.sealed != old.sealed,
                None => owners.contains(&old.owner) && !(goes_elsewhere_now && is_needed(&old)),
            };
            if is_over {
                let owner = old.owner.to_string();
                self.store.run(
                    "INSERT INTO spent_credentials (owner, place, destination, sealed) VALUES (?, ?, ?, ?)",
                    bind![owner, old.place, old.destination, old.sealed],
                )?;
                self.store.run(
                    "DELETE FROM credentials WHERE owner = ? AND place = ? AND destination = ?",
                    bind![owner, old.place, old.destination],
                )?;
            }
        }
        for Credential {
            owner,
            place,
            destination,
            sealed,
        } in credentials
        {
            // When it was used stays known, unless it is another one now.
            self.store.run(
                "INSERT INTO credentials (owner, place, destination, sealed) VALUES (?, ?, ?, ?)
                 ON CONFLICT (owner, place, destination) DO UPDATE SET
                    used_at = CASE WHEN sealed = excluded.sealed THEN used_at END, sealed = excluded.sealed",
                bind![owner.to_string(), place, destination, sealed],
            )?;
        }
        Ok(())
    }

    /// Credentials that were in use once.
    pub(in crate::runner) fn spent_credentials(&self) -> Result<Vec<Credential>, Failure> {
        self.store.rows(
            "SELECT owner, place, destination, sealed FROM spent_credentials",
            bind![],
        )
    }

    /// Keeps a token that a request carried, for masking.
    pub(in crate::runner) fn add_token(&self, token: &str) -> Result<(), Failure> {
        let digest = digest(token.as_bytes());
        let sealed = seal::seal_text(&self.config, &token_place(&digest), token)?;
        self.store.run(
            "INSERT OR IGNORE INTO tokens (digest, sealed) VALUES (?, ?)",
            bind![digest, sealed],
        )?;
        Ok(())
    }

    pub(in crate::runner) fn tokens(&self) -> Result<Vec<String>, Failure> {
        #[derive(Deserialize)]
        struct Row {
            digest: String,
            sealed: String,
        }
        let rows: Vec<Row> = self
            .store
            .rows("SELECT digest, sealed FROM tokens", bind![])?;
        rows.into_iter()
            .map(|row| seal::open_text(&self.config, &token_place(&row.digest), &row.sealed))
            .collect()
    }
}

fn token_place(digest: &str) -> String {
    format!("token/{digest}")
}
