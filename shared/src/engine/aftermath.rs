//! What the end of a run sets off beside its answer: a ticket, and the runbook's being switched off.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::spread;
use super::view::{RunStatus, RunSummary};
use crate::desk::from_text;
use crate::model::{RunId, Runbook, Timestamp};
use crate::problem::{quoted, sentence};

/// What is to be done now that a run has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aftermath {
    /// How many runs have failed one after the other by now.
    pub failures: u32,
    pub opens_ticket: bool,
    pub switches_off: bool,
}

impl Aftermath {
    /// `failures` is how many failed one after the other before. A test of a draft sets off nothing, and a
    /// cancelled run is neither a failure nor the end of a row of them. Of a runbook that is spread, one object sees a
    /// part of the ends only: see [`SpreadFailures`].
    pub fn of(runbook: &Runbook, run: &RunSummary, failures: u32) -> Self {
        let unchanged = Self {
            failures,
            ..Self::default()
        };
        if run.version.is_none() || spread::shards(runbook) > 1 {
            return unchanged;
        }
        match run.status {
            RunStatus::Succeeded => Self::default(),
            RunStatus::Failed => {
                let failures = failures.saturating_add(1);
                Self::of_failures(
                    failures,
                    runbook.failures_to_switch_off,
                    runbook.failure_ticket,
                )
            }
            RunStatus::Cancelled | RunStatus::Queued | RunStatus::Running | RunStatus::Waiting => {
                unchanged
            }
        }
    }

    /// After so many failures one after the other; `most` switch the runbook off.
    fn of_failures(failures: u32, most: Option<u32>, failure_ticket: bool) -> Self {
        let switches_off = most == Some(failures);
        Self {
            failures,
            opens_ticket: failure_ticket && (failures == 1 || switches_off),
            switches_off,
        }
    }

    /// Whether there is something to do.
    pub fn is_due(self) -> bool {
        self.opens_ticket || self.switches_off
    }
}

/// The failures one after the other of a runbook whose runs are spread over several objects. These tell of the ends of
/// their runs in groups, one later than the other and perhaps twice: what counts is when each run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpreadFailures {
    most: Option<u32>,
    failure_ticket: bool,
    /// What ended until then counts no more: the last success, or the installation.
    since: Timestamp,
    /// The runs that failed after that; no more than count.
    failed: BTreeSet<(Timestamp, RunId)>,
}

impl SpreadFailures {
    /// Of a runbook that is installed now; nothing where its objects count by themselves, or nothing comes of it.
    pub fn of(runbook: &Runbook, now: Timestamp) -> Option<Self> {
        let (most, failure_ticket) = (runbook.failures_to_switch_off, runbook.failure_ticket);
        let is_counted = spread::shards(runbook) > 1 && (most.is_some() || failure_ticket);
        is_counted.then(|| Self {
            most,
            failure_ticket,
            since: now,
            failed: BTreeSet::new(),
        })
    }

    /// Takes note of where a run stands. What it says twice sets off nothing the second time.
    pub fn note(&mut self, run: &RunSummary) -> Aftermath {
        let ended_at = run.ended_at.filter(|ended_at| *ended_at > self.since);
        let Some(ended_at) = ended_at.filter(|_| run.version.is_some()) else {
            return Aftermath::default();
        };
        match run.status {
            RunStatus::Succeeded => {
                self.since = ended_at;
                self.failed.retain(|(failed_at, _)| *failed_at > ended_at);
                Aftermath::default()
            }
            RunStatus::Failed if self.failed.insert((ended_at, run.run_id.clone())) => {
                let failures = u32::try_from(self.failed.len()).unwrap_or(u32::MAX);
                // Where so many are known, one more says nothing new.
                if failures > self.most.unwrap_or(1) {
                    self.failed.pop_first();
                }
                Aftermath::of_failures(failures, self.most, self.failure_ticket)
            }
            _ => Aftermath::default(),
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
    fn objects_that_share_the_runs_of_a_runbook_do_not_count_by_themselves() {
        let runbook = |shards, most, failure_ticket: bool| -> Runbook {
            serde_json::from_value(json!({"id": "rb", "name": "r", "shards": shards,
                "failures_to_switch_off": most, "failure_ticket": failure_ticket}))
            .unwrap()
        };
        let failed = run(RunStatus::Failed, Some(1));
        let spread = runbook(Some(4), Some(1), true);
        assert_eq!(Aftermath::of(&spread, &failed, 0), Aftermath::default());
        for (runbook, is_counted) in [
            (&spread, true),
            (&runbook(Some(4), None, true), true),
            (&runbook(Some(4), None, false), false),
            (&runbook(Some(1), Some(1), true), false),
            (&runbook(None, Some(1), true), false),
        ] {
            let counted = SpreadFailures::of(runbook, 0);
            assert_eq!(counted.is_some(), is_counted, "{runbook:?}");
        }
    }

    #[test]
    fn failures_of_all_objects_count_by_when_they_ended() {
        use RunStatus::{Cancelled, Failed, Running, Succeeded};
        let end = |name: &str, status, ended_at| RunSummary {
            run_id: RunId::parse(name).unwrap(),
            ended_at,
            ..run(status, Some(1))
        };
        let counted = |most: Option<u32>| {
            let fields = json!({"id": "rb", "name": "r", "shards": 4, "failure_ticket": true, "failures_to_switch_off": most});
            let runbook: Runbook = serde_json::from_value(fields).unwrap();
            SpreadFailures::of(&runbook, 100).unwrap()
        };
        let (a, b, c, d) = ("rb.0.1", "rb.1.1", "rb.2.1", "rb.3.1");
        let nothing = (0, false, false);
        for (told, ends) in [
            (
                "each of another object",
                vec![
                    (end(a, Failed, Some(101)), (1, true, false)),
                    (end(b, Failed, Some(102)), (2, false, false)),
                    (end(c, Failed, Some(103)), (3, true, true)),
                    // It was under way when that was decided.
                    (end(d, Failed, Some(104)), (4, false, false)),
                    (end(a, Failed, Some(101)), (4, false, false)),
                ],
            ),
            (
                "some of them twice",
                vec![
                    (end(a, Failed, Some(101)), (1, true, false)),
                    (end(a, Failed, Some(101)), nothing),
                    (end(b, Failed, Some(102)), (2, false, false)),
                    (end(b, Failed, Some(102)), nothing),
                    (end(a, Failed, Some(101)), nothing),
                ],
            ),
            (
                "a success that is told later than what ended behind it",
                vec![
                    (end(a, Failed, Some(101)), (1, true, false)),
                    (end(b, Failed, Some(105)), (2, false, false)),
                    (end(c, Succeeded, Some(103)), nothing),
                    (end(d, Failed, Some(106)), (2, false, false)),
                    (end(a, Failed, Some(101)), nothing),
                    (end("rb.0.2", Failed, Some(102)), nothing),
                    (end("rb.0.3", Failed, Some(107)), (3, true, true)),
                ],
            ),
            (
                "what is no end, no run of what is published, or from before",
                vec![
                    (end(a, Failed, Some(100)), nothing),
                    (end(b, Running, None), nothing),
                    (end(c, Cancelled, Some(101)), nothing),
                    (
                        RunSummary {
                            version: None,
                            ..end(d, Failed, Some(102))
                        },
                        nothing,
                    ),
                    (end(a, Failed, Some(103)), (1, true, false)),
                    (end(c, Cancelled, Some(104)), nothing),
                    (end(b, Failed, Some(105)), (2, false, false)),
                ],
            ),
        ] {
            let mut failures = counted(Some(3));
            for (place, (run, expected)) in ends.iter().enumerate() {
                let after = failures.note(run);
                let after = (after.failures, after.opens_ticket, after.switches_off);
                assert_eq!(after, *expected, "{told}: {place}");
            }
        }
        // Where nothing switches it off, only the first one counts, and no more than one is kept.
        let mut failures = counted(None);
        let mut opened = Vec::new();
        for ended_at in 101..200 {
            let after = failures.note(&end(&format!("rb.0.{ended_at}"), Failed, Some(ended_at)));
            opened.push(after.opens_ticket);
        }
        assert_eq!(opened.iter().filter(|opens| **opens).count(), 1);
        assert_eq!(failures.failed.len(), 1);
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
