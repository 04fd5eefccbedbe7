//! What tickets choose from: statuses, ticket types, priorities and teams. Halo answers lists of
//! them with a bare array.

use super::{Area, Field, Resource, Subject};

/// `/api/Status`.
pub static STATUS: Resource = Resource {
    name: "Status",
    singular: "status",
    table: "status",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Status")
            .unique("Name must be unique"),
        Field::line("colour"),
        Field::integer("sequence"),
        // A ticket of such a status counts as closed.
        Field::boolean("isclosed"),
    ],
    ..LOOKUP
};

/// `/api/TicketType`.
pub static TICKET_TYPE: Resource = Resource {
    name: "TicketType",
    singular: "ticket type",
    table: "ticket_type",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Ticket Type")
            .unique("Name must be unique"),
        Field::line("colour"),
        Field::integer("sequence"),
    ],
    ..LOOKUP
};

/// `/api/Priority`.
pub static PRIORITY: Resource = Resource {
    name: "Priority",
    singular: "priority",
    table: "priority",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Priority")
            .unique("Name must be unique"),
        Field::line("colour"),
        Field::integer("sequence"),
    ],
    ..LOOKUP
};

/// `/api/Team`. Tickets name their team by its name.
pub static TEAM: Resource = Resource {
    name: "Team",
    singular: "team",
    table: "team",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Team")
            .unique("Name must be unique"),
        Field::integer("sequence"),
    ],
    ..LOOKUP
};

const LOOKUP: Resource = Resource {
    name: "",
    singular: "",
    list_key: None,
    table: "",
    area: Area::Configuration,
    fields: &[],
    pairs: &[],
    commands: &[],
    searched: &["name"],
    order: ("sequence", false),
    filters: &[],
    subject: Subject::Apart,
    complete: None,
    created: None,
};
