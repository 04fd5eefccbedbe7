//! Actions: what was said and done on a ticket.

use super::{
    Area, DeskError, Field, Filter, FilterTest, OnDelete, Reference, Resource, Subject, TICKET,
};
use crate::desk::protocol::EventSource;
use crate::desk::record::Stored;
use crate::desk::write::Completion;

/// `/api/Actions`.
pub static ACTION: Resource = Resource {
    name: "Actions",
    singular: "action",
    list_key: Some("actions"),
    table: "action",
    area: Area::Tickets,
    fields: &[
        Field::reference("ticket_id", &ON_TICKET)
            .required("A Ticket must be chosen for this Action"),
        // What was done, such as "Email User"; desk actions are known by it.
        Field::line("outcome"),
        Field::integer("outcome_id"),
        Field::text("note"),
        Field::html("note_html"),
        Field::boolean("hiddenfromuser"),
        // In hours.
        Field::decimal("timetaken"),
        Field::line("who"),
        // 0 for a user, 1 for an agent, 2 for a program or a runbook.
        Field::integer("who_type"),
        Field::integer("who_agentid"),
        Field::instant("datetime"),
        Field::instant("actiondatecreated").computed(),
    ],
    pairs: &[("note", "note_html")],
    commands: &[],
    searched: &["outcome", "note", "who"],
    order: ("id", true),
    filters: &[Filter {
        parameter: "excludeprivate",
        test: FilterTest::WhenTrue("hiddenfromuser = 0"),
    }],
    subject: Subject::Action,
    complete: Some(complete),
    created: None,
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
    if action.is_unset("outcome") && action.is_unset("outcome_id") {
        return Err(DeskError::Missing {
            sentence: "An Outcome must be entered for this Action",
        });
    }
    if completion.before.is_some() {
        return Ok(());
    }
    let now = completion.now();
    if action.is_unset("datetime") {
        action.set("datetime", now.as_str());
    }
    action.set("actiondatecreated", now.as_str());
    let access = completion.access;
    if action.is_unset("who") {
        action.set("who", access.who.as_str());
        let person = access.source == EventSource::Person;
        action.set("who_type", if person { WHO_AGENT } else { WHO_PROGRAM });
        if person {
            action.set("who_agentid", access.agent);
        }
    }
    if let Some(ticket) = action.id_in("ticket_id")
        && let Some(mut ticket) = completion.records.stored(&TICKET, ticket)?
    {
        ticket.set("lastactiondate", now);
        completion.records.update(&TICKET, &ticket)?;
    }
    Ok(())
}
