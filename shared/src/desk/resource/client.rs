//! Clients, in Halo also called customers.

use serde_json::{Value, json};

use super::{
    Area, Command, DeskError, Field, FieldKind, Filter, FilterTest, OnDelete, Reference, Resource,
    SITE, USER,
};
use crate::desk::record::Stored;
use crate::desk::write::Completion;

/// `/api/Client`.
pub static CLIENT: Resource = Resource {
    name: "Client",
    singular: "client",
    about: "The customers whose people report tickets.",
    list_key: Some("clients"),
    table: "client",
    area: Area::Customers,
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Client")
            .unique("Name must be unique"),
        Field::integer("toplevel_id").about("The id of what stands above it in Halo's tree"),
        Field::line("website"),
        Field::line("colour").about("Such as #4f46e5"),
        Field::text("notes"),
        Field::boolean("inactive"),
        Field::custom_fields(),
    ],
    commands: &[
        Command {
            name: "newclient_sitename",
            kind: FieldKind::Line,
            about: "What the first site of a new client is called; Main where it is missing",
        },
        Command {
            name: "newclient_contactname",
            kind: FieldKind::Line,
            about: "What the first user of a new client is called; General User where it is missing",
        },
        Command {
            name: "newclient_contactemail",
            kind: FieldKind::Line,
            about: "The email address of the first user of a new client",
        },
    ],
    searched: &["name", "website", "notes"],
    search_index: true,
    filters: &[Filter {
        parameter: "toplevel_id",
        test: FilterTest::Ids("toplevel_id"),
    }],
    created: Some(first_site_and_user),
    ..Resource::BLANK
};

/// Narrows what belongs to clients to those of a top level.
pub(super) const OF_TOP_LEVEL: Filter = Filter {
    parameter: "toplevel_id",
    test: FilterTest::IdsIn(
        "client_id IN (SELECT id FROM client WHERE toplevel_id IN (SELECT value FROM json_each(?)))",
    ),
};

/// Another name for `client_id`, under which clients send several.
pub(super) const OF_CLIENTS: Filter = Filter {
    parameter: "client_ids",
    test: FilterTest::Ids("client_id"),
};

/// How a part of a client refers to it.
pub(super) static OWNER: Reference = reference(OnDelete::Delete);

/// How a record refers to the client that it is about.
pub(super) static OF_CLIENT: Reference = reference(OnDelete::Refuse);

const fn reference(on_delete: OnDelete) -> Reference {
    Reference {
        to: &CLIENT,
        shows: &[("client_name", "name")],
        object: "client",
        on_delete,
    }
}

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
