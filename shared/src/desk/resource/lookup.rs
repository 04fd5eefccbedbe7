//! Lookups: the lists of values that fields of the desk offer.

use super::{Field, Filter, FilterTest, Resource};

/// `/api/Lookup`. All lists stand in one resource; `lookupid` says which one a value is of.
pub static LOOKUP: Resource = Resource {
    name: "Lookup",
    singular: "lookup",
    about: "The values that fields offer. All lists are kept here; lookupid says which one a value is of. The desk gives the ids, which are unique over all lists; a lookupid that is named beside an id must be the value's own.",
    table: "lookup",
    fields: &[
        Field::integer("lookupid")
            .required("A lookupid must be entered for this Lookup")
            .about("Which list it is of"),
        Field::line("name").required("A Name must be entered for this Lookup"),
        Field::line("value2"),
        Field::line("value3"),
        Field::line("value4"),
        Field::line("value5"),
        Field::line("value6"),
        Field::line("value7"),
        Field::line("value8"),
        Field::line("value9"),
        Field::integer("sequence").about("Its place in the list"),
    ],
    order: ("sequence", false),
    filters: &[Filter {
        parameter: "lookupid",
        test: FilterTest::Ids("lookupid"),
    }],
    key: Some((
        "lookupid",
        "A lookup is known by lookupid and id together: send both to change it",
    )),
    ..Resource::BLANK
};
