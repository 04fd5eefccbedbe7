//! How a runbook is started and answered: its input variables, the desk's mapping, its answer.

use std::collections::BTreeSet;

use super::{PlanDocument, error, flow, is_reserved, warning};
use crate::authorization::PublicGuard;
use crate::condition::Condition;
use crate::engine::steps;
use crate::json::{self, Limits};
use crate::model::{Access, Input, PublicAuth, Runbook, Start, StartLimits};
use crate::output::{Part, Source};
use crate::problem::{ErrorDetail, Problem};
use crate::signature::{Hmac, SettingsError, header_name};
use crate::start::is_of_desk;
use crate::template::{Mapping, nearest};
use crate::typed;

pub(super) fn check(document: &PlanDocument, problems: &mut Vec<Problem>) {
    let runbook = &document.runbook;
    if runbook.name.trim().is_empty() {
        problems.push(error(
            ErrorDetail::new("empty_name", "the runbook has no name: enter one").at_field("name"),
        ));
    }
    let is_public = runbook.start.access == Access::DeskAndPublic;
    if is_public && matches!(runbook.start.auth, None | Some(PublicAuth::None {})) {
        let message = "anyone who knows the address can start this runbook: choose Basic or a signature as its authentication";
        problems.push(warning(
            ErrorDetail::new("public_without_authentication", message).at_field("start.auth"),
        ));
    }
    if is_public {
        check_signature(&runbook.start, problems);
        check_limits(&runbook.start.limits, problems);
        check_when(&runbook.start, problems);
    }
    let mut names = BTreeSet::new();
    for (index, input) in runbook.start.inputs.iter().enumerate() {
        check_input(
            input,
            &format!("start.inputs[{index}]"),
            is_public,
            &mut names,
            problems,
        );
    }
    if runbook
        .max_steps
        .is_some_and(|most| most == 0 || most > Runbook::MOST_STEPS)
    {
        let message = format!(
            "a run may pass through 1 to {} steps: enter a number between them",
            Runbook::MOST_STEPS
        );
        problems.push(error(
            ErrorDetail::new("max_steps", message).at_field("max_steps"),
        ));
    }
    check_from_desk(runbook, problems);
    check_answer(document, problems);
}

/// Settings by which no start could be verified, or any be repeated.
fn check_signature(start: &Start, problems: &mut Vec<Problem>) {
    if let Err(settings) = PublicGuard::new(start) {
        let (code, field) = match &settings {
            SettingsError::Source { .. } => ("sources", "start.limits.sources"),
            _ => ("signature_settings", "start.auth"),
        };
        problems.push(error(
            ErrorDetail::new(code, settings.to_string()).at_field(field),
        ));
        return;
    }
    let auth = start.auth.as_ref();
    if let Some(PublicAuth::Basic { username, .. }) = auth {
        check_username(username, problems);
    }
    if let Some(PublicAuth::Signature { secrets, .. }) = auth {
        for (index, secret) in secrets.iter().enumerate() {
            if secret.ends_at.is_some() && secret.end().is_none() {
                let message = "the end of this secret is no date-time, so it counts as over: write it as 2030-01-31T09:00:00Z, or leave it empty";
                problems.push(error(
                    ErrorDetail::new("ends_at", message)
                        .at_field(format!("start.auth.secrets[{index}].ends_at")),
                ));
            }
        }
        if !secrets.is_empty() && secrets.iter().all(|secret| secret.ends_at.is_some()) {
            let message = "every secret ends, and then nobody can start this runbook by its address: add the one that comes after them";
            problems.push(warning(
                ErrorDetail::new("all_secrets_end", message).at_field("start.auth.secrets"),
            ));
        }
    }
    if let Some(PublicAuth::Signature { secrets, .. }) = auth
        && secrets.is_empty()
    {
        let message = "nobody can start this runbook by its address, because there is no secret to sign with: add one";
        problems.push(warning(
            ErrorDetail::new("no_secret", message).at_field("start.auth.secrets"),
        ));
    }
    let hmac = auth.and_then(|auth| Hmac::of(auth).ok().flatten());
    if hmac.is_some_and(|hmac| hmac.has_timestamp() && hmac.replay_guard().is_none()) {
        let message = "the time stamp is not part of what is signed, so whoever has seen one start can repeat it with a new time stamp: sign `<<timestamp>>.<<body>>`, or what the sender signs";
        problems.push(warning(
            ErrorDetail::new("timestamp_not_signed", message).at_field("start.auth.signed"),
        ));
    }
}

/// What a user name cannot be (RFC 7617, 2), or hardly is meant to be.
fn check_username(username: &str, problems: &mut Vec<Problem>) {
    let mut report = |report: fn(ErrorDetail) -> Problem, code, message| {
        problems.push(report(
            ErrorDetail::new(code, message).at_field("start.auth.username"),
        ));
    };
    if username.contains(':') {
        report(
            error,
            "username_colon",
            "a user name with a colon cannot be told from its password, so nobody could log in: choose one without",
        );
    } else if username.is_empty() {
        report(
            warning,
            "empty_username",
            "there is no user name, so callers have to leave theirs empty too: enter one",
        );
    } else if username.trim() != username {
        report(
            warning,
            "spaced_username",
            "the user name begins or ends with a space, which counts: take it out, unless the caller's has it too",
        );
    }
}

/// Limits that could never be kept, or that nothing could pass.
fn check_limits(limits: &StartLimits, problems: &mut Vec<Problem>) {
    for (field, value, most) in [
        (
            "body_bytes",
            limits.body_bytes,
            StartLimits::MOST_BODY_BYTES,
        ),
        (
            "per_second",
            limits.per_second,
            StartLimits::MOST_PER_SECOND,
        ),
        ("burst", limits.burst, StartLimits::MOST_BURST),
    ] {
        if value.is_some_and(|value| value == 0 || value > most) {
            let message = format!(
                "this limit can be 1 to {most}: enter a number between them, or leave it empty"
            );
            problems.push(error(
                ErrorDetail::new("limit", message).at_field(format!("start.limits.{field}")),
            ));
        }
    }
    if limits.burst.is_some() && limits.per_second.is_none() {
        let message = "how many starts may come at once only counts together with a number of starts a second: enter that too";
        problems.push(warning(
            ErrorDetail::new("limit", message).at_field("start.limits.burst"),
        ));
    }
}

/// The conditions to start see the request and what it fills.
fn check_when(start: &Start, problems: &mut Vec<Problem>) {
    let condition = match Condition::compile(&start.when) {
        Ok(condition) => condition,
        Err(found) => {
            problems.extend(found.into_iter().map(|problem| {
                let mut detail = ErrorDetail::new("condition", problem.to_string())
                    .at_field(format!("start.when.{}", problem.field));
                detail.at.offset = problem.at;
                error(detail)
            }));
            return;
        }
    };
    let inputs = || start.inputs.iter().map(|input| input.name.as_str());
    for (field, token) in condition.tokens() {
        let name = token.variable();
        if name != "request" && !inputs().any(|input| input == name) {
            let hint = nearest(name, inputs().chain(["request"]))
                .map_or_else(String::new, |nearest| {
                    format!(" (did you mean `{nearest}`?)")
                });
            let message = format!(
                "`{name}` is not known before the runbook starts{hint}: use the request, as in `<<request^action>>` or `<<request@header[x-github-event]>>`, or an input variable"
            );
            problems.push(error(
                ErrorDetail::new("unknown_variable", message)
                    .at_field(format!("start.when.{field}")),
            ));
        }
    }
}

fn check_input<'d>(
    input: &'d Input,
    place: &str,
    is_public: bool,
    names: &mut BTreeSet<&'d str>,
    problems: &mut Vec<Problem>,
) {
    let name = input.name.as_str();
    let mut report = |code, field: &str, message: String| {
        problems.push(error(
            ErrorDetail::new(code, message).at_field(format!("{place}.{field}")),
        ));
    };
    if name.trim().is_empty() {
        report(
            "empty_name",
            "name",
            "this input variable has no name: enter one, or remove the row".to_owned(),
        );
    } else if is_reserved(name) {
        report(
            "reserved_name",
            "name",
            format!("`{name}` means something of its own in templates: choose another name"),
        );
    } else if !names.insert(name) {
        report(
            "duplicate_variable",
            "name",
            format!("two input variables are called `{name}`: rename one of them"),
        );
    }
    if input.value.is_empty() {
        if is_public {
            report(
                "no_path",
                "value",
                format!(
                    "the input variable `{name}` does not say where in the request it stands: enter a path such as `request^{name}`"
                ),
            );
        }
    } else {
        match Source::parse_from("request", &input.value) {
            Err(path_error) => {
                let mut detail = ErrorDetail::new(path_error.code(), path_error.to_string());
                detail = detail.at_field(format!("{place}.value"));
                detail.at.offset = Some(path_error.at());
                problems.push(error(detail));
            }
            Ok(source) => {
                if let Part::Header(header) = source.part()
                    && let Err(wrong) = header_name(header)
                {
                    report(wrong.code(), "value", wrong.to_string());
                }
            }
        }
    }
    if let Some(default) = &input.default {
        let default = default.to_string();
        if json::validate(default.as_bytes(), Limits::default()).is_err() {
            let detail = typed::too_deep(&format!("the default of `{name}`"));
            problems.push(error(detail.at_field(format!("{place}.default"))));
        } else if !input.variable_type.accepts(&default) {
            let message = format!(
                "the default of `{name}` must be {}, but it is {}: change the default or the type",
                input.variable_type.described(),
                typed::describe(&default)
            );
            problems.push(error(
                ErrorDetail::new("default_type", message).at_field(format!("{place}.default")),
            ));
        }
    }
}

fn check_from_desk(runbook: &Runbook, problems: &mut Vec<Problem>) {
    let inputs = &runbook.start.inputs;
    let mut mapped = BTreeSet::new();
    for (index, row) in runbook.from_desk.iter().enumerate() {
        let name = row.name.as_str();
        let mut report = |code, field: &str, offset, message: String| {
            let mut detail =
                ErrorDetail::new(code, message).at_field(format!("from_desk[{index}].{field}"));
            detail.at.offset = offset;
            problems.push(error(detail));
        };
        if !inputs.iter().any(|input| input.name == name) {
            let hint = nearest(name, inputs.iter().map(|input| input.name.as_str()))
                .map_or_else(String::new, |nearest| {
                    format!(" (did you mean `{nearest}`?)")
                });
            report(
                "unknown_input",
                "name",
                None,
                format!("there is no input variable `{name}`{hint}: add it, or remove the row"),
            );
        }
        if !mapped.insert(name) {
            report(
                "duplicate_variable",
                "name",
                None,
                format!("`{name}` is filled twice: remove one of the rows"),
            );
        }
        match Mapping::parse(&row.value) {
            Err(template_error) => {
                report(
                    template_error.kind(),
                    "value",
                    Some(template_error.at()),
                    template_error.to_string(),
                );
            }
            Ok(mapping) => {
                for token in mapping.tokens() {
                    let name = token.variable();
                    if name != "halo_url" && !is_of_desk(name) {
                        report(
                            "unknown_variable",
                            "value",
                            Some(token.at()),
                            format!(
                                "{} is not known when the desk starts the runbook: use `<<ticket^…>>` or `<<action^…>>`, or at other events their record, such as `<<client^…>>`",
                                token.text()
                            ),
                        );
                    }
                }
            }
        }
    }
    let unfilled: Vec<&str> = inputs
        .iter()
        .filter(|input| input.required && input.default.is_none())
        .map(|input| input.name.as_str())
        .filter(|name| !mapped.contains(name))
        .collect();
    if unfilled.is_empty() {
        return;
    }
    let message = format!(
        "a start from the desk does not fill {}, which {} required: say on the Details tab where each stands on the ticket or action, or give it a default",
        listed(&unfilled),
        if unfilled.len() == 1 { "is" } else { "are" }
    );
    let detail = ErrorDetail::new("desk_start_incomplete", message).at_field("from_desk");
    // Without any row nobody meant to start it from the desk; a desk action may still fill them itself.
    problems.push(if runbook.from_desk.is_empty() {
        warning(detail)
    } else {
        error(detail)
    });
}

fn listed(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn check_answer(document: &PlanDocument, problems: &mut Vec<Problem>) {
    let runbook = &document.runbook;
    // Whether each variable is secret.
    let mut set: Vec<(&str, bool)> = runbook
        .start
        .inputs
        .iter()
        .map(|input| (input.name.as_str(), false))
        .collect();
    for step in &runbook.steps {
        set.extend(
            steps::outputs(step, document)
                .into_iter()
                .map(|(_, output)| (output.name.as_str(), output.secret)),
        );
        set.extend(flow::set_by(step).map(|name| (name, false)));
    }
    let is_uncertain = runbook
        .steps
        .iter()
        .any(|step| flow::lacks_its_method(step, document));
    for (index, name) in runbook.start.answer.outputs.iter().enumerate() {
        let field = format!("start.answer.outputs[{index}]");
        let mut known = set.iter().filter(|(known, _)| known == name).peekable();
        let problem = if known.peek().is_none() {
            if is_uncertain {
                continue;
            }
            let hint = nearest(name, set.iter().map(|(name, _)| *name))
                .map_or_else(String::new, |nearest| {
                    format!(" (did you mean `{nearest}`?)")
                });
            error(ErrorDetail::new(
                "unknown_variable",
                format!(
                    "no step and no input variable sets `{name}`{hint}: take it out of the answer, or add it to a step's outputs"
                ),
            ))
        } else if known.any(|(_, secret)| *secret) {
            // The run leaves it out.
            warning(ErrorDetail::new(
                "secret_in_answer",
                format!(
                    "`{name}` is secret and never part of an answer: take it out of the answer, or its mark off"
                ),
            ))
        } else {
            continue;
        };
        problems.push(Problem {
            detail: problem.detail.at_field(field),
            ..problem
        });
    }
}
