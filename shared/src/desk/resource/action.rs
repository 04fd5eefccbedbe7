//! Actions: what was said and done on a ticket.

use serde_json::Value;

use super::{
    AGENT, Area, Command, DeskError, Field, FieldKind, Filter, FilterTest, OUTCOME, OnDelete,
    Reference, Resource, Subject, TICKET,
};
use crate::desk::protocol::EventSource;
use crate::desk::record::{NotAnId, Record, Stored, read, read_id};
use crate::desk::write::Completion;

/// `/api/Actions`.
pub static ACTION: Resource = Resource {
    name: "Actions",
    singular: "action",
    about: "What was said and done on a ticket.",
    list_key: Some("actions"),
    table: "action",
    area: Area::Tickets,
    fields: &[
        Field::reference("ticket_id", &ON_TICKET)
            .required("A Ticket must be chosen for this Action")
            .about("The ticket it belongs to"),
        // Desk actions are known by it.
        Field::line("outcome").about("What was done, such as Email User; or give outcome_id"),
        Field::integer("outcome_id").about("The outcome's id, in place of its name"),
        Field::text("note").about("What was said, as plain text"),
        Field::html("note_html").about("What was said, as HTML"),
        Field::boolean("hiddenfromuser").about("Whether only agents see it"),
        Field::decimal("timetaken").about("In hours"),
        Field::line("who").about("Whose name it carries; the caller's where it is missing"),
        Field::integer("who_type")
            .about("0 for a user, 1 for an agent, 2 for a program or a runbook"),
        Field::integer("who_agentid").about("The agent who did it"),
        Field::instant("datetime").about("When it happened; now where it is missing"),
        Field::instant("actiondatecreated").computed(),
        Field::custom_fields(),
    ],
    commands: &[
        Command {
            name: "new_status",
            kind: FieldKind::Integer,
            about: "The id of the status that the ticket gets along with a new action",
        },
        Command {
            name: "new_agent",
            kind: FieldKind::Integer,
            about: "The id of the agent who gets the ticket along with a new action",
        },
        Command {
            name: "new_team",
            kind: FieldKind::Line,
            about: "The team that gets the ticket along with a new action, by its name or id",
        },
    ],
    pairs: &[("note", "note_html")],
    searched: &["outcome", "note", "who"],
    search_index: true,
    order: ("id", true),
    filters: &[
        Filter {
            parameter: "excludeprivate",
            test: FilterTest::WhenTrue("hiddenfromuser = 0"),
        },
        Filter {
            parameter: "agentonly",
            test: FilterTest::WhenTrue("who_type = 1"),
        },
        Filter {
            parameter: "actoutcome",
            test: FilterTest::Text("outcome"),
        },
        Filter {
            parameter: "outcome_id",
            test: FilterTest::Ids("outcome_id"),
        },
    ],
    date: Some("datetime"),
    subject: Subject::Action,
    complete: Some(complete),
    ..Resource::BLANK
};

static ON_TICKET: Reference = Reference {
    to: &TICKET,
    shows: &[("ticket_summary", "summary")],
    object: "ticket",
    on_delete: OnDelete::Delete,
};

const WHO_AGENT: u8 = 1;
const WHO_PROGRAM: u8 = 2;

fn complete(action: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    name_outcome(action, completion)?;
    if completion.before.is_some() {
        return Ok(());
    }
    hide_as_its_outcome(action, completion)?;
    let now = completion.now();
    if action.is_unset("datetime") {
        action.set("datetime", now.as_str());
    }
    action.set("actiondatecreated", now.as_str());
    let access = completion.access;
    if action.is_unset("who") {
        if let Some(id) = action.id_in("who_agentid") {
            let agent = completion.records.stored(&AGENT, id)?;
            let agent = agent.ok_or_else(|| DeskError::NoSuchReference {
                field: "who_agentid".to_owned(),
                singular: AGENT.singular,
                id,
            })?;
            action.set("who", agent.text("name"));
            action.set("who_type", WHO_AGENT);
        } else {
            action.set("who", access.who.as_str());
            let person = access.source == EventSource::Person;
            action.set("who_type", if person { WHO_AGENT } else { WHO_PROGRAM });
            if person {
                action.set("who_agentid", access.agent);
            }
        }
    }
    if let Some(ticket) = action.id_in("ticket_id")
        && let Some(mut ticket) = completion.records.stored(&TICKET, ticket)?
    {
        ticket.set("lastactiondate", now.as_str());
        if ticket.is_unset("responsedate") && is_answer(action) {
            ticket.set("responsedate", now);
            completion.answered(&mut ticket)?;
        } else {
            completion.records.update(&TICKET, &ticket)?;
        }
        change_ticket(&ticket, completion)?;
    }
    Ok(())
}

/// Whether an agent says something to whoever reported the ticket.
fn is_answer(action: &Stored) -> bool {
    let by_agent = action.fields.get("who_type").and_then(Value::as_u64) == Some(WHO_AGENT.into());
    by_agent && !action.is_true("hiddenfromuser")
}

/// A new action may change its ticket, as in Halo. Zero and less stand for none, as everywhere.
fn change_ticket(ticket: &Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    let mut changes = Record::new();
    for (command, field) in [("new_status", "status_id"), ("new_agent", "agent_id")] {
        if let Some(value) = completion.commands.get(command) {
            let id = read_id(value).map_err(|NotAnId| DeskError::WrongType {
                field: command.to_owned(),
                expected: "an id: a whole number",
            })?;
            changes.extend(id.map(|id| (field.to_owned(), id.into())));
        }
    }
    if let Some(team) = completion.commands.get("new_team") {
        let team = read(&Field::line("new_team"), team)?;
        let is_given = team.as_str().is_some_and(|team| !team.trim().is_empty());
        changes.extend(is_given.then(|| ("team".to_owned(), team)));
    }
    if changes.is_empty() {
        return Ok(());
    }
    completion.change(&TICKET, ticket, changes)
}

/// An action is hidden from users where its outcome is, unless it says otherwise itself.
fn hide_as_its_outcome(action: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    if completion.sent.contains("hiddenfromuser") {
        return Ok(());
    }
    if let Some(id) = action.id_in("outcome_id")
        && let Some(outcome) = completion.records.stored(&OUTCOME, id)?
        && outcome.fields.get("hiddenfromuser") == Some(&true.into())
    {
        action.set("hiddenfromuser", true);
    }
    Ok(())
}

/// An outcome is given by its name or by its id; where the desk knows it, the other follows.
/// Those that it does not know are taken, too: clients come with the outcomes of the Halo that they were set up for.
fn name_outcome(action: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    let id = action.id_in("outcome_id").filter(|id| *id > 0);
    if action.is_unset("outcome") {
        let Some(id) = id else {
            return Err(DeskError::Missing {
                sentence: "An Outcome must be entered for this Action",
            });
        };
        let outcome = completion.records.stored(&OUTCOME, id)?;
        let name = outcome.map(|outcome| outcome.text("name").to_owned());
        // An action without a name could not be told from another.
        action.set("outcome", name.unwrap_or_else(|| format!("Outcome {id}")));
    } else if id.is_none()
        || (completion.changes(action, "outcome") && !completion.changes(action, "outcome_id"))
    {
        let id = completion
            .records
            .with_text(&OUTCOME, "name", action.text("outcome"))?;
        action.set("outcome_id", id);
    }
    Ok(())
}
