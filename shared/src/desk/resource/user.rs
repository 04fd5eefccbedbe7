//! Users: a client's people, who report tickets.

use super::client::OWNER;
use super::site::OWNER_SITE;
use super::{Area, DeskError, Field, Resource, SITE, Subject};
use crate::desk::record::Stored;
use crate::desk::write::Completion;

/// `/api/Users`.
pub static USER: Resource = Resource {
    name: "Users",
    singular: "user",
    list_key: Some("users"),
    table: "user",
    area: Area::Customers,
    fields: &[
        Field::line("name").required("A Name must be entered for this User"),
        Field::reference("site_id", &OWNER_SITE).required("A Site must be chosen for this User"),
        // The site's client.
        Field::reference("client_id", &OWNER).computed(),
        Field::line("firstname"),
        Field::line("surname"),
        Field::line("emailaddress"),
        Field::line("phonenumber"),
        Field::line("title"),
        Field::text("notes"),
        Field::boolean("inactive"),
    ],
    pairs: &[],
    commands: &[],
    searched: &["name", "emailaddress", "phonenumber"],
    order: ("name", false),
    filters: &[],
    subject: Subject::Apart,
    complete: Some(complete),
    created: None,
};

/// A user belongs to the client of their site, and is called by their first name and
/// surname where no name was sent.
fn complete(user: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    if user.is_unset("name") {
        let name = format!("{} {}", user.text("firstname"), user.text("surname"));
        user.set("name", name.trim());
    }
    let site = match user.id_in("site_id") {
        Some(id) => completion.records.stored(&SITE, id)?,
        None => None,
    };
    user.set("client_id", site.and_then(|site| site.id_in("client_id")));
    Ok(())
}
