//! Sets variables.

use super::{Began, Behaviour, Exit, Left, Scope, UsedToken, sent};
use crate::engine::outputs::{Finish, SetVariable};
use crate::engine::run::variables;
use crate::model::{SetRow, Way};
use crate::problem::ErrorDetail;
use crate::template::{Mapping, Variable, Variables};

#[derive(Debug)]
pub(super) struct SetStep {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    mapping: Mapping,
    finish: Finish,
}

impl SetStep {
    pub(super) fn compile(rows: &[SetRow]) -> Result<Self, Vec<ErrorDetail>> {
        let mut errors = Vec::new();
        if rows.is_empty() {
            let message = "this step sets nothing: add a variable, or delete the step";
            errors.push(ErrorDetail::new("nothing_set", message).at_field("variables"));
        }
        let rows = rows
            .iter()
            .enumerate()
            .filter_map(|(index, row)| {
                let place = format!("variables[{index}]");
                Row::compile(row, &place)
                    .map_err(|error| errors.push(error))
                    .ok()
            })
            .collect();
        if errors.is_empty() {
            Ok(Self { rows })
        } else {
            Err(errors)
        }
    }

    /// Each row sees what those before it have set.
    fn values(&self, scope: &Scope<'_>) -> Result<Vec<SetVariable>, ErrorDetail> {
        let mut variables = scope.variables.clone();
        let mut set: Vec<SetVariable> = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let is_secret = |name: &str| {
                let earlier = set.iter().rev().find(|earlier| earlier.name == name);
                earlier.map_or_else(
                    || scope.secret_names.contains(name),
                    |earlier| earlier.secret,
                )
            };
            let value = row.value(&variables)?;
            let is_made_of_secrets = row
                .mapping
                .tokens()
                .any(|token| is_secret(token.variable()));
            let adds_to_secret = row.finish.add_to_array && is_secret(&value.name);
            let value = SetVariable {
                secret: adds_to_secret || is_made_of_secrets,
                ..value
            };
            let fitting = sent::fitting(vec![value], &variables, scope.elsewhere)?;
            for value in &fitting {
                variables::set(&mut variables, value);
            }
            set.extend(fitting);
        }
        Ok(set)
    }
}

impl Row {
    fn compile(row: &SetRow, place: &str) -> Result<Self, ErrorDetail> {
        if row.name.trim().is_empty() {
            let message = "this variable has no name: enter one, or remove the row";
            return Err(ErrorDetail::new("empty_name", message).at_field(format!("{place}.name")));
        }
        let mapping = Mapping::parse(&row.value).map_err(|error| {
            let mut detail = ErrorDetail::new(error.kind(), error.to_string())
                .at_field(format!("{place}.value"));
            detail.at.offset = Some(error.at());
            detail
        })?;
        Ok(Self {
            mapping,
            finish: Finish {
                subject: "variable",
                name: row.name.clone(),
                place: format!("{place}.value"),
                bare: false,
                variable_type: None,
                mappings: row.mappings.clone(),
                add_to_array: row.add_to_array,
                secret: false,
            },
        })
    }

    fn value(&self, variables: &Variables) -> Result<SetVariable, ErrorDetail> {
        let (json, bare) = self.mapping.render(variables).map_err(|error| {
            ErrorDetail::new(
                error.kind(),
                format!("the variable `{}` cannot be set: {error}", self.finish.name),
            )
            .at_field(&self.finish.place)
        })?;
        let array = variables.get(&self.finish.name).map(Variable::json);
        let set = self.finish.finish(json.into(), array)?;
        Ok(SetVariable {
            bare: bare && !self.finish.add_to_array,
            ..set
        })
    }
}

impl Behaviour for SetStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        Began::Left(match self.values(scope) {
            Ok(set) => Left {
                set,
                ..Left::by(Way::Done)
            },
            Err(error) => Left::with(Exit::Fails(error)),
        })
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        self.rows
            .iter()
            .flat_map(|row| {
                let tokens = row.mapping.tokens();
                tokens.map(|token| UsedToken::needed(row.finish.place.clone(), token))
            })
            .collect()
    }
}
