//! Records of another desk, which have other numbers here: they are known by their names.

use super::error::DeskError;
use super::list::{Condition, ListQuery};
use super::records::Records;
use super::resource::Resource;
use super::service_level::Named;

/// What this desk has not, in words that follow "This desk has", and its name where that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lacking {
    pub words: String,
    pub name: Option<String>,
}

/// The number of a record here, which has this one at another desk. One without a name is taken as it is.
pub(super) fn own(
    records: &dyn Records,
    resource: &'static Resource,
    named: &[Named],
    id: u64,
) -> Result<Result<u64, Lacking>, DeskError> {
    let singular = resource.singular;
    let Some(Named { name, .. }) = named.iter().find(|one| one.id == id) else {
        let is_there = records.stored(resource, id)?.is_some();
        return Ok(is_there.then_some(id).ok_or_else(|| Lacking {
            words: format!("no {singular} {id}"),
            name: None,
        }));
    };
    let mut query = ListQuery::parse(resource, "includeinactive=true&count=2")?;
    query
        .conditions
        .push(Condition::Text("name", name.trim().to_owned()));
    let found = records.list(&query)?.unwrap_or_default().records;
    let mut ids = found.iter().filter_map(|record| record.get("id")?.as_u64());
    Ok(match (ids.next(), ids.next()) {
        (Some(id), None) => Ok(id),
        (first, _) => Err(Lacking {
            // Sites and users of several customers are called the same.
            words: match first {
                Some(_) => format!("several {singular}s “{name}”"),
                None => format!("no {singular} “{name}”"),
            },
            name: Some(name.clone()),
        }),
    })
}

/// What records are called that these numbers stand for.
pub(super) fn names(
    records: &dyn Records,
    resource: &'static Resource,
    ids: impl IntoIterator<Item = u64>,
) -> Result<Vec<Named>, DeskError> {
    let mut names = Vec::new();
    for id in ids {
        if names.iter().any(|named: &Named| named.id == id) {
            continue;
        }
        if let Some(record) = records.stored(resource, id)? {
            let name = record.text("name").to_owned();
            names.push(Named { id, name });
        }
    }
    Ok(names)
}
