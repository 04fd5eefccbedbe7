//! What the steps of each kind do. A new kind is a module here, and a line in [`compile`].

mod condition;
mod desk_action;
mod end;
mod for_each;
mod method;
mod respond;
mod sent;
mod set;
mod sleep;
mod start_runbook;

use std::collections::BTreeSet;
use std::fmt;

pub(super) use for_each::Elements;
pub(super) use respond::secret_in_answer;
pub(crate) use sent::SERVICE_ANSWERED;

use super::RunContext;
use super::effect::{Effect, Outcome};
use super::event::{Child, Response};
use super::outputs::SetVariable;
use super::plan::PlanDocument;
use crate::model::{Output, Retry, Step, StepKind, Timestamp, Way};
use crate::problem::ErrorDetail;
use crate::template::{Token, Variables};

/// What a step of a plan does: it begins, and where that asks for something to be done, it
/// goes on with what came of it.
pub(super) trait Behaviour: fmt::Debug + Send + Sync {
    fn begin(&self, scope: &mut Scope<'_>) -> Began;

    /// Goes on after [`Began::Waits`]; steps that never wait leave it as it is.
    fn resume(&self, _scope: &mut Scope<'_>, _answer: Answer<'_>) -> Resumed {
        Resumed::Left(unexpected())
    }

    /// How its request is sent again after a failure.
    fn retry(&self) -> Option<&Retry> {
        None
    }

    /// Whether sending its request again does no harm.
    fn is_repeatable(&self) -> bool {
        true
    }

    /// The tokens that it resolves.
    fn tokens(&self) -> Vec<UsedToken<'_>>;

    /// Whether a name is known to this step alone, such as a constant of its integration.
    fn knows(&self, _name: &str) -> bool {
        false
    }
}

fn unexpected() -> Left {
    Left::with(Exit::Fails(ErrorDetail::new(
        "unexpected_answer",
        "an answer came for a step that asks for none: publish the runbook again",
    )))
}

/// A token of a step.
pub(super) struct UsedToken<'p> {
    /// Where it stands, such as `method.body.text`.
    pub(super) field: String,
    pub(super) token: &'p Token,
    /// Whether the step can do without its value.
    pub(super) may_be_missing: bool,
}

impl<'p> UsedToken<'p> {
    fn needed(field: impl Into<String>, token: &'p Token) -> Self {
        Self {
            field: field.into(),
            token,
            may_be_missing: false,
        }
    }
}

/// What a step works with.
pub(super) struct Scope<'r> {
    pub(super) variables: &'r mut Variables,
    pub(super) context: &'r RunContext,
    /// `run/step/visit`.
    pub(super) key: String,
    pub(super) now: Timestamp,
    /// When the passage through the step began.
    pub(super) since: Timestamp,
    /// How many runs stand above this one.
    pub(super) depth: u8,
    /// How often the effect was carried out before that is answered now.
    pub(super) tries: u8,
    /// How often the run started again.
    pub(super) restarts: u8,
    /// The variables whose values are not to be read: what is made of them is not to be read either.
    pub(super) secret_names: &'r BTreeSet<String>,
    /// What the variables of other branches hold, in bytes.
    pub(super) elsewhere: usize,
    /// Whether somebody waits for an answer to the run.
    pub(super) caller: Caller,
    /// What a step that goes through an array has left.
    pub(super) elements: &'r mut Option<Elements>,
    /// The last failure on the way here, for a step that ends the run with it.
    pub(super) failure: Option<LastFailure<'r>>,
}

impl Scope<'_> {
    /// Whether one of these tokens stands for something secret.
    fn is_secret<'t>(&self, tokens: impl IntoIterator<Item = &'t Token>) -> bool {
        let mut tokens = tokens.into_iter();
        tokens.any(|token| self.secret_names.contains(token.variable()))
    }
}

/// Who asked for the run, as far as an answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// Nobody waits, and nobody will ask.
    Nobody,
    Waits,
    /// Has been told that it takes longer; may ask again.
    AsksAgain,
    /// Has an answer.
    Answered,
}

/// A failure that lies behind.
#[derive(Debug, Clone, Copy)]
pub(super) struct LastFailure<'r> {
    pub(super) error: &'r ErrorDetail,
    pub(super) step_name: &'r str,
    /// Whether its way led straight here.
    pub(super) is_direct: bool,
}

/// How a step began.
pub(super) enum Began {
    /// Something has to be done first.
    Waits(Effect),
    /// It goes on at this time.
    Sleeps(Timestamp),
    Left(Left),
    /// These elements have their turns side by side.
    Spreads(Elements),
    /// The run has failed, and starts again at this time.
    Restarts {
        until: Timestamp,
        error: ErrorDetail,
    },
    /// The run ends here.
    Ends(Outcome),
}

/// How a step goes on.
pub(super) enum Resumed {
    Left(Left),
    /// It has something done at this time.
    Sleeps {
        until: Timestamp,
        then: Effect,
    },
}

/// What came of an effect.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer<'r> {
    Response(&'r Response),
    Nothing(&'r ErrorDetail),
    Child(&'r Child),
    /// The caller, as it was, has its answer.
    Responded(Caller),
    /// What was slept for has come.
    Woken,
}

/// How a step was left.
pub(super) struct Left {
    pub(super) exit: Exit,
    /// A sentence, such as what a condition compared.
    pub(super) explanation: Option<String>,
    /// The variables that it sets, in their order.
    pub(super) set: Vec<SetVariable>,
    /// What `<<response>>` is from now on.
    pub(super) response: Option<ResponseVariables>,
}

pub(super) enum Exit {
    Way(Way),
    /// By a way that means failure.
    Failure(Way, ErrorDetail),
    /// There is no way for this: the run fails.
    Fails(ErrorDetail),
    /// The run ends here.
    Ends(Outcome),
}

impl Left {
    pub(super) fn by(way: Way) -> Self {
        Self::with(Exit::Way(way))
    }

    pub(super) fn failing(error: ErrorDetail) -> Self {
        Self::with(Exit::Failure(Way::Failure, error))
    }

    pub(super) fn with(exit: Exit) -> Self {
        Self {
            exit,
            explanation: None,
            set: Vec::new(),
            response: None,
        }
    }
}

/// The names of [`ResponseVariables`].
pub(super) const RESPONSE: [&str; 4] = [
    "response",
    "response@status",
    "response@header",
    "response@time_ms",
];

/// The variables `response`, `response@status`, `response@header` and `response@time_ms`.
#[derive(Debug, Default)]
pub(super) struct ResponseVariables {
    /// JSON text; missing where the body is none.
    pub(super) body: Option<String>,
    pub(super) status: Option<u16>,
    /// A JSON object of lower-case names.
    pub(super) headers: Option<String>,
    pub(super) time_ms: Option<u32>,
    /// Whether it is not to be read, because it was cut out of a secret variable.
    pub(super) secret: bool,
}

/// Compiles a step, or says everything that is wrong with it.
pub(super) fn compile(
    step: &Step,
    document: &PlanDocument,
) -> Result<Box<dyn Behaviour>, Vec<ErrorDetail>> {
    Ok(match &step.kind {
        StepKind::Method { method } => {
            Box::new(method::MethodStep::compile(step, method, document)?)
        }
        StepKind::DeskAction {
            action,
            body,
            target,
        } => Box::new(desk_action::DeskActionStep::compile(
            step,
            *action,
            body,
            target.as_ref(),
            document,
        )?),
        StepKind::Condition { when } => Box::new(condition::ConditionStep::compile(when)?),
        StepKind::ForEach {
            over,
            limit,
            at_once,
        } => Box::new(for_each::ForEachStep::compile(over, *limit, *at_once)?),
        StepKind::Respond {
            status,
            headers,
            body,
        } => Box::new(respond::RespondStep::compile(*status, headers, body)?),
        StepKind::StartRunbook {
            runbook,
            variables,
            wait,
        } => Box::new(start_runbook::StartRunbookStep::compile(
            step, runbook, variables, *wait, document,
        )?),
        StepKind::Sleep { for_ms, until } => {
            Box::new(sleep::SleepStep::compile(*for_ms, until.as_deref())?)
        }
        StepKind::Set { variables } => Box::new(set::SetStep::compile(variables)?),
        StepKind::End { outcome } => Box::new(end::EndStep::new(step, *outcome)),
    })
}

/// Whether a step gets an answer from which output variables can be taken.
pub(super) fn takes_outputs(step: &Step) -> bool {
    matches!(
        step.kind,
        StepKind::Method { .. }
            | StepKind::DeskAction { .. }
            | StepKind::StartRunbook { wait: true, .. }
    )
}

/// The output variables that a step sets on its way of success, the method's first.
pub(super) fn outputs<'d>(step: &'d Step, document: &'d PlanDocument) -> Vec<(String, &'d Output)> {
    let of_method = step
        .kind
        .method()
        .and_then(|id| document.method(id))
        .map(|(_, method)| method.outputs.as_slice());
    let named = |field: &'static str, outputs: &'d [Output]| {
        outputs
            .iter()
            .enumerate()
            .map(move |(index, output)| (format!("{field}[{index}]"), output))
    };
    let own = if takes_outputs(step) {
        step.outputs.as_slice()
    } else {
        &[]
    };
    named("method.outputs", of_method.unwrap_or_default())
        .chain(named("outputs", own))
        .collect()
}
