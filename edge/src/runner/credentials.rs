//! The credentials of a runbook, opened: what its requests sign in with, and what must be masked.

use std::collections::HashMap;

use shared::authorization::PublicGuard;
use shared::engine::{AuthFrom, Plan};
use shared::model::{Authorization, HasSecrets as _, Runbook};
use shared::request::login;

use super::protocol::{Credential, Owner};
use super::tables::Tables;
use crate::config::Config;
use crate::error::{Failure, log};
use crate::seal;

/// The values in use now.
#[derive(Clone, Default)]
pub(super) struct Credentials {
    /// By owner, place and destination.
    values: HashMap<(Owner, String, String), String>,
}

impl Credentials {
    pub(super) fn open(tables: &Tables, config: &Config) -> Result<Self, Failure> {
        let values = tables
            .credentials()?
            .into_iter()
            .filter_map(|credential| {
                let value = open(config, &credential)?;
                let key = (credential.owner, credential.place, credential.destination);
                Some((key, value))
            })
            .collect();
        Ok(Self { values })
    }

    /// An authorization of a plan, with its secrets.
    pub(super) fn authorization(&self, plan: &Plan, from: &AuthFrom) -> Option<Authorization> {
        let destination = plan.document().destination(from)?;
        Some(self.fill(&Owner::of(from), &destination, plan.authorization(from)?))
    }

    /// Who may start a runbook from outside.
    pub(super) fn guard(&self, runbook: &Runbook) -> PublicGuard {
        let owner = Owner::Runbook(runbook.id.clone());
        let mut runbook = runbook.clone();
        runbook.fill_secrets(&|place| self.value(&owner, place, ""));
        PublicGuard::new(&runbook.start).unwrap_or_else(|error| {
            log(&format!("runbook {}: {error}", runbook.id));
            PublicGuard::closed()
        })
    }

    /// All that must not be read in the runs of a plan.
    pub(super) fn secrets(
        &self,
        plan: &Plan,
        tables: &Tables,
        config: &Config,
    ) -> Result<Vec<String>, Failure> {
        let mut secrets: Vec<String> = self.values.values().cloned().collect();
        for integration in &plan.document().integrations {
            let methods = integration.methods.iter();
            let own = std::iter::once(AuthFrom::Integration(integration.id.clone()));
            for from in own.chain(methods.map(|method| AuthFrom::Method(method.id.clone()))) {
                if let Some(filled) = self.authorization(plan, &from) {
                    secrets.extend(login::secret_values(&filled, None));
                }
            }
        }
        let spent = tables.spent_credentials()?;
        secrets.extend(
            spent
                .iter()
                .filter_map(|credential| open(config, credential)),
        );
        secrets.extend(tables.tokens()?);
        Ok(secrets)
    }

    fn fill(
        &self,
        owner: &Owner,
        destination: &str,
        authorization: &Authorization,
    ) -> Authorization {
        let mut filled = authorization.clone();
        filled.fill_secrets(&|place| self.value(owner, place, destination));
        filled
    }

    fn value(&self, owner: &Owner, place: &str, destination: &str) -> Option<String> {
        let key = (owner.clone(), place.to_owned(), destination.to_owned());
        self.values.get(&key).cloned()
    }
}

/// One that does not open counts as not set: the request that needs it says so.
fn open(config: &Config, credential: &Credential) -> Option<String> {
    let context = credential.owner.context(&credential.place);
    seal::open_text(config, &context, &credential.sealed).ok()
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}
