//! How a runbook's runs go beside one another, what its failures set off, and how long its history is kept.

use super::{PlanDocument, error, is_reserved, warning};
use crate::model::{Access, Runbook, Running};
use crate::problem::{ErrorDetail, Problem};
use crate::template::{Template, nearest};

/// The key of the runs that go on one at a time.
pub(super) fn key(runbook: &Runbook, problems: &mut Vec<Problem>) -> Option<Template> {
    if runbook.running != Running::OnePerKey {
        return None;
    }
    let text = runbook.running_key.as_deref().unwrap_or_default();
    if text.trim().is_empty() {
        let message = "nothing says which runs have to go on one at a time: enter what they have in common, such as `<<ticket^id>>`";
        problems.push(error(
            ErrorDetail::new("no_running_key", message).at_field("running_key"),
        ));
        return None;
    }
    match Template::parse_decoded(text) {
        Ok(template) => Some(template),
        Err(wrong) => {
            let mut detail =
                ErrorDetail::new(wrong.kind(), wrong.to_string()).at_field("running_key");
            detail.at.offset = Some(wrong.at());
            problems.push(error(detail));
            None
        }
    }
}

pub(super) fn check(document: &PlanDocument, problems: &mut Vec<Problem>) {
    let runbook = &document.runbook;
    if let Some(template) = key(runbook, problems) {
        check_key(runbook, &template, problems);
    }
    for (field, value, most, what) in [
        (
            "most_at_once",
            runbook.most_at_once,
            Runbook::MOST_AT_ONCE,
            "runs may be under way at once",
        ),
        (
            "failures_to_switch_off",
            runbook.failures_to_switch_off,
            Runbook::MOST_FAILURES_TO_SWITCH_OFF,
            "failures in a row may switch a runbook off",
        ),
        (
            "retention_days",
            runbook.retention_days,
            Runbook::MOST_RETENTION_DAYS,
            "days of history may be kept",
        ),
        (
            "retention_runs",
            runbook.retention_runs,
            Runbook::MOST_RETENTION_RUNS,
            "ended runs may be kept",
        ),
        (
            "shards",
            runbook.shards.map(u32::from),
            u32::from(Runbook::MOST_SHARDS),
            "parts may share the runs",
        ),
    ] {
        if value.is_some_and(|value| value == 0 || value > most) {
            let message = format!("1 to {most} {what}: enter a number between them");
            problems.push(error(ErrorDetail::new(field, message).at_field(field)));
        }
    }
    check_shards(runbook, problems);
}

fn check_shards(runbook: &Runbook, problems: &mut Vec<Problem>) {
    let Some(shards) = runbook.shards.filter(|shards| *shards > 1) else {
        return;
    };
    let mut report = |message: &str, field: &str| {
        problems.push(error(ErrorDetail::new("shards", message).at_field(field)));
    };
    // Each object allows at least one.
    let limits = &runbook.start.limits;
    let is_public = runbook.start.access == Access::DeskAndPublic;
    for (field, limit) in [
        ("start.limits.per_second", limits.per_second),
        ("start.limits.burst", limits.burst),
    ] {
        if is_public && limit.is_some_and(|limit| limit != 0 && limit < u32::from(shards)) {
            report(
                "the runs are spread over more parts than this limit allows starts, and each part allows one: allow more starts, or use fewer parts",
                field,
            );
        }
    }
    if runbook.running != Running::SideBySide {
        report(
            "runs that are spread over several parts know nothing of one another: choose that they run side by side, or one part",
            "shards",
        );
    }
    if runbook
        .most_at_once
        .is_some_and(|most| most < u32::from(shards))
    {
        report(
            "there are more parts than runs that may be under way at once: allow more runs, or use fewer parts",
            "shards",
        );
    }
}

/// A key that is the same for all, or that a start may lack.
fn check_key(runbook: &Runbook, template: &Template, problems: &mut Vec<Problem>) {
    let mut has_token = false;
    for token in template.tokens() {
        has_token = true;
        let name = token.variable();
        let inputs = || runbook.start.inputs.iter();
        if is_reserved(name) {
            if matches!(name, "response" | "response@header" | "response@status") {
                problems.push(unknown(name, None));
            }
            continue;
        }
        let Some(input) = inputs().find(|input| input.name == name) else {
            let hint = nearest(name, inputs().map(|input| input.name.as_str()));
            problems.push(unknown(name, hint));
            continue;
        };
        if !input.required && input.default.is_none() && !token.has_fallback() {
            let message = format!(
                "`{name}` may be left out, and a start without it is refused, because its key cannot be filled in: make it required, give it a default, or write a fallback as in `<<{name} ?? \"none\">>`"
            );
            let detail = ErrorDetail::new("key_sometimes_missing", message);
            problems.push(warning(detail.at_field("running_key")));
        }
    }
    if !has_token {
        let message = "the key is the same for all runs, so only one goes on at a time: use a variable in it, or choose Queue";
        problems.push(warning(
            ErrorDetail::new("same_key", message).at_field("running_key"),
        ));
    }
}

fn unknown(name: &str, hint: Option<&str>) -> Problem {
    let hint = hint.map_or_else(String::new, |hint| format!(" (did you mean `{hint}`?)"));
    let message = format!(
        "`{name}` is not known when a run starts{hint}: use an input variable, or what starts the run"
    );
    error(ErrorDetail::new("unknown_variable", message).at_field("running_key"))
}
