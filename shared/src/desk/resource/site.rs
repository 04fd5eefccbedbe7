//! Sites: where a client's people and machines are.

use super::client::OWNER;
use super::{Area, Field, OnDelete, Reference, Resource};

/// `/api/Site`.
pub static SITE: Resource = Resource {
    name: "Site",
    singular: "site",
    about: "Where a customer's people and machines are.",
    list_key: Some("sites"),
    table: "site",
    area: Area::Customers,
    fields: &[
        Field::line("name").required("A Name must be entered for this Site"),
        Field::reference("client_id", &OWNER)
            .required("A Client must be chosen for this Site")
            .about("The customer's id"),
        Field::line("phonenumber"),
        Field::text("delivery_address"),
        Field::line("timezone").about("By its IANA name, such as Europe/London"),
        Field::text("notes"),
        Field::boolean("inactive"),
        Field::custom_fields(),
    ],
    searched: &["name", "phonenumber", "notes"],
    search_index: true,
    ..Resource::BLANK
};

/// How a record refers to the site that it belongs to.
pub(super) static OWNER_SITE: Reference = Reference {
    to: &SITE,
    shows: &[("site_name", "name")],
    object: "site",
    on_delete: OnDelete::Delete,
};
