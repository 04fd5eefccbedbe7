//! What is stored when a runbook is published.

use serde::{Deserialize, Serialize};

use super::super::effect::AuthFrom;
use crate::model::{
    Authorization, HasSecrets as _, Integration, IntegrationId, Method, MethodId, Runbook, StepKind,
};

/// What is stored when a runbook is published, and what a run keeps to: the runbook, and
/// of the integrations that it uses the methods that it uses. It holds no secrets, and
/// not the address of the desk: both are looked up when a run is executed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanDocument {
    /// Missing for a test of the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    pub runbook: Runbook,
    pub integrations: Vec<Integration>,
}

impl PlanDocument {
    /// Gathers what `runbook` uses from integrations that hold their methods. What it
    /// names but is not there is left for [`super::check`] to report.
    pub fn gather(runbook: &Runbook, integrations: &[Integration], version: Option<u64>) -> Self {
        let kinds = || runbook.steps.iter().map(|step| &step.kind);
        let methods: Vec<&MethodId> = kinds().filter_map(StepKind::method).collect();
        let targets: Vec<&IntegrationId> = kinds().filter_map(StepKind::target).collect();
        let is_used = |method: &Method| methods.contains(&&method.id);
        let mut runbook = runbook.clone();
        runbook.take_secrets();
        Self {
            version,
            integrations: integrations
                .iter()
                .filter(|integration| {
                    targets.contains(&&integration.id) || integration.methods.iter().any(is_used)
                })
                .map(|integration| {
                    let mut kept = integration.clone();
                    kept.methods.retain(is_used);
                    kept.take_secrets();
                    for method in &mut kept.methods {
                        method.take_secrets();
                    }
                    kept
                })
                .collect(),
            runbook,
        }
    }

    /// The method and its integration.
    pub fn method(&self, id: &MethodId) -> Option<(&Integration, &Method)> {
        self.integrations
            .iter()
            .find_map(|integration| Some((integration, integration.method(id)?)))
    }

    pub fn integration(&self, id: &IntegrationId) -> Option<&Integration> {
        self.integrations
            .iter()
            .find(|integration| integration.id == *id)
    }

    /// Where the secrets of an authorization go in this plan, and how: see [`destination`].
    pub fn destination(&self, from: &AuthFrom) -> Option<String> {
        match from {
            AuthFrom::Integration(id) => {
                let integration = self.integration(id)?;
                Some(destination(integration, &integration.auth))
            }
            AuthFrom::Method(id) => {
                let (integration, method) = self.method(id)?;
                Some(destination(integration, method.auth.as_ref()?))
            }
        }
    }
}

/// Where the secrets of `auth` go, and how, as text to compare: the base URL, what stands in it, and the login
/// without its secrets. A secret that was entered together with another address or login must not
/// travel with a plan that was published before: it would reach whom it is not for.
pub fn destination(integration: &Integration, auth: &Authorization) -> String {
    let mut auth = auth.clone();
    auth.take_secrets();
    serde_json::json!([integration.base_url, integration.constants, auth]).to_string()
}
