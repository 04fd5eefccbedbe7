//! Clients, in Halo also called customers.

use serde_json::{Value, json};

use super::{Area, DeskError, Field, OnDelete, Reference, Resource, SITE, Subject, USER};
use crate::desk::record::Stored;
use crate::desk::write::Completion;

/// `/api/Client`.
pub static CLIENT: Resource = Resource {
    name: "Client",
    singular: "client",
    list_key: Some("clients"),
    table: "client",
    area: Area::Customers,
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Client")
            .unique("Name must be unique"),
        Field::integer("toplevel_id"),
        Field::line("website"),
        Field::line("colour"),
        Field::text("notes"),
        Field::boolean("inactive"),
    ],
    pairs: &[],
    commands: &[
        "newclient_sitename",
        "newclient_contactname",
        "newclient_contactemail",
    ],
    searched: &["name", "website", "notes"],
    order: ("name", false),
    filters: &[],
    subject: Subject::Apart,
    complete: None,
    created: Some(first_site_and_user),
};

/// How a record refers to the client that it belongs to.
pub(super) static OWNER: Reference = Reference {
    to: &CLIENT,
    shows: &[("client_name", "name")],
    object: "client",
    on_delete: OnDelete::Delete,
};

/// A new client gets its first site, and that a general user, as in Halo.
fn first_site_and_user(client: &Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    let command = |name: &str, otherwise: &str| -> Value {
        match completion.commands.get(name) {
            Some(Value::String(text)) if !text.trim().is_empty() => text.as_str().into(),
            _ => otherwise.into(),
        }
    };
    let site = completion.create(
        &SITE,
        &json!({ "name": command("newclient_sitename", "Main"), "client_id": client.id }),
    )?;
    completion.create(
        &USER,
        &json!({
            "name": command("newclient_contactname", "General User"),
            "emailaddress": command("newclient_contactemail", ""),
            "site_id": site.id,
        }),
    )?;
    Ok(())
}
