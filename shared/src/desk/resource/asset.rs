//! Assets: the machines and other things that tickets are about, and their types.

use serde_json::Value;

use super::client::{OF_CLIENT, OF_CLIENTS, OF_TOP_LEVEL};
use super::site::{AT_SITE, client_of};
use super::{Area, DeskError, Field, Filter, FilterTest, OnDelete, Reference, Resource, USER};
use crate::desk::record::{Stored, read_id};
use crate::desk::write::Completion;

/// `/api/Asset`.
pub static ASSET: Resource = Resource {
    name: "Asset",
    singular: "asset",
    about: "The machines, licences and other things that customers have and tickets are about.",
    list_key: Some("assets"),
    table: "asset",
    area: Area::Assets,
    fields: &[
        Field::line("inventory_number").about("The asset tag"),
        Field::reference("assettype_id", &OF_TYPE)
            .required("An Asset Type must be chosen for this Asset")
            .about("The asset type's id"),
        Field::reference("client_id", &OF_CLIENT).about("The customer's id; where there is a site, the site's customer"),
        Field::reference("site_id", &AT_SITE).about("The site's id; or give client_id"),
        Field::line("key_field").about("The first key field of its type, such as the name of the machine"),
        Field::line("key_field2").about("The second key field of its type"),
        Field::line("key_field3").about("The third key field of its type"),
        Field::integer("status_id"),
        Field::named("fields")
            .about("The fields of its type, each {\"id\": …, \"name\": …, \"value\": …}; those not sent stay as they are"),
        Field::objects("users").about("Who uses it, each {\"id\": …}"),
        Field::text("notes"),
        Field::boolean("inactive"),
        Field::custom_fields(),
    ],
    searched: &["id", "inventory_number", "key_field", "key_field2", "key_field3", "notes"],
    searched_names: &["client_id"],
    search_index: true,
    order: ("inventory_number", false),
    filters: &[
        Filter {
            parameter: "user_id",
            test: FilterTest::IdsIn(
                "id IN (SELECT asset_id FROM asset_user WHERE user_id IN (SELECT value FROM json_each(?)))",
            ),
        },
        Filter {
            parameter: "status_id",
            test: FilterTest::Ids("status_id"),
        },
        Filter {
            parameter: "ticket_id",
            test: FilterTest::IdsIn(
                "id IN (SELECT CASE WHEN linked.type = 'object' THEN CAST(json_extract(linked.value, '$.id') AS INTEGER) END \
                 FROM ticket, json_each(ticket.other, '$.assets') AS linked \
                 WHERE ticket.id IN (SELECT value FROM json_each(?)))",
            ),
        },
        Filter {
            parameter: "username",
            test: FilterTest::TextIn(
                "id IN (SELECT asset_id FROM asset_user WHERE user_id IN (SELECT id FROM user WHERE name = ? COLLATE NOCASE))",
            ),
        },
        OF_CLIENTS,
        OF_TOP_LEVEL,
        Filter {
            parameter: "inventory_number",
            test: FilterTest::Text("inventory_number"),
        },
    ],
    complete: Some(complete),
    ..Resource::BLANK
};

/// What is said of an asset that belongs to nobody.
pub const ASSET_OF_NOBODY: &str = "A Client or a Site must be chosen for this Asset";

/// `/api/AssetType`.
pub static ASSET_TYPE: Resource = Resource {
    name: "AssetType",
    singular: "asset type",
    about: "What kinds of assets there are, and which fields they have.",
    table: "asset_type",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Asset Type")
            .unique("Name must be unique"),
        Field::integer("sequence"),
        Field::line("keyfield_name").about("What the first key field is called"),
        Field::line("keyfield2_name").about("What the second key field is called"),
        Field::line("keyfield3_name").about("What the third key field is called"),
        Field::named("fields").about("The fields of such assets, each {\"id\": …, \"name\": …}"),
        Field::boolean("inactive"),
    ],
    order: ("sequence", false),
    ..Resource::BLANK
};

static OF_TYPE: Reference = Reference {
    to: &ASSET_TYPE,
    shows: &[("assettype_name", "name")],
    object: "assettype",
    on_delete: OnDelete::Refuse,
};

/// An asset belongs to the client of its site; one that moves to another client leaves its site.
fn complete(asset: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    if completion.changes(asset, "client_id") && !completion.changes(asset, "site_id") {
        asset.set("site_id", None::<u64>);
    }
    if let Some(client) = client_of(asset.id_in("site_id"), completion)? {
        asset.set("client_id", client);
    }
    if asset.is_unset("client_id") {
        return Err(DeskError::Missing {
            sentence: ASSET_OF_NOBODY,
        });
    }
    know_users(asset, completion)?;
    name_fields(asset, completion)
}

/// Who is said to use an asset must be there. Those who were users of it before are not looked at again.
fn know_users(asset: &Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    let users = |record: &Stored| {
        let list = record.fields.get("users").and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(|user| read_id(&user["id"]).ok().flatten())
            .collect::<Vec<_>>()
    };
    let before = completion.before.map(users).unwrap_or_default();
    for id in users(asset).into_iter().filter(|id| !before.contains(id)) {
        if completion.records.stored(&USER, id)?.is_none() {
            return Err(DeskError::NoSuchReference {
                field: "users".to_owned(),
                singular: USER.singular,
                id,
            });
        }
    }
    Ok(())
}

/// A field of the asset's type is given by its id or by its name: the other follows.
fn name_fields(asset: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    let Some(Value::Array(fields)) = asset.fields.get("fields") else {
        return Ok(());
    };
    let is_whole = |field: &Value| field["id"].is_u64() && field["name"].is_string();
    if fields.iter().all(is_whole) {
        return Ok(());
    }
    let Some(kind) = asset.id_in("assettype_id") else {
        return Ok(());
    };
    let kind = completion.records.stored(&ASSET_TYPE, kind)?;
    let known = kind.and_then(|kind| kind.fields.get("fields").cloned());
    let Some(Value::Array(known)) = known else {
        return Ok(());
    };
    let mut fields = fields.clone();
    for field in fields.iter_mut().filter(|field| !is_whole(field)) {
        let id = read_id(&field["id"]).ok().flatten();
        let name = field["name"].as_str().map(str::to_owned);
        let own = known.iter().find(|known| {
            if let Some(id) = id {
                return known["id"].as_u64() == Some(id);
            }
            let known = known["name"].as_str().unwrap_or_default();
            name.as_deref()
                .is_some_and(|name| name.eq_ignore_ascii_case(known))
        });
        if let Some(own) = own {
            if own["id"].is_u64() {
                field["id"] = own["id"].clone();
            }
            if name.is_none() {
                field["name"] = own["name"].clone();
            }
        }
    }
    asset.set("fields", fields);
    Ok(())
}
