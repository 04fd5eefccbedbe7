//! What keeps a draft from being published, or should be known of it.

use shared::engine::{PlanDocument, plan};
use shared::model::{Access, HasSecrets, Integration, PublicAuth, Runbook, StepKind};
use shared::problem::{ErrorDetail, Problem, Severity};
use shared::signature::SecretFault;

use super::protocol::Kind;
use super::{desk_action, document, event_trigger, publication, schedule, secret, workflow};
use crate::config::Config;
use crate::error::Failure;
use crate::runner::protocol::Owner;
use crate::store::Store;

/// Everything that publishing has to say of a draft; secrets that are yet to be entered included,
/// which count as soon as they are there.
pub(super) fn of(
    store: &Store,
    config: &Config,
    draft: &Runbook,
    integrations: &[Integration],
) -> Result<Vec<Problem>, Failure> {
    let document = PlanDocument::gather(draft, integrations, None);
    let mut problems = plan::check(&document);
    check_starts(store, draft, &mut problems)?;
    desk_action::check_mappings(store, &document, &mut problems)?;
    problems.extend(event_trigger::unfilled(store, &document)?);
    problems.extend(workflow::unfilled(store, draft)?);
    problems.extend(schedule::unfilled(store, &document)?);
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
        check_stored_keys(store, config, draft, &given, &mut problems)?;
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

/// A key that was stored for one scheme may be none of another.
fn check_stored_keys(
    store: &Store,
    config: &Config,
    draft: &Runbook,
    given: &[String],
    problems: &mut Vec<Problem>,
) -> Result<(), Failure> {
    let Some(PublicAuth::Signature {
        scheme, secrets, ..
    }) = &draft.start.auth
    else {
        return Ok(());
    };
    let owner = Owner::Runbook(draft.id.clone());
    for index in 0..secrets.len() {
        let place = format!("start.auth.secrets[{index}]");
        // What is given takes its place.
        if given.contains(&place) {
            continue;
        }
        let stored = secret::opened(store, config, &owner, &place)?;
        if let Some(message) = stored.and_then(|key| SecretFault::of_stored(*scheme, &key)) {
            problems.push(Problem {
                severity: Severity::Warning,
                detail: ErrorDetail::new("no_key_of_scheme", message).at_field(place),
            });
        }
    }
    Ok(())
}

/// Checks the runbooks that steps start: they must be there, and take what they are given.
fn check_starts(
    store: &Store,
    draft: &Runbook,
    problems: &mut Vec<Problem>,
) -> Result<(), Failure> {
    for step in &draft.steps {
        let StepKind::StartRunbook {
            runbook, variables, ..
        } = &step.kind
        else {
            continue;
        };
        let published = if runbook == &draft.id {
            Some(draft.clone())
        } else {
            publication::current(store, runbook.as_str())?.map(|current| current.document.runbook)
        };
        let mut tell = |severity, code: &str, field: String, message: String| {
            let mut detail = ErrorDetail::new(code, message).at_field(field);
            detail.at.step = Some(step.id.clone());
            problems.push(Problem { severity, detail });
        };
        let other = if let Some(published) = published {
            published
        } else if let Some(row) = document::live(store, Kind::Runbook, runbook.as_str())? {
            // Of two that start each other, one has to be published first.
            let other: Runbook = row.value()?;
            let message = format!(
                "the runbook `{}`, which `{}` starts, is not published: publish it, or this step will fail",
                other.name, step.name
            );
            let field = "runbook".to_owned();
            tell(Severity::Warning, "runbook_not_published", field, message);
            other
        } else {
            let message = format!(
                "the runbook that `{}` starts does not exist any more: choose another one",
                step.name
            );
            let field = "runbook".to_owned();
            tell(Severity::Error, "unknown_runbook", field, message);
            continue;
        };
        let inputs = &other.start.inputs;
        for (index, row) in variables.iter().enumerate() {
            if !row.name.trim().is_empty() && inputs.iter().all(|input| input.name != row.name) {
                let message = format!(
                    "the runbook `{}` has no input variable `{}`: choose one that it has, or remove the row",
                    other.name, row.name
                );
                let field = format!("variables[{index}].name");
                tell(Severity::Error, "unknown_input", field, message);
            }
        }
        for input in inputs {
            let is_given = variables.iter().any(|row| row.name == input.name);
            if input.required && input.default.is_none() && !is_given {
                let message = format!(
                    "the runbook `{}` needs its input variable `{}`: add a row that fills it",
                    other.name, input.name
                );
                let field = "variables".to_owned();
                tell(Severity::Error, "input_missing", field, message);
            }
        }
    }
    Ok(())
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
