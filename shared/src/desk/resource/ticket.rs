//! Tickets.

use super::client::OF_CLIENT;
use super::site::{AT_SITE, client_of};
use super::{
    AGENT, Area, DeskError, Field, Filter, FilterTest, OnDelete, PRIORITY, Reference, Resource,
    STATUS, Subject, TICKET_TYPE, USER,
};
use crate::desk::record::Stored;
use crate::desk::write::Completion;

/// `/api/Tickets`.
pub static TICKET: Resource = Resource {
    name: "Tickets",
    singular: "ticket",
    about: "What users report and agents work on.",
    list_key: Some("tickets"),
    table: "ticket",
    area: Area::Tickets,
    fields: &[
        Field::line("summary").required("A Summary must be entered for this Ticket"),
        Field::text("details").about("What it is about, as plain text"),
        Field::html("details_html").about("What it is about, as HTML"),
        Field::reference("tickettype_id", &OF_TYPE)
            .required("A Ticket Type must be chosen for this Ticket")
            .about("The ticket type's id"),
        Field::reference("status_id", &IN_STATUS)
            .required("A Status must be chosen for this Ticket")
            .about("The status's id; the first one where it is missing"),
        Field::reference("priority_id", &OF_PRIORITY).about("The priority's id"),
        Field::reference("client_id", &OF_CLIENT)
            .about("The customer's id; where there is a site, the site's customer"),
        Field::reference("site_id", &AT_SITE).about(
            "The site's id; the user's where it is missing, or at another customer than the user",
        ),
        Field::reference("user_id", &FROM_USER).about("The id of who reported it"),
        Field::reference("agent_id", &WITH_AGENT).about("The id of who works on it"),
        Field::line("team").about("The team that works on it, by its name"),
        Field::line("category_1").about("What it is about, such as Hardware>Printer"),
        Field::instant("dateoccurred").about("When it was reported; now where it is missing"),
        Field::instant("datecreated").computed(),
        Field::instant("dateclosed").computed(),
        Field::instant("lastactiondate").computed(),
        Field::instant("last_update").computed(),
        Field::custom_fields(),
    ],
    pairs: &[("details", "details_html")],
    searched: &["id", "summary", "details"],
    searched_names: &["client_id", "user_id"],
    search_index: true,
    order: ("id", true),
    filters: &[
        Filter {
            parameter: "requesttype_id",
            test: FilterTest::Ids("tickettype_id"),
        },
        Filter {
            parameter: "open_only",
            test: FilterTest::WhenTrue("status_id IN (SELECT id FROM status WHERE isclosed = 0)"),
        },
        Filter {
            parameter: "closed_only",
            test: FilterTest::WhenTrue("status_id IN (SELECT id FROM status WHERE isclosed = 1)"),
        },
        Filter {
            parameter: "unassigned",
            test: FilterTest::WhenTrue("agent_id IS NULL"),
        },
        Filter {
            parameter: "team",
            test: FilterTest::Text("team"),
        },
        Filter {
            parameter: "category_1",
            test: FilterTest::Text("category_1"),
        },
        Filter {
            parameter: "lastupdatefromdate",
            test: FilterTest::From("last_update"),
        },
        Filter {
            parameter: "lastupdatetodate",
            test: FilterTest::Until("last_update"),
        },
    ],
    date: Some("dateoccurred"),
    subject: Subject::Ticket,
    complete: Some(complete),
    ..Resource::BLANK
};

static OF_TYPE: Reference = Reference {
    to: &TICKET_TYPE,
    shows: &[("tickettype_name", "name")],
    object: "tickettype",
    on_delete: OnDelete::Refuse,
};
static IN_STATUS: Reference = Reference {
    to: &STATUS,
    shows: &[
        ("status_name", "name"),
        ("status_colour", "colour"),
        ("isclosed", "isclosed"),
    ],
    object: "status",
    on_delete: OnDelete::Refuse,
};
static OF_PRIORITY: Reference = Reference {
    to: &PRIORITY,
    shows: &[("priority_name", "name")],
    object: "priority",
    on_delete: OnDelete::Refuse,
};
static FROM_USER: Reference = Reference {
    to: &USER,
    shows: &[("user_name", "name"), ("user_email", "emailaddress")],
    object: "user",
    on_delete: OnDelete::Refuse,
};
static WITH_AGENT: Reference = Reference {
    to: &AGENT,
    shows: &[("agent_name", "name")],
    object: "agent",
    on_delete: OnDelete::Refuse,
};

fn complete(ticket: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    place(ticket, completion)?;
    if ticket.is_unset("status_id") {
        let first = completion.records.first(&STATUS, "sequence")?;
        ticket.set("status_id", first);
    }
    let now = completion.now();
    if ticket.is_unset("dateoccurred") {
        ticket.set("dateoccurred", now.as_str());
    }
    if completion.before.is_none() {
        ticket.set("datecreated", now.as_str());
        ticket.set("lastactiondate", now.as_str());
    }
    let closed = match ticket.id_in("status_id") {
        Some(status) => completion.records.stored(&STATUS, status)?,
        None => None,
    }
    .is_some_and(|status| status.is_true("isclosed"));
    match closed {
        true if ticket.is_unset("dateclosed") => ticket.set("dateclosed", now.as_str()),
        true => {}
        false => ticket.set("dateclosed", None::<String>),
    }
    ticket.set("last_update", now);
    Ok(())
}

/// Whoever names the user need not name their site and client, too; and where the client or
/// the site is changed what belonged to the former one does not stay behind. Of what contradicts itself the
/// user counts first, then the site: a ticket is never at one client and at another one's site.
fn place(ticket: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    let [client, site, user] =
        ["client_id", "site_id", "user_id"].map(|field| completion.changes(ticket, field));
    if (client || site) && !user {
        ticket.set("user_id", None::<u64>);
    }
    if client && !site {
        ticket.set("site_id", None::<u64>);
    }
    if user
        && let Some(id) = ticket.id_in("user_id")
        && let Some(user) = completion.records.stored(&USER, id)?
    {
        let own = client_of(ticket.id_in("site_id"), completion)?;
        if !site || own != user.id_in("client_id") {
            ticket.set("site_id", user.id_in("site_id"));
        }
    }
    if let Some(client) = client_of(ticket.id_in("site_id"), completion)? {
        ticket.set("client_id", client);
    }
    Ok(())
}
