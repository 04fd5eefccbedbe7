//! Agents: who works on tickets.

use super::{Area, Field, Resource, Subject};

/// `/api/Agent`. The first agent is the person at the console.
pub static AGENT: Resource = Resource {
    name: "Agent",
    singular: "agent",
    list_key: None,
    table: "agent",
    area: Area::Configuration,
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Agent")
            .unique("Name must be unique"),
        Field::line("email"),
        Field::line("jobtitle"),
        Field::line("team"),
        Field::line("colour"),
        Field::boolean("inactive"),
    ],
    pairs: &[],
    commands: &[],
    searched: &["name", "email"],
    order: ("name", false),
    filters: &[],
    subject: Subject::Apart,
    complete: None,
    created: None,
};
