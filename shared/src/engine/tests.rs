//! Runs with a scripted transport: no network, no clock.

use std::sync::Arc;

use super::*;
use crate::model::{Bundle, RunbookId};
use crate::start::{StartInputs, StartVariable, Trigger};

mod children;
mod example;
mod failures;
mod interleavings;
mod light;
mod loops;
mod properties;
mod replay;
mod replies;
mod restart;
mod secrets;
mod side_by_side;
mod values;
mod waiting;

/// The parts of a run that tests drive by hand.
struct Script {
    run: Run,
    journal: Vec<Entry>,
    now: u64,
}

const START: u64 = 1_700_000_000_000;

fn example() -> Bundle {
    Bundle::parse(include_bytes!(
        "../../../tests/examples/ask-a-question.json"
    ))
    .unwrap()
}

/// A bundle with one runbook, from its parts as JSON.
fn bundle(methods: &str, inputs: &str, steps: &str) -> Bundle {
    let text = format!(
        r#"{{
          "format": "nimbus.bundle/1",
          "integrations": [{{ "id": "svc", "name": "Service", "base_url": "https://api.example.com/v1",
            "auth": {{ "type": "bearer", "token": {{ "secret": "sk-secret-token" }} }},
            "constants": [{{ "name": "Tenant", "value": "acme" }}],
            "methods": {methods} }}],
          "runbooks": [{{ "id": "rb", "name": "Runbook", "enabled": true,
            "start": {{ "access": "desk", "inputs": {inputs}, "answer": {{ "outputs": ["Out"] }} }},
            "first_step": "one", "steps": {steps} }}]
        }}"#
    );
    Bundle::parse(text.as_bytes()).unwrap()
}

fn plan_of(bundle: &Bundle) -> Arc<Plan> {
    let document = PlanDocument::gather(&bundle.runbooks[0], &bundle.integrations, Some(3));
    Arc::new(Plan::compile(document).unwrap())
}

fn trigger(variables: &[(&str, &str)]) -> Trigger {
    Trigger {
        started_by: StartedBy::Console,
        inputs: StartInputs {
            variables: variables
                .iter()
                .map(|(name, value)| StartVariable {
                    name: (*name).to_owned(),
                    value: (*value).to_owned(),
                    bare: false,
                })
                .collect(),
            ..StartInputs::default()
        },
        from: None,
    }
}

fn context() -> RunContext {
    let runbook = RunbookId::parse("rb").unwrap();
    RunContext {
        run_id: RunId::new(runbook, 0, START, 7),
        halo_url: "http://desk.test:8787".to_owned(),
        begins_at: None,
    }
}

impl Script {
    fn new(bundle: &Bundle, variables: &[(&str, &str)]) -> Self {
        let run = Run::new(
            plan_of(bundle),
            trigger(variables),
            context(),
            Detail::Full,
            START,
        );
        Self {
            run,
            journal: Vec::new(),
            now: START,
        }
    }

    fn http(&mut self) -> (EffectId, HttpCall) {
        match self.run.next() {
            Some((id, Effect::Http(call))) => (id, *call),
            other => panic!("no request, but {other:?}"),
        }
    }

    fn finished(&mut self) -> Outcome {
        match self.run.next() {
            Some((_, Effect::Finished(outcome))) => outcome,
            other => panic!("not finished, but {other:?}"),
        }
    }

    fn apply(&mut self, effect: EffectId, event: Event) {
        self.now += 10;
        self.run.apply(effect, event.clone(), self.now).unwrap();
        self.journal.push(Entry {
            effect,
            event,
            at: self.now,
        });
    }

    fn answer(&mut self, effect: EffectId, status: u16, body: &str) {
        self.apply(
            effect,
            answered(status, &[("Content-Type", "application/json")], body),
        );
    }

    /// Sends the next request and answers it.
    fn step(&mut self, status: u16, body: &str) -> HttpCall {
        let (id, call) = self.http();
        self.answer(id, status, body);
        call
    }

    fn replayed(&self) -> Run {
        Run::replay(
            Arc::clone(self.run.plan()),
            self.run.trigger.clone(),
            context(),
            Detail::Full,
            START,
            self.journal.clone(),
        )
        .unwrap()
    }
}

fn sending(status: Option<u16>) -> Sending {
    Sending {
        sent_at: START + 1,
        method: None,
        url: "https://api.example.com/v1/x".to_owned(),
        status,
        time_ms: 9,
        error: None,
    }
}

fn answered(status: u16, headers: &[(&str, &str)], body: &str) -> Event {
    Event::Answered {
        attempts: vec![sending(Some(status))],
        response: Response {
            status,
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.as_bytes().to_vec().into(),
            time_ms: 9,
        },
    }
}

fn error_of(outcome: &Outcome) -> &crate::problem::ErrorDetail {
    match outcome {
        Outcome::Failed { error } => error,
        other => panic!("not failed, but {other:?}"),
    }
}
