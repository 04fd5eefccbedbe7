//! Changes or reads the desk: the embedded one, or another Halo instance.

use super::{Answer, Began, Behaviour, Left, Resumed, Scope, UsedToken, sent};
use crate::desk::operation;
use crate::engine::effect::{AuthFrom, DeskCall, Effect, HttpCall};
use crate::engine::outputs::Outputs;
use crate::engine::plan::PlanDocument;
use crate::model::{DeskOperation, HttpMethod, IntegrationId, Method, Retry, Step};
use crate::problem::ErrorDetail;
use crate::request::{Destination, RequestError, RequestTemplate};
use crate::template::{Context, Template};

#[derive(Debug)]
pub(super) struct DeskActionStep {
    operation: DeskOperation,
    target: Target,
    outputs: Outputs,
    timeout_ms: u32,
    retry: Option<Retry>,
}

#[derive(Debug)]
enum Target {
    Embedded {
        body: Template,
    },
    Other {
        request: Box<RequestTemplate>,
        integration: IntegrationId,
    },
}

impl DeskActionStep {
    pub(super) fn compile(
        step: &Step,
        operation: DeskOperation,
        body: &str,
        target: Option<&IntegrationId>,
        document: &PlanDocument,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let target = match target {
            None => embedded(operation, body),
            Some(id) => other(operation, body, id, document),
        };
        let outputs = Outputs::compile(super::outputs(step, document));
        match (target, outputs) {
            (Ok(target), Ok(outputs)) => Ok(Self {
                operation,
                target,
                outputs,
                timeout_ms: step.timeout_ms.unwrap_or(Method::DEFAULT_TIMEOUT_MS),
                retry: step.retry.clone(),
            }),
            (target, outputs) => {
                let mut errors = target.err().unwrap_or_default();
                errors.extend(outputs.err().unwrap_or_default());
                Err(errors)
            }
        }
    }
}

fn embedded(operation: DeskOperation, body: &str) -> Result<Target, Vec<ErrorDetail>> {
    let body = parse(operation, body)?;
    Ok(Target::Embedded { body })
}

/// Parses an action's JSON, and looks whether all that it needs is there. One that only reads has none.
fn parse(operation: DeskOperation, body: &str) -> Result<Template, Vec<ErrorDetail>> {
    let (body, context) = match operation.http_method() {
        HttpMethod::Get => ("", Context::Text),
        _ => (body, Context::Json),
    };
    let body = Template::parse(body, context).map_err(|error| {
        let mut detail = ErrorDetail::new(error.kind(), error.to_string()).at_field("body");
        detail.at.offset = Some(error.at());
        vec![detail]
    })?;
    match operation.http_method() {
        HttpMethod::Get => Ok(body),
        _ => match operation::check(operation, &body) {
            problems if problems.is_empty() => Ok(body),
            problems => Err(problems),
        },
    }
}

fn other(
    operation: DeskOperation,
    body: &str,
    id: &IntegrationId,
    document: &PlanDocument,
) -> Result<Target, Vec<ErrorDetail>> {
    let refused =
        |code, message: String| Err(vec![ErrorDetail::new(code, message).at_field("target")]);
    let Some(integration) = document.integration(id) else {
        return refused(
            "unknown_integration",
            "the integration that this step targets does not exist any more: choose another one, or your own desk".to_owned(),
        );
    };
    if !integration.halo {
        return refused(
            "not_halo",
            format!(
                "`{}` is not marked as a Halo instance: mark it in its settings, or choose another target",
                integration.name
            ),
        );
    }
    parse(operation, body)?;
    let request = Box::new(RequestTemplate::for_desk_action(
        integration,
        operation,
        body,
    )?);
    Ok(Target::Other {
        request,
        integration: id.clone(),
    })
}

impl Behaviour for DeskActionStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        let effect = match &self.target {
            Target::Embedded { body } => body
                .render(scope.variables)
                .map(|body| {
                    Effect::Desk(DeskCall {
                        operation: self.operation,
                        http_method: self.operation.http_method(),
                        resource: self.operation.resource(),
                        body,
                        timeout_ms: self.timeout_ms,
                        key: scope.key.clone(),
                    })
                })
                .map_err(|error| RequestError {
                    cause: error.into(),
                    field: "body".to_owned(),
                }),
            Target::Other {
                request,
                integration,
            } => request
                .render(scope.variables, &scope.context.halo_url)
                .map(|rendered| {
                    Effect::Http(Box::new(HttpCall {
                        request: rendered,
                        integration: integration.clone(),
                        method: None,
                        auth_from: AuthFrom::Integration(integration.clone()),
                        timeout_ms: self.timeout_ms,
                        repeatable: self.is_repeatable(),
                        key: scope.key.clone(),
                    }))
                })
                .map_err(|error| RequestError {
                    field: "body".to_owned(),
                    ..error
                }),
        };
        let checked = effect.map_err(ErrorDetail::from).and_then(|effect| {
            let body = match &effect {
                Effect::Desk(call) => Some(call.body.as_bytes()),
                Effect::Http(call) => call.request.body(),
                _ => None,
            };
            let body = body.and_then(|body| str::from_utf8(body).ok());
            operation::check_values(self.operation, body.unwrap_or_default())?;
            Ok(effect)
        });
        match checked {
            Ok(effect) => Began::Waits(effect),
            Err(detail) => Began::Left(Left::failing(detail)),
        }
    }

    fn resume(&self, scope: &mut Scope<'_>, answer: Answer<'_>) -> Resumed {
        Resumed::Left(sent::judge(scope, &self.outputs, answer))
    }

    fn retry(&self) -> Option<&Retry> {
        self.retry.as_ref()
    }

    fn is_repeatable(&self) -> bool {
        match &self.target {
            Target::Embedded { .. } => true,
            Target::Other { request, .. } => request.destination() == Destination::Own,
        }
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        match &self.target {
            Target::Embedded { body } => body
                .tokens()
                .map(|token| UsedToken::needed("body", token))
                .collect(),
            Target::Other { request, .. } => request
                .tokens()
                .map(|(_, token)| UsedToken::needed("body", token))
                .collect(),
        }
    }

    fn knows(&self, name: &str) -> bool {
        match &self.target {
            Target::Embedded { .. } => false,
            Target::Other { request, .. } => request.has_constant(name),
        }
    }
}
