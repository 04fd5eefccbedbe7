//! From a run to what people read of it.

use super::{
    Attempt, ReceivedResponse, RunSummary, RunView, SentRequest, StepVisit, VariableView,
    VisitState,
};
use crate::engine::effect::{Effect, HttpCall, Outcome};
use crate::engine::event::{Response, Sending};
use crate::engine::outputs::SetVariable;
use crate::engine::plan::is_reserved;
use crate::engine::replay::Point;
use crate::engine::reply::Reply;
use crate::engine::run::Run;
use crate::engine::state::Visit;
use crate::json;
use crate::mask::{MASK, Mask};
use crate::model::{Authorization, Timestamp};
use crate::problem::ErrorDetail;
use crate::request::login;
use crate::start::StartVariable;

impl Run {
    /// A row of the runs page.
    pub fn summary(&self) -> RunSummary {
        let document = self.plan.document();
        let error = match &self.state.outcome {
            Some(Outcome::Failed { error }) => Some(error.clone()),
            _ => None,
        };
        let failed_at = error.as_ref().and_then(|error| error.at.step.clone());
        let step = failed_at.or_else(|| {
            let mut visits = self.state.visits.iter().rev();
            let under_way = visits.find(|visit| visit.ended_at.is_none());
            let here = under_way.or(self.state.visits.last())?;
            let has_ended = self.state.outcome.is_some();
            let step = self.plan.step(here.step)?;
            (!has_ended || error.is_some()).then(|| step.id.clone())
        });
        let step_name = step
            .as_ref()
            .and_then(|id| document.runbook.step(id))
            .map(|step| step.name.clone());
        RunSummary {
            run_id: self.context.run_id.clone(),
            runbook: document.runbook.id.clone(),
            runbook_name: document.runbook.name.clone(),
            version: document.version,
            status: self.status(),
            started_by: self.trigger.started_by.clone(),
            started_at: self.state.started_at,
            ended_at: self.state.ended_at,
            waits_until: self.wakes_at(),
            step,
            step_name,
            error,
        }
    }

    /// The run with all that happened in it; requests, responses and values only where it was
    /// made in full detail. `secrets` are the credentials that the run may have used; they are
    /// masked wherever they occur, and so is what secret variables hold.
    pub fn view(&self, secrets: &[String]) -> RunView {
        let mask = Mask::with_values(
            secrets.iter().map(String::as_str),
            self.state.secret_values.iter().map(String::as_str),
        );
        let reader = Reader { run: self, mask };
        let mut summary = self.summary();
        summary.error = summary.error.map(|error| reader.error(error));
        RunView {
            summary,
            inputs: self
                .trigger
                .inputs
                .variables
                .iter()
                .map(|input| reader.variable(&input.name, &input.value))
                .collect(),
            began_with: self
                .trigger
                .from
                .iter()
                .flat_map(|point| reader.point(point))
                .collect(),
            visits: self
                .state
                .visits
                .iter()
                .filter_map(|visit| reader.visit(visit))
                .collect(),
            outputs: match self.state.outcome {
                Some(Outcome::Succeeded) => self
                    .answers()
                    .map(|(name, value)| reader.variable(name, value))
                    .collect(),
                _ => Vec::new(),
            },
            light: false,
            queue: None,
        }
    }
}

/// Reads a run through its mask.
struct Reader<'r> {
    run: &'r Run,
    mask: Mask,
}

impl Reader<'_> {
    fn masked(&self, text: &str) -> String {
        self.mask.apply(text).into_owned()
    }

    fn error(&self, error: ErrorDetail) -> ErrorDetail {
        ErrorDetail {
            message: self.masked(&error.message),
            ..error
        }
    }

    fn variable(&self, name: &str, value: &str) -> VariableView {
        VariableView {
            name: name.to_owned(),
            value: self.masked(value),
        }
    }

    fn set_variable(&self, set: &SetVariable) -> VariableView {
        if set.secret {
            VariableView {
                name: set.name.clone(),
                value: json::quote(MASK),
            }
        } else {
            self.variable(&set.name, &set.json)
        }
    }

    fn point<'p>(&'p self, point: &'p Point) -> impl Iterator<Item = VariableView> + 'p {
        let own = |variable: &&StartVariable| !is_reserved(&variable.name);
        point.variables.iter().filter(own).map(|variable| {
            if point.secret.contains(&variable.name) {
                VariableView {
                    name: variable.name.clone(),
                    value: json::quote(MASK),
                }
            } else {
                self.variable(&variable.name, &variable.value)
            }
        })
    }

    /// There is always a step, because only a run of this plan makes visits.
    fn visit(&self, visit: &Visit) -> Option<StepVisit> {
        let step = self.run.plan.step(visit.step)?;
        Some(StepVisit {
            step: step.id.clone(),
            name: step.name.clone(),
            kind: step.kind.to_owned(),
            elements: visit.path.to_vec(),
            state: visit.state,
            started_at: visit.started_at,
            ended_at: visit.ended_at,
            waits_until: visit.waits_until,
            gives_up_at: self.gives_up_at(visit),
            restarts_at: visit.restarts_at,
            restarts: visit.restarts,
            started_run: visit.started_run.clone(),
            way: visit.way,
            explanation: visit.explanation.as_deref().map(|text| self.masked(text)),
            reply: self.reply(visit),
            attempts: self.attempts(visit),
            variables: visit
                .record
                .set
                .iter()
                .map(|set| self.set_variable(set))
                .collect(),
            error: visit.error.clone().map(|error| self.error(error)),
            is_cut: false,
        })
    }

    fn gives_up_at(&self, visit: &Visit) -> Option<Timestamp> {
        if visit.ended_at.is_some() {
            return None;
        }
        let (since, limit) = match &visit.record.effect {
            Some(Effect::Http(call)) => (visit.record.sent_at, call.timeout_ms),
            Some(Effect::Desk(call)) => (visit.record.sent_at, call.timeout_ms),
            Some(Effect::Child(_)) => {
                let steps = &self.run.plan.document().runbook.steps;
                (visit.started_at, steps.get(visit.step)?.timeout_ms?)
            }
            Some(Effect::Respond(_) | Effect::Sleep { .. } | Effect::Finished(_)) | None => {
                return None;
            }
        };
        let waits_for_answer = visit.state == VisitState::Running
            || matches!(visit.record.effect, Some(Effect::Child(_)));
        waits_for_answer.then(|| since.saturating_add(limit.into()))
    }

    fn reply(&self, visit: &Visit) -> Option<Reply> {
        let Some(Effect::Respond(reply)) = &visit.record.effect else {
            return None;
        };
        let headers = reply.headers.iter();
        Some(Reply {
            status: reply.status,
            headers: headers
                .map(|(name, value)| (name.clone(), self.masked(value)))
                .collect(),
            body: reply.body.as_deref().map(|body| self.masked(body)),
        })
    }

    fn attempts(&self, visit: &Visit) -> Vec<Attempt> {
        let Some(request) = visit
            .record
            .effect
            .as_ref()
            .and_then(|effect| self.request(effect))
        else {
            return Vec::new();
        };
        let sendings = &visit.record.sendings;
        let mut attempts: Vec<Attempt> = sendings
            .iter()
            .enumerate()
            .map(|(index, sending)| {
                let answers = &visit.record.responses;
                let answer = answers.iter().find(|(sending, _)| *sending == index);
                self.attempt(&request, sending, answer.map(|(_, answer)| answer))
            })
            .collect();
        if visit.state == VisitState::Running {
            attempts.push(under_way(request, visit.record.sent_at));
        }
        attempts
    }

    fn attempt(
        &self,
        request: &SentRequest,
        sending: &Sending,
        answer: Option<&Response>,
    ) -> Attempt {
        let mut request = request.clone();
        if !sending.url.is_empty() {
            request.url = self.masked(&sending.url);
        }
        if let Some(method) = sending.method {
            method.as_str().clone_into(&mut request.method);
        }
        Attempt {
            sent_at: sending.sent_at,
            ended_at: Some(sending.sent_at.saturating_add(u64::from(sending.time_ms))),
            request,
            response: match (answer, sending.status) {
                (Some(answer), _) => Some(self.response(answer)),
                // Of a redirect, only the status is kept.
                (None, Some(status)) => Some(ReceivedResponse {
                    status,
                    headers: Vec::new(),
                    body: String::new(),
                    bytes: 0,
                    time_ms: sending.time_ms,
                }),
                (None, None) => None,
            },
            error: sending.error.clone().map(|error| self.error(error)),
        }
    }

    fn request(&self, effect: &Effect) -> Option<SentRequest> {
        match effect {
            Effect::Http(call) => Some(self.http_request(call)),
            Effect::Desk(call) => Some(SentRequest {
                method: call.http_method.as_str().to_owned(),
                url: format!("{}{}", self.run.context.halo_url, call.resource),
                headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
                body: Some(self.masked(&call.body)),
            }),
            Effect::Child(_) | Effect::Respond(_) | Effect::Sleep { .. } | Effect::Finished(_) => {
                None
            }
        }
    }

    fn http_request(&self, call: &HttpCall) -> SentRequest {
        let mut request = call.request.clone();
        if let Some(authorization) = self.authorization(call) {
            // A login that cannot be added was not sent either.
            let _ = login::preview(authorization, &mut request);
        }
        request.describe(&self.mask)
    }

    fn authorization(&self, call: &HttpCall) -> Option<&Authorization> {
        self.run.plan.authorization(&call.auth_from)
    }

    fn response(&self, response: &Response) -> ReceivedResponse {
        ReceivedResponse {
            status: response.status,
            headers: response
                .headers
                .iter()
                .map(|(name, value)| (name.clone(), self.masked(value)))
                .collect(),
            body: self.masked(&String::from_utf8_lossy(&response.body.0)),
            bytes: response.body.0.len(),
            time_ms: response.time_ms,
        }
    }
}

fn under_way(request: SentRequest, sent_at: Timestamp) -> Attempt {
    Attempt {
        sent_at,
        ended_at: None,
        request,
        response: None,
        error: None,
    }
}
