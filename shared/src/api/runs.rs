//! The list of runs: what narrows it, and whether a run that has news belongs to it.

use serde::{Deserialize, Serialize};

use crate::engine::{RunStatus, RunSummary};
use crate::model::{RunId, RunbookId, Timestamp};
use crate::search;

/// Query of `GET /console/runs`: the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunsQuery {
    pub runbook: Option<RunbookId>,
    pub status: Option<RunStatus>,
    /// Runs that an action on this ticket or an event of it started.
    pub ticket: Option<u64>,
    /// Runs that do this one again.
    #[serde(default)]
    pub replay_of: Option<RunId>,
    /// Started at this time or later.
    #[serde(default)]
    pub from: Option<Timestamp>,
    /// Started before this time.
    #[serde(default)]
    pub to: Option<Timestamp>,
    /// Words that all occur in the run's variables, in any case.
    #[serde(default)]
    pub text: Option<String>,
    pub after: Option<String>,
    /// 50 where it is not set, 200 at most.
    pub limit: Option<u32>,
}

/// Answer of `GET /console/runs`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunsPage {
    pub items: Vec<RunSummary>,
    /// The `after` of the next page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Those of the items that need not be done again: a replay of them, or one of that replay, has succeeded or has
    /// not ended yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redone: Vec<RunId>,
    /// Those of them of which a replay, or one of that replay, has succeeded: no other replay that fails changes that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_good: Vec<RunId>,
}

/// Whether a run belongs to a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    Yes,
    No,
    /// It does if its variables hold the text, and those the server alone knows.
    MaybeByText,
}

impl RunsQuery {
    /// Whether a run with this summary is on some page of the list.
    pub fn fits(&self, run: &RunSummary) -> Fit {
        let ticket = run.started_by.ticket_id();
        let fits = self.runbook.as_ref().is_none_or(|id| *id == run.runbook)
            && self.status.is_none_or(|status| status == run.status)
            && (self.ticket.is_none() || self.ticket == ticket)
            && (self.replay_of.is_none() || self.replay_of.as_ref() == run.started_by.replay_of())
            && self.from.is_none_or(|from| from <= run.started_at)
            && self.to.is_none_or(|to| run.started_at < to);
        match &self.text {
            _ if !fits => Fit::No,
            Some(text) if !search::words(text).is_empty() => Fit::MaybeByText,
            _ => Fit::Yes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::StartedBy;
    use crate::model::RunId;

    fn run(status: RunStatus, started_by: StartedBy) -> RunSummary {
        let runbook = RunbookId::parse("rb").unwrap();
        RunSummary {
            run_id: RunId::new(runbook.clone(), 0, 1_000, 7),
            runbook,
            runbook_name: "Runbook".to_owned(),
            version: Some(1),
            status,
            started_by,
            started_at: 1_000,
            ended_at: None,
            step: None,
            step_name: None,
            waits_until: None,
            error: None,
        }
    }

    #[test]
    fn a_run_fits_when_every_filter_lets_it_through() {
        let action = StartedBy::Action {
            name: "Ask".to_owned(),
            ticket_id: 7,
        };
        let failed = run(RunStatus::Failed, action);
        let by_hand = run(RunStatus::Failed, StartedBy::Console);
        let of_ticket: RunsQuery = serde_json::from_str(r#"{"ticket":7}"#).unwrap();
        for (event, expected) in [("ticket_closed", Fit::Yes), ("client_created", Fit::No)] {
            let event = serde_json::from_value(serde_json::json!({
                "type": "event", "event": event, "trigger": "tr", "name": "Tell", "record_id": 7,
            }));
            let by_event = run(RunStatus::Failed, event.unwrap());
            assert_eq!(of_ticket.fits(&by_event), expected);
        }
        for (query, expected, of_console) in [
            ("{}", Fit::Yes, Fit::Yes),
            (r#"{"runbook":"rb"}"#, Fit::Yes, Fit::Yes),
            (r#"{"runbook":"other"}"#, Fit::No, Fit::No),
            (r#"{"status":"failed"}"#, Fit::Yes, Fit::Yes),
            (r#"{"status":"running"}"#, Fit::No, Fit::No),
            (r#"{"ticket":7}"#, Fit::Yes, Fit::No),
            (r#"{"ticket":8}"#, Fit::No, Fit::No),
            (r#"{"from":1000,"to":1001}"#, Fit::Yes, Fit::Yes),
            (r#"{"from":1001}"#, Fit::No, Fit::No),
            (r#"{"to":1000}"#, Fit::No, Fit::No),
            (r#"{"text":" "}"#, Fit::Yes, Fit::Yes),
            (r#"{"text":"bern"}"#, Fit::MaybeByText, Fit::MaybeByText),
            (r#"{"text":"bern","ticket":7}"#, Fit::MaybeByText, Fit::No),
        ] {
            let query: RunsQuery = serde_json::from_str(query).unwrap();
            assert_eq!(query.fits(&failed), expected, "{query:?}");
            assert_eq!(query.fits(&by_hand), of_console, "{query:?}");
        }
    }

    #[test]
    fn replays_of_a_run_are_told_from_others() {
        let replay = |of: &str| {
            let started_by = serde_json::json!({"type": "replay", "run_id": of});
            run(
                RunStatus::Running,
                serde_json::from_value(started_by).unwrap(),
            )
        };
        let by_hand = run(RunStatus::Running, StartedBy::Console);
        let of_one: RunsQuery = serde_json::from_str(r#"{"replay_of":"rb.0.1"}"#).unwrap();
        for (run, expected) in [
            (replay("rb.0.1"), Fit::Yes),
            (replay("rb.0.2"), Fit::No),
            (by_hand, Fit::No),
        ] {
            assert_eq!(of_one.fits(&run), expected, "{:?}", run.started_by);
        }
    }
}
