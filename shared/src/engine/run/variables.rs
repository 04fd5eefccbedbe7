//! The variables that a run brings along, and those of an answer.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::engine::RunContext;
use crate::engine::outputs::SetVariable;
use crate::engine::plan::Plan;
use crate::engine::steps::{RESPONSE, ResponseVariables};
use crate::json;
use crate::model::Timestamp;
use crate::start::Trigger;
use crate::template::Variables;

/// What is known before the first step.
pub(in crate::engine) fn first_variables(
    plan: &Plan,
    trigger: &Trigger,
    context: &RunContext,
    now: Timestamp,
) -> Variables {
    let mut variables = Variables::new();
    // All of these are JSON: they are quoted here, or were checked at the door.
    let mut set = |name: &str, value: &str, bare: bool| {
        let _ = if bare {
            variables.insert_bare(name, value)
        } else {
            variables.insert(name, value)
        };
    };
    set("halo_url", &json::quote(&context.halo_url), true);
    let runbook = &plan.document().runbook;
    let started_at = instant(now);
    set(
        "run",
        &format!(
            r#"{{"id":{},"started_at":{},"runbook":{{"id":{},"name":{}}}}}"#,
            json::quote(&context.run_id.to_string()),
            json::quote(&started_at),
            json::quote(runbook.id.as_str()),
            json::quote(&runbook.name),
        ),
        false,
    );
    for (name, value) in trigger.inputs.documents() {
        set(name, value, false);
    }
    for input in &trigger.inputs.variables {
        set(&input.name, &input.value, input.bare);
    }
    for variable in trigger.from.iter().flat_map(|from| &from.variables) {
        set(&variable.name, &variable.value, variable.bare);
    }
    variables
}

fn instant(timestamp: Timestamp) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(timestamp) * 1_000_000)
        .ok()
        .and_then(|instant| instant.format(&Rfc3339).ok())
        .unwrap_or_default()
}

/// Gives a variable its new value.
pub(in crate::engine) fn set(variables: &mut Variables, set: &SetVariable) {
    // What is set was cut out of JSON that had been checked, or rendered as JSON.
    let _ = if set.bare {
        variables.insert_bare(set.name.as_str(), set.json.as_str())
    } else {
        variables.insert(set.name.as_str(), set.json.as_str())
    };
}

/// `<<response>>` and what stands beside it; what the step has none of is not left over from an earlier one.
pub(in crate::engine) fn set_response(variables: &mut Variables, response: ResponseVariables) {
    let values = [
        response.body,
        response.status.map(|status| status.to_string()),
        response.headers,
        response.time_ms.map(|time| time.to_string()),
    ];
    for (name, value) in RESPONSE.into_iter().zip(values) {
        match value {
            // Checked when the answer came, or made here.
            Some(value) => _ = variables.insert(name, value),
            None => _ = variables.remove(name),
        }
    }
}
