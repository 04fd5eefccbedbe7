//! What keeps a draft from being published, or should be known of it.

use shared::engine::{PlanDocument, plan};
use shared::model::{Access, HasSecrets, Integration, Runbook};
use shared::problem::{ErrorDetail, Problem, Severity};

use super::secret;
use crate::error::Failure;
use crate::runner::protocol::Owner;
use crate::store::Store;

/// Everything that publishing has to say of a draft; secrets that are yet to be entered included,
/// which count as soon as they are there.
pub(super) fn of(
    store: &Store,
    draft: &Runbook,
    integrations: &[Integration],
) -> Result<Vec<Problem>, Failure> {
    let document = PlanDocument::gather(draft, integrations, None);
    let mut problems = plan::check(&document);
    let is_public = draft.start.access == Access::DeskAndPublic;
    if is_public {
        let mut own = draft.clone();
        let mut given = Vec::new();
        own.each_secret(&mut |place, secret| {
            if secret
                .secret
                .as_deref()
                .is_some_and(|text| !text.is_empty())
            {
                given.push(place.to_owned());
            }
        });
        let owner = Owner::Runbook(draft.id.clone());
        for place in secret::missing(store, &owner, &mut own)? {
            if !given.contains(&place) {
                let message = "no secret is stored here yet, so nobody can start this from outside: enter one";
                problems.push(missing_secret(message.to_owned(), &place));
            }
        }
    }
    for mut integration in document.integrations {
        let owner = Owner::Integration(integration.id.clone());
        let name = integration.name.clone();
        for place in secret::missing(store, &owner, &mut integration)? {
            let message = format!(
                "the integration “{name}” has no secret stored at {place}, so its requests will fail: enter one there"
            );
            problems.push(missing_secret(message, ""));
        }
        for mut method in integration.methods {
            let owner = Owner::Method(method.id.clone());
            let name = method.name.clone();
            for place in secret::missing(store, &owner, &mut method)? {
                let message = format!(
                    "the method “{name}” has no secret stored at {place}, so its requests will fail: enter one there"
                );
                problems.push(missing_secret(message, ""));
            }
        }
    }
    Ok(problems)
}

fn missing_secret(message: String, field: &str) -> Problem {
    let mut detail = ErrorDetail::new("missing_secret", message);
    if !field.is_empty() {
        detail = detail.at_field(field);
    }
    Problem {
        severity: Severity::Warning,
        detail,
    }
}
