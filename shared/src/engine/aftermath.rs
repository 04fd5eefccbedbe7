//! What the end of a run sets off beside its answer: a ticket, and the runbook's being switched off.

use serde_json::{Value, json};

use super::view::{RunStatus, RunSummary};
use crate::desk::from_text;
use crate::model::Runbook;
use crate::problem::{quoted, sentence};

/// What is to be done now that a run has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// How many runs have failed one after the other by now.
    pub failures: u32,
    pub opens_ticket: bool,
    pub switches_off: bool,
}

impl Aftermath {
    /// `failures` is how many failed one after the other before. A test of a draft sets off nothing, and a
    /// cancelled run is neither a failure nor the end of a row of them.
    pub fn of(runbook: &Runbook, run: &RunSummary, failures: u32) -> Self {
        let unchanged = Self {
            failures,
            ..Self::default()
        };
        if run.version.is_none() {
            return unchanged;
        }
        match run.status {
            RunStatus::Succeeded => Self::default(),
            RunStatus::Failed => {
                let failures = failures.saturating_add(1);
                let switches_off = runbook
                    .failures_to_switch_off
                    .is_some_and(|most| failures == most);
                Self {
                    failures,
                    opens_ticket: runbook.failure_ticket && (failures == 1 || switches_off),
                    switches_off,
                }
            }
            RunStatus::Cancelled | RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => {
                unchanged
            }
        }
    }
}

/// The ticket that tells of a failed run, for `POST /api/Tickets`. What comes from outside stands in its HTML as text.
pub fn ticket(run: &RunSummary, aftermath: Aftermath, public_url: &str) -> Value {
    let name = &run.runbook_name;
    let summary = if aftermath.switches_off {
        format!(
            "Runbook “{name}” was switched off after {} failures",
            aftermath.failures
        )
    } else {
        format!("Runbook “{name}” failed")
    };
    let why = run.error.as_ref().map_or("", |error| &error.message);
    let why = from_text(&sentence(&quoted(why)));
    let step = run.step_name.as_deref().map_or_else(String::new, |step| {
        format!("<p>At the step “{}”.</p>", from_text(step))
    });
    let next = if aftermath.switches_off {
        "Nothing starts it until somebody switches it on again on its Details tab."
    } else {
        "Failures that follow open no further ticket until it has succeeded once."
    };
    let address = from_text(&format!("{public_url}/runs/{}", run.run_id));
    json!({
        "summary": summary,
        "details_html": format!(
            "<p>{why}</p>{step}<p><a href=\"{address}\">{address}</a></p><p>{next}</p>"
        ),
        "tickettype_id": 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::StartedBy;
    use crate::model::{RunId, RunbookId};
    use crate::problem::ErrorDetail;

    fn run(status: RunStatus, version: Option<u64>) -> RunSummary {
        RunSummary {
            run_id: RunId::parse("rb.0.1").unwrap(),
            runbook: RunbookId::parse("rb").unwrap(),
            runbook_name: "A & B".to_owned(),
            version,
            status,
            started_by: StartedBy::Public,
            started_at: 1,
            ended_at: Some(2),
            step: None,
            step_name: Some("<Send>".to_owned()),
            waits_until: None,
            error: Some(ErrorDetail::new("e", "`A` said <b>no</b>")),
        }
    }

    #[test]
    fn failures_in_a_row_count() {
        use RunStatus::{Cancelled, Failed, Succeeded};
        let mut runbook: Runbook =
            serde_json::from_value(json!({"id": "rb", "name": "r"})).unwrap();
        let of = |runbook: &Runbook, status, version, before| {
            let after = Aftermath::of(runbook, &run(status, version), before);
            (after.failures, after.opens_ticket, after.switches_off)
        };
        assert_eq!(of(&runbook, Failed, Some(1), 0), (1, false, false));
        runbook.failure_ticket = true;
        runbook.failures_to_switch_off = Some(3);
        for (status, version, before, expected) in [
            (Failed, Some(1), 0, (1, true, false)),
            (Failed, Some(1), 1, (2, false, false)),
            (Failed, Some(1), 2, (3, true, true)),
            // It is off already, or was switched on again meanwhile.
            (Failed, Some(1), 3, (4, false, false)),
            (Succeeded, Some(1), 2, (0, false, false)),
            (Cancelled, Some(1), 2, (2, false, false)),
            (Failed, None, 2, (2, false, false)),
        ] {
            assert_eq!(of(&runbook, status, version, before), expected);
        }
    }

    #[test]
    fn the_ticket_says_what_happened_as_html_with_texts_in_it() {
        let failed = run(RunStatus::Failed, Some(1));
        let once = Aftermath {
            failures: 1,
            ..Aftermath::default()
        };
        let ticket_of = |aftermath| ticket(&failed, aftermath, "https://n.example");
        let body = ticket_of(once);
        assert_eq!(body["summary"], "Runbook “A & B” failed");
        assert_eq!(body.get("details"), None);
        let details = body["details_html"].as_str().unwrap();
        assert!(
            details.starts_with("<p>“A” said &lt;b&gt;no&lt;/b&gt;.</p>"),
            "{details}"
        );
        assert!(
            details.contains("<p>At the step “&lt;Send&gt;”.</p>"),
            "{details}"
        );
        let link = r#"<a href="https://n.example/runs/rb.0.1">https://n.example/runs/rb.0.1</a>"#;
        assert!(details.contains(link), "{details}");
        let off = Aftermath {
            failures: 3,
            switches_off: true,
            ..once
        };
        let summary = "Runbook “A & B” was switched off after 3 failures";
        assert_eq!(ticket_of(off)["summary"], summary);
    }
}
