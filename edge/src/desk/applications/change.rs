//! Changes of API applications, each with its row in the audit log.

use shared::api::{ApplicationRecord, ImportReport};
use shared::desk::token::secret_hash;
use shared::model::{Application, Secret, Timestamp};

use super::super::tokens;
use super::{Row, SECRET, found, read, row};
use crate::audit::{self, Act};
use crate::bind;
use crate::error::Failure;
use crate::random;
use crate::store::Store;
use crate::workspace::protocol::{By, Expected};

/// What applications are called in the audit log.
const KIND: &str = "application";

/// One change, to be made within a transaction.
#[derive(Debug, Clone, Copy)]
pub(in crate::desk) struct Change<'a> {
    pub store: &'a Store,
    pub by: By,
    pub now: Timestamp,
}

impl Change<'_> {
    /// Makes an application; the answer is the only one that ever holds its secret.
    pub(in crate::desk) fn create(
        self,
        mut application: Application,
    ) -> Result<ApplicationRecord, Failure> {
        application.client_id = random::uuid()?;
        check(&application)?;
        let secret = (!application.public).then(random::token).transpose()?;
        let hash = secret.as_deref().map(secret_hash);
        self.put(&application, hash.as_deref())?;
        self.note(Act::Create, &application.client_id)?;
        self.told(&application.client_id, secret)
    }

    /// A record with the secret that was just made.
    fn told(self, client_id: &str, secret: Option<String>) -> Result<ApplicationRecord, Failure> {
        let mut record = read(self.store, client_id)?;
        record.record.value.client_secret = Secret { secret };
        Ok(record)
    }

    pub(in crate::desk) fn replace(
        self,
        application: &Application,
        expected: Expected,
    ) -> Result<ApplicationRecord, Failure> {
        check(application)?;
        let row = found(self.store, &application.client_id)?;
        expect(&row, expected)?;
        let before = row.application()?;
        let hash = if application.public {
            None
        } else {
            row.secret_hash
        };
        self.put(application, hash.as_deref())?;
        self.note_replaced(&before, application)?;
        read(self.store, &application.client_id)
    }

    /// Deletes an application with everything that it was given.
    pub(in crate::desk) fn delete(
        self,
        client_id: &str,
        expected: Expected,
    ) -> Result<(), Failure> {
        expect(&found(self.store, client_id)?, expected)?;
        tokens::revoke_all(self.store, client_id)?;
        self.store.run(
            "DELETE FROM applications WHERE client_id = ?",
            bind![client_id],
        )?;
        self.note(Act::Delete, client_id)
    }

    /// Makes another secret; the earlier one is good no longer.
    pub(in crate::desk) fn renew_secret(
        self,
        client_id: &str,
    ) -> Result<ApplicationRecord, Failure> {
        let application = found(self.store, client_id)?.application()?;
        if application.public {
            return Err(Failure::conflict(
                "public_client",
                "A public application has no secret. Make it confidential first.",
            ));
        }
        let secret = random::token()?;
        self.put(&application, Some(&secret_hash(&secret)))?;
        self.note(Act::RenewSecret, client_id)?;
        self.told(client_id, Some(secret))
    }

    /// Makes every token of an application worthless.
    pub(in crate::desk) fn revoke(self, client_id: &str) -> Result<(), Failure> {
        found(self.store, client_id)?;
        tokens::revoke_all(self.store, client_id)?;
        self.note(Act::RevokeTokens, client_id)
    }

    /// Puts the applications of a bundle in place. A secret that it does not bring stays as it is.
    pub(in crate::desk) fn import(
        self,
        applications: Vec<Application>,
    ) -> Result<ImportReport, Failure> {
        let mut report = ImportReport::default();
        for mut application in applications {
            let before = row(self.store, &application.client_id)?;
            let what = format!("application {}", application.name);
            let list = if before.is_some() {
                &mut report.replaced
            } else {
                &mut report.created
            };
            list.push(what.clone());
            let known = before.as_ref().map(Row::application).transpose()?;
            let given = std::mem::take(&mut application.client_secret).secret;
            let renews = given.is_some();
            let hash = match given {
                Some(secret) => Some(secret_hash(&secret)),
                None if application.public => None,
                None => before.and_then(|row| row.secret_hash),
            };
            if hash.is_none() && !application.public {
                report.missing_secrets.push((what, SECRET.to_owned()));
            }
            self.put(&application, hash.as_deref())?;
            match known {
                None => self.note(Act::Create, &application.client_id)?,
                Some(known) => {
                    self.note_replaced(&known, &application)?;
                    if renews {
                        self.note(Act::RenewSecret, &application.client_id)?;
                    }
                }
            }
        }
        Ok(report)
    }

    /// Whether it may log in is told apart from what else was changed.
    fn note_replaced(self, before: &Application, after: &Application) -> Result<(), Failure> {
        let id = &after.client_id;
        let switched = before.active != after.active;
        if switched {
            let act = if after.active {
                Act::SwitchOn
            } else {
                Act::SwitchOff
            };
            self.note(act, id)?;
        }
        let alike = Application {
            active: after.active,
            ..before.clone()
        };
        if alike == *after && switched {
            return Ok(());
        }
        self.note(Act::Replace, id)
    }

    fn note(self, act: Act, client_id: &str) -> Result<(), Failure> {
        audit::note(self.store, self.by, act, KIND, client_id, self.now)
    }

    fn put(self, application: &Application, secret_hash: Option<&str>) -> Result<(), Failure> {
        // Whoever calls has taken the secret out; to be sure of it costs nothing.
        let mut application = application.clone();
        application.client_secret = Secret::default();
        let document = serde_json::to_string(&application)
            .map_err(|error| Failure::internal("application", &error))?;
        self.store.run(
            "INSERT INTO applications (client_id, document, secret_hash, version, updated_at) VALUES (?, ?, ?, 1, ?)
             ON CONFLICT (client_id) DO UPDATE SET document = excluded.document, secret_hash = excluded.secret_hash,
                 version = version + 1, updated_at = excluded.updated_at",
            bind![application.client_id, document, secret_hash, self.now],
        )?;
        Ok(())
    }
}

fn check(application: &Application) -> Result<(), Failure> {
    application
        .check()
        .map_err(|detail| Failure::of(400, detail))
}

fn expect(row: &Row, expected: Expected) -> Result<(), Failure> {
    match expected {
        Expected::Version(version) if version != row.version => Err(Failure::new(
            412,
            "changed",
            format!(
                "Somebody else changed this application after you read it. Read it again, or overwrite it with version {}.",
                row.version
            ),
        )
        .with("version", row.version)),
        _ => Ok(()),
    }
}
