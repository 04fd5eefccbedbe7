//! The example to start from: Triage → In progress → Waiting → Done, for the first of the ticket types. Its actions are
//! offered on tickets of that type only.

use serde_json::{Value, json};
use shared::model::DeskAction;

use crate::chart::DeskNames;

/// The actions that lead from step to step.
const ACTIONS: [&str; 4] = ["Start work", "Wait for user", "User replied", "Solve"];

/// The fields of the example, with the statuses that this desk has.
pub(super) fn example(desk: &DeskNames) -> Value {
    let status = |name: &str| {
        let mut statuses = desk.statuses.iter();
        statuses
            .find(|(_, own)| own.eq_ignore_ascii_case(name))
            .map(|(id, _)| *id)
    };
    let step = |id: &str, name: &str, at: [i32; 2], status: Option<u64>, actions: Value| {
        let mut step = json!({ "id": id, "name": name, "at": at, "actions": actions });
        if let (Some(status), Some(fields)) = (status, step.as_object_mut()) {
            fields.insert("status_id".to_owned(), status.into());
        }
        step
    };
    let [start, wait, replied, solve] = ACTIONS;
    let types: Vec<u64> = ticket_type(desk).map(|(id, _)| *id).into_iter().collect();
    json!({
        "name": "Triage to done",
        "ticket_types": types,
        "first_step": "triage",
        "steps": [
            step("triage", "Triage", [280, 0], status("New"), json!([{ "action": start, "to": "in-progress" }])),
            step("in-progress", "In progress", [560, 0], status("In Progress"), json!([
                { "action": wait, "to": "waiting" }, { "action": solve, "to": "done" },
            ])),
            step("waiting", "Waiting", [840, 0], status("With User"), json!([
                { "action": replied, "to": "in-progress" }, { "action": solve, "to": "done" },
            ])),
            step("done", "Done", [1120, 120], status("Closed"), json!([])),
        ],
    })
}

/// The actions of the example that the desk does not have.
pub(super) fn missing_actions(desk: &DeskNames) -> Vec<DeskAction> {
    let is_there = |name: &&str| {
        desk.actions
            .iter()
            .any(|own| own.eq_ignore_ascii_case(name))
    };
    let missing = ACTIONS.into_iter().filter(|name| !is_there(name));
    let types: Vec<String> = ticket_type(desk)
        .map(|(_, name)| name.clone())
        .into_iter()
        .collect();
    let action = |name: &str| DeskAction {
        name: name.to_owned(),
        ticket_types: types.clone(),
        ..DeskAction::default()
    };
    missing.map(action).collect()
}

/// The one whose new tickets are to enter it.
fn ticket_type(desk: &DeskNames) -> Option<&(u64, String)> {
    desk.ticket_types.first()
}

/// What making it does beside the workflow; nothing where the desk has all of its actions.
pub(super) fn what_else_is_made(desk: &DeskNames) -> Option<String> {
    let missing: Vec<_> = (missing_actions(desk).into_iter())
        .map(|action| action.name)
        .collect();
    if missing.is_empty() {
        return None;
    }
    let tickets = match ticket_type(desk) {
        Some((_, name)) => format!("tickets of the type {name}"),
        None => "all tickets".to_owned(),
    };
    Some(format!(
        "Its actions are made, too: {}. They are offered on {tickets} at once, and stay under Settings > Actions when the workflow is deleted.",
        missing.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use shared::model::{TicketTypeActions, Workflow};
    use shared::workflow::Known;

    use super::*;

    fn desk() -> DeskNames {
        DeskNames {
            actions: vec!["solve".to_owned()],
            statuses: vec![(1, "New".to_owned()), (2, "In Progress".to_owned())],
            ticket_types: vec![(1, "Incident".to_owned()), (2, "Request".to_owned())],
        }
    }

    #[test]
    fn it_can_be_published_with_the_actions_that_come_along() {
        let mut fields = example(&desk());
        fields["id"] = json!("wf");
        let workflow: Workflow = serde_json::from_value(fields).unwrap();
        assert_eq!(workflow.steps[1].status_id, Some(2));
        assert_eq!(workflow.steps[3].status_id, None);
        let known = Known {
            actions: (missing_actions(&DeskNames::default()).into_iter())
                .map(|action| (action.name.clone(), action))
                .collect(),
            statuses: [1, 2].into(),
            ticket_types: [(1, TicketTypeActions::default())].into(),
            ..Known::default()
        };
        let problems = workflow.publish(1, &known).map(|(_, problems)| problems);
        assert_eq!(problems, Ok(Vec::new()));
    }

    #[test]
    fn only_the_actions_that_are_not_there_are_made() {
        let names: Vec<_> = missing_actions(&desk())
            .into_iter()
            .map(|action| action.name)
            .collect();
        assert_eq!(names, ["Start work", "Wait for user", "User replied"]);
        assert!(
            missing_actions(&desk())
                .iter()
                .all(|action| action.ticket_types == ["Incident"])
        );
    }

    #[test]
    fn what_is_made_beside_the_workflow_is_said_before() {
        let said = what_else_is_made(&desk()).unwrap();
        assert!(
            said.contains("Start work, Wait for user, User replied.")
                && said.contains("tickets of the type Incident"),
            "{said}"
        );
        let has_all = DeskNames {
            actions: ACTIONS.map(str::to_owned).into(),
            ..desk()
        };
        assert_eq!(what_else_is_made(&has_all), None);
    }
}
