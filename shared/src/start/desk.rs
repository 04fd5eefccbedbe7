//! Starts by an action on a ticket.

use super::{Given, StartInputs, settle};
use crate::json;
use crate::model::{NamedTemplate, Runbook};
use crate::problem::ErrorDetail;
use crate::template::{Mapping, Variables};

/// What the desk brings along. All of them are JSON text.
#[derive(Debug, Clone, Copy)]
pub struct DeskStart<'d> {
    /// The row of what started it, which counts before the runbook's own, variable by variable.
    pub overrides: &'d [NamedTemplate],
    pub ticket: &'d str,
    pub action: &'d str,
    /// The desk's own address; no JSON.
    pub halo_url: &'d str,
}

/// Fills the input variables from a ticket and its action. An error's field names the variable.
pub fn from_desk(runbook: &Runbook, start: &DeskStart<'_>) -> Result<StartInputs, ErrorDetail> {
    let mut known = Variables::new();
    for (name, value) in [("ticket", start.ticket), ("action", start.action)] {
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
            None => (None, "nothing says where it stands on the ticket or action; fill it on the runbook's Details tab".to_owned()),
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
        ticket: Some(start.ticket.to_owned()),
        action: Some(start.action.to_owned()),
        ..StartInputs::default()
    })
}
