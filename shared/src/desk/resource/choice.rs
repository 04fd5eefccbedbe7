//! What tickets and actions choose from: statuses, ticket types, priorities, teams, outcomes and
//! categories. Halo answers lists of them with a bare array.

use super::{ACTION, AGENT, DeskError, Field, Filter, FilterTest, Resource, TICKET, TICKET_RULE};
use crate::desk::record::Stored;
use crate::desk::write::Completion;

/// `/api/Status`.
pub static STATUS: Resource = Resource {
    name: "Status",
    singular: "status",
    about: "How far a ticket is.",
    table: "status",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Status")
            .unique("Name must be unique"),
        Field::line("colour"),
        Field::integer("sequence"),
        Field::boolean("isclosed").about("Whether a ticket of this status counts as closed"),
    ],
    ..CHOICE
};

/// `/api/TicketType`.
pub static TICKET_TYPE: Resource = Resource {
    name: "TicketType",
    singular: "ticket type",
    about: "What kinds of tickets there are.",
    table: "ticket_type",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Ticket Type")
            .unique("Name must be unique"),
        Field::line("colour"),
        Field::integer("sequence"),
        Field::objects("allowed_actions")
            .about("The actions that it allows, each {\"name\": …}; all where there is none"),
    ],
    ..CHOICE
};

/// `/api/Priority`.
pub static PRIORITY: Resource = Resource {
    name: "Priority",
    singular: "priority",
    about: "How urgent a ticket is.",
    table: "priority",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Priority")
            .unique("Name must be unique"),
        Field::line("colour"),
        Field::integer("sequence"),
    ],
    ..CHOICE
};

/// `/api/Team`. Tickets name their team by its name.
pub static TEAM: Resource = Resource {
    name: "Team",
    singular: "team",
    about: "Which teams agents work in.",
    table: "team",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Team")
            .unique("Name must be unique"),
        Field::integer("sequence"),
    ],
    named_by: Some((
        "name",
        &[
            (&TICKET, "team"),
            (&AGENT, "team"),
            (&TICKET_RULE, "new_team"),
        ],
    )),
    ..CHOICE
};

/// `/api/Outcome`.
pub static OUTCOME: Resource = Resource {
    name: "Outcome",
    singular: "outcome",
    about: "What can be done on a ticket; every action has one.",
    table: "outcome",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Outcome")
            .unique("Name must be unique"),
        Field::line("buttonname").about("What the button on a ticket says"),
        Field::integer("sequence"),
        Field::boolean("hiddenfromuser").about("Whether only agents see such actions"),
    ],
    named_by: Some(("name", &[(&ACTION, "outcome")])),
    ..CHOICE
};

/// `/api/Category`.
pub static CATEGORY: Resource = Resource {
    name: "Category",
    singular: "category",
    about: "What tickets are about. A category below another one is written Hardware>Printer.",
    table: "category",
    fields: &[
        Field::line("value")
            .required("A Value must be entered for this Category")
            .about("With the categories above it, such as Hardware>Printer"),
        Field::line("category_name").computed(),
        Field::integer("type_id").about("Which of a ticket's category fields it is for, from 1"),
        Field::integer("sequence"),
    ],
    searched: &["value"],
    order: ("value", false),
    filters: &[Filter {
        parameter: "type_id",
        test: FilterTest::Ids("type_id"),
    }],
    named_by: Some((
        "value",
        &[(&TICKET, "category_1"), (&TICKET_RULE, "new_category_1")],
    )),
    complete: Some(name_category),
    ..CHOICE
};

const CHOICE: Resource = Resource {
    order: ("sequence", false),
    ..Resource::BLANK
};

#[expect(
    clippy::unnecessary_wraps,
    reason = "the rules of all resources have one type"
)]
fn name_category(category: &mut Stored, _: &Completion<'_>) -> Result<(), DeskError> {
    let value = category.text("value");
    let name = value.rsplit('>').next().unwrap_or(value).trim().to_owned();
    category.set("category_name", name);
    if category.is_unset("type_id") {
        category.set("type_id", 1);
    }
    Ok(())
}
