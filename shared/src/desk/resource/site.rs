//! Sites: where a client's people and machines are.

use super::client::OWNER;
use super::{Area, Field, OnDelete, Reference, Resource, Subject};

/// `/api/Site`.
pub static SITE: Resource = Resource {
    name: "Site",
    singular: "site",
    list_key: Some("sites"),
    table: "site",
    area: Area::Customers,
    fields: &[
        Field::line("name").required("A Name must be entered for this Site"),
        Field::reference("client_id", &OWNER).required("A Client must be chosen for this Site"),
        Field::line("phonenumber"),
        Field::line("timezone"),
        Field::text("notes"),
        Field::boolean("inactive"),
    ],
    pairs: &[],
    commands: &[],
    searched: &["name", "phonenumber", "notes"],
    order: ("name", false),
    filters: &[],
    subject: Subject::Apart,
    complete: None,
    created: None,
};

/// How a record refers to the site that it belongs to.
pub(super) static OWNER_SITE: Reference = Reference {
    to: &SITE,
    shows: &[("site_name", "name")],
    object: "site",
    on_delete: OnDelete::Delete,
};
