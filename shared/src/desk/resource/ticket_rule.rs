//! Ticket rules: what a new or changed ticket must fulfil, and what is done with it then.

use super::{AGENT, DeskError, Field, OnDelete, PRIORITY, Reference, Resource, STATUS};
use crate::desk::record::Stored;
use crate::desk::rule::{Rule, RunsOn};
use crate::desk::write::Completion;

/// `/api/TicketRules`.
pub static TICKET_RULE: Resource = Resource {
    name: "TicketRules",
    singular: "ticket rule",
    about: "What is done with tickets that fulfil certain criteria.",
    table: "ticket_rule",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Ticket Rule")
            .unique("Name must be unique"),
        Field::integer("precedence").about("Rules with a lower number come first"),
        Field::boolean("active").about("Whether tickets are tried with it; one that is not may hold what this desk cannot read"),
        Field::boolean("stopmatching").about("Whether no later rule is tried once this one fits"),
        Field::line("runs_on")
            .about("Which tickets it looks at: new, updated or both; both where it is missing"),
        Field::objects("criteria").about(
            "What a ticket must fulfil, each {\"fieldname\": …, \"type\": …, \"value_…\": …}; type is equals, not_equals, contains, not_contains, starts_with, ends_with, any_of, none_of, greater, greater_or_equal, less, less_or_equal, has_value, has_no_value, changed, changed_from or changed_to",
        ),
        Field::objects("outcomes").about(
            "What is done beside the fields that follow, each {\"fieldname\": …, \"value_…\": …}",
        ),
        Field::reference("new_agent_id", &NEW_AGENT).about("The agent whom the ticket gets"),
        Field::line("new_team").about("The team that the ticket gets, by its name"),
        Field::reference("new_priority_id", &NEW_PRIORITY)
            .about("The priority that the ticket gets"),
        Field::reference("new_status_id", &NEW_STATUS).about("The status that the ticket gets"),
        Field::line("new_category_1").about("The category that the ticket gets"),
    ],
    order: ("precedence", false),
    complete: Some(complete),
    ..Resource::BLANK
};

static NEW_AGENT: Reference = Reference {
    to: &AGENT,
    shows: &[("new_agent_name", "name")],
    object: "new_agent",
    on_delete: OnDelete::Refuse,
};
static NEW_PRIORITY: Reference = Reference {
    to: &PRIORITY,
    shows: &[("new_priority_name", "name")],
    object: "new_priority",
    on_delete: OnDelete::Refuse,
};
static NEW_STATUS: Reference = Reference {
    to: &STATUS,
    shows: &[("new_status_name", "name")],
    object: "new_status",
    on_delete: OnDelete::Refuse,
};

/// A rule that is on and can never work would look as if it did. Whoever brings one from another desk may keep it
/// switched off, with all that it holds. What an edit does not touch was there before, and is not looked at again.
fn complete(rule: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    if completion.changes(rule, "runs_on") {
        let runs_on = RunsOn::parse(rule.text("runs_on")).ok_or(DeskError::WrongType {
            field: "runs_on".to_owned(),
            expected: "new, updated or both",
        })?;
        rule.set("runs_on", runs_on.as_str());
    }
    let touches = |field: &&str| completion.changes(rule, field);
    if !rule.is_true("active") || !["active", "criteria", "outcomes"].iter().any(touches) {
        return Ok(());
    }
    let problems = Rule::read(&rule.fields).problems();
    if problems.is_empty() {
        return Ok(());
    }
    let sentences = problems.into_iter().map(|problem| match problem.at.field {
        Some(place) => format!("{place}: {}", problem.message),
        None => problem.message,
    });
    Err(DeskError::NeverWorks {
        problems: sentences.collect::<Vec<_>>().join(" "),
    })
}
