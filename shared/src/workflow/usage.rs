//! What of workflows keeps something from being deleted, in words.

use std::collections::{BTreeMap, BTreeSet};

use super::Version;
use crate::model::WorkflowId;

/// The workflows that still use something that somebody wants to delete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StillUsed {
    /// As they are drawn or published, by what they are called.
    current: BTreeMap<WorkflowId, String>,
    /// In other versions, which tickets are in.
    inside: BTreeMap<WorkflowId, (String, BTreeSet<u32>)>,
}

impl StillUsed {
    /// A workflow uses it as it is drawn or published.
    pub fn by_current(&mut self, id: &WorkflowId, name: &str) {
        self.current.insert(id.clone(), name.to_owned());
    }

    /// A version uses it that tickets are still in.
    pub fn by_inside(&mut self, version: &Version) {
        let workflow = &version.workflow;
        let (_, versions) = self
            .inside
            .entry(workflow.id.clone())
            .or_insert_with(|| (workflow.name.clone(), BTreeSet::new()));
        versions.insert(version.number);
    }

    pub fn is_empty(&self) -> bool {
        self.current.is_empty() && self.inside.is_empty()
    }

    /// Whether moving tickets is what is left to do: no workflow uses it in its present form.
    pub fn is_inside_only(&self) -> bool {
        self.current.is_empty() && !self.inside.is_empty()
    }

    /// Each workflow once. Where it is used at present, that has to be changed first.
    pub fn names(&self) -> Vec<String> {
        let current = self.current.values();
        let current = current.map(|name| format!("workflow “{name}”"));
        let inside = self
            .inside
            .iter()
            .filter(|(id, _)| !self.current.contains_key(*id));
        let inside = inside.map(|(_, (name, versions))| {
            let numbers: Vec<String> = versions.iter().map(u32::to_string).collect();
            let word = if numbers.len() == 1 {
                "version"
            } else {
                "versions"
            };
            format!(
                "workflow “{name}” (tickets are still in its former {word} {})",
                numbers.join(", ")
            )
        });
        current.chain(inside).collect()
    }
}

/// What helps where tickets are in a version that is no other's any more.
pub const MOVE_THE_TICKETS: &str = "Move the tickets to the latest version first.";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn version(id: &str, number: u32) -> Version {
        let workflow = json!({"id": id, "name": id.to_uppercase(), "steps": []});
        Version {
            number,
            workflow: serde_json::from_value(workflow).unwrap(),
        }
    }

    #[test]
    fn each_workflow_is_named_once_with_what_is_to_be_done() {
        let mut used = StillUsed::default();
        assert!(used.is_empty() && !used.is_inside_only());
        used.by_inside(&version("a", 1));
        assert_eq!(
            used.names(),
            ["workflow “A” (tickets are still in its former version 1)"]
        );
        used.by_inside(&version("a", 3));
        used.by_inside(&version("b", 2));
        assert!(used.is_inside_only());
        used.by_current(&version("b", 4).workflow.id, "B");
        assert!(!used.is_inside_only() && !used.is_empty());
        assert_eq!(
            used.names(),
            [
                "workflow “B”",
                "workflow “A” (tickets are still in its former versions 1, 3)"
            ]
        );
    }
}
