//! Starts by a person in the console.

use std::collections::BTreeMap;

use super::{Given, StartInputs, settle};
use crate::json::{self, Limits};
use crate::model::{Input, RawJson};
use crate::problem::ErrorDetail;
use crate::template::nearest;
use crate::typed;

/// Takes the input variables as they were typed. An error's field names the variable.
pub fn from_console(
    inputs: &[Input],
    values: &BTreeMap<String, RawJson>,
) -> Result<StartInputs, ErrorDetail> {
    refuse_unknown(inputs, values)?;
    let mut variables = Vec::with_capacity(inputs.len());
    for input in inputs {
        let value = values.get(&input.name);
        if value.is_some_and(|value| {
            json::validate(value.as_str().as_bytes(), Limits::default()).is_err()
        }) {
            let what = format!("the value of `{}`", input.name);
            return Err(typed::too_deep(&what).at_field(&input.name));
        }
        let given = value.map(|value| Given {
            value: value.to_string(),
            bare: false,
            is_loose: true,
        });
        variables.extend(settle(input, given, || "enter a value".to_owned())?);
    }
    Ok(StartInputs {
        variables,
        ..StartInputs::default()
    })
}

fn refuse_unknown(inputs: &[Input], values: &BTreeMap<String, RawJson>) -> Result<(), ErrorDetail> {
    let unknown = values
        .keys()
        .find(|name| inputs.iter().all(|input| input.name != **name));
    let Some(unknown) = unknown else {
        return Ok(());
    };
    let hint = nearest(unknown, inputs.iter().map(|input| input.name.as_str()))
        .map_or_else(String::new, |nearest| {
            format!(" (did you mean `{nearest}`?)")
        });
    let message = format!("the runbook has no input variable `{unknown}`{hint}: leave it out");
    Err(ErrorDetail::new("unknown_input", message).at_field(unknown))
}

/// What a run started with, some of its input variables changed. An error's field names the variable.
pub fn edited(
    inputs: &[Input],
    mut given: StartInputs,
    values: &BTreeMap<String, RawJson>,
) -> Result<StartInputs, ErrorDetail> {
    let named: Vec<Input> = inputs
        .iter()
        .filter(|input| values.contains_key(&input.name))
        .cloned()
        .collect();
    refuse_unknown(inputs, values)?;
    for changed in from_console(&named, values)?.variables {
        match given
            .variables
            .iter_mut()
            .find(|variable| variable.name == changed.name)
        {
            Some(variable) => *variable = changed,
            None => given.variables.push(changed),
        }
    }
    Ok(given)
}
