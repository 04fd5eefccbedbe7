//! How a ticket workflow is drawn, and what can be added to one.

use shared::chart::{ActionExit, ChartStep as _, GONE};
use shared::model::{StepId, Workflow, WorkflowStep};

use super::drawn::{Drawn, Offer};
use crate::client::Fault;
use crate::ui::Icon;

/// What the desk has that a workflow may name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeskNames {
    /// The names of the actions on tickets.
    pub actions: Vec<String>,
    /// The ids and names of the statuses.
    pub statuses: Vec<(u64, String)>,
    pub ticket_types: Vec<(u64, String)>,
}

impl DeskNames {
    /// The name of a status; its number where the desk does not have it.
    pub fn status(&self, id: u64) -> String {
        named(&self.statuses, id).unwrap_or_else(|| format!("Status {id}"))
    }

    pub fn ticket_type(&self, id: u64) -> String {
        named(&self.ticket_types, id).unwrap_or_else(|| format!("Type {id}"))
    }
}

fn named(names: &[(u64, String)], id: u64) -> Option<String> {
    let mut names = names.iter();
    names
        .find(|(own, _)| *own == id)
        .map(|(_, name)| name.clone())
}

impl Drawn for Workflow {
    type Known = DeskNames;
    type Found = ();

    const EMPTY: &'static str = "Add the first step: the one that new tickets enter. Then say which actions are allowed in it, and where each leads.";
    const ORDER: &'static str = "Steps in the order in which tickets come to them";
    const PALETTE: (&'static str, &'static str) = (
        "Search a status, or type a name",
        "Type the name of the step.",
    );
    const QUESTION: (&'static str, &'static str, &'static str) = (
        "Which action leads there?",
        "Search actions",
        "No action matches. Actions on tickets are made under Settings > Actions.",
    );
    const QUESTION_OF_NEW: &'static str = "New step: which action leads there?";

    fn icon(step: &WorkflowStep) -> Icon {
        match Self::kind_name(step) {
            "end" => Icon::End,
            _ => Icon::Desk,
        }
    }

    /// What no action leads on from is an end.
    fn kind_name(step: &WorkflowStep) -> &'static str {
        if step.actions.iter().any(|row| row.to.is_some()) {
            "step"
        } else {
            "end"
        }
    }

    fn line(step: &WorkflowStep, desk: &DeskNames) -> String {
        let status = step.status_id.map(|id| desk.status(id));
        let starts = match step.triggers.len() {
            0 => None,
            1 => Some("starts a runbook".to_owned()),
            many => Some(format!("{many} triggers")),
        };
        match (status, starts) {
            (None, None) => "Keeps the status".to_owned(),
            (status, starts) => {
                let parts: Vec<String> = status.into_iter().chain(starts).collect();
                parts.join(" · ")
            }
        }
    }

    fn start_line(&self, desk: &DeskNames) -> String {
        match self.ticket_types.as_slice() {
            [] => "No ticket type yet".to_owned(),
            [one] => format!("New: {}", desk.ticket_type(*one)),
            many => format!("New tickets of {} types", many.len()),
        }
    }

    fn exit_icon(exit: &ActionExit) -> Icon {
        match exit {
            ActionExit::Row(_) => Icon::ArrowRight,
            ActionExit::Another(_) | ActionExit::Unasked => Icon::Plus,
        }
    }

    async fn find_more() -> Result<(), Fault> {
        Ok(())
    }

    fn offers(&self, desk: &DeskNames, _found: &(), search: &str) -> Vec<Offer<Option<u64>>> {
        let mut offers: Vec<_> = desk
            .statuses
            .iter()
            .map(|(id, name)| {
                Offer::new(
                    "Of a status",
                    name,
                    "Sets this status",
                    Icon::Desk,
                    Some(*id),
                )
            })
            .collect();
        let typed = search.trim();
        let name = if typed.is_empty() { "New step" } else { typed };
        offers.push(Offer::new(
            "Of its own",
            name,
            "Keeps the status",
            Icon::Desk,
            None,
        ));
        offers
    }

    fn is_unasked(exit: &ActionExit) -> bool {
        *exit == ActionExit::Unasked
    }

    /// Those that the step does not allow yet stand first: each usually leads to one place.
    fn answers(&self, desk: &DeskNames, from: &StepId) -> Vec<Offer<ActionExit>> {
        let step = self.step(from);
        let place = |name: &String| {
            let mut rows = step.into_iter().flat_map(|step| &step.actions);
            rows.position(|row| row.action.eq_ignore_ascii_case(name))
        };
        let mut offers = Vec::new();
        for (group, is_new) in [("Not allowed in it yet", true), ("Allowed in it", false)] {
            let actions = desk.actions.iter();
            offers.extend(actions.filter_map(|name| {
                let (note, exit) = match place(name).map(ActionExit::Row) {
                    None if is_new => (String::new(), ActionExit::Another(name.clone())),
                    Some(row) if !is_new => {
                        let target = step.and_then(|step| step.target(&row));
                        let note = match target.map(|id| self.step(id)) {
                            Some(Some(target)) => format!("leads to {} now", target.name),
                            Some(None) => format!("{GONE} now"),
                            None => "leads nowhere now".to_owned(),
                        };
                        (note, row)
                    }
                    _ => return None,
                };
                Some(Offer::new(group, name, note, Icon::DeskAction, exit))
            }));
        }
        offers
    }
}

#[cfg(test)]
mod tests {
    use shared::model::strict;

    use super::*;

    fn workflow() -> Workflow {
        let written = br#"{"id": "wf", "name": "W", "first_step": "a", "ticket_types": [1], "steps": [
            {"id": "a", "name": "Triage", "actions": [{"action": "Start", "to": "b"}, {"action": "Note"}]},
            {"id": "b", "name": "Done", "status_id": 9, "actions": [{"action": "Note"}], "triggers": [
                {"on": {"type": "entering"}, "runbook": "rb"}]}]}"#;
        strict::from_slice(written).unwrap()
    }

    fn desk() -> DeskNames {
        DeskNames {
            actions: ["Start", "Note", "Wait"].map(str::to_owned).into(),
            statuses: vec![(1, "New".to_owned()), (9, "Closed".to_owned())],
            ticket_types: vec![(1, "Incident".to_owned())],
        }
    }

    #[test]
    fn cards_say_what_a_step_does() {
        let (workflow, desk) = (workflow(), desk());
        let lines: Vec<_> = workflow
            .steps
            .iter()
            .map(|step| (Workflow::kind_name(step), Workflow::line(step, &desk)))
            .collect();
        let expected = [
            ("step", "Keeps the status"),
            ("end", "Closed · starts a runbook"),
        ];
        assert_eq!(lines, expected.map(|(kind, line)| (kind, line.to_owned())));
        assert_eq!(workflow.start_line(&desk), "New: Incident");
    }

    #[test]
    fn a_status_that_is_typed_comes_before_a_step_of_that_name() {
        let first = |search: &str| {
            let mut offers = workflow().offers(&desk(), &(), search);
            offers.retain(|offer| offer.fits(search));
            let first = offers.swap_remove(0);
            (first.name, first.what)
        };
        assert_eq!(first("clo"), ("Closed".to_owned(), Some(9)));
        assert_eq!(first(" Triage "), ("Triage".to_owned(), None));
        assert_eq!(first(""), ("New".to_owned(), Some(1)));
    }

    #[test]
    fn an_action_that_is_allowed_is_led_elsewhere_and_any_other_is_added() {
        let a = StepId::parse("a").unwrap();
        let answers = workflow().answers(&desk(), &a);
        let answers: Vec<_> = answers
            .into_iter()
            .map(|answer| (answer.label, answer.note, answer.what))
            .collect();
        let expected = [
            ("Wait", "", ActionExit::Another("Wait".to_owned())),
            ("Start", "leads to Done now", ActionExit::Row(0)),
            ("Note", "leads nowhere now", ActionExit::Row(1)),
        ];
        let expected =
            expected.map(|(label, note, exit)| (label.to_owned(), note.to_owned(), exit));
        assert_eq!(answers, expected);
    }
}
