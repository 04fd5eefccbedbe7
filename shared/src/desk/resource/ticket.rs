//! Tickets.

use super::client::{OF_CLIENT, OF_CLIENTS, OF_TOP_LEVEL};
use super::site::{AT_SITE, client_of};
use super::{
    AGENT, Area, Beside, Command, DeskError, Field, FieldKind, Filter, FilterTest, OnDelete,
    PRIORITY, Reference, Resource, STATUS, Subject, TEAM, TICKET_TYPE, USER,
};
use crate::desk::list::ListQuery;
use crate::desk::record::{NotAnId, Stored, read_id};
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
        Field::integer("team_id")
            .computed()
            .about("The id of that team, where the desk has one of that name"),
        Field::line("category_1").about("What it is about, such as Hardware>Printer"),
        Field::instant("dateoccurred").about("When it was reported; now where it is missing"),
        Field::instant("datecreated").computed(),
        Field::instant("dateclosed").computed(),
        Field::instant("lastactiondate").computed(),
        Field::instant("last_update").computed(),
        Field::integer("sla_id").about(
            "The service level that counts; that of its ticket type, or the default one, where it is missing",
        ),
        Field::line("sla_name").computed(),
        Field::instant("respondbydate")
            .computed()
            .about("When it is to be answered; nothing while the clock stands still"),
        Field::instant("responsedate")
            .computed()
            .about("When an agent answered it first"),
        Field::line("slaresponsestate")
            .computed()
            .about("I where it was answered in time, O where it was not"),
        Field::line("slaresponsestanding").computed().about(
            "on_track, first_warning, second_warning, breached, met or met_late",
        ),
        Field::instant("fixbydate")
            .computed()
            .about("When it is to be solved; nothing while the clock stands still"),
        Field::line("slastate")
            .computed()
            .about("I where it was solved in time, O where it was not"),
        Field::line("slastanding").computed().about(
            "on_track, first_warning, second_warning, breached, met or met_late",
        ),
        Field::boolean("onhold")
            .computed()
            .about("Whether its status stops the clock"),
        Field::instant("slaactiondate")
            .computed()
            .about("The next of the two that is not reached yet"),
        Field::custom_fields(),
    ],
    commands: &[Command {
        name: "team_id",
        kind: FieldKind::Integer,
        about: "The id of the team that works on it, in place of its name",
    }],
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
        // What clients send where several may be meant.
        Filter {
            parameter: "requesttype",
            test: FilterTest::Ids("tickettype_id"),
        },
        Filter {
            parameter: "status",
            test: FilterTest::Ids("status_id"),
        },
        Filter {
            parameter: "priority",
            test: FilterTest::Ids("priority_id"),
        },
        Filter {
            parameter: "agent",
            test: FilterTest::Ids("agent_id"),
        },
        Filter {
            parameter: "site",
            test: FilterTest::Ids("site_id"),
        },
        Filter {
            parameter: "username",
            test: FilterTest::TextIn(
                "user_id IN (SELECT id FROM user WHERE name = ? COLLATE NOCASE)",
            ),
        },
        OF_CLIENTS,
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
            parameter: "team_id",
            test: FilterTest::Ids("team_id"),
        },
        Filter {
            parameter: "workflow_id",
            test: FilterTest::TextIn(
                "id IN (SELECT ticket_id FROM workflow_positions WHERE workflow = ? \
                 AND workflow IN (SELECT id FROM workflows))",
            ),
        },
        Filter {
            parameter: "ticket_id",
            test: FilterTest::IdsIn("id IN (SELECT value FROM json_each(?))"),
        },
        Filter {
            parameter: "search_summary",
            test: FilterTest::Named,
        },
        Filter {
            parameter: "asset_id",
            test: FilterTest::IdsIn(
                "EXISTS (SELECT 1 FROM json_each(ticket.other, '$.assets') AS linked \
                 WHERE CASE WHEN linked.type = 'object' THEN CAST(json_extract(linked.value, '$.id') AS INTEGER) END \
                 IN (SELECT value FROM json_each(?)))",
            ),
        },
        OF_TOP_LEVEL,
        Filter {
            parameter: "team",
            test: FilterTest::TextOrIds("team", "team_id IN (SELECT value FROM json_each(?))"),
        },
        Filter {
            parameter: "category_1",
            test: FilterTest::TextOrIds(
                "category_1",
                "category_1 IN (SELECT value FROM category WHERE id IN (SELECT value FROM json_each(?)))",
            ),
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
    beside: Some(&IN_WORKFLOW),
    ..Resource::BLANK
};

/// Where a ticket is in the workflow that it goes through; one that was deleted holds nobody.
static IN_WORKFLOW: Beside = Beside {
    join: "LEFT JOIN workflow_positions place ON place.ticket_id = ticket.id \
           AND place.workflow IN (SELECT id FROM workflows)",
    fields: &[
        (
            Field::line("workflow_id")
                .computed()
                .about("The workflow that it goes through"),
            "place.workflow",
        ),
        (
            Field::line("workflow_step")
                .computed()
                .about("The step of the workflow in which it is, by its name"),
            "place.step_name",
        ),
    ],
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
        // What clients ask before they write on a ticket.
        ("hasbeenclosed", "isclosed"),
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
        ticket.set("status_id", first_open_status(completion)?);
    }
    name_team(ticket, completion)?;
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
        true if ticket.is_unset("dateclosed") => {
            ticket.set("dateclosed", now.as_str());
            // Whoever closes a ticket has answered it.
            if ticket.is_unset("responsedate") {
                ticket.set("responsedate", now.as_str());
            }
        }
        true => {}
        false => ticket.set("dateclosed", None::<String>),
    }
    ticket.set("last_update", now);
    Ok(())
}

/// The status of a new ticket: the first one of the list in which tickets are open.
fn first_open_status(completion: &Completion<'_>) -> Result<Option<u64>, DeskError> {
    let all = completion.records.list(&ListQuery::parse(&STATUS, "")?)?;
    let mut statuses = all.into_iter().flat_map(|page| page.records);
    let open = statuses.find(|status| status.get("isclosed") != Some(&true.into()));
    Ok(open.and_then(|status| status.get("id")?.as_u64()))
}

/// A team is given by its name or by its id. Names that the desk does not know are taken, too: clients come with the
/// teams of the Halo that they were set up for.
fn name_team(ticket: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    let records = completion.records;
    let name_of = |id| {
        let team = records.stored(&TEAM, id);
        team.map(|team| team.map(|team| team.text("name").to_owned()))
    };
    if let Some(sent) = completion.commands.get("team_id")
        && !completion.changes(ticket, "team")
    {
        let id = read_id(sent).map_err(|NotAnId| DeskError::WrongType {
            field: "team_id".to_owned(),
            expected: FieldKind::Integer.expected(),
        })?;
        let name = match id {
            None => None,
            Some(id) => Some(name_of(id)?.ok_or_else(|| DeskError::NoSuchReference {
                field: "team_id".to_owned(),
                singular: TEAM.singular,
                id,
            })?),
        };
        ticket.set("team", name);
    }
    if ticket.is_unset("team") {
        ticket.set("team_id", None::<u64>);
        return Ok(());
    }
    let mut id = records.with_text(&TEAM, "name", ticket.text("team"))?;
    if id.is_none()
        && let Ok(number) = ticket.text("team").parse()
        && let Some(name) = name_of(number)?
    {
        ticket.set("team", name);
        id = Some(number);
    }
    ticket.set("team_id", id);
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
