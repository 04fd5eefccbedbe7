mod check;
mod moves;

use serde_json::{Value, json};

use super::*;
use crate::model::{DeskAction, Runbook, TicketTypeActions, strict};
use crate::problem::Severity;

const NOW: Timestamp = 1_772_443_800_000;
const MINUTE: Timestamp = 60_000;
const NEW: &str = r#"{"id": 7, "status": {"name": "New"}}"#;
const CLOSED: &str = r#"{"id": 7, "status": {"name": "Closed"}}"#;

/// Triage leads to work, work back to triage or to done.
fn example() -> Value {
    json!({
        "id": "wf", "name": "Incidents", "ticket_types": [1], "first_step": "triage",
        "steps": [
            {
                "id": "triage", "name": "Triage", "at": [0, 0], "status_id": 1,
                "actions": [
                    {"action": "Accept", "to": "work", "when": {"all": [{"left": "<<ticket^status^name>>", "op": "equals", "right": "New"}]}},
                    {"action": "Accept", "to": "done", "when": {"all": [{"left": "<<ticket^status^name>>", "op": "equals", "right": "Closed"}]}},
                    {"action": "Note"},
                ],
                "triggers": [
                    {"on": {"type": "entering"}, "runbook": "greet", "variables": [{"name": "Ticket", "value": "<<ticket^id>>"}]},
                    {"on": {"type": "staying", "minutes": 30}, "runbook": "remind", "when": {"all": [{"left": "<<ticket^status^name>>", "op": "equals", "right": "New"}]}},
                    {"on": {"type": "leaving"}, "runbook": "thank"},
                ],
            },
            {
                "id": "work", "name": "Work", "at": [280, 0], "status_id": 2,
                "actions": [{"action": "Give back", "to": "triage"}, {"action": "Resolve", "to": "done"}],
            },
            {"id": "done", "name": "Done", "at": [560, 0], "status_id": 9},
        ],
    })
}

/// A runbook with these input variables.
fn runbook(id: &str, inputs: &[&str]) -> Runbook {
    let inputs = inputs
        .iter()
        .map(|name| json!({"name": name, "type": "string"}));
    let inputs: Vec<_> = inputs.collect();
    serde_json::from_value(json!({"id": id, "name": id, "start": {"inputs": inputs}})).unwrap()
}

fn desk_action(name: &str) -> DeskAction {
    DeskAction {
        name: name.to_owned(),
        ..DeskAction::default()
    }
}

/// One that allows these actions; all where there is none.
fn ticket_type(name: &str, allowed: &[&str]) -> TicketTypeActions {
    TicketTypeActions {
        name: name.to_owned(),
        allowed_actions: allowed.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn known() -> Known {
    let runbooks = [
        runbook("greet", &["Ticket"]),
        runbook("remind", &[]),
        runbook("thank", &[]),
    ];
    Known {
        actions: ["Accept", "Note", "Give back", "Resolve"]
            .map(|name| (name.to_owned(), desk_action(name)))
            .into(),
        runbooks: runbooks.map(|runbook| (runbook.id.clone(), runbook)).into(),
        unpublished: [(RunbookId::parse("asleep").unwrap(), "Asleep".to_owned())].into(),
        statuses: [1, 2, 9].into(),
        ticket_types: [(1, "Incident"), (3, "Request")]
            .map(|(id, name)| (id, ticket_type(name, &[])))
            .into(),
        taken: [(3, "Requests".to_owned())].into(),
    }
}

fn draft(workflow: Value) -> Workflow {
    strict::from_value(workflow).unwrap()
}

fn flow(number: u32, workflow: Value) -> Flow {
    let (flow, warnings) = draft(workflow).publish(number, &known()).unwrap();
    assert_eq!(warnings, []);
    flow
}

fn id(text: &str) -> StepId {
    StepId::parse(text).unwrap()
}

/// Bundles carry it.
#[test]
fn a_workflow_keeps_its_shape() {
    let mut written = example();
    written["enabled"] = json!(false);
    for step in written["steps"].as_array_mut().unwrap() {
        step["at"] = step["at"].clone();
    }
    assert_eq!(serde_json::to_value(draft(example())).unwrap(), written);
    let wrong = example().to_string().replace("staying", "waiting");
    assert!(strict::from_slice::<Workflow>(wrong.as_bytes()).is_err());
}

#[test]
fn a_version_is_made_ready_again() {
    let published = flow(4, example());
    let opened = Flow::open(published.version().clone()).unwrap();
    assert_eq!(
        opened.enter(7, NEW, NOW).unwrap(),
        published.enter(7, NEW, NOW).unwrap()
    );
    let mut broken = published.version().clone();
    broken.workflow.steps[0].actions[0].when =
        serde_json::from_value(json!({"all": [{"left": "", "op": "equals", "right": "New"}]}))
            .unwrap();
    assert!(Flow::open(broken).is_err());
}

#[test]
fn only_what_a_workflow_does_makes_it_another() {
    let workflow = draft(example());
    let mut moved = workflow.clone();
    moved.steps[0].at = [7, 7];
    moved.enabled = !moved.enabled;
    assert!(moved.does_as(&workflow));
    moved.name = "Others".to_owned();
    assert!(!moved.does_as(&workflow));
}

#[test]
fn a_workflow_follows_an_action_that_is_renamed() {
    let mut workflow = draft(example());
    assert!(workflow.uses_action("Accept"));
    assert!(workflow.rename_action("Accept", "Take"));
    assert!(!workflow.uses_action("Accept") && workflow.uses_action("Take"));
    assert!(!workflow.rename_action("Accept", "Take"));
}
