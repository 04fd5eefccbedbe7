//! What a test of a method needs.

use shared::model::{Integration, IntegrationId, Method, MethodId};

use super::protocol::{Kind, MethodToTest};
use super::{document, secret};
use crate::error::Failure;
use crate::runner::protocol::Owner;
use crate::store::Store;

/// The stored method of that id, or the unsaved one in its place, with its integration: the one
/// that is named, or the one that the stored method belongs to.
pub(super) fn material(
    store: &Store,
    id: Option<MethodId>,
    method: Option<Method>,
    integration: Option<IntegrationId>,
) -> Result<MethodToTest, Failure> {
    // Its secrets are found by its id, so nothing may be passed off as another method.
    if let (Some(id), Some(method)) = (&id, &method)
        && *id != method.id
    {
        return Err(Failure::bad_request(
            "other_id",
            "The method's `id` is another one than the address's. Leave it out.",
        )
        .at_field("method.id"));
    }
    let id = id.or_else(|| method.as_ref().map(|method| method.id.clone()));
    let stored = match &id {
        Some(id) => document::live(store, Kind::Method, id.as_str())?,
        None => None,
    };
    let parent = match (integration, &stored) {
        (Some(integration), _) => integration.to_string(),
        (None, Some(stored)) => stored.parent.clone().unwrap_or_default(),
        (None, None) if method.is_none() => return Err(document::missing(Kind::Method)),
        (None, None) => {
            return Err(Failure::bad_request(
                "no_integration",
                "The method is not saved yet: say with `integration` whose it is.",
            )
            .at_field("integration"));
        }
    };
    let integration: Integration = document::read(store, Kind::Integration, &parent)?.value()?;
    // An unsaved method that has become another integration's must not take secrets along.
    let is_home = stored
        .as_ref()
        .is_some_and(|stored| stored.parent.as_deref() == Some(parent.as_str()));
    let method = match (method, &stored) {
        (Some(method), _) => method,
        (None, Some(stored)) => stored.value()?,
        (None, None) => return Err(document::missing(Kind::Method)),
    };
    // They are for this one request, which is made of what is stored now.
    let own = |owner| secret::credentials(store, &owner, "");
    let mut credentials = own(Owner::Integration(integration.id.clone()))?;
    if is_home {
        credentials.extend(own(Owner::Method(method.id.clone()))?);
    }
    Ok(MethodToTest {
        integration,
        method,
        credentials,
    })
}
