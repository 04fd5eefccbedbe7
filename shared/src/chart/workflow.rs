//! A ticket workflow as a flow chart: the ways out of a step are the actions that it allows.

use super::document::{ChartStep, Charted};
use crate::condition::When;
use crate::model::{StepAction, StepId, Workflow, WorkflowStep};

/// A way out of a step of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionExit {
    /// One of its actions, by its place from 0.
    Row(usize),
    /// An action that gets a row of its own when it is connected.
    Another(String),
    /// The same, while it is still to be asked which.
    Unasked,
}

impl Charted for Workflow {
    type Step = WorkflowStep;

    fn first(&self) -> Option<&StepId> {
        self.first_step.as_ref()
    }

    fn set_first(&mut self, id: Option<StepId>) {
        self.first_step = id;
    }

    fn steps(&self) -> &[WorkflowStep] {
        &self.steps
    }

    fn steps_mut(&mut self) -> &mut Vec<WorkflowStep> {
        &mut self.steps
    }
}

impl WorkflowStep {
    fn row(&self, exit: &ActionExit) -> Option<&StepAction> {
        match exit {
            ActionExit::Row(row) => self.actions.get(*row),
            ActionExit::Another(_) | ActionExit::Unasked => None,
        }
    }
}

impl ChartStep for WorkflowStep {
    /// The status that tickets get on entering it.
    type Kind = Option<u64>;
    type Exit = ActionExit;

    const NOWHERE: &'static str = "leaves the ticket here";

    fn new(id: StepId, name: &str, status_id: Option<u64>) -> Self {
        Self {
            id,
            name: name.to_owned(),
            at: [0, 0],
            status_id,
            actions: Vec::new(),
            triggers: Vec::new(),
        }
    }

    fn id_base(_: &Option<u64>) -> String {
        "step".to_owned()
    }

    fn copied(&self, id: StepId, name: &str) -> Self {
        let mut copy = self.clone();
        copy.id = id;
        name.clone_into(&mut copy.name);
        for action in &mut copy.actions {
            action.to = None;
        }
        copy
    }

    fn own_id_base(&self) -> String {
        Self::id_base(&self.status_id)
    }

    fn id(&self) -> &StepId {
        &self.id
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn rename(&mut self, name: String) {
        self.name = name;
    }

    fn at(&self) -> [i32; 2] {
        self.at
    }

    fn set_at(&mut self, at: [i32; 2]) {
        self.at = at;
    }

    fn exits(&self) -> Vec<ActionExit> {
        (0..self.actions.len()).map(ActionExit::Row).collect()
    }

    fn spare(&self) -> Option<ActionExit> {
        Some(ActionExit::Unasked)
    }

    fn label(&self, exit: &ActionExit) -> String {
        match exit {
            ActionExit::Row(_) => match self.row(exit) {
                Some(row) if row.when.is_empty() => row.action.clone(),
                Some(row) => format!("{} (conditional)", row.action),
                None => String::new(),
            },
            ActionExit::Another(action) => action.clone(),
            ActionExit::Unasked => "another action".to_owned(),
        }
    }

    fn is_good(_: &ActionExit) -> bool {
        true
    }

    fn target(&self, exit: &ActionExit) -> Option<&StepId> {
        self.row(exit)?.to.as_ref()
    }

    fn connect(&mut self, exit: &ActionExit, to: StepId) {
        match exit {
            ActionExit::Row(row) => {
                if let Some(row) = self.actions.get_mut(*row) {
                    row.to = Some(to);
                }
            }
            ActionExit::Another(action) => self.actions.push(StepAction {
                action: action.clone(),
                to: Some(to),
                when: When::default(),
            }),
            ActionExit::Unasked => {}
        }
    }

    /// The action stays allowed, and leaves the ticket where it is.
    fn disconnect(&mut self, exit: &ActionExit) {
        if let ActionExit::Row(row) = exit
            && let Some(row) = self.actions.get_mut(*row)
        {
            row.to = None;
        }
    }

    /// What is to lead nowhere still names the step that is gone, so that the check asks for another one: without it, the
    /// action would leave the ticket here.
    fn redirect(&mut self, from: &StepId, to: Option<&StepId>) {
        let Some(to) = to else {
            return;
        };
        let rows = self.actions.iter_mut();
        for row in rows.filter(|row| row.to.as_ref() == Some(from)) {
            row.to = Some(to.clone());
        }
    }

    /// By the action that led there before.
    fn lead_on(&mut self, from: Option<(&Self, &ActionExit)>, to: StepId) {
        let row = from.and_then(|(step, exit)| step.row(exit));
        if let Some(row) = row {
            self.connect(&ActionExit::Another(row.action.clone()), to);
        }
    }

    /// None: what led here was an action of its own, and is to be led elsewhere by hand.
    fn follower(&self) -> Option<&StepId> {
        None
    }
}
