//! Sites: where a client's people and machines are.

use serde_json::Value;

use super::client::{OF_CLIENTS, OF_TOP_LEVEL, OWNER};
use super::{ASSET, Area, DeskError, Field, OnDelete, Reference, Resource, TICKET, USER};
use crate::desk::record::{Record, Stored};
use crate::desk::write::Completion;

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
        Field::text("delivery_address").of_lines(),
        Field::time_zone("timezone"),
        Field::text("notes"),
        Field::boolean("inactive"),
        Field::custom_fields(),
    ],
    searched: &["name", "phonenumber", "notes"],
    searched_names: &["client_id"],
    search_index: true,
    filters: &[OF_CLIENTS, OF_TOP_LEVEL],
    complete: Some(complete),
    shape: Some(name_with_client),
    shown_only: &[CLIENTSITE_NAME],
    ..Resource::BLANK
};

/// The customer and the site in one text, which clients sort by.
const CLIENTSITE_NAME: &str = "clientsite_name";

fn name_with_client(site: &mut Record) {
    let text = |name: &str| site.get(name).and_then(Value::as_str).unwrap_or_default();
    let both = format!("{}/{}", text("client_name"), text("name"));
    site.insert(CLIENTSITE_NAME.to_owned(), both.into());
}

/// How a part of a site refers to it.
pub(super) static OWNER_SITE: Reference = reference(OnDelete::Delete);

/// How a record refers to the site where it is.
pub(super) static AT_SITE: Reference = reference(OnDelete::Refuse);

const fn reference(on_delete: OnDelete) -> Reference {
    Reference {
        to: &SITE,
        shows: &[("site_name", "name")],
        object: "site",
        on_delete,
    }
}

/// Whoever and whatever is at a site belongs to its client, also when the site goes over to another one.
fn complete(site: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    if completion.before.is_none() || !completion.changes(site, "client_id") {
        return Ok(());
    }
    let (records, client) = (completion.records, site.id_in("client_id"));
    for resource in [&USER, &ASSET, &TICKET] {
        for id in records.referring(resource, "site_id", site.id)? {
            if let Some(mut record) = records.stored(resource, id)? {
                record.set("client_id", client);
                completion.update(resource, &record)?;
            }
        }
    }
    Ok(())
}

/// The client of a site.
pub(super) fn client_of(
    site: Option<u64>,
    completion: &Completion<'_>,
) -> Result<Option<u64>, DeskError> {
    let site = match site {
        Some(id) => completion.records.stored(&SITE, id)?,
        None => None,
    };
    Ok(site.and_then(|site| site.id_in("client_id")))
}
