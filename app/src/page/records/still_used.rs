//! Records that others still belong to are not deleted: the desk would refuse it.

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

/// What keeps a record from being deleted.
pub(super) async fn belongings(section: &'static Section, id: u64) -> Option<Belongings> {
    for (other, parameter) in section.related {
        let keeps = other.resource.field(parameter).is_some_and(|field| {
            matches!(field.kind, FieldKind::Reference(reference) if reference.on_delete == OnDelete::Refuse)
        });
        if !keeps {
            continue;
        }
        let query = format!("{parameter}={id}&pageinate=true&page_size=1");
        let count = client::records(other.resource, &query).await.ok()?.count;
        if let Some(count) = count.filter(|count| *count > 0) {
            return Some(Belongings {
                count,
                section: other,
                may_rest: section.resource.has_inactive(),
            });
        }
    }
    None
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
    use super::{Belongings, not_deleted};
    use crate::page::records::section::section;

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
