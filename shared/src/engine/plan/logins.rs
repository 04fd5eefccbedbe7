//! The logins that a runbook's steps use: what can be told without their secrets.

use std::collections::BTreeSet;

use super::{PlanDocument, at_step};
use crate::engine::retry;
use crate::model::{Authorization, Constant, Integration, Method, Step};
use crate::problem::{ErrorDetail, Problem};
use crate::request::{BaseUrl, login};

pub(super) fn check(document: &PlanDocument, problems: &mut Vec<Problem>) {
    for step in &document.runbook.steps {
        if let Some((integration, method)) = step.kind.method().and_then(|id| document.method(id)) {
            check_limits(step, method, problems);
            let (auth, place) = match &method.auth {
                Some(auth) => (auth, "method"),
                None => (&integration.auth, "integration"),
            };
            check_one(step, integration, auth, place, problems);
            check_constants(step, integration, problems);
        }
        if let Some(integration) = step.kind.target().and_then(|id| document.integration(id)) {
            let auth = &integration.auth;
            check_one(step, integration, auth, "integration", problems);
            check_constants(step, integration, problems);
        }
    }
}

fn check_one(
    step: &Step,
    integration: &Integration,
    auth: &Authorization,
    place: &str,
    problems: &mut Vec<Problem>,
) {
    // A base URL that is none is reported with its request.
    let Ok(base) = BaseUrl::parse(&integration.base_url, &integration.constants) else {
        return;
    };
    let Err(login_error) = login::check(auth, &base) else {
        return;
    };
    let message = format!("the authorization of `{}`: {login_error}", integration.name);
    let detail = ErrorDetail::new(login_error.code(), message)
        .at_field(format!("{place}.{}", login_error.field()));
    problems.push(at_step(step, detail));
}

fn check_limits(step: &Step, method: &Method, problems: &mut Vec<Problem>) {
    if method.timeout_ms == Some(0) {
        let message = format!(
            "the time limit of the method `{}` is zero: enter how long to wait, or nothing for 30 s",
            method.name
        );
        problems.push(at_step(
            step,
            ErrorDetail::new("timeout", message).at_field("method.timeout_ms"),
        ));
    }
    if let Some(detail) = method.retry.as_ref().and_then(retry::problem) {
        problems.push(at_step(step, detail.at_field("method.retry")));
    }
}

fn check_constants(step: &Step, integration: &Integration, problems: &mut Vec<Problem>) {
    let mut names = BTreeSet::new();
    for (index, Constant { name, .. }) in integration.constants.iter().enumerate() {
        let (code, message) = if name.trim().is_empty() {
            (
                "empty_name",
                format!(
                    "a constant of `{}` has no name: enter one, or remove the row",
                    integration.name
                ),
            )
        } else if super::is_reserved(name) {
            (
                "reserved_name",
                format!(
                    "the constant `{name}` of `{}` has a name that means something of its own: choose another",
                    integration.name
                ),
            )
        } else if !names.insert(name) {
            (
                "duplicate_variable",
                format!(
                    "two constants of `{}` are called `{name}`: rename one of them",
                    integration.name
                ),
            )
        } else {
            continue;
        };
        let field = format!("integration.constants[{index}].name");
        problems.push(at_step(
            step,
            ErrorDetail::new(code, message).at_field(field),
        ));
    }
}
