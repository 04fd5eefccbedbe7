//! What light logs keep of a run: which steps were passed, when, and how they ended; nothing that it was given, sent
//! or was answered.

use super::{Attempt, RunSummary, RunView, StepVisit};
use crate::engine::plan::Plan;
use crate::mask::MASK;
use crate::problem::ErrorDetail;

/// Reasons that are told without a value.
const WITHOUT_VALUES: [&str; 14] = [
    "timeout",
    "connection_failed",
    "answer_broken_off",
    "unreachable",
    "interrupted",
    "cancelled",
    "response_too_large",
    "retry_too_late",
    "too_many_steps",
    "too_deep",
    "variables_too_large",
    "way_leads_nowhere",
    "no_authorization",
    "ended_as_failed",
];

impl RunView {
    /// The run as light logs keep it. In place of an address there is the template that it was made of.
    #[must_use]
    pub fn without_content(mut self, plan: &Plan) -> Self {
        self.summary = self.summary.without_content();
        self.inputs.clear();
        self.began_with.clear();
        self.outputs.clear();
        for visit in &mut self.visits {
            visit.remove_content(plan);
        }
        self.light = true;
        self
    }
}

impl RunSummary {
    /// The row as light logs keep it.
    #[must_use]
    pub fn without_content(mut self) -> Self {
        self.error = self.error.map(without_values);
        self
    }
}

impl StepVisit {
    fn remove_content(&mut self, plan: &Plan) {
        self.variables.clear();
        // It quotes what was compared.
        self.explanation = None;
        self.reply = None;
        self.error = self.error.take().map(without_values);
        let sent = self.attempts.first().map(|first| first.request.url.clone());
        let address = self.address(plan);
        for attempt in &mut self.attempts {
            let url = &attempt.request.url;
            let is_as_built = Some(url) == sent.as_ref();
            let url = match &address {
                Some(address) if is_as_built => address.clone(),
                _ => origin(url),
            };
            attempt.request.url = url;
            attempt.remove_content();
        }
    }

    /// The template of the address that its method sends to, or the address where no values are in it.
    fn address(&self, plan: &Plan) -> Option<String> {
        let document = plan.document();
        let step = document.runbook.step(&self.step)?;
        let Some(method) = step.kind.method() else {
            let url = &self.attempts.first()?.request.url;
            let end = url.find('?').unwrap_or(url.len());
            return url.get(..end).map(str::to_owned);
        };
        let (integration, method) = document.method(method)?;
        let base = integration.base_url.trim_end_matches('/');
        Some(format!("{base}{}", method.path))
    }
}

impl Attempt {
    fn remove_content(&mut self) {
        self.error = self.error.take().map(without_values);
        self.request.body = None;
        hide_values(&mut self.request.headers);
        if let Some(response) = &mut self.response {
            response.body.clear();
            hide_values(&mut response.headers);
        }
    }
}

fn hide_values(headers: &mut [(String, String)]) {
    for (_, value) in headers {
        MASK.clone_into(value);
    }
}

/// Where a redirect led to, as far as that says nothing of the run.
fn origin(url: &str) -> String {
    let host = url.find("://").map_or(0, |end| end + 3);
    let path = url.get(host..).and_then(|rest| rest.find(['/', '?', '#']));
    let origin = path.and_then(|path| url.get(..host + path)).unwrap_or(url);
    format!("{origin}/…")
}

/// The reason, without what it quotes.
fn without_values(error: ErrorDetail) -> ErrorDetail {
    let message = match error.code.as_str() {
        code if WITHOUT_VALUES.contains(&code) => return error,
        // What the service answered stands behind its status, and the reason of another run behind a colon, too.
        "unsuccessful" | "runbook_failed" => {
            let end = error.message.find(": ").unwrap_or(error.message.len());
            let told = error.message.get(..end).unwrap_or_default();
            format!("{told}; light logs keep no more of it")
        }
        code => format!("this failed with `{code}`; light logs keep no more of the reason"),
    };
    ErrorDetail { message, ..error }
}
