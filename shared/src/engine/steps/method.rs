//! Sends the request of a method.

use super::{Answer, Began, Behaviour, Resumed, Scope, UsedToken, sent};
use crate::engine::effect::{AuthFrom, Effect, HttpCall};
use crate::engine::outputs::Outputs;
use crate::engine::plan::PlanDocument;
use crate::model::{IntegrationId, Method, MethodId, Retry, Step};
use crate::problem::ErrorDetail;
use crate::request::{Destination, RequestTemplate};

#[derive(Debug)]
pub(super) struct MethodStep {
    request: RequestTemplate,
    outputs: Outputs,
    integration: IntegrationId,
    method: MethodId,
    auth_from: AuthFrom,
    timeout_ms: u32,
    repeatable: bool,
    idempotency_key: bool,
    retry: Option<Retry>,
}

impl MethodStep {
    pub(super) fn compile(
        step: &Step,
        id: &MethodId,
        document: &PlanDocument,
    ) -> Result<Self, Vec<ErrorDetail>> {
        let Some((integration, method)) = document.method(id) else {
            let detail = ErrorDetail::new(
                "unknown_method",
                "the method of this step does not exist any more: choose another one",
            );
            return Err(vec![detail.at_field("method")]);
        };
        let request = RequestTemplate::for_method(integration, method).map_err(|errors| {
            errors
                .into_iter()
                .map(|error| below_method(error, integration.name.as_str()))
                .collect::<Vec<_>>()
        });
        let outputs = Outputs::compile(super::outputs(step, document));
        let (request, outputs) = match (request, outputs) {
            (Ok(request), Ok(outputs)) => (request, outputs),
            (request, outputs) => {
                let mut errors = request.err().unwrap_or_default();
                errors.extend(outputs.err().unwrap_or_default());
                return Err(errors);
            }
        };
        Ok(Self {
            repeatable: method.repeatable.unwrap_or_else(|| {
                method.http_method.is_idempotent()
                    || method.idempotency_key
                    || request.has_idempotency_key()
            }) || request.destination() == Destination::Own,
            idempotency_key: method.idempotency_key,
            request,
            outputs,
            integration: integration.id.clone(),
            method: id.clone(),
            auth_from: match method.auth {
                Some(_) => AuthFrom::Method(id.clone()),
                None => AuthFrom::Integration(integration.id.clone()),
            },
            timeout_ms: step
                .timeout_ms
                .or(method.timeout_ms)
                .unwrap_or(Method::DEFAULT_TIMEOUT_MS),
            retry: step.retry.clone().or_else(|| method.retry.clone()),
        })
    }
}

/// Fields of the method are told apart from those of the step.
fn below_method(mut error: ErrorDetail, integration: &str) -> ErrorDetail {
    error.at.field = match error.at.field.as_deref() {
        Some("base_url") => {
            error.message = format!(
                "the base URL of the integration `{integration}`: {}",
                error.message
            );
            Some("integration.base_url".to_owned())
        }
        Some(field) => Some(format!("method.{field}")),
        None => Some("method".to_owned()),
    };
    error
}

impl Behaviour for MethodStep {
    fn begin(&self, scope: &mut Scope<'_>) -> Began {
        match self
            .request
            .render(scope.variables, &scope.context.halo_url)
            .map(|mut request| {
                if self.idempotency_key {
                    request.set_idempotency_key(&scope.key);
                }
                request
            }) {
            Ok(request) => Began::Waits(Effect::Http(Box::new(HttpCall {
                request,
                integration: self.integration.clone(),
                method: Some(self.method.clone()),
                auth_from: self.auth_from.clone(),
                timeout_ms: self.timeout_ms,
                repeatable: self.repeatable,
                key: scope.key.clone(),
            }))),
            Err(mut error) => {
                error.field = format!("method.{}", error.field);
                Began::Left(sent::not_built(error))
            }
        }
    }

    fn resume(&self, scope: &mut Scope<'_>, answer: Answer<'_>) -> Resumed {
        Resumed::Left(sent::judge(scope, &self.outputs, answer))
    }

    fn retry(&self) -> Option<&Retry> {
        self.retry.as_ref()
    }

    fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    fn tokens(&self) -> Vec<UsedToken<'_>> {
        self.request
            .tokens()
            .map(|(field, token)| UsedToken::needed(format!("method.{field}"), token))
            .collect()
    }

    fn knows(&self, name: &str) -> bool {
        self.request.has_constant(name)
    }
}
