//! Users: a client's people, who report tickets.

use super::client::{OF_CLIENTS, OF_TOP_LEVEL, OWNER};
use super::site::{OWNER_SITE, client_of};
use super::{ASSET, Area, DeskError, Field, Filter, FilterTest, Resource};
use crate::desk::record::Stored;
use crate::desk::write::Completion;

/// `/api/Users`.
pub static USER: Resource = Resource {
    name: "Users",
    singular: "user",
    about: "A customer's people, who report tickets.",
    list_key: Some("users"),
    table: "user",
    area: Area::Customers,
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this User")
            .about("Their whole name; made of the other two where it is missing"),
        Field::reference("site_id", &OWNER_SITE)
            .required("A Site must be chosen for this User")
            .about("The id of the site where they work"),
        Field::reference("client_id", &OWNER)
            .computed()
            .about("The site's customer, whatever is sent"),
        Field::line("firstname"),
        Field::line("surname"),
        Field::line("emailaddress"),
        Field::line("phonenumber"),
        Field::line("title"),
        Field::text("notes"),
        Field::boolean("inactive"),
        Field::custom_fields(),
    ],
    searched: &["name", "emailaddress", "phonenumber"],
    searched_names: &["client_id"],
    search_index: true,
    filters: &[
        Filter {
            parameter: "emailaddress",
            test: FilterTest::Text("emailaddress"),
        },
        Filter {
            parameter: "asset_id",
            test: FilterTest::IdsIn(
                "id IN (SELECT user_id FROM asset_user WHERE asset_id IN (SELECT value FROM json_each(?)))",
            ),
        },
        OF_CLIENTS,
        OF_TOP_LEVEL,
    ],
    complete: Some(complete),
    listed_in: &[(&ASSET, "users", "user_id")],
    ..Resource::BLANK
};

/// A user belongs to the client of their site, and is called by their first name and
/// surname where no name was sent.
fn complete(user: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    if user.is_unset("name") {
        let name = format!("{} {}", user.text("firstname"), user.text("surname"));
        user.set("name", name.trim());
    }
    user.set("client_id", client_of(user.id_in("site_id"), completion)?);
    Ok(())
}
