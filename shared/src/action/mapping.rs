//! Whether an action gives its runbook what that needs: `from_desk` is the default, which the action's own rows
//! override variable by variable.

use std::collections::BTreeSet;

use super::check::is_own_name;
use crate::engine::{PlanDocument, plan};
use crate::model::{ActsOn, DeskAction, Input, NamedTemplate, Runbook};
use crate::output::Segment;
use crate::problem::{ErrorDetail, Problem, Severity};
use crate::template::{Mapping, Token, nearest};

/// What keeps an action from starting a runbook, or should be known. Each problem's field is its place in the action.
pub fn problems(action: &DeskAction, runbook: &Runbook) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_rows(action, runbook, &mut problems);
    let mut lacking = Vec::new();
    for input in &runbook.start.inputs {
        let own = action.variables.iter().any(|row| row.name == input.name);
        match row(action, runbook, input) {
            None if is_needed(input) => lacking.push(format!("`{}`", input.name)),
            Some(row) if !own => check_default(action, row, input, &mut problems),
            _ => {}
        }
    }
    if !lacking.is_empty() {
        let message = format!(
            "the runbook “{}” needs {}, and nothing fills {}: enter a value in the action's variables, or on the runbook's Details tab",
            runbook.name,
            lacking.join(", "),
            if lacking.len() == 1 { "it" } else { "them" },
        );
        problems.push(problem(
            Severity::Error,
            ErrorDetail::new("input_missing", message).at_field("variables"),
        ));
    }
    problems
}

/// The same of a runbook with all that it uses: its steps may draw on a record that the action does not stand on.
pub fn start_problems(action: &DeskAction, document: &PlanDocument) -> Vec<Problem> {
    let mut problems = problems(action, &document.runbook);
    for records in ActsOn::ALL {
        if records != action.records && plan::draws_on(document, records.as_str()) {
            let message = format!(
                "steps of the runbook “{}” use `<<{}^…>>`, which there is not when an action is taken on {}: make that an input variable, and fill it here",
                document.runbook.name,
                records.as_str(),
                with_article(action.records),
            );
            problems.push(problem(
                Severity::Error,
                ErrorDetail::new("no_such_record", message).at_field("records"),
            ));
        }
    }
    problems
}

/// Why a button is not kept: it does nothing but start its runbook, and could do that with none of these documents of it,
/// the first of which is what it would start now. An action on a ticket is written down there, whatever it starts.
pub fn button_refusal(action: &DeskAction, documents: &[PlanDocument]) -> Option<ErrorDetail> {
    if action.records == ActsOn::Ticket {
        return None;
    }
    let refusals = documents.iter().map(|document| {
        let mut problems = start_problems(action, document).into_iter();
        let error = problems.find(|problem| problem.severity == Severity::Error);
        error.map(|error| error.detail)
    });
    let refusals: Option<Vec<ErrorDetail>> = refusals.collect();
    refusals?.into_iter().next()
}

fn is_needed(input: &Input) -> bool {
    input.required && input.default.is_none()
}

/// The row that fills a variable: the action's own, else the runbook's.
fn row<'r>(
    action: &'r DeskAction,
    runbook: &'r Runbook,
    input: &Input,
) -> Option<&'r NamedTemplate> {
    [&action.variables, &runbook.from_desk]
        .into_iter()
        .find_map(|rows| rows.iter().find(|row| row.name == input.name))
}

fn problem(severity: Severity, detail: ErrorDetail) -> Problem {
    Problem { severity, detail }
}

/// The action's own rows.
fn check_rows(action: &DeskAction, runbook: &Runbook, problems: &mut Vec<Problem>) {
    let inputs = &runbook.start.inputs;
    let mut filled = BTreeSet::new();
    for (index, row) in action.variables.iter().enumerate() {
        let name = row.name.as_str();
        let mut report = |severity, code: &str, field: &str, offset, message: String| {
            let place = format!("variables[{index}].{field}");
            let mut detail = ErrorDetail::new(code, message).at_field(place);
            detail.at.offset = offset;
            problems.push(problem(severity, detail));
        };
        if inputs.iter().all(|input| input.name != name) {
            let hint = nearest(name, inputs.iter().map(|input| input.name.as_str()))
                .map_or_else(String::new, |nearest| {
                    format!(" (did you mean `{nearest}`?)")
                });
            let message = format!(
                "the runbook “{}” has no input variable `{name}`{hint}: remove the row",
                runbook.name
            );
            report(Severity::Warning, "unknown_input", "name", None, message);
        }
        if !filled.insert(name) {
            let message = format!("`{name}` is filled twice: remove one of the rows");
            report(Severity::Error, "duplicate_variable", "name", None, message);
        }
        match Mapping::parse(&row.value) {
            Err(error) => report(
                Severity::Error,
                error.kind(),
                "value",
                Some(error.at()),
                error.to_string(),
            ),
            Ok(mapping) => {
                for (severity, code, token, message) in unknown_tokens(action, &mapping) {
                    report(severity, code, "value", Some(token.at()), message);
                }
            }
        }
    }
}

/// A row of the runbook's own that the action leaves as it is.
fn check_default(
    action: &DeskAction,
    row: &NamedTemplate,
    input: &Input,
    problems: &mut Vec<Problem>,
) {
    // What else is wrong with it is told where the runbook is published.
    let Ok(mapping) = Mapping::parse(&row.value) else {
        return;
    };
    for (severity, _, token, _) in unknown_tokens(action, &mapping) {
        let severity = if is_needed(input) && !token.has_fallback() {
            severity
        } else {
            Severity::Warning
        };
        let message = format!(
            "the runbook fills `{}` with {}, which the action “{}” does not have: enter another value in the action's variables",
            input.name,
            token.text(),
            action.name
        );
        problems.push(problem(
            severity,
            ErrorDetail::new("default_unknown", message).at_field("variables"),
        ));
    }
}

/// Tokens that will find nothing when the action is taken.
fn unknown_tokens<'m>(
    action: &'m DeskAction,
    mapping: &'m Mapping,
) -> Vec<(Severity, &'static str, &'m Token, String)> {
    let own = action.records.as_str();
    let mut unknown = Vec::new();
    for token in mapping.tokens() {
        let name = token.variable();
        if name != own && !matches!(name, "action" | "halo_url") {
            let message = format!(
                "{} is not known when an action is taken on {}: use `<<{own}^…>>` or `<<action^…>>`",
                token.text(),
                with_article(action.records)
            );
            unknown.push((Severity::Error, "unknown_variable", token, message));
        } else if name == "action"
            && let Some(field) = lacked_field(action, token)
        {
            let known = action.fields.iter().map(|field| field.name.as_str());
            let hint = nearest(field, known.chain(["note", "outcome"]))
                .map_or_else(String::new, |nearest| {
                    format!(" (did you mean `{nearest}`?)")
                });
            let message = format!(
                "the action's dialog has no field `{field}`{hint}: add the field, or use another token"
            );
            // A program may send it all the same.
            unknown.push((Severity::Warning, "unknown_field", token, message));
        }
    }
    unknown
}

fn with_article(records: ActsOn) -> &'static str {
    match records {
        ActsOn::Ticket => "a ticket",
        ActsOn::User => "a user",
        ActsOn::Asset => "an asset",
    }
}

/// The field of the action that a token asks for, where there is none of that name.
fn lacked_field<'t>(action: &DeskAction, token: &'t Token) -> Option<&'t str> {
    let Some(Segment::Child(name)) = token.path()?.segments().first() else {
        return None;
    };
    // Which of them there are in what case is told by the field itself; tokens are exact.
    let is_known = is_own_name(name) || action.fields.iter().any(|field| field.name == **name);
    (!is_known && !token.has_fallback()).then_some(name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn runbook(from_desk: &Value) -> Runbook {
        serde_json::from_value(json!({
            "id": "rb", "name": "Order",
            "start": {"inputs": [
                {"name": "TicketId", "type": "integer"},
                {"name": "Amount", "type": "integer"},
                {"name": "Why", "type": "string", "required": false},
                {"name": "Team", "type": "string", "default": "1st Line"},
            ]},
            "from_desk": from_desk, "first_step": null, "steps": [],
        }))
        .unwrap()
    }

    fn found(records: &str, variables: &Value, from_desk: &Value) -> Vec<String> {
        let action: DeskAction = serde_json::from_value(json!({
            "name": "Order", "system_use": "queue_runbook", "runbook": "rb", "records": records,
            "fields": [{"name": "Amount", "type": "integer"}], "variables": variables,
        }))
        .unwrap();
        problems(&action, &runbook(from_desk))
            .into_iter()
            .map(|problem| {
                let severity = match problem.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                };
                format!(
                    "{severity} {} {}",
                    problem.detail.code,
                    problem.detail.at.field.unwrap()
                )
            })
            .collect()
    }

    #[test]
    fn an_action_overrides_the_default_variable_by_variable() {
        let row = |name: &str, value: &str| json!({"name": name, "value": value});
        let ticket = row("TicketId", "<<ticket^id>>");
        for (records, variables, from_desk, expected) in [
            (
                "ticket",
                json!([]),
                json!([ticket, row("Amount", "1")]),
                &[][..],
            ),
            (
                "ticket",
                json!([row("Amount", "<<action^Amount>>")]),
                json!([ticket]),
                &[],
            ),
            (
                "ticket",
                json!([ticket, row("Amount", "<<action^Amount>>")]),
                json!([]),
                &[],
            ),
            // Variables that need not be filled are left alone.
            (
                "ticket",
                json!([]),
                json!([ticket]),
                &["error input_missing variables"],
            ),
            (
                "ticket",
                json!([]),
                json!([]),
                &["error input_missing variables"],
            ),
            (
                "ticket",
                json!([row("Amount", "<<action^Amout>>")]),
                json!([ticket]),
                &["warning unknown_field variables[0].value"],
            ),
            (
                "ticket",
                json!([row("Amount", "<<action^Amout ?? 1>>")]),
                json!([ticket]),
                &[],
            ),
            (
                "ticket",
                json!([row("Amount", "<<acton^Amount>>")]),
                json!([ticket]),
                &["error unknown_variable variables[0].value"],
            ),
            (
                "ticket",
                json!([row("Amount", "1"), row("Amount", "2"), row("Amont", "3")]),
                json!([ticket]),
                &[
                    "error duplicate_variable variables[1].name",
                    "warning unknown_input variables[2].name",
                ],
            ),
            // A button on a user has no ticket to fill in.
            (
                "user",
                json!([row("Amount", "1")]),
                json!([ticket]),
                &["error default_unknown variables"],
            ),
            (
                "user",
                json!([row("Amount", "1"), row("TicketId", "<<user^id>>")]),
                json!([ticket]),
                &[],
            ),
            (
                "user",
                json!([row("Amount", "1"), row("TicketId", "1")]),
                json!([ticket, row("Why", "<<ticket^summary>>")]),
                &["warning default_unknown variables"],
            ),
            (
                "asset",
                json!([
                    row("Amount", "<<asset^id>>"),
                    row("TicketId", "<<user^id>>")
                ]),
                json!([]),
                &["error unknown_variable variables[1].value"],
            ),
        ] {
            let name = format!("{records} {variables} over {from_desk}");
            assert_eq!(found(records, &variables, &from_desk), expected, "{name}");
        }
    }

    #[test]
    fn a_template_that_cannot_be_read_is_told_at_its_place() {
        let found = found(
            "ticket",
            &json!([{"name": "Amount", "value": "<<action^"}]),
            &json!([{"name": "TicketId", "value": "<<ticket^id>>"}]),
        );
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("error ") && found[0].ends_with("variables[0].value"),
            "{found:?}"
        );
    }

    /// A runbook with a step that uses the token.
    fn uses(token: &str) -> PlanDocument {
        let runbook: Runbook = serde_json::from_value(json!({
            "id": "rb", "name": "Order", "first_step": "a",
            "steps": [
                {
                    "id": "a", "name": "A", "type": "set", "at": [0, 0], "next": {"done": "b"},
                    "variables": [{"name": "X", "value": token}],
                },
                {"id": "b", "name": "B", "type": "end", "outcome": "success", "at": [0, 0], "next": {}},
            ],
        }))
        .unwrap();
        PlanDocument::gather(&runbook, &[], None)
    }

    #[test]
    fn a_button_that_could_not_start_its_runbook_is_refused() {
        let fills = |from_desk: &Value| PlanDocument::gather(&runbook(from_desk), &[], None);
        let row = |name: &str, value: &str| json!({"name": name, "value": value});
        let (draws, is_well) = (uses("<<ticket^id>>"), uses("<<user^id>>"));
        let needs = fills(&json!([
            row("TicketId", "<<ticket^id>>"),
            row("Amount", "1")
        ]));
        let none: &[&PlanDocument] = &[];
        for (records, variables, documents, expected) in [
            ("user", json!([]), none, None),
            ("user", json!([]), &[&is_well], None),
            ("user", json!([]), &[&draws], Some("no_such_record")),
            // What is published needs a ticket, and the draft does not: it only has to be published.
            ("user", json!([]), &[&draws, &is_well], None),
            ("user", json!([]), &[&is_well, &draws], None),
            ("user", json!([]), &[&draws, &draws], Some("no_such_record")),
            ("user", json!([]), &[&needs], Some("default_unknown")),
            (
                "user",
                json!([row("TicketId", "<<ticket^id>>")]),
                &[&needs],
                Some("unknown_variable"),
            ),
            (
                "user",
                json!([row("TicketId", "<<user^id>>")]),
                &[&needs],
                None,
            ),
            // A row that no input takes keeps nothing from starting.
            ("user", json!([row("Other", "1")]), &[&is_well], None),
            // An action on a ticket is written down there all the same.
            ("ticket", json!([]), &[&is_well], None),
        ] {
            let action: DeskAction = serde_json::from_value(json!({
                "name": "Order", "system_use": "queue_runbook", "runbook": "rb", "records": records,
                "variables": variables,
            }))
            .unwrap();
            let documents: Vec<PlanDocument> = documents.iter().copied().cloned().collect();
            let refused = button_refusal(&action, &documents);
            let code = refused.as_ref().map(|detail| detail.code.as_str());
            assert_eq!(code, expected, "{records} {variables}: {refused:?}");
        }
    }

    #[test]
    fn steps_that_draw_on_another_record_are_told() {
        for (records, token, is_told) in [
            ("ticket", "<<ticket^id>>", false),
            ("user", "<<ticket^id>>", true),
            ("user", "<<ticket^id ?? 0>>", false),
            ("user", "<<user^id>> by <<action^who>>", false),
            ("asset", "<<user^id>>", true),
            ("ticket", "<<asset^id>>", true),
        ] {
            let action: DeskAction = serde_json::from_value(json!({
                "name": "Order", "system_use": "queue_runbook", "runbook": "rb", "records": records,
            }))
            .unwrap();
            let found = start_problems(&action, &uses(token));
            let codes: Vec<_> = found
                .iter()
                .map(|problem| problem.detail.code.as_str())
                .collect();
            assert_eq!(
                codes.contains(&"no_such_record"),
                is_told,
                "{records} {token}: {codes:?}"
            );
        }
    }

    #[test]
    fn what_is_lacking_is_named() {
        let action: DeskAction = serde_json::from_value(json!({
            "name": "Order", "system_use": "queue_runbook", "runbook": "rb",
        }))
        .unwrap();
        let problems = problems(&action, &runbook(&json!([])));
        let message = &problems[0].detail.message;
        assert!(message.contains("`TicketId`, `Amount`"), "{message}");
        assert!(
            !message.contains("`Why`") && !message.contains("`Team`"),
            "{message}"
        );
    }
}
