//! Starts another runbook: in place of this run, or as a part of it whose end is waited for.

use std::collections::BTreeMap;

use super::{Answer, Began, Behaviour, Exit, Left, ResponseVariables, Resumed, Scope, UsedToken};
use crate::engine::effect::{ChildCall, Effect, Outcome};
use crate::engine::event::Child;
use crate::engine::view::RunStatus;
use crate::model::{NamedTemplate, RawJson, RunbookId, Timestamp, Way};
use crate::problem::ErrorDetail;
use crate::template::Mapping;

/// How deep runs may start one another: those that start themselves over and over end here.
const DEEPEST: u8 = 10;
/// The longest wait between two looks at a run that takes long, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 60_000;

#[derive(Debug)]
pub(super) struct StartRunbookStep {
    runbook: RunbookId,
    variables: Vec<(String, String, Mapping)>,
    wait: bool,
}

impl StartRunbookStep {
    pub(super) fn compile(
        runbook: &RunbookId,
        variables: &[NamedTemplate],
        wait: bool,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let mut errors = Vec::new();
        let mut rows = Vec::with_capacity(variables.len());
        for (index, row) in variables.iter().enumerate() {
            let place = format!("variables[{index}]");
            if row.name.trim().is_empty() {
                let message = "this variable has no name: enter the name of an input variable, or remove the row";
                errors.push(
                    ErrorDetail::new("empty_name", message).at_field(format!("{place}.name")),
                );
            } else if variables
                .iter()
                .take(index)
                .any(|other| other.name == row.name)
            {
                let message = format!(
                    "two rows fill the input variable `{}`: remove one of them",
                    row.name
                );
                errors.push(
                    ErrorDetail::new("duplicate_variable", message)
                        .at_field(format!("{place}.name")),
                );
            }
            match Mapping::parse(&row.value) {
                Ok(mapping) => rows.push((row.name.clone(), format!("{place}.value"), mapping)),
                Err(error) => {
                    let mut detail = ErrorDetail::new(error.kind(), error.to_string())
                        .at_field(format!("{place}.value"));
                    detail.at.offset = Some(error.at());
                    errors.push(detail);
                }
            }
        }
        if errors.is_empty() {
            Ok(Self {
                runbook: runbook.clone(),
                variables: rows,
                wait,
            })
        } else {
            Err(errors)
        }
    }

    fn call(&self, scope: &Scope<'_>) -> Result<ChildCall, ErrorDetail> {
        if scope.depth >= DEEPEST {
            return Err(ErrorDetail::new(
                "too_deep",
                format!(
                    "runbooks have started one another {DEEPEST} times in a row, and this one was stopped: check whether they go in circles"
                ),
            ));
        }
        let mut variables = BTreeMap::new();
        for (name, field, mapping) in &self.variables {
            let told = |code: &str, why: String| {
                let message = format!("the input variable `{name}` cannot be filled: {why}");
                ErrorDetail::new(code, message).at_field(field)
            };
            let (json, _) = mapping
                .render(scope.variables)
                .map_err(|error| told(error.kind(), error.to_string()))?;
            let value =
                RawJson::parse(&json).map_err(|error| told("not_json", error.to_string()))?;
            variables.insert(name.clone(), value);
        }
        Ok(ChildCall::Start {
            runbook: self.runbook.clone(),
            variables,
            key: scope.key.clone(),
            depth: scope.depth.saturating_add(1),
            waits: self.wait,
        })
    }

    fn failing(&self, error: ErrorDetail) -> Left {
        if self.wait {
            Left {
                response: Some(ResponseVariables::default()),
                ..Left::failing(error)
            }
        } else {
            Left::with(Exit::Fails(error))
        }
    }
}

/// When to look again at a run that has not ended; `looks` have been made.
fn pause(now: Timestamp, looks: u8) -> Timestamp {
    let pause = 1_000_u64.saturating_mul(1 << looks.min(10));
    now.saturating_add(pause.min(LONGEST_PAUSE_MS))
}

impl Behaviour for StartRunbookStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        match self.call(scope) {
            Ok(call) => Began::Waits(Effect::Child(call)),
            Err(error) => Began::Left(self.failing(error)),
        }
    }

    fn resume(&self, scope: &mut Scope<'_>, answer: Answer<'_>) -> Resumed {
        let child = match answer {
            Answer::Child(child) => child,
            Answer::Nothing(error) => return Resumed::Left(self.failing(error.clone())),
            Answer::Response(_) | Answer::Woken | Answer::Responded(_) => {
                return Resumed::Left(super::unexpected());
            }
        };
        let Child {
            run_id,
            status,
            outputs,
            error,
        } = child;
        let explanation = Some(format!("started the run {run_id}"));
        Resumed::Left(match status {
            _ if !self.wait => Left {
                explanation,
                ..Left::with(Exit::Ends(Outcome::Succeeded))
            },
            RunStatus::Succeeded => Left {
                explanation,
                response: Some(ResponseVariables {
                    body: Some(outputs.clone().unwrap_or_else(|| "{}".to_owned())),
                    ..ResponseVariables::default()
                }),
                ..Left::by(Way::Success)
            },
            RunStatus::Failed | RunStatus::Cancelled => {
                let why = error.as_ref().map_or_else(
                    || "it was cancelled".to_owned(),
                    |error| error.message.clone(),
                );
                Left {
                    explanation,
                    ..self.failing(ErrorDetail::new(
                        "runbook_failed",
                        format!("the runbook that this step started did not end well: {why}"),
                    ))
                }
            }
            RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => {
                return Resumed::Sleeps {
                    until: pause(scope.now, scope.tries),
                    then: Effect::Child(ChildCall::Await {
                        run_id: run_id.clone(),
                    }),
                };
            }
        })
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        self.variables
            .iter()
            .flat_map(|(_, field, mapping)| {
                mapping
                    .tokens()
                    .map(|token| UsedToken::needed(field.clone(), token))
            })
            .collect()
    }
}
