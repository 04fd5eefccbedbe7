//! Words that a list is searched for. Where there may be very many records, an index of trigrams finds those
//! that may hold them; the text itself is looked at in any case.

use std::fmt::Write as _;

use super::{Cell, Statement, id_cell};
use crate::desk::fold::fold_both;
use crate::desk::list::ListQuery;
use crate::desk::record::Stored;
use crate::desk::resource::Resource;
use crate::search::{MOST_TRIGRAMS, trigrams_of as trigrams};

/// Of long texts, the beginning is searched.
const SEARCHED_CHARACTERS: usize = 2000;

/// The field that a search looks into first, of a row: its line of `searched`.
pub(super) const FIRST_LINE: &str = "substr(searched, 1, instr(searched, '\n'))";

/// What is searched of a record: a line for each field, folded.
pub(super) fn text(resource: &Resource, record: &Stored) -> String {
    let mut searched = String::new();
    for name in resource.searched.iter().filter(|name| **name != "id") {
        let text: String = record
            .text(name)
            .chars()
            .take(SEARCHED_CHARACTERS)
            .collect();
        searched.push_str(&fold_both(&text).replace('\n', " "));
        searched.push('\n');
    }
    searched
}

/// The ids of records that were kept before texts were folded: what has ASCII letters alone is the same.
pub fn select_unfolded(resource: &Resource) -> Statement {
    let table = resource.table;
    Statement::new(
        format!("SELECT id FROM {table} WHERE length(searched) <> length(CAST(searched AS BLOB))"),
        [],
    )
}

/// Folds anew what is searched of a record.
pub fn update_searched(resource: &Resource, record: &Stored) -> Statement {
    Statement::new(
        format!("UPDATE {} SET searched = ? WHERE id = ?", resource.table),
        [Cell::Text(text(resource, record)), id_cell(record.id)],
    )
}

/// Adds what a record must fulfil to hold all words of a query: each in one of its own texts, or in the name of
/// what it refers to.
pub(super) fn add(query: &ListQuery, parts: &mut Vec<String>, bound: &mut Vec<Cell>) {
    let (resource, table) = (query.resource, query.resource.table);
    let long: Vec<_> = query
        .words
        .iter()
        .filter(|word| !trigrams(word).is_empty())
        .map(String::as_str)
        .collect();
    if resource.search_index && !long.is_empty() {
        let all: Vec<_> = long.iter().flat_map(|word| trigrams(word)).collect();
        bound.push(Cell::Text(
            all[..all.len().min(MOST_TRIGRAMS)].join(" AND "),
        ));
        let mut found = format!("SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?");
        let ids = query.words.iter().filter_map(|word| id_of(resource, word));
        let ids: Vec<_> = ids.map(|id| id.to_string()).collect();
        if !ids.is_empty() {
            let _ = write!(
                found,
                " UNION ALL SELECT id FROM {table} WHERE id IN ({})",
                ids.join(", ")
            );
        }
        // Where one of the words is no text of its own, it is in a name. No more than five may be put together.
        for (field, to) in named(resource) {
            let names = called(to, &long, bound);
            let _ = write!(
                found,
                " UNION ALL SELECT id FROM {table} WHERE {field} IN ({names})"
            );
        }
        parts.push(format!("id IN ({found})"));
    }
    for word in &query.words {
        // What is known without the text comes first.
        let mut holds: Vec<_> = id_of(resource, word)
            .map(|id| format!("id = {id}"))
            .into_iter()
            .collect();
        for (field, to) in named(resource) {
            let names = called(to, &[word], bound);
            holds.push(format!("{field} IN ({names})"));
        }
        // `LIKE` takes no pattern beyond 50 bytes, and knows case only of ASCII.
        holds.push("instr(searched, ?) > 0".to_owned());
        bound.push(Cell::Text(word.clone()));
        parts.push(match holds.as_slice() {
            [one] => one.clone(),
            several => format!("({})", several.join(" OR ")),
        });
    }
}

/// The id that a word may be; people write it with a `#`, too.
fn id_of(resource: &Resource, word: &str) -> Option<u32> {
    let digits = word.strip_prefix('#').unwrap_or(word);
    let id = digits.parse().ok().filter(|id| *id > 0)?;
    resource.searched.contains(&"id").then_some(id)
}

/// The fields whose records are searched by their names.
fn named(resource: &Resource) -> impl Iterator<Item = (&'static str, &'static Resource)> {
    let names = resource.searched_names;
    resource
        .references()
        .filter(|(field, _)| names.contains(&field.name))
        .map(|(field, reference)| (field.name, reference.to))
}

/// Selects the ids of those whose name holds one of the words.
fn called(to: &Resource, words: &[&str], bound: &mut Vec<Cell>) -> String {
    let table = to.table;
    let mut condition = String::new();
    let any: Vec<_> = words
        .iter()
        .map(|word| trigrams(word))
        .filter(|trigrams| !trigrams.is_empty())
        .map(|trigrams| {
            let some = trigrams.len().min(MOST_TRIGRAMS / words.len());
            format!("({})", trigrams[..some].join(" AND "))
        })
        .collect();
    if any.len() == words.len() {
        condition =
            format!("id IN (SELECT rowid FROM {table}_search WHERE {table}_search MATCH ?) AND ");
        bound.push(Cell::Text(any.join(" OR ")));
    }
    let holds = vec![format!("instr({FIRST_LINE}, ?) > 0"); words.len()];
    bound.extend(words.iter().map(|&word| Cell::Text(word.to_owned())));
    format!(
        "SELECT id FROM {table} WHERE {condition}({})",
        holds.join(" OR ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::resource::{ACTION, RESOURCES, TICKET};
    use crate::desk::sql::{count_list, select_list};

    #[test]
    fn a_record_is_found_by_its_text_and_by_its_number() {
        let query = ListQuery::parse(&ACTION, "search=Ärger+in&count=1").unwrap();
        let list = select_list(&query);
        assert!(list.sql.contains(
            "WHERE id IN (SELECT rowid FROM action_search WHERE action_search MATCH ?) \
             AND instr(searched, ?) > 0 AND instr(searched, ?) > 0 ORDER"
        ));
        let texts: Vec<_> = list.bound.iter().take(3).cloned().collect();
        let expected = [r#""arg" AND "rge" AND "ger""#, "arger", "in"];
        assert_eq!(texts, expected.map(|text| Cell::Text(text.to_owned())));

        for number in ["4711", "%234711"] {
            let search = format!("search=printer+{number}&count=1");
            let query = ListQuery::parse(&TICKET, &search).unwrap();
            let list = select_list(&query).sql;
            assert!(
                list.contains(
                    "MATCH ? UNION ALL SELECT id FROM ticket WHERE id IN (4711) UNION ALL"
                ),
                "{list}"
            );
            assert!(
                list.contains(" AND (id = 4711 OR client_id IN (SELECT id FROM client"),
                "{list}"
            );
        }
    }

    #[test]
    fn a_ticket_is_found_by_the_name_of_its_customer() {
        let query = ListQuery::parse(&TICKET, "search=norwood+jam&count=1").unwrap();
        let list = select_list(&query);
        assert!(list.sql.contains(
            " UNION ALL SELECT id FROM ticket WHERE client_id IN (SELECT id FROM client WHERE \
             id IN (SELECT rowid FROM client_search WHERE client_search MATCH ?) AND \
             (instr(substr(searched, 1, instr(searched, '\n')), ?) > 0 OR \
             instr(substr(searched, 1, instr(searched, '\n')), ?) > 0))"
        ));
        let any = r#"("nor" AND "orw" AND "rwo" AND "woo" AND "ood") OR ("jam")"#;
        assert!(list.bound.contains(&Cell::Text(any.to_owned())));
    }

    #[test]
    fn a_statement_binds_no_more_than_it_may() {
        let words = ["abcdefghij"; 9].join("+");
        let long = "x".repeat(1000);
        for resource in RESOURCES {
            for search in [
                words.as_str(),
                "ab+c",
                "111+222+333+444+555+666+777+888",
                &long,
            ] {
                let query = ListQuery::parse(resource, &format!("search={search}")).unwrap();
                for statement in [select_list(&query), count_list(&query)] {
                    let bound = statement.bound.len();
                    assert_eq!(
                        statement.sql.matches('?').count(),
                        bound,
                        "{}",
                        statement.sql
                    );
                    // A statement takes 100; a list's other parameters need fewer than 30.
                    assert!(bound < 70, "{resource:?} binds {bound}");
                    assert!(
                        statement.sql.matches(" UNION ").count() < 5,
                        "{}",
                        statement.sql
                    );
                }
            }
        }
    }
}
