//! Where the fields of a runbook stand on its page: a problem leads to the one that has it.

use shared::api::IntegrationSummary;
use shared::model::StepKind;

use crate::page::drafting::Elsewhere;
use crate::page::method::places::{FIELD, address};
use crate::route::{Route, segment};
use crate::ui::pairs::{field_of_row, indexed};

/// The panel of a step.
const PANEL: &str = ".panel";

/// What the fields of a step's panel have as their ids; only one panel is shown at a time.
pub(super) mod id {
    pub(in super::super) const METHOD: &str = "step-method";
    pub(in super::super) const TARGET: &str = "step-target";
    pub(in super::super) const BODY: &str = "step-body";
    pub(in super::super) const OVER: &str = "step-over";
    pub(in super::super) const LIMIT: &str = "step-limit";
    pub(in super::super) const AT_ONCE: &str = "step-at-once";
    pub(in super::super) const RUNBOOK: &str = "step-runbook";
    pub(in super::super) const UNTIL: &str = "step-until";
    pub(in super::super) const DURATION: &str = "step-duration";
    pub(in super::super) const STATUS: &str = "step-status";
    pub(in super::super) const ADD_SET_ROW: &str = "add-set-row";
    pub(in super::super) const TIME_LIMIT: &str = "step-time-limit";
    pub(in super::super) const RETRY: &str = "step-retry";
    /// Of the Details tab.
    pub(in super::super) const ANSWER_OUTPUTS: &str = "answer-outputs";
}

/// The labels of the tables of a panel.
pub(super) const HEADERS: &str = "Headers";
pub(super) const OUTPUTS: &str = "Output variables";
pub(super) const HANDED_OVER: &str = "Its input variables";

/// The id of the field that says where a way leads.
pub(super) fn id_of_way(way: &str) -> String {
    format!("step-next-{}", way.replace(' ', "_"))
}

/// The part of a step's panel that shows a field, as a selector.
pub(super) fn part_of_panel(field: &str) -> Option<String> {
    let (name, rest) = split(field);
    let id = match name {
        "method" => id::METHOD,
        "target" => id::TARGET,
        "body" => id::BODY,
        "over" => id::OVER,
        "limit" => id::LIMIT,
        "at_once" => id::AT_ONCE,
        "runbook" => id::RUNBOOK,
        "until" => id::UNTIL,
        "for_ms" => id::DURATION,
        "status" => id::STATUS,
        "timeout_ms" => id::TIME_LIMIT,
        "retry" => id::RETRY,
        "next" => return Some(format!("#{}", id_of_way(rest.strip_prefix('.')?))),
        "headers" => return Some(field_of_row(PANEL, HEADERS, rest)),
        "outputs" => return Some(field_of_row(PANEL, OUTPUTS, rest)),
        // Of a step that sets variables, and of one that hands them over: a panel has one of them.
        "variables" => {
            return Some(format!(
                "{}, {}",
                row_of_set(rest),
                field_of_row(PANEL, HANDED_OVER, rest)
            ));
        }
        "when" => return row_of_condition(rest),
        _ => return None,
    };
    Some(format!("#{id}"))
}

/// The page of the method or the integration that a step uses, where the field is one of these.
pub(super) fn elsewhere(
    kind: &StepKind,
    field: &str,
    known: &[IntegrationSummary],
) -> Option<Elsewhere> {
    let method = kind.method().and_then(|id| {
        known.iter().find_map(|integration| {
            let method = integration.methods.iter().find(|method| method.id == *id)?;
            Some((integration, method))
        })
    });
    if let Some(field) = field.strip_prefix("method.") {
        let (integration, method) = method?;
        return Some(Elsewhere {
            label: format!("Method {}", method.name),
            address: address(integration.id.as_str(), method.id.as_str(), field),
        });
    }
    let field = field.strip_prefix("integration.")?;
    let target = || {
        let id = kind.target()?;
        known.iter().find(|integration| integration.id == *id)
    };
    let integration = method.map(|(integration, _)| integration).or_else(target)?;
    let page = Route::Integration(integration.id.to_string());
    Some(Elsewhere {
        label: format!("Integration {}", integration.name),
        address: format!("{page}?{FIELD}={}", segment(field)),
    })
}

/// The part of a section of the Details tab that shows a field, as a selector.
pub(super) fn part_of_section(field: &str) -> Option<String> {
    if field.starts_with("start.answer.outputs") {
        return Some(format!("#{}", id::ANSWER_OUTPUTS));
    }
    let (row, part) = indexed(field.strip_prefix("start.inputs")?)?;
    let part = match part {
        "value" => " > .field:nth-child(3)",
        _ => "",
    };
    Some(format!(".input-row:nth-child({}){part}", row + 1))
}

/// The name that a field begins with, and what follows.
fn split(field: &str) -> (&str, &str) {
    let end = field.find(['.', '[']).unwrap_or(field.len());
    field.split_at(end)
}

/// Above these rows stands their heading.
fn row_of_set(rest: &str) -> String {
    match indexed(rest) {
        Some((row, "name")) => format!(".set-row:nth-child({})", row + 2),
        Some((row, _)) => format!(".set-row:nth-child({}) > .field:nth-child(2)", row + 2),
        None => format!("#{}", id::ADD_SET_ROW),
    }
}

/// Above the rows of a condition stands whether all of them have to hold; in a group, its name does, too.
fn row_of_condition(rest: &str) -> Option<String> {
    let mut place = ".panel .condition-rows".to_owned();
    let mut rest = rest.trim_start_matches('.');
    let mut above = 2;
    while let Some((row, part)) = indexed(rest.trim_start_matches("all").trim_start_matches("any"))
    {
        place = format!("{place} > :nth-child({})", row + above);
        rest = part;
        above = 3;
    }
    match rest {
        "" | "left" | "op" => Some(place),
        "right" => Some(format!("{place} > .field:nth-child(3)")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_problem_of_a_step_leads_to_the_field_that_has_it() {
        let pairs = |label: &str| format!(".panel .pairs[aria-label=\"{label}\"]");
        for (field, expected) in [
            ("body", Some("#step-body".to_owned())),
            ("method", Some("#step-method".to_owned())),
            (
                "method.body.fields[0].value",
                Some("#step-method".to_owned()),
            ),
            ("timeout_ms", Some("#step-time-limit".to_owned())),
            ("next.not_met", Some("#step-next-not_met".to_owned())),
            (
                "headers[1].value",
                Some(pairs(HEADERS) + " > :nth-child(3) .input ~ .input"),
            ),
            (
                "outputs[0].name",
                Some(pairs(OUTPUTS) + " > :nth-child(2) .input"),
            ),
            ("outputs", Some(pairs(OUTPUTS))),
            (
                "variables[0].name",
                Some(format!(
                    ".set-row:nth-child(2), {} > :nth-child(2) .input",
                    pairs(HANDED_OVER)
                )),
            ),
            (
                "when.all[1].right",
                Some(".panel .condition-rows > :nth-child(3) > .field:nth-child(3)".to_owned()),
            ),
            (
                "when.any[0].all[1].left",
                Some(".panel .condition-rows > :nth-child(2) > :nth-child(4)".to_owned()),
            ),
            ("name", None),
            ("", None),
        ] {
            assert_eq!(part_of_panel(field), expected, "{field}");
        }
        assert_eq!(id_of_way("not met"), "step-next-not_met");
    }

    #[test]
    fn a_problem_of_what_a_step_uses_leads_to_its_page() {
        let known: Vec<IntegrationSummary> = serde_json::from_value(json!([{
            "id": "weather", "name": "Weather", "base_url": "", "auth": "none", "halo": false,
            "methods": [{ "id": "ask", "name": "Ask", "http_method": "GET", "path": "", "outputs": [] }],
            "version": 1, "updated_at": 0, "missing_secrets": [],
        }]))
        .unwrap();
        let step = |step: Value| serde_json::from_value::<StepKind>(step).unwrap();
        let ask = step(json!({ "type": "method", "method": "ask" }));
        let gone = step(json!({ "type": "method", "method": "gone" }));
        let end = step(json!({ "type": "end", "outcome": "success" }));
        for (kind, field, expected) in [
            (
                &ask,
                "method.query[0].value",
                Some((
                    "Method Ask",
                    "/integrations/weather/methods/ask?tab=query&field=query%5B0%5D.value",
                )),
            ),
            (
                &ask,
                "integration.base_url",
                Some((
                    "Integration Weather",
                    "/integrations/weather?field=base_url",
                )),
            ),
            (&ask, "method", None),
            (&ask, "retry", None),
            (&gone, "method.path", None),
            (&end, "integration.base_url", None),
        ] {
            let found = elsewhere(kind, field, &known);
            let found = found.as_ref();
            assert_eq!(
                found.map(|found| (found.label.as_str(), found.address.as_str())),
                expected,
                "{field}"
            );
        }
    }

    #[test]
    fn a_problem_of_the_start_leads_to_its_row_or_its_section() {
        for (field, expected) in [
            ("start.answer.outputs[1]", Some("#answer-outputs")),
            ("start.inputs[1].name", Some(".input-row:nth-child(2)")),
            (
                "start.inputs[0].value",
                Some(".input-row:nth-child(1) > .field:nth-child(3)"),
            ),
            ("start.inputs", None),
            ("start.limits.burst", None),
            ("from_desk[0].value", None),
        ] {
            assert_eq!(part_of_section(field).as_deref(), expected, "{field}");
        }
    }
}
