//! How a runbook is drawn, and what can be added to one.

use shared::api::{IntegrationSummary, MethodSummary, RunbookSummary};
use shared::condition::When;
use shared::desk::operation::{label, starting_body};
use shared::engine::PlanDocument;
use shared::model::{
    Access, DeskOperation, EndOutcome, Method, Runbook, SetRow, Step, StepKind, Way,
};

use super::drawn::{Drawn, Offer};
use super::words::condition_line;
use crate::client::{self, Fault};
use crate::ui::Icon;
use crate::ui::clock::duration;

impl Drawn for Runbook {
    /// The integrations, by whose methods steps are named.
    type Known = Vec<IntegrationSummary>;
    type Found = Vec<RunbookSummary>;

    const EMPTY: &'static str = "Add the first step: a method that asks another system, or an action at the desk. Then lead its ways out to what comes next.";
    const ORDER: &'static str = "Steps in the order in which they run";
    const PALETTE: (&'static str, &'static str) = (
        "Search methods, actions, conditions",
        "There is no such step. There are Halo API actions, other runbooks to start, the methods of your integrations, which are made under Integrations, and these: Condition, Set variables, For each element, Wait, Respond and End.",
    );

    fn icon(step: &Step) -> Icon {
        match step.kind {
            StepKind::Method { .. } => Icon::Method,
            StepKind::DeskAction { .. } => Icon::DeskAction,
            StepKind::Condition { .. } => Icon::Condition,
            StepKind::ForEach { .. } => Icon::Repeat,
            StepKind::StartRunbook { .. } => Icon::Play,
            StepKind::Sleep { .. } => Icon::Clock,
            StepKind::Set { .. } => Icon::Edit,
            StepKind::Respond { .. } => Icon::ArrowLeft,
            StepKind::End { .. } => Icon::End,
        }
    }

    fn kind_name(step: &Step) -> &'static str {
        step.kind.type_name()
    }

    fn line(step: &Step, integrations: &Vec<IntegrationSummary>) -> String {
        what_it_does(&step.kind, integrations)
    }

    fn start_line(&self, _: &Vec<IntegrationSummary>) -> String {
        match self.start.access {
            Access::Desk => "From the desk",
            Access::DeskAndPublic => "From the desk and a public address",
        }
        .to_owned()
    }

    fn exit_icon(way: &Way) -> Icon {
        match way {
            Way::Success | Way::Met | Way::Finished | Way::Done => Icon::Check,
            Way::Element => Icon::Repeat,
            Way::Empty => Icon::Circle,
            Way::Failure | Way::NotMet => Icon::Cross,
        }
    }

    async fn find_more() -> Result<Vec<RunbookSummary>, Fault> {
        client::runbooks().await.map(|list| list.items)
    }

    fn offers(
        &self,
        integrations: &Vec<IntegrationSummary>,
        runbooks: &Vec<RunbookSummary>,
        _search: &str,
    ) -> Vec<Offer<StepKind>> {
        let methods = integrations.iter().flat_map(|integration| {
            integration.methods.iter().map(|method| Offer {
                is_code: true,
                ..Offer::new(
                    &integration.name,
                    &method.name,
                    format!("{} {}", method.http_method.as_str(), method.path),
                    Icon::Method,
                    StepKind::Method {
                        method: method.id.clone(),
                    },
                )
            })
        });
        let actions = DeskOperation::ALL.into_iter().map(|action| {
            let kind = StepKind::DeskAction {
                action,
                body: starting_body(action),
                target: None,
            };
            Offer::new(
                "Halo API actions",
                label(action),
                "",
                Icon::DeskAction,
                kind,
            )
        });
        let others = runbooks.iter().filter(|runbook| runbook.id != self.id);
        let others = others.map(|runbook| {
            let kind = StepKind::StartRunbook {
                runbook: runbook.id.clone(),
                variables: Vec::new(),
                wait: true,
            };
            Offer {
                words: "start another runbook, call, sub-runbook",
                ..Offer::new("Runbooks", &runbook.name, "Starts it", Icon::Play, kind)
            }
        });
        methods
            .chain(actions)
            .chain(others)
            .chain(logic())
            .collect()
    }
}

fn logic() -> impl Iterator<Item = Offer<StepKind>> {
    let logic = "Logic";
    let steps = [
        (
            "Condition",
            "Chooses a way by comparing values",
            "if, else, branch, decision, switch, filter",
            Icon::Condition,
            StepKind::Condition {
                when: When::default(),
            },
        ),
        (
            "Set variables",
            "Gives variables values, also by a table",
            "assign, compute, calculation, mapping",
            Icon::Edit,
            StepKind::Set {
                variables: vec![SetRow::default()],
            },
        ),
        (
            "For each element",
            "Goes through an array",
            "loop, iteration, iterate, repeat, list",
            Icon::Repeat,
            StepKind::ForEach {
                over: String::new(),
                limit: None,
                at_once: None,
            },
        ),
        (
            "Wait",
            "For a time, or until one",
            "sleep, delay, pause, timer",
            Icon::Clock,
            StepKind::Sleep {
                for_ms: Some(60_000),
                until: None,
            },
        ),
        (
            "Respond",
            "Answers the caller, and the run goes on",
            "reply, response, webhook",
            Icon::ArrowLeft,
            StepKind::Respond {
                status: 200,
                headers: Vec::new(),
                body: "{}".to_owned(),
            },
        ),
    ];
    let ends = [
        (
            "End: success",
            "Finished",
            "stop, finish",
            EndOutcome::Success,
        ),
        (
            "End: failed",
            "Failed",
            "stop, error, abort",
            EndOutcome::Failed,
        ),
        (
            "End: failed, start again",
            "Start again",
            "stop, error, retry, restart",
            EndOutcome::FailedRetry,
        ),
    ];
    let steps = steps
        .into_iter()
        .map(move |(label, note, words, icon, kind)| Offer {
            words,
            ..Offer::new(logic, label, note, icon, kind)
        });
    let ends = ends
        .into_iter()
        .map(move |(label, name, words, outcome)| Offer {
            name: name.to_owned(),
            words,
            ..Offer::new(logic, label, "", Icon::End, StepKind::End { outcome })
        });
    steps.chain(ends)
}

/// What the cards of a plan tell of the methods that it uses. All that nothing tells is left out.
pub fn known_of(plan: &PlanDocument) -> Vec<IntegrationSummary> {
    let integrations = plan.integrations.iter();
    let known = integrations.map(|integration| IntegrationSummary {
        id: integration.id.clone(),
        name: integration.name.clone(),
        base_url: integration.base_url.clone(),
        auth: String::new(),
        halo: integration.halo,
        methods: integration.methods.iter().map(named).collect(),
        version: 0,
        updated_at: 0,
        missing_secrets: Vec::new(),
    });
    known.collect()
}

fn named(method: &Method) -> MethodSummary {
    MethodSummary {
        id: method.id.clone(),
        name: method.name.clone(),
        http_method: method.http_method,
        path: method.path.clone(),
        outputs: Vec::new(),
    }
}

/// The second line of a card.
fn what_it_does(kind: &StepKind, integrations: &[IntegrationSummary]) -> String {
    match kind {
        StepKind::Method { method } => integrations
            .iter()
            .find_map(|integration| {
                let found = integration.methods.iter().find(|m| m.id == *method)?;
                Some(format!("{} · {}", integration.name, found.name))
            })
            .unwrap_or_else(|| "No method chosen".to_owned()),
        StepKind::DeskAction { action, .. } => label(*action).to_owned(),
        StepKind::Condition { when } => condition_line(when),
        StepKind::ForEach { over, .. } if over.trim().is_empty() => {
            "Goes through nothing yet".to_owned()
        }
        StepKind::ForEach {
            over,
            at_once: Some(at_once @ 2..),
            ..
        } => format!("{at_once} at a time of {over}"),
        StepKind::ForEach { over, .. } => format!("Of {over}"),
        StepKind::StartRunbook { wait: true, .. } => "And waits for its end".to_owned(),
        StepKind::StartRunbook { wait: false, .. } => "And ends this run".to_owned(),
        StepKind::Sleep {
            until: Some(until), ..
        } => format!("Until {until}"),
        StepKind::Sleep { for_ms, .. } => {
            format!("For {}", duration(for_ms.unwrap_or_default()))
        }
        StepKind::Set { variables } => match variables.as_slice() {
            [] => "Sets nothing yet".to_owned(),
            [row] => format!("Sets {}", row.name),
            [row, rest @ ..] => format!("Sets {} and {} more", row.name, rest.len()),
        },
        StepKind::Respond { status, .. } => format!("Answers with {status}"),
        StepKind::End { outcome } => match outcome {
            EndOutcome::Success => "Ends as success".to_owned(),
            EndOutcome::Failed => "Ends as failed".to_owned(),
            EndOutcome::FailedRetry => "Failed, starts again".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::logic;

    #[test]
    fn a_step_is_found_by_what_other_tools_call_it() {
        for (search, label) in [
            ("if", "Condition"),
            ("Branch", "Condition"),
            ("loop", "For each element"),
            ("array iteration", "For each element"),
            ("sleep", "Wait"),
            ("delay", "Wait"),
            ("retry", "End: failed, start again"),
            ("reply", "Respond"),
        ] {
            let found: Vec<_> = logic()
                .filter(|offer| offer.fits(search))
                .map(|offer| offer.label)
                .collect();
            assert_eq!(found, [label], "{search}");
        }
    }
}
