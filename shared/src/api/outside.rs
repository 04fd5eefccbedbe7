//! What callers from outside are told of a run: how it went and where it came to nothing. Addresses, settings and
//! advice are for whoever looks after the runbook, who finds them on the run's page.

use super::StartAnswer;
use crate::engine::{RunStatus, SERVICE_ANSWERED};
use crate::mask::Mask;
use crate::model::RawJson;
use crate::problem::{ErrorDetail, Place};

impl StartAnswer {
    /// The same for a caller from outside; `mask` hides the runbook's credentials.
    #[must_use]
    pub fn for_outsiders(self, mask: &Mask) -> Self {
        let outputs = self.outputs.map(|outputs| masked(outputs, mask));
        let error = match (self.status, self.error) {
            (RunStatus::Cancelled, _) => {
                Some(ErrorDetail::new("cancelled", "The run was cancelled."))
            }
            (_, error) => error.map(told),
        };
        Self {
            outputs,
            error,
            ..self
        }
    }
}

fn masked(outputs: RawJson, mask: &Mask) -> RawJson {
    if mask.is_empty() {
        return outputs;
    }
    // What is masked as JSON is JSON.
    RawJson::parse(&mask.apply_to_json(outputs.as_str())).unwrap_or(outputs)
}

/// Code and step stay; of the message, what says nothing of the inside. A code that is not known here says the least.
fn told(error: ErrorDetail) -> ErrorDetail {
    let message = match error.code.as_str() {
        "unsuccessful" => match status_in(&error.message) {
            Some(status) => format!("A service that the runbook asks answered {status}."),
            None => "A service that the runbook asks did not do what it was asked.".to_owned(),
        },
        "timeout" => {
            "A service that the runbook asks did not answer in time. Try again later.".to_owned()
        }
        "connection_failed" | "unreachable" | "address_refused" => {
            "A service that the runbook asks cannot be reached. Try again later.".to_owned()
        }
        "retry_too_late" => {
            "A service that the runbook asks is busy for a long time. Try again later.".to_owned()
        }
        "interrupted" => {
            "The run was interrupted, and it is not known whether its last request was carried out."
                .to_owned()
        }
        "ended_as_failed" => "The runbook ended as failed.".to_owned(),
        "runbook_failed" => "Another runbook that this one started did not end well.".to_owned(),
        "too_many_steps" => "The run passed through too many steps and was stopped.".to_owned(),
        _ => "The runbook could not go on.".to_owned(),
    };
    ErrorDetail {
        code: error.code,
        message,
        at: Place {
            step: error.at.step,
            ..Place::default()
        },
    }
}

/// The status that a service answered with, of the message that begins with it.
fn status_in(message: &str) -> Option<u16> {
    let digits = message.strip_prefix(SERVICE_ANSWERED)?.get(..3)?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{RunId, StepId};

    fn answer(status: RunStatus) -> StartAnswer {
        StartAnswer {
            run_id: RunId::parse("rb.0.1").unwrap(),
            status,
            outputs: None,
            error: None,
        }
    }

    #[test]
    fn why_a_run_failed_is_told_without_its_inside() {
        for (code, message, expected) in [
            (
                "unsuccessful",
                "the service answered 429 Too Many Requests: the quota of ops@inner.example is used up",
                "A service that the runbook asks answered 429.",
            ),
            (
                "connection_failed",
                "`127.0.0.1:1` took no connection, or broke it off: check the address",
                "A service that the runbook asks cannot be reached. Try again later.",
            ),
            (
                "address_refused",
                "`127.0.0.1` is the machine that Nimbus runs on: start it with `--allow public,local`",
                "A service that the runbook asks cannot be reached. Try again later.",
            ),
            (
                "too_many_steps",
                "the run passed through 1000 steps and was stopped: allow more steps on the Details tab",
                "The run passed through too many steps and was stopped.",
            ),
            (
                "of_tomorrow",
                "`10.0.0.7` said something",
                "The runbook could not go on.",
            ),
        ] {
            let mut error = ErrorDetail::new(code, message).at_field("path");
            error.at.step = Some(StepId::parse("ask").unwrap());
            let failed = StartAnswer {
                error: Some(error),
                ..answer(RunStatus::Failed)
            };
            let told = failed.for_outsiders(&Mask::default()).error.unwrap();
            assert_eq!(
                (told.code.as_str(), told.message.as_str()),
                (code, expected)
            );
            let place = serde_json::to_string(&told.at).unwrap();
            assert_eq!(place, r#"{"step":"ask"}"#);
        }
    }

    #[test]
    fn a_cancelled_run_says_so_and_a_running_one_says_nothing() {
        let told = |status| answer(status).for_outsiders(&Mask::default()).error;
        let cancelled = told(RunStatus::Cancelled).unwrap();
        assert_eq!(cancelled.code, "cancelled");
        assert_eq!(cancelled.message, "The run was cancelled.");
        for status in [RunStatus::Queued, RunStatus::Running, RunStatus::Succeeded] {
            assert_eq!(told(status), None);
        }
    }

    #[test]
    fn credentials_that_a_service_has_echoed_are_masked() {
        let mask = Mask::new(["sk-TOPSECRET", "123456"]);
        for (outputs, expected) in [
            (
                r#"{"Out":"Bearer sk-TOPSECRET","N":1.50}"#,
                r#"{"Out":"Bearer ••••••","N":1.50}"#,
            ),
            (
                r#"{"Out":123456,"N":[12345, 7]}"#,
                r#"{"Out":"••••••","N":[12345, 7]}"#,
            ),
            (r#"{"Out":"fine"}"#, r#"{"Out":"fine"}"#),
        ] {
            let succeeded = StartAnswer {
                outputs: Some(RawJson::parse(outputs).unwrap()),
                ..answer(RunStatus::Succeeded)
            };
            let told = succeeded.for_outsiders(&mask).outputs.unwrap();
            assert_eq!(told.as_str(), expected);
        }
    }
}
