//! Runbooks and methods that name records of the desk follow when these get other names.

use shared::desk::Renamed;
use shared::model::Runbook;

use super::protocol::Kind;
use super::save::Change;
use super::{document, publication, record};
use crate::error::Failure;

/// Has drafts and methods, and what is published, compare with a record's new name.
pub(super) fn follow(change: &Change<'_>, renamed: &Renamed) -> Result<(), Failure> {
    let integrations = record::integrations(change.store)?;
    for row in document::list(change.store, Kind::Runbook)? {
        let draft: Runbook = row.value()?;
        if let Some(draft) = renamed.in_runbook(&draft, &integrations) {
            change.put(Kind::Runbook, &row.id, None, None, draft)?;
        }
    }
    for integration in &integrations {
        for method in &integration.methods {
            if let Some(method) = renamed.in_method(method, integration) {
                let (id, parent) = (method.id.to_string(), integration.id.as_str());
                change.put(Kind::Method, &id, Some(parent), None, method)?;
            }
        }
    }
    publication::follow(change, renamed)
}
