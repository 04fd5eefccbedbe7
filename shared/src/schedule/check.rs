//! What keeps a schedule from being saved, or from starting its runbook.

use crate::condition::Condition;
use crate::engine::{PlanDocument, plan};
use crate::model::{Schedule, ScheduleWhen};
use crate::problem::ErrorDetail;
use crate::start::Brought;

/// What is wrong with a schedule by itself; places are its fields, such as `when.expression`.
pub fn problems(schedule: &Schedule) -> Vec<ErrorDetail> {
    let mut problems = schedule.compile().err().unwrap_or_default();
    let brought = brought(schedule);
    if let ScheduleWhen::Before { condition, .. } | ScheduleWhen::After { condition, .. } =
        &schedule.when
        && let Ok(condition) = Condition::compile(condition)
    {
        for (field, token) in condition.tokens() {
            problems.extend(brought.unknown(token, format!("when.condition.{field}")));
        }
    }
    problems.extend(brought.row_problems());
    problems
}

/// What the runbook needs and does not get when the schedule starts it, and rows that fill nothing.
pub fn unfilled(schedule: &Schedule, document: &PlanDocument) -> Vec<ErrorDetail> {
    let mut problems = brought(schedule).unfilled(&document.runbook);
    let has_ticket = schedule.when.known().contains(&"ticket");
    if !has_ticket && plan::draws_on(document, "ticket") {
        let message = format!(
            "steps of the runbook `{}` use `<<ticket^…>>`, which there is not at times of the clock: go by a date of tickets, or make that an input variable of the runbook and fill it here",
            document.runbook.name
        );
        problems.push(ErrorDetail::new("no_such_record", message).at_field("runbook"));
    }
    problems
}

fn brought(schedule: &Schedule) -> Brought<'_> {
    let at = match schedule.when {
        ScheduleWhen::Cron { .. } => "a schedule by the clock",
        ScheduleWhen::Before { .. } | ScheduleWhen::After { .. } => "a schedule by dates",
    };
    Brought {
        names: schedule.when.known().to_vec(),
        at: at.to_owned(),
        starter: "a schedule",
        owner: "the schedule",
        variables: &schedule.variables,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::Runbook;

    fn schedule(when: &Value, variables: &Value) -> Schedule {
        serde_json::from_value(json!({
            "id": "s", "name": "S", "runbook": "rb", "time_zone": "UTC", "when": when, "variables": variables,
        }))
        .unwrap()
    }

    fn runbook(from_desk: &Value, token: &str) -> PlanDocument {
        let runbook: Runbook = serde_json::from_value(json!({
            "id": "rb", "name": "Round",
            "start": {"inputs": [{"name": "Id", "type": "string"}, {"name": "Team", "type": "string", "required": false}]},
            "from_desk": from_desk, "first_step": "a",
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

    fn found(problems: Vec<ErrorDetail>) -> Vec<String> {
        let told = |problem: ErrorDetail| {
            format!("{} {}", problem.code, problem.at.field.unwrap_or_default())
        };
        problems.into_iter().map(told).collect()
    }

    #[test]
    fn only_what_comes_along_can_be_used() {
        let clock = json!({"type": "cron", "expression": "0 9 * * *"});
        let date = |left: &str| {
            json!({"type": "after", "minutes": 5, "field": "dateclosed", "condition": {"all": [
                {"left": left, "op": "has_value"},
            ]}})
        };
        let row = |value: &str| json!([{"name": "Id", "value": value}]);
        for (when, variables, expected) in [
            (clock.clone(), row("<<schedule^due_at>>"), &[][..]),
            (
                clock.clone(),
                row("<<ticket^id>>"),
                &["unknown_variable variables[0].value"],
            ),
            (clock, row("<<ticket^id ?? 0>>"), &[]),
            (date("<<ticket^id>>"), row("<<ticket^id>>"), &[]),
            (
                date("<<before^id>>"),
                row("<<halo_url>>"),
                &["unknown_variable when.condition.all[0].left"],
            ),
            (
                json!({"type": "cron", "expression": "x"}),
                json!([{"name": "A", "value": "<<"}, {"name": "A", "value": ""}]),
                &[
                    "expression_fields when.expression",
                    "syntax variables[0].value",
                    "duplicate_variable variables[1].name",
                ],
            ),
        ] {
            let schedule = schedule(&when, &variables);
            assert_eq!(found(problems(&schedule)), expected, "{when} {variables}");
        }
    }

    #[test]
    fn what_a_runbook_lacks_is_named() {
        let clock = json!({"type": "cron", "expression": "0 9 * * *"});
        let date = json!({"type": "after", "minutes": 5, "field": "dateclosed"});
        let row = |name: &str, value: &str| json!([{"name": name, "value": value}]);
        for (when, variables, from_desk, token, expected) in [
            (&clock, row("Id", "1"), json!([]), "1", &[][..]),
            (
                &clock,
                json!([]),
                json!([]),
                "1",
                &["input_missing variables"],
            ),
            (
                &clock,
                json!([]),
                row("Id", "<<ticket^id>>"),
                "1",
                &["input_missing variables"],
            ),
            (
                &date,
                json!([]),
                row("Id", "<<ticket^id>>"),
                "<<ticket^id>>",
                &[],
            ),
            (
                &clock,
                row("Id", "1"),
                json!([]),
                "<<ticket^id>>",
                &["no_such_record runbook"],
            ),
            (&clock, row("Id", "1"), json!([]), "<<schedule^name>>", &[]),
            (
                &date,
                row("Ids", "1"),
                row("Id", "1"),
                "1",
                &["unknown_input variables[0].name"],
            ),
        ] {
            let lacking = unfilled(&schedule(when, &variables), &runbook(&from_desk, token));
            let name = format!("{when} {variables} {from_desk} {token}");
            assert_eq!(found(lacking), expected, "{name}");
        }
    }
}
