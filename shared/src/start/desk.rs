//! Starts by what happens at the desk: an action on a ticket, a button on a user or an asset, an event, a schedule.

use super::{Given, StartInputs, settle};
use crate::json;
use crate::model::{NamedTemplate, RecordKind, Runbook};
use crate::problem::ErrorDetail;
use crate::template::{Mapping, RenderError, Unresolved, VariableError, Variables};

/// What the desk brings along.
#[derive(Debug, Clone, Copy)]
pub struct DeskStart<'d> {
    /// The row of what started it, which counts before the runbook's own, variable by variable.
    pub overrides: &'d [NamedTemplate],
    /// By their names in templates, such as `ticket`; JSON text.
    pub documents: &'d [(&'static str, String)],
    /// The desk's own address; no JSON.
    pub halo_url: &'d str,
}

/// Whether a name is that of a document which the desk may bring along.
pub(crate) fn is_of_desk(name: &str) -> bool {
    let mut kinds = RecordKind::ALL.iter();
    matches!(name, "action" | "before" | "schedule" | "sla")
        || kinds.any(|kind| kind.as_str() == name)
}

/// The variables that templates draw from when the desk starts something.
pub fn desk_variables(start: &DeskStart<'_>) -> Result<Variables, ErrorDetail> {
    let not_json = |error: VariableError| ErrorDetail::new("not_json", error.to_string());
    let mut known = Variables::new();
    for (name, document) in start.documents {
        known.insert(*name, document).map_err(not_json)?;
    }
    known
        .insert_bare("halo_url", json::quote(start.halo_url))
        .map_err(not_json)?;
    Ok(known)
}

/// What to do about a token that asks for a record which there is not at this start, such as a ticket's on a user.
fn without_record(error: &RenderError) -> Option<String> {
    let RenderError::Unresolved {
        token,
        why: Unresolved::NoVariable { name, .. },
    } = error
    else {
        return None;
    };
    let record = ["ticket", "user", "asset"]
        .into_iter()
        .find(|r| r == name)?;
    let article = if record == "asset" { "an" } else { "a" };
    Some(format!(
        "it is filled with `{}`, and this start has no {record}. Fill it with something else in the variables of what starts it, or start the runbook on {article} {record}.",
        token.text
    ))
}

/// Fills the input variables from what the desk brings along. An error's field names the variable.
pub fn from_desk(runbook: &Runbook, start: &DeskStart<'_>) -> Result<StartInputs, ErrorDetail> {
    let known = desk_variables(start)?;
    let mut variables = Vec::with_capacity(runbook.start.inputs.len());
    for input in &runbook.start.inputs {
        let row = [start.overrides, &runbook.from_desk]
            .into_iter()
            .find_map(|rows| rows.iter().find(|row| row.name == input.name));
        let (given, reason) = match row.map(|row| Mapping::parse(&row.value)) {
            None => (
                None,
                "nothing says what fills it; enter that in the variables of what starts it, or on the runbook's Details tab"
                    .to_owned(),
            ),
            Some(Err(error)) => (None, error.to_string()),
            Some(Ok(mapping)) => match mapping.render(&known) {
                Ok((value, bare)) => (
                    Some(Given {
                        value,
                        bare,
                        is_loose: true,
                    }),
                    String::new(),
                ),
                Err(error) => (None, without_record(&error).unwrap_or_else(|| error.to_string())),
            },
        };
        variables.extend(settle(input, given, || reason)?);
    }
    let mut inputs = StartInputs {
        variables,
        ..StartInputs::default()
    };
    for (name, document) in start.documents {
        let document = document.clone();
        match *name {
            "ticket" => inputs.ticket = Some(document),
            "action" => inputs.action = Some(document),
            name => _ = inputs.records.insert(name.to_owned(), document),
        }
    }
    Ok(inputs)
}
