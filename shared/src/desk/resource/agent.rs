//! Agents: who works on tickets.

use super::{Area, Field, Filter, FilterTest, Resource};

/// `/api/Agent`. The first agent is the person at the console.
pub static AGENT: Resource = Resource {
    name: "Agent",
    singular: "agent",
    about: "Who works on tickets.",
    table: "agent",
    area: Area::Configuration,
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Agent")
            .unique("Name must be unique"),
        Field::line("email"),
        Field::line("jobtitle"),
        Field::line("team").about("The team they are in, by its name"),
        Field::line("colour"),
        Field::boolean("inactive"),
    ],
    searched: &["name", "email"],
    filters: &[Filter {
        parameter: "team",
        test: FilterTest::Text("team"),
    }],
    keeps_first: Some(
        "This agent cannot be deleted: whoever signs in at the console acts as it. Change its name instead",
    ),
    ..Resource::BLANK
};
