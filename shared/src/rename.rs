//! What knows records of the desk by their names follows when they get others.

mod runbook;

use crate::condition::{Row, Term, When};
use crate::desk::Renamed;
use crate::desk::resource::{RESOURCES, STATUS, TICKET_TYPE, resource};
use crate::model::{DeskAction, EventTrigger, Schedule, ScheduleWhen, Workflow};

impl Renamed {
    /// The action with the new name; nothing where it does not name the record.
    pub fn in_action(&self, action: &DeskAction) -> Option<DeskAction> {
        let mut action = action.clone();
        let names = if self.resource == STATUS.name {
            &mut action.statuses
        } else if self.resource == TICKET_TYPE.name {
            &mut action.ticket_types
        } else {
            return None;
        };
        let mut is_changed = false;
        for name in names {
            if self.is_former(name) {
                self.name.clone_into(name);
                is_changed = true;
            }
        }
        is_changed.then_some(action)
    }

    /// The event trigger with the new name; nothing where its conditions do not compare with it.
    pub fn in_trigger(&self, trigger: &EventTrigger) -> Option<EventTrigger> {
        let when = self.in_when(&trigger.when)?;
        Some(EventTrigger {
            when,
            ..trigger.clone()
        })
    }

    /// The schedule with the new name; nothing where its condition does not compare with it.
    pub fn in_schedule(&self, schedule: &Schedule) -> Option<Schedule> {
        let mut schedule = schedule.clone();
        let (ScheduleWhen::Before { condition, .. } | ScheduleWhen::After { condition, .. }) =
            &mut schedule.when
        else {
            return None;
        };
        *condition = self.in_when(condition)?;
        Some(schedule)
    }

    /// The workflow with the new name; nothing where no condition of a step compares with it.
    pub fn in_workflow(&self, workflow: &Workflow) -> Option<Workflow> {
        let mut renamed = workflow.clone();
        for step in &mut renamed.steps {
            let actions = step.actions.iter_mut().map(|action| &mut action.when);
            let triggers = step.triggers.iter_mut().map(|trigger| &mut trigger.when);
            for when in actions.chain(triggers) {
                if let Some(renamed) = self.in_when(when) {
                    *when = renamed;
                }
            }
        }
        (renamed != *workflow).then_some(renamed)
    }

    /// Conditions with the new name; nothing where they do not compare such a field with the former one.
    pub fn in_when(&self, when: &When) -> Option<When> {
        let mut renamed = when.clone();
        self.rename_in(&mut renamed, &|left| self.is_its_name(left));
        (renamed != *when).then_some(renamed)
    }

    /// `is_its_name` says whether a template stands for the name of such a record.
    fn rename_in(&self, when: &mut When, is_its_name: &dyn Fn(&str) -> bool) {
        // In a template, it would be read as a token.
        if self.name.contains("<<") {
            return;
        }
        let (When::All(terms) | When::Any(terms)) = when;
        for term in terms {
            match term {
                Term::Row(row) => self.rename_in_row(row, is_its_name),
                Term::Group(group) => self.rename_in(group, is_its_name),
            }
        }
    }

    fn rename_in_row(&self, row: &mut Row, is_its_name: &dyn Fn(&str) -> bool) {
        if self.is_former(&row.right) && is_its_name(row.left.trim()) {
            self.name.clone_into(&mut row.right);
        }
    }

    fn is_former(&self, text: &str) -> bool {
        text.trim().to_lowercase() == self.former.trim().to_lowercase()
    }

    /// Whether a template is the token of a field that holds the name of such a record, such as `<<before^status^name>>`.
    fn is_its_name(&self, template: &str) -> bool {
        let token = template.strip_prefix("<<");
        let token = token.and_then(|token| token.strip_suffix(">>"));
        let path = token.and_then(|token| token.split("??").next());
        let path = path.and_then(|path| path.trim().split_once('^'));
        path.is_some_and(|(_, path)| self.is_named_at(path))
    }

    /// Whether a field of the desk's records holds the name of such a record: `status^name`, `status_name` or `team`.
    fn is_named_at(&self, path: &str) -> bool {
        let by_text = resource(&self.resource).and_then(|resource| resource.named_by);
        let mut by_text = by_text.into_iter().flat_map(|(_, fields)| fields);
        let mut references = RESOURCES.iter().flat_map(|resource| resource.references());
        by_text.any(|(_, field)| *field == path)
            || references.any(|(_, reference)| {
                let mut shows = reference.shows.iter();
                reference.to.name == self.resource
                    && (path == format!("{}^name", reference.object)
                        || shows.any(|(shown, of)| *of == "name" && *shown == path))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Operator;
    use crate::event::{FieldTest, Test};
    use crate::model::EventKind;

    fn renamed(resource: &str) -> Renamed {
        Renamed {
            resource: resource.to_owned(),
            former: "Closed".to_owned(),
            name: "Done".to_owned(),
        }
    }

    fn row(left: &str, right: &str) -> Term {
        Term::Row(Row {
            left: left.to_owned(),
            op: Operator::Equals,
            right: right.to_owned(),
            match_case: false,
        })
    }

    #[test]
    fn conditions_follow_where_they_compare_with_the_name() {
        for (left, right, resource, expected) in [
            ("<<ticket^status^name>>", "Closed", "Status", "Done"),
            ("<<ticket^status_name>>", " closed ", "Status", "Done"),
            ("<<before^status^name ?? \"\">>", "Closed", "Status", "Done"),
            ("<<ticket^status^name>>", "Closed", "TicketType", "Closed"),
            (
                "<<ticket^status^name>>",
                "Closed soon",
                "Status",
                "Closed soon",
            ),
            ("<<ticket^summary>>", "Closed", "Status", "Closed"),
            ("<<ticket^status^colour>>", "Closed", "Status", "Closed"),
            ("x<<ticket^status^name>>", "Closed", "Status", "Closed"),
            ("<<asset^tickettype^name>>", "Closed", "TicketType", "Done"),
            ("Closed", "Closed", "Status", "Closed"),
            ("<<ticket^team>>", "Closed", "Team", "Done"),
            ("<<before^category_1>>", "Closed", "Category", "Done"),
            ("<<ticket^team>>", "Closed", "Category", "Closed"),
        ] {
            let when = When::Any(vec![Term::Group(When::All(vec![row(left, right)]))]);
            let wanted = When::Any(vec![Term::Group(When::All(vec![row(left, expected)]))]);
            let followed = renamed(resource).in_when(&when);
            assert_eq!(followed.unwrap_or(when), wanted, "{left} {right}");
        }
    }

    #[test]
    fn a_name_that_reads_as_a_token_is_not_put_into_a_condition() {
        let renamed = Renamed {
            name: "<<x>>".to_owned(),
            ..renamed("Status")
        };
        let when = When::All(vec![row("<<ticket^status^name>>", "Closed")]);
        assert_eq!(renamed.in_when(&when), None);
    }

    #[test]
    fn a_chosen_change_is_read_again_with_the_new_name() {
        let test = |from: &str, to: &str| FieldTest {
            path: "ticket^status^name".to_owned(),
            test: Test::Changed {
                from: from.to_owned(),
                to: to.to_owned(),
            },
        };
        let when = When::All(test("Closed", "New").term().into_iter().collect());
        let followed = renamed("Status").in_when(&when).unwrap();
        let When::All(terms) = followed else {
            panic!("all stays all");
        };
        let record = EventKind::TicketStatusChanged.record();
        assert_eq!(FieldTest::of(&terms[0], record), Some(test("Done", "New")));
    }

    #[test]
    fn schedules_and_steps_of_workflows_follow() {
        let when = |name: &str| When::All(vec![row("<<ticket^status^name>>", name)]);
        let schedule = |name: &str, when: ScheduleWhen| Schedule {
            id: crate::model::ScheduleId::parse("s").unwrap(),
            name: name.to_owned(),
            enabled: true,
            runbook: crate::model::RunbookId::parse("r").unwrap(),
            variables: Vec::new(),
            time_zone: "UTC".to_owned(),
            when,
        };
        let after = |name: &str| ScheduleWhen::After {
            minutes: 5,
            field: "dateclosed".to_owned(),
            condition: when(name),
        };
        let renamed = renamed("Status");
        let followed = renamed.in_schedule(&schedule("S", after("Closed")));
        assert_eq!(followed, Some(schedule("S", after("Done"))));
        assert_eq!(renamed.in_schedule(&schedule("S", after("New"))), None);
        let daily = ScheduleWhen::Cron {
            expression: "0 9 * * *".to_owned(),
        };
        assert_eq!(renamed.in_schedule(&schedule("Closed", daily)), None);
        let workflow = |name: &str| -> Workflow {
            let when = serde_json::to_value(when(name)).unwrap();
            serde_json::from_value(serde_json::json!({"id": "w", "name": "Closed", "steps": [
                {"id": "a", "name": "Closed", "actions": [{"action": "Start", "when": when}], "triggers": [
                    {"on": {"type": "entering"}, "runbook": "r", "when": when},
                ]},
            ]}))
            .unwrap()
        };
        let followed = renamed.in_workflow(&workflow("Closed"));
        assert_eq!(followed, Some(workflow("Done")));
        assert_eq!(renamed.in_workflow(&workflow("New")), None);
    }

    #[test]
    fn actions_follow_in_the_list_of_that_resource() {
        let action = DeskAction {
            ticket_types: vec!["Incident".to_owned(), "Closed".to_owned()],
            statuses: vec!["closed".to_owned()],
            ..DeskAction::default()
        };
        let of = |resource| renamed(resource).in_action(&action);
        let followed = of("Status").unwrap();
        assert_eq!(followed.statuses, ["Done"]);
        assert_eq!(followed.ticket_types, action.ticket_types);
        assert_eq!(of("TicketType").unwrap().ticket_types, ["Incident", "Done"]);
        assert_eq!(of("Priority"), None);
    }
}
