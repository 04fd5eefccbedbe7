//! What of a workflow a ticket type's list of allowed actions takes away.

use crate::action::allows;
use crate::model::{StepId, Workflow};

/// An action of a step that leads no ticket of a type on, because the type allows other actions only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutOff {
    pub step: StepId,
    pub step_name: String,
    pub action: String,
}

impl Workflow {
    /// What of it is cut off where a type allows these actions; an empty list allows all. An action that stands in several
    /// rows of a step is told once.
    pub fn cut_off(&self, allowed: &[String]) -> Vec<CutOff> {
        let mut cut_off: Vec<CutOff> = Vec::new();
        let rows = self.steps.iter();
        let rows = rows.flat_map(|step| step.actions.iter().map(move |row| (step, &row.action)));
        for (step, action) in rows.filter(|(_, action)| !allows(allowed, action)) {
            let one = CutOff {
                step: step.id.clone(),
                step_name: step.name.clone(),
                action: action.clone(),
            };
            if !cut_off.contains(&one) {
                cut_off.push(one);
            }
        }
        cut_off
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_cuts_off_what_its_list_leaves_out() {
        let workflow: Workflow = serde_json::from_value(json!({
            "id": "wf", "name": "Incidents", "first_step": "a", "steps": [
                {"id": "a", "name": "Triage", "actions": [
                    {"action": "Start", "to": "b", "when": {"all": [{"left": "<<ticket^id>>", "op": "has_value"}]}},
                    {"action": "Start", "to": "c"},
                    {"action": "Ask"},
                ]},
                {"id": "b", "name": "Working", "actions": [{"action": "Solve", "to": "c"}, {"action": "Ask"}]},
                {"id": "c", "name": "Done"},
            ],
        }))
        .unwrap();
        for (allowed, expected) in [
            // No list allows all.
            (&[][..], &[][..]),
            (&["Start", "Ask", "Solve"], &[]),
            // At the desk, case does not count.
            (&["START", "ask", "solve"], &[]),
            (&["Ask", "Solve"], &["Triage: Start"]),
            (
                &["Start"],
                &["Triage: Ask", "Working: Solve", "Working: Ask"],
            ),
        ] {
            let allowed: Vec<String> = allowed.iter().map(|&name| name.to_owned()).collect();
            let cut_off = workflow.cut_off(&allowed).into_iter();
            let told: Vec<String> = cut_off
                .map(|one| format!("{}: {}", one.step_name, one.action))
                .collect();
            assert_eq!(told, expected, "{allowed:?}");
        }
    }
}
