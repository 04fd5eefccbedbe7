//! Starts another runbook: in place of this run, or as a part of it whose end is waited for.

use std::collections::BTreeMap;

use super::{
    Answer, Began, Behaviour, Exit, Left, ResponseVariables, Resumed, Scope, UsedToken, sent,
};
use crate::engine::effect::{ChildCall, Effect, Outcome};
use crate::engine::event::Child;
use crate::engine::outputs::Outputs;
use crate::engine::plan::PlanDocument;
use crate::engine::view::RunStatus;
use crate::model::{NamedTemplate, RawJson, RunId, RunbookId, Step, Timestamp, Way};
use crate::problem::ErrorDetail;
use crate::template::Mapping;

/// How deep runs may start one another: those that start themselves over and over end here.
const DEEPEST: u8 = 10;
/// How long a start waits for the end of its run, in milliseconds: of one that takes longer, the id is to be known
/// soon.
const START_WAIT_MS: u32 = 1_000;
/// How long one look at a run waits for its end, in milliseconds.
const LOOK_WAIT_MS: u32 = 25_000;
/// The longest wait between two looks at a run that takes long, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 60_000;
/// What the failure of a run is told with, once, however many stand above it.
const NOT_WELL: &str = "the runbook that this step started did not end well: ";

#[derive(Debug)]
pub(super) struct StartRunbookStep {
    runbook: RunbookId,
    variables: Vec<(String, String, Mapping)>,
    wait: bool,
    outputs: Outputs,
    /// How long the end of the run is waited for.
    timeout_ms: Option<u32>,
}

impl StartRunbookStep {
    pub(super) fn compile(
        step: &Step,
        runbook: &RunbookId,
        variables: &[NamedTemplate],
        wait: bool,
        document: &PlanDocument,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let mut errors = Vec::new();
        let outputs = Outputs::compile(super::outputs(step, document))
            .and_then(Outputs::of_body_only)
            .map_err(|wrong| errors.extend(wrong));
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
        match outputs {
            Ok(outputs) if errors.is_empty() => Ok(Self {
                runbook: runbook.clone(),
                variables: rows,
                wait,
                outputs,
                timeout_ms: step.timeout_ms,
            }),
            _ => Err(errors),
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
            wait_ms: self.wait.then(|| {
                self.timeout_ms
                    .map_or(START_WAIT_MS, |limit| limit.min(START_WAIT_MS))
            }),
        })
    }

    /// When the end of the run is not waited for any longer.
    fn gives_up_at(&self, scope: &Scope<'_>) -> Option<Timestamp> {
        self.timeout_ms
            .map(|limit| scope.since.saturating_add(limit.into()))
    }

    /// Leaves the step with what the run answered.
    fn succeeding(&self, scope: &Scope<'_>, answer: &str) -> Left {
        let taken = self.outputs.take_from(answer, scope.variables);
        let set = taken.into_iter().collect::<Result<Vec<_>, _>>();
        let fitting = set.and_then(|set| sent::fitting(set, scope.variables, scope.elsewhere));
        let left = match fitting {
            Ok(set) => Left {
                set,
                ..Left::by(Way::Success)
            },
            Err(error) => Left::failing(error),
        };
        Left {
            response: Some(ResponseVariables {
                body: Some(answer.to_owned()),
                ..ResponseVariables::default()
            }),
            ..left
        }
    }

    /// Has the run looked at once more, unless its time is up.
    fn look_again(&self, scope: &Scope<'_>, run_id: &RunId) -> Resumed {
        let limit = self.gives_up_at(scope);
        if limit.is_some_and(|limit| limit <= scope.now) {
            let seconds = f64::from(self.timeout_ms.unwrap_or_default()) / 1000.0;
            return Resumed::Left(self.failing(ErrorDetail::new(
                "timeout",
                format!(
                    "the runbook that this step started did not end within {seconds} s, and its run goes on: look at that, or set a longer time limit"
                ),
            )));
        }
        let until = pause(scope.now, scope.tries);
        let until = limit.map_or(until, |limit| until.min(limit));
        let left = limit.map_or(u64::MAX, |limit| limit.saturating_sub(until));
        let wait_ms = u32::try_from(left).map_or(LOOK_WAIT_MS, |left| left.min(LOOK_WAIT_MS));
        Resumed::Sleeps {
            until,
            then: Effect::Child(ChildCall::Await {
                run_id: run_id.clone(),
                wait_ms,
            }),
        }
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

/// When to look again at a run that has not ended; `looks` have been made. The first follows the start at once.
fn pause(now: Timestamp, looks: u8) -> Timestamp {
    let pause = match looks.checked_sub(1) {
        Some(looks) => 1_000_u64.saturating_mul(1 << looks.min(10)),
        None => 0,
    };
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
            Answer::Nothing(error) => {
                let what = if scope.tries == 0 {
                    "the other runbook could not be started"
                } else {
                    "it cannot be told what became of the run that this step started"
                };
                let message = format!("{what}: {}", error.message);
                return Resumed::Left(self.failing(ErrorDetail {
                    message,
                    ..error.clone()
                }));
            }
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
                ..self.succeeding(scope, outputs.as_deref().unwrap_or("{}"))
            },
            RunStatus::Failed | RunStatus::Cancelled => {
                let why = error
                    .as_ref()
                    .map_or("it was cancelled", |error| error.message.as_str());
                // It may itself have failed because of one that it had started.
                let innermost = why.rsplit(NOT_WELL).next().unwrap_or(why);
                Left {
                    explanation,
                    ..self.failing(ErrorDetail::new(
                        "runbook_failed",
                        format!("{NOT_WELL}{innermost}"),
                    ))
                }
            }
            RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => {
                return self.look_again(scope, run_id);
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
