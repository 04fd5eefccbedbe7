//! Starts by an action on a ticket, or by a button on a user or an asset.

use super::{Given, StartInputs, settle};
use crate::json;
use crate::model::{ActsOn, NamedTemplate, Runbook};
use crate::problem::ErrorDetail;
use crate::template::{Mapping, Variables};

/// What the desk brings along. All of them are JSON text.
#[derive(Debug, Clone, Copy)]
pub struct DeskStart<'d> {
    /// The row of what started it, which counts before the runbook's own, variable by variable.
    pub overrides: &'d [NamedTemplate],
    /// The ticket, the user or the asset, and which of them it is.
    pub record: (ActsOn, &'d str),
    pub action: &'d str,
    /// The desk's own address; no JSON.
    pub halo_url: &'d str,
}

/// Fills the input variables from a record and the action that was taken on it. An error's field names the variable.
pub fn from_desk(runbook: &Runbook, start: &DeskStart<'_>) -> Result<StartInputs, ErrorDetail> {
    let mut known = Variables::new();
    let (records, record) = start.record;
    for (name, value) in [(records.as_str(), record), ("action", start.action)] {
        known
            .insert(name, value)
            .map_err(|error| ErrorDetail::new("not_json", error.to_string()))?;
    }
    known
        .insert_bare("halo_url", json::quote(start.halo_url))
        .map_err(|error| ErrorDetail::new("not_json", error.to_string()))?;
    let mut variables = Vec::with_capacity(runbook.start.inputs.len());
    for input in &runbook.start.inputs {
        let row = [start.overrides, &runbook.from_desk]
            .into_iter()
            .find_map(|rows| rows.iter().find(|row| row.name == input.name));
        let (given, reason) = match row.map(|row| Mapping::parse(&row.value)) {
            None => (None, "nothing says what fills it; enter that in the action's variables, or on the runbook's Details tab".to_owned()),
            Some(Err(error)) => (None, error.to_string()),
            Some(Ok(mapping)) => match mapping.render(&known) {
                Ok((value, bare)) => (Some(Given { value, bare, is_loose: true }), String::new()),
                Err(error) => (None, error.to_string()),
            },
        };
        variables.extend(settle(input, given, || reason)?);
    }
    Ok(StartInputs {
        variables,
        action: Some(start.action.to_owned()),
        ..StartInputs::of_record(records, record.to_owned())
    })
}
