//! Views of runs, made by hand.

use super::*;

pub(crate) fn run(status: RunStatus) -> RunView {
    let runbook = RunbookId::parse("rb").unwrap();
    RunView {
        summary: RunSummary {
            run_id: RunId::new(runbook.clone(), 0, 0, 7),
            runbook,
            runbook_name: "Runbook".to_owned(),
            version: Some(1),
            status,
            started_by: StartedBy::Console,
            started_at: 0,
            ended_at: None,
            step: None,
            step_name: None,
            waits_until: None,
            error: None,
        },
        inputs: Vec::new(),
        began_with: Vec::new(),
        visits: Vec::new(),
        outputs: Vec::new(),
        light: false,
        queue: None,
    }
}

pub(crate) fn visit(
    kind: &str,
    state: VisitState,
    started_at: Timestamp,
    ended_at: Option<Timestamp>,
) -> StepVisit {
    StepVisit {
        step: StepId::parse("step").unwrap(),
        name: "Step".to_owned(),
        kind: kind.to_owned(),
        elements: Vec::new(),
        reply: None,
        state,
        started_at,
        ended_at,
        waits_until: None,
        gives_up_at: None,
        restarts_at: None,
        restarts: 0,
        started_run: None,
        way: None,
        explanation: None,
        attempts: Vec::new(),
        variables: Vec::new(),
        error: None,
        is_cut: false,
    }
}

pub(crate) fn attempt(sent_at: Timestamp, ended_at: Option<Timestamp>) -> Attempt {
    Attempt {
        sent_at,
        ended_at,
        request: SentRequest {
            method: "GET".to_owned(),
            url: "https://a.example/".to_owned(),
            headers: Vec::new(),
            body: None,
        },
        response: None,
        error: None,
    }
}
