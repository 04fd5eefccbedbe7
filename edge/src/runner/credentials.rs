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
    values: HashMap<(Owner, String), String>,
}

impl Credentials {
    pub(super) fn open(tables: &Tables, config: &Config) -> Result<Self, Failure> {
        let values = tables
            .credentials()?
            .into_iter()
            .filter_map(|credential| {
                let value = open(config, &credential)?;
                Some(((credential.owner, credential.place), value))
            })
            .collect();
        Ok(Self { values })
    }

    /// An authorization of a plan, with its secrets.
    pub(super) fn authorization(&self, plan: &Plan, from: &AuthFrom) -> Option<Authorization> {
        let owner = match from {
            AuthFrom::Integration(id) => Owner::Integration(id.clone()),
            AuthFrom::Method(id) => Owner::Method(id.clone()),
        };
        Some(self.fill(&owner, plan.authorization(from)?))
    }

    /// Who may start a runbook from outside.
    pub(super) fn guard(&self, runbook: &Runbook) -> PublicGuard {
        let owner = Owner::Runbook(runbook.id.clone());
        let mut runbook = runbook.clone();
        runbook.fill_secrets(&|place| self.value(&owner, place));
        PublicGuard::new(runbook.start.auth.as_ref()).unwrap_or_else(|error| {
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
            let owner = Owner::Integration(integration.id.clone());
            secrets.extend(login::secret_values(
                &self.fill(&owner, &integration.auth),
                None,
            ));
            for method in &integration.methods {
                let Some(authorization) = &method.auth else {
                    continue;
                };
                let filled = self.fill(&Owner::Method(method.id.clone()), authorization);
                secrets.extend(login::secret_values(&filled, None));
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

    fn fill(&self, owner: &Owner, authorization: &Authorization) -> Authorization {
        let mut filled = authorization.clone();
        filled.fill_secrets(&|place| self.value(owner, place));
        filled
    }

    fn value(&self, owner: &Owner, place: &str) -> Option<String> {
        self.values.get(&(owner.clone(), place.to_owned())).cloned()
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
