//! What belongs to a record that is to be deleted. Some of it keeps the record: the desk would refuse to delete it. The rest
//! is deleted along with it.

use shared::desk::resource::{FieldKind, OnDelete};

use super::section::Section;
use crate::client;

/// What still belongs to a record: how many, of which section.
#[derive(Debug, Clone, Copy)]
pub(super) struct Belongings {
    count: u64,
    section: &'static Section,
    /// Whether the record can be set to inactive instead.
    may_rest: bool,
}

/// The sections whose records belong to one of `section` in this way, and the parameters that narrow their lists to those.
fn related(
    section: &'static Section,
    on_delete: OnDelete,
) -> impl Iterator<Item = (&'static Section, &'static str)> {
    let all = section.related.iter().copied();
    all.filter(move |(other, parameter)| {
        other.resource.field(parameter).is_some_and(|field| {
            matches!(field.kind, FieldKind::Reference(reference) if reference.on_delete == on_delete)
        })
    })
}

/// How many records of `other` belong to the one of that id; none where the desk does not say.
async fn count(other: &'static Section, parameter: &str, id: u64) -> u64 {
    let query = format!("{parameter}={id}&pageinate=true&page_size=1");
    let list = client::records(other.resource, &query).await;
    list.ok().and_then(|list| list.count).unwrap_or_default()
}

/// What keeps a record from being deleted.
pub(super) async fn belongings(section: &'static Section, id: u64) -> Option<Belongings> {
    for (other, parameter) in related(section, OnDelete::Refuse) {
        let count = count(other, parameter, id).await;
        if count > 0 {
            return Some(Belongings {
                count,
                section: other,
                may_rest: section.resource.has_inactive(),
            });
        }
    }
    None
}

/// What is deleted along with a record: of which section, how many.
pub(super) async fn parts(section: &'static Section, id: u64) -> Vec<(&'static Section, u64)> {
    let mut parts = Vec::new();
    for (other, parameter) in related(section, OnDelete::Delete) {
        let count = count(other, parameter, id).await;
        if count > 0 {
            parts.push((other, count));
        }
    }
    parts
}

/// A record of that name with what goes along: "Casc with 2 sites and 6 users".
pub(super) fn with_parts(name: &str, parts: &[(&'static Section, u64)]) -> String {
    let words = parts.iter().map(|(section, count)| match count {
        1 => format!("1 {}", section.noun),
        _ => format!("{count} {}", section.plural()),
    });
    let words = words.collect::<Vec<_>>().join(" and ");
    if words.is_empty() {
        name.to_owned()
    } else {
        format!("{name} with {words}")
    }
}

/// Says that a record of that name stays, why, and what to do.
pub(super) fn not_deleted(name: &str, belongings: Belongings) -> String {
    let Belongings {
        count,
        section,
        may_rest,
    } = belongings;
    let (what, verb, first) = if count == 1 {
        (
            section.noun.to_owned(),
            "belongs",
            format!("that {}", section.noun),
        )
    } else {
        (section.plural(), "belong", "them".to_owned())
    };
    let instead = if may_rest {
        format!(", or set {name} to inactive")
    } else {
        String::new()
    };
    format!(
        "{name} is not deleted: {count} {what} still {verb} to it. Delete {first} first{instead}."
    )
}

#[cfg(test)]
mod tests {
    use super::{Belongings, not_deleted, related, with_parts};
    use crate::page::records::section::section;
    use shared::desk::resource::OnDelete;

    #[test]
    fn what_goes_along_is_said() {
        let names = |of: &str, on_delete| {
            let found = related(section(of).unwrap(), on_delete);
            found.map(|(other, _)| other.name).collect::<Vec<_>>()
        };
        assert_eq!(names("customers", OnDelete::Delete), ["sites", "users"]);
        assert_eq!(names("customers", OnDelete::Refuse), ["tickets", "assets"]);
        assert_eq!(names("sites", OnDelete::Delete), ["users"]);
        assert!(names("users", OnDelete::Delete).is_empty());
        let (sites, users) = (section("sites").unwrap(), section("users").unwrap());
        for (parts, said) in [
            (vec![], "Casc"),
            (vec![(sites, 1)], "Casc with 1 site"),
            (
                vec![(sites, 2), (users, 6)],
                "Casc with 2 sites and 6 users",
            ),
        ] {
            assert_eq!(with_parts("Casc", &parts), said);
        }
    }

    #[test]
    fn one_is_told_otherwise_than_many() {
        for (count, may_rest, sentence) in [
            (
                1,
                true,
                "Norwood is not deleted: 1 site still belongs to it. Delete that site first, or set Norwood to inactive.",
            ),
            (
                46,
                true,
                "Norwood is not deleted: 46 sites still belong to it. Delete them first, or set Norwood to inactive.",
            ),
            (
                46,
                false,
                "Norwood is not deleted: 46 sites still belong to it. Delete them first.",
            ),
        ] {
            let section = section("sites").unwrap();
            assert_eq!(
                not_deleted(
                    "Norwood",
                    Belongings {
                        count,
                        section,
                        may_rest
                    }
                ),
                sentence
            );
        }
    }
}
