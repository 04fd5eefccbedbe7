//! What a draft needs to be published.

use std::collections::{BTreeMap, BTreeSet};

use super::mapping::brought;
use super::{Conditions, Flow, Version};
use crate::action::{OnTicket, Place, reasons};
use crate::condition::{Condition, When};
use crate::model::{
    DeskAction, Runbook, RunbookId, StepId, TicketTypeActions, TriggerOn, Workflow, WorkflowStep,
};
use crate::problem::{ErrorDetail, Problem, Severity};

/// What a workflow may refer to.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The desk actions on tickets, by their names.
    pub actions: BTreeMap<String, DeskAction>,
    /// Those that are published, as they are.
    pub runbooks: BTreeMap<RunbookId, Runbook>,
    /// The names of those that are there and not published.
    pub unpublished: BTreeMap<RunbookId, String>,
    pub statuses: BTreeSet<u64>,
    /// What they are called, and which actions they allow.
    pub ticket_types: BTreeMap<u64, TicketTypeActions>,
    /// The ticket types whose new tickets enter another published workflow, with its name.
    pub taken: BTreeMap<u64, String>,
}

const NO_ACTION: &str = "no_such_action";
const NO_RUNBOOK: &str = "no_such_runbook";
const NOT_PUBLISHED: &str = "runbook_not_published";
const NO_STATUS: &str = "no_such_status";
const NO_TICKET_TYPE: &str = "no_such_ticket_type";
const TICKET_TYPE_TAKEN: &str = "ticket_type_taken";

/// Whether something that a published workflow refers to has gone, or was taken, while nobody kept it in place: new tickets
/// cannot enter it then.
pub fn lacks_its_ground(problems: &[Problem]) -> bool {
    let gone = [
        NO_ACTION,
        NO_RUNBOOK,
        NO_STATUS,
        NO_TICKET_TYPE,
        TICKET_TYPE_TAKEN,
    ];
    let mut problems = problems.iter();
    problems.any(|problem| gone.contains(&problem.detail.code.as_str()))
}

impl Flow {
    /// Makes a version ready that was published before.
    pub fn open(version: Version) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let steps = version.workflow.steps.iter();
        let steps = steps
            .map(|step| Conditions {
                actions: (step.actions.iter())
                    .filter_map(|action| condition(step, "when", &action.when, &mut problems))
                    .collect(),
                triggers: (step.triggers.iter())
                    .filter_map(|trigger| condition(step, "when", &trigger.when, &mut problems))
                    .collect(),
            })
            .collect();
        let Problems(problems) = problems;
        if problems.is_empty() {
            Ok(Self { version, steps })
        } else {
            Err(problems)
        }
    }
}

impl Workflow {
    /// Publishes the draft under a number, with what one should know of it, or says everything that is wrong.
    pub fn publish(
        &self,
        number: u32,
        known: &Known,
    ) -> Result<(Flow, Vec<Problem>), Vec<Problem>> {
        let mut problems = Problems::default();
        self.check_head(known, &mut problems);
        self.check_shape(&mut problems);
        let steps = self.steps.iter();
        let steps: Vec<_> = steps
            .map(|step| self.check_step(step, known, &mut problems))
            .collect();
        let Problems(problems) = problems;
        if problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
        {
            return Err(problems);
        }
        let version = Version {
            number,
            workflow: self.clone(),
        };
        Ok((Flow { version, steps }, problems))
    }

    fn check_head(&self, known: &Known, problems: &mut Problems) {
        if self.name.trim().is_empty() {
            problems.error(None, "name", "no_name", "Give the workflow a name.");
        }
        for (index, ticket_type) in self.ticket_types.iter().enumerate() {
            let field = format!("ticket_types[{index}]");
            let Some(of_desk) = known.ticket_types.get(ticket_type) else {
                let message = format!("There is no ticket type {ticket_type}: choose another one.");
                problems.error(None, &field, NO_TICKET_TYPE, &message);
                continue;
            };
            if let Some(other) = known.taken.get(ticket_type) {
                let message = format!(
                    "New tickets of the type “{}” enter the workflow “{other}”: take the type out there, or here.",
                    of_desk.name
                );
                problems.error(None, &field, TICKET_TYPE_TAKEN, &message);
            }
        }
        if self.ticket_types.is_empty() && !self.steps.is_empty() {
            let message =
                "No ticket enters it: choose the ticket types whose new tickets do, under Details.";
            problems.push(
                Severity::Warning,
                None,
                "ticket_types",
                "no_ticket_types",
                message,
            );
        }
    }

    /// A start, each step reachable, and from each a way to an end.
    fn check_shape(&self, problems: &mut Problems) {
        if self.steps.is_empty() {
            problems.error(
                None,
                "steps",
                "no_steps",
                "The workflow is empty: add a step.",
            );
            return;
        }
        let mut ids = BTreeSet::new();
        for step in &self.steps {
            if !ids.insert(&step.id) {
                let message = format!(
                    "Two steps have the id `{}`: give one of them another.",
                    step.id
                );
                problems.error(Some(step), "id", "duplicate_step", &message);
            }
        }
        let Some(first) = self.first_step.as_ref().filter(|first| ids.contains(first)) else {
            let message = "No step is the first one: choose the step that new tickets enter.";
            problems.error(None, "first_step", "no_first_step", message);
            return;
        };
        let reached = walk([first], |id| self.ways(id));
        let mut back: BTreeMap<&StepId, Vec<&StepId>> = BTreeMap::new();
        for step in &self.steps {
            for to in self.ways(&step.id) {
                back.entry(to).or_default().push(&step.id);
            }
        }
        let ends = self
            .steps
            .iter()
            .filter(|step| self.ways(&step.id).is_empty());
        let led_to_end = walk(ends.map(|step| &step.id), |id| {
            back.get(id).cloned().unwrap_or_default()
        });
        for step in &self.steps {
            if !reached.contains(&step.id) {
                let message = format!(
                    "No action leads to `{}`: let one lead to it, or delete the step.",
                    step.name
                );
                problems.error(Some(step), "", "unreachable_step", &message);
            } else if !led_to_end.contains(&step.id) {
                let message = format!(
                    "From `{}` no ticket ever comes to an end: let an action lead to a step without further ones.",
                    step.name
                );
                problems.error(Some(step), "actions", "no_way_out", &message);
            }
        }
    }

    /// The steps that a step leads to; itself is none of them.
    fn ways(&self, from: &StepId) -> Vec<&StepId> {
        let step = self.step(from);
        let actions = step.into_iter().flat_map(|step| &step.actions);
        let ways = actions.filter_map(|action| action.to.as_ref());
        ways.filter(|to| *to != from && self.step(to).is_some())
            .collect()
    }

    fn check_step(
        &self,
        step: &WorkflowStep,
        known: &Known,
        problems: &mut Problems,
    ) -> Conditions {
        if step.name.trim().is_empty() {
            problems.error(Some(step), "name", "no_name", "Give the step a name.");
        }
        if let Some(status) = step.status_id
            && !known.statuses.contains(&status)
        {
            let message = format!("There is no status {status}: choose another one.");
            problems.error(Some(step), "status_id", NO_STATUS, &message);
        }
        Conditions {
            actions: self.check_actions(step, known, problems),
            triggers: check_triggers(step, known, problems),
        }
    }

    fn check_actions(
        &self,
        step: &WorkflowStep,
        known: &Known,
        problems: &mut Problems,
    ) -> Vec<Condition> {
        let mut conditions = Vec::with_capacity(step.actions.len());
        // Actions that are taken whatever the ticket is like.
        let mut always = BTreeSet::new();
        for (index, action) in step.actions.iter().enumerate() {
            let field = |name: &str| format!("actions[{index}].{name}");
            let mut earlier = step.actions.iter().take(index);
            if let Some(of_desk) = known.actions.get(&action.action) {
                if earlier.all(|other| other.action != action.action) {
                    self.check_offered(step, &field("action"), of_desk, known, problems);
                }
            } else {
                let message = format!(
                    "There is no action {:?}: choose another one, or make it in Settings.",
                    action.action
                );
                problems.error(Some(step), &field("action"), NO_ACTION, &message);
            }
            if let Some(to) = &action.to
                && self.step(to).is_none()
            {
                let message = format!(
                    "The action {:?} of `{}` leads to a step that is gone: choose where it leads, or that the ticket stays.",
                    action.action, step.name
                );
                problems.error(Some(step), &field("to"), "no_such_step", &message);
            }
            if always.contains(action.action.as_str()) {
                let message = format!(
                    "The action {:?} stands before without a condition, so that this row is never used: give that one a condition, or delete this one.",
                    action.action
                );
                problems.warning(step, &field("action"), "never_used", &message);
            } else if action.when.is_empty() {
                always.insert(action.action.as_str());
            }
            conditions.extend(known_condition(
                step,
                &field("when"),
                &action.when,
                problems,
            ));
        }
        conditions
    }

    /// What a ticket type does not let be offered leads none of its tickets on.
    fn check_offered(
        &self,
        step: &WorkflowStep,
        field: &str,
        action: &DeskAction,
        known: &Known,
        problems: &mut Problems,
    ) {
        let ticket_types = self.ticket_types.iter();
        for ticket_type in ticket_types.filter_map(|id| known.ticket_types.get(id)) {
            let place = Place::Ticket(OnTicket {
                ticket_type: &ticket_type.name,
                status: None,
                allowed: &ticket_type.allowed_actions,
            });
            for reason in reasons(action, place) {
                let message = format!(
                    "The action {:?} of `{}` is not offered on all of its tickets: {reason}.",
                    action.name, step.name
                );
                problems.warning(step, field, reason.code(), &message);
            }
        }
    }
}

fn check_triggers(step: &WorkflowStep, known: &Known, problems: &mut Problems) -> Vec<Condition> {
    let mut conditions = Vec::with_capacity(step.triggers.len());
    for (index, trigger) in step.triggers.iter().enumerate() {
        let field = |name: &str| format!("triggers[{index}].{name}");
        if let Some(runbook) = known.runbooks.get(&trigger.runbook) {
            problems.add(step, index, brought(step, trigger).unfilled(runbook));
        } else if let Some(name) = known.unpublished.get(&trigger.runbook) {
            let message = format!(
                "The runbook “{name}” is not published: publish it, or choose another one."
            );
            problems.error(Some(step), &field("runbook"), NOT_PUBLISHED, &message);
        } else {
            let message = format!(
                "There is no runbook `{}`, or it was deleted: choose another one, or restore it.",
                trigger.runbook
            );
            problems.error(Some(step), &field("runbook"), NO_RUNBOOK, &message);
        }
        problems.add(step, index, brought(step, trigger).row_problems());
        if let TriggerOn::Staying { minutes } = trigger.on
            && !(1..=Workflow::MOST_MINUTES).contains(&minutes)
        {
            let message = format!("Take 1 to {} minutes (366 days).", Workflow::MOST_MINUTES);
            problems.error(
                Some(step),
                &field("on.minutes"),
                "trigger_minutes",
                &message,
            );
        }
        conditions.extend(known_condition(
            step,
            &field("when"),
            &trigger.when,
            problems,
        ));
    }
    conditions
}

/// The same as [`condition`]; what it looks at must be the ticket.
fn known_condition(
    step: &WorkflowStep,
    field: &str,
    when: &When,
    problems: &mut Problems,
) -> Option<Condition> {
    let condition = condition(step, field, when, problems)?;
    for (row, token) in condition.tokens() {
        let name = token.variable();
        if name != "ticket" && !token.has_fallback() {
            let message = format!("`{name}` is not known in a workflow: use `ticket`.");
            let field = format!("{field}.{row}");
            problems.error(Some(step), &field, "unknown_variable", &message);
        }
    }
    Some(condition)
}

fn condition(
    step: &WorkflowStep,
    field: &str,
    when: &When,
    problems: &mut Problems,
) -> Option<Condition> {
    Condition::compile(when)
        .map_err(|found| {
            for problem in found {
                let field = format!("{field}.{}", problem.field);
                problems.error(Some(step), &field, problem.code(), &problem.to_string());
            }
        })
        .ok()
}

/// Everything that the steps lead to, themselves included.
fn walk<'s>(
    from: impl IntoIterator<Item = &'s StepId>,
    ways: impl Fn(&StepId) -> Vec<&'s StepId>,
) -> BTreeSet<&'s StepId> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&StepId> = from.into_iter().collect();
    while let Some(id) = waiting.pop() {
        if reached.insert(id) {
            waiting.extend(ways(id));
        }
    }
    reached
}

#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    /// What is wrong with the rows of a trigger.
    fn add(&mut self, step: &WorkflowStep, trigger: usize, found: Vec<ErrorDetail>) {
        for mut detail in found {
            let field = detail.at.field.take().unwrap_or_default();
            detail.at.field = Some(format!("triggers[{trigger}].{field}"));
            detail.at.step = Some(step.id.clone());
            let severity = Severity::Error;
            self.0.push(Problem { severity, detail });
        }
    }

    fn error(&mut self, step: Option<&WorkflowStep>, field: &str, code: &str, message: &str) {
        self.push(Severity::Error, step, field, code, message);
    }

    fn warning(&mut self, step: &WorkflowStep, field: &str, code: &str, message: &str) {
        self.push(Severity::Warning, Some(step), field, code, message);
    }

    fn push(
        &mut self,
        severity: Severity,
        step: Option<&WorkflowStep>,
        field: &str,
        code: &str,
        message: &str,
    ) {
        let mut detail = ErrorDetail::new(code, message);
        detail.at.step = step.map(|step| step.id.clone());
        detail.at.field = (!field.is_empty()).then(|| field.to_owned());
        self.0.push(Problem { severity, detail });
    }
}
