//! Records as rows: the statements that read and write them, and what their rows mean.
//!
//! A resource's table has `id INTEGER PRIMARY KEY AUTOINCREMENT`, a column for each of its
//! fields, `other` for what else was sent, as JSON, and `searched`, folded. Text that
//! comes from outside is always bound, never part of a statement.

mod search;

use std::fmt::Write as _;

use serde_json::Value;

use super::error::StorageError;
use super::list::{Condition, ListQuery, Order};
use super::record::{Record, Stored};
use super::resource::{FieldKind, Resource};

pub use search::{select_unfolded, update_searched};

/// A value in a row, or one that is bound.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

/// A statement and what is bound to its question marks, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub sql: String,
    pub bound: Vec<Cell>,
}

impl Statement {
    fn new(sql: String, bound: impl Into<Vec<Cell>>) -> Self {
        Self {
            sql,
            bound: bound.into(),
        }
    }
}

fn id_cell(id: u64) -> Cell {
    // Ids have at most 53 bits.
    Cell::Integer(i64::try_from(id).unwrap_or(i64::MAX))
}

/// `id`, the fields and `other`, each with the table before it.
fn stored_columns(resource: &Resource, table: &str) -> String {
    let mut columns = format!("{table}.id");
    for field in resource.fields {
        let _ = write!(columns, ", {table}.{}", field.name);
    }
    let _ = write!(columns, ", {table}.other");
    columns
}

/// The row of a record as it is kept: read it with [`stored`].
pub fn select_stored(resource: &Resource, id: u64) -> Statement {
    let (table, columns) = (resource.table, stored_columns(resource, resource.table));
    Statement::new(
        format!("SELECT {columns} FROM {table} WHERE id = ?"),
        [id_cell(id)],
    )
}

/// What a record is shown with, joined to the page of ids that `page` selects.
fn shown_from(resource: &Resource, page: &str) -> String {
    let table = resource.table;
    let mut columns = stored_columns(resource, table);
    let mut joins = String::new();
    for (place, (field, reference)) in resource.references().enumerate() {
        for (_, shown) in reference.shows {
            let _ = write!(columns, ", r{place}.{shown}");
        }
        let _ = write!(
            joins,
            " LEFT JOIN {} r{place} ON r{place}.id = {table}.{}",
            reference.to.table, field.name
        );
    }
    for (_, column) in resource.beside_fields() {
        let _ = write!(columns, ", {column}");
    }
    if let Some(beside) = resource.beside {
        let _ = write!(joins, " {}", beside.join);
    }
    // The page comes first: without `CROSS`, SQLite may walk the whole table for the sake of its order.
    format!("SELECT {columns} FROM ({page}) page CROSS JOIN {table} ON {table}.id = page.id{joins}")
}

/// The row of a record as it is shown: read it with [`shown`].
pub fn select_shown(resource: &Resource, id: u64) -> Statement {
    Statement::new(shown_from(resource, "SELECT ? AS id"), [id_cell(id)])
}

/// The rows of a list, as [`shown`] reads them; only ids where the query wants no more.
pub fn select_list(query: &ListQuery) -> Statement {
    let table = query.resource.table;
    let (condition, mut bound) = condition(query);
    let order = order(query);
    let page = format!("SELECT id FROM {table}{condition} ORDER BY {order} LIMIT ? OFFSET ?");
    bound.extend([id_cell(query.limit), id_cell(query.offset)]);
    let sql = if query.ids_only {
        page
    } else {
        format!("{} ORDER BY {order}", shown_from(query.resource, &page))
    };
    Statement::new(sql, bound)
}

/// How many records the list has on all its pages.
pub fn count_list(query: &ListQuery) -> Statement {
    let (condition, bound) = condition(query);
    let table = query.resource.table;
    Statement::new(format!("SELECT COUNT(*) FROM {table}{condition}"), bound)
}

fn order(query: &ListQuery) -> String {
    let table = query.resource.table;
    let (order, descending) = query.order;
    let direction = if descending { "DESC" } else { "ASC" };
    let (column, kind) = match order {
        Order::Id => return format!("{table}.id {direction}"),
        Order::Own(field) => (format!("{table}.{}", field.name), Some(field.kind)),
        Order::Shown(by, reference, shown) => (
            format!(
                "(SELECT {shown} FROM {0} WHERE {0}.id = {table}.{by})",
                reference.to.table
            ),
            reference.to.field(shown).map(|field| field.kind),
        ),
    };
    let collation = match kind {
        Some(FieldKind::Line | FieldKind::Text | FieldKind::Html) => " COLLATE NOCASE",
        _ => "",
    };
    // What has no place in a sequence stands at its end; to SQLite, nothing comes before the least.
    let last = match kind {
        Some(FieldKind::Integer) if !descending => format!("{column} IS NULL, "),
        // Nor is due what has no deadline.
        Some(FieldKind::Instant) if !descending && column == "ticket.slaactiondate" => {
            format!("{column} IS NULL, ")
        }
        _ => String::new(),
    };
    format!("{last}{column}{collation} {direction}, {table}.id {direction}")
}

fn condition(query: &ListQuery) -> (String, Vec<Cell>) {
    let mut parts = Vec::new();
    let mut bound = Vec::new();
    for condition in &query.conditions {
        match condition {
            Condition::OneOf(field, ids) => {
                // One binding for any number of ids: a statement takes at most 100.
                parts.push(format!("{field} IN (SELECT value FROM json_each(?))"));
                bound.push(Cell::Text(Value::from(ids.as_slice()).to_string()));
            }
            Condition::IdsIn(sql, ids) => {
                parts.push((*sql).to_owned());
                bound.push(Cell::Text(Value::from(ids.as_slice()).to_string()));
            }
            Condition::Text(field, text) => {
                parts.push(format!("{field} = ? COLLATE NOCASE"));
                bound.push(Cell::Text(text.clone()));
            }
            Condition::TextOrIds(field, text, sql, ids) => {
                parts.push(format!("({field} = ? COLLATE NOCASE OR {sql})"));
                bound.push(Cell::Text(text.clone()));
                bound.push(Cell::Text(Value::from(ids.as_slice()).to_string()));
            }
            Condition::TextIn(sql, text) => {
                parts.push((*sql).to_owned());
                bound.push(Cell::Text(text.clone()));
            }
            Condition::Named(text) => {
                parts.push(format!("instr({}, ?) > 0", search::FIRST_LINE));
                bound.push(Cell::Text(text.clone()));
            }
            Condition::Other(name, text) => {
                parts.push(
                    "EXISTS (SELECT 1 FROM json_each(other) WHERE key = ? COLLATE NOCASE \
                     AND CAST(value AS TEXT) = ? COLLATE NOCASE)"
                        .to_owned(),
                );
                bound.extend([name, text].map(|text| Cell::Text(text.clone())));
            }
            Condition::Within(field, from, until) => {
                for (sign, end) in [(">=", from), ("<=", until)] {
                    if let Some(end) = end {
                        parts.push(format!("{field} {sign} ?"));
                        bound.push(Cell::Text(end.clone()));
                    }
                }
            }
            Condition::Sql(sql) => parts.push((*sql).to_owned()),
        }
    }
    search::add(query, &mut parts, &mut bound);
    if parts.is_empty() {
        return (String::new(), bound);
    }
    (format!(" WHERE {}", parts.join(" AND ")), bound)
}

/// The least id.
pub fn select_first(resource: &Resource) -> Statement {
    Statement::new(
        format!("SELECT id FROM {} ORDER BY id LIMIT 1", resource.table),
        [],
    )
}

/// The id of a record with that text in a field; case does not count.
pub fn select_with_text(resource: &Resource, field: &str, text: &str) -> Statement {
    let (table, field) = (resource.table, known(resource, field));
    Statement::new(
        format!("SELECT id FROM {table} WHERE {field} = ? COLLATE NOCASE LIMIT 1"),
        [Cell::Text(text.to_owned())],
    )
}

/// The ids of the records whose field refers to that id.
pub fn select_referring(resource: &Resource, field: &str, id: u64) -> Statement {
    let (table, field) = (resource.table, known(resource, field));
    Statement::new(
        format!("SELECT id FROM {table} WHERE {field} = ?"),
        [id_cell(id)],
    )
}

/// A column's name as the table has it: no other text becomes part of a statement.
fn known(resource: &Resource, field: &str) -> &'static str {
    resource.field(field).map_or("id", |field| field.name)
}

/// Keeps a new record and gives its id.
pub fn insert(resource: &Resource, record: &Stored) -> Statement {
    let table = resource.table;
    let names: Vec<_> = resource.fields.iter().map(|field| field.name).collect();
    let marks = ", ?".repeat(names.len());
    let mut bound = vec![match record.id {
        0 => Cell::Null,
        id => id_cell(id),
    }];
    bound.extend(contents(resource, record));
    Statement::new(
        format!(
            "INSERT INTO {table} (id, {}, other, searched) VALUES (?{marks}, ?, ?) RETURNING id",
            names.join(", ")
        ),
        bound,
    )
}

/// Replaces what a record holds: all of it, or where it is known how it was, what is different; nothing where nothing
/// is. A column that is written costs each index that it is in, whether it gets another value or not.
pub fn update(resource: &Resource, before: Option<&Stored>, record: &Stored) -> Option<Statement> {
    let differs =
        |name: &str| before.is_none_or(|before| before.fields.get(name) != record.fields.get(name));
    let mut columns = Vec::new();
    let mut bound = Vec::new();
    for field in resource.fields.iter().filter(|field| differs(field.name)) {
        columns.push(field.name);
        bound.push(field_cell(record, field.name));
    }
    if before.is_none_or(|before| before.other != record.other) {
        columns.push("other");
        bound.push(other_cell(record));
    }
    if resource.searched.iter().any(|name| differs(name)) {
        columns.push("searched");
        bound.push(Cell::Text(search::text(resource, record)));
    }
    if columns.is_empty() {
        return None;
    }
    bound.push(id_cell(record.id));
    let sql = format!(
        "UPDATE {} SET {} = ? WHERE id = ?",
        resource.table,
        columns.join(" = ?, ")
    );
    Some(Statement::new(sql, bound))
}

/// Gives all records another text in a field where they have the former one.
pub fn replace_text(resource: &Resource, field: &str, former: &str, text: &str) -> Statement {
    let (table, field) = (resource.table, known(resource, field));
    Statement::new(
        format!("UPDATE {table} SET {field} = ? WHERE {field} = ? COLLATE NOCASE"),
        [text, former].map(|text| Cell::Text(text.to_owned())),
    )
}

pub fn delete(resource: &Resource, id: u64) -> Statement {
    let table = resource.table;
    Statement::new(format!("DELETE FROM {table} WHERE id = ?"), [id_cell(id)])
}

/// The fields, `other` and `searched`.
fn contents(resource: &Resource, record: &Stored) -> Vec<Cell> {
    let fields = resource.fields.iter();
    let mut cells: Vec<_> = fields.map(|field| field_cell(record, field.name)).collect();
    cells.push(other_cell(record));
    cells.push(Cell::Text(search::text(resource, record)));
    cells
}

fn field_cell(record: &Stored, name: &str) -> Cell {
    cell(record.fields.get(name).unwrap_or(&Value::Null))
}

fn other_cell(record: &Stored) -> Cell {
    if record.other.is_empty() {
        Cell::Null
    } else {
        Cell::Text(Value::Object(record.other.clone()).to_string())
    }
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Bool(flag) => Cell::Integer(i64::from(*flag)),
        Value::Number(number) => number.as_i64().map_or_else(
            || number.as_f64().map_or(Cell::Null, Cell::Real),
            Cell::Integer,
        ),
        Value::String(text) => Cell::Text(text.clone()),
        Value::Array(list) if !list.is_empty() => Cell::Text(value.to_string()),
        _ => Cell::Null,
    }
}

fn value(kind: FieldKind, cell: Cell) -> Result<Value, StorageError> {
    Ok(match (kind, cell) {
        (FieldKind::Boolean, Cell::Integer(flag)) => Value::Bool(flag != 0),
        (_, Cell::Null) => kind.unset(),
        (_, Cell::Integer(number)) => number.into(),
        (_, Cell::Real(number)) => number.into(),
        (FieldKind::Objects | FieldKind::Named, Cell::Text(text)) => {
            serde_json::from_str(&text).map_err(|error| StorageError(error.to_string()))?
        }
        (_, Cell::Text(text)) => text.into(),
    })
}

/// Reads the row of [`select_stored`].
pub fn stored(resource: &Resource, row: Vec<Cell>) -> Result<Stored, StorageError> {
    read_stored(resource, &mut row.into_iter())
}

/// Reads the row of [`select_shown`] or [`select_list`].
pub fn shown(resource: &Resource, row: Vec<Cell>) -> Result<Record, StorageError> {
    let mut row = row.into_iter();
    let record = read_stored(resource, &mut row)?;
    let mut shown = record.other;
    shown.extend(record.fields);
    for (_, reference) in resource.references() {
        for (name, field) in reference.shows {
            let kind = reference.to.field(field).map(|field| field.kind);
            let cell = row.next().ok_or_else(|| short_row(resource))?;
            let value = value(kind.unwrap_or(FieldKind::Line), cell)?;
            shown.insert((*name).to_owned(), value);
        }
    }
    for (field, _) in resource.beside_fields() {
        let cell = row.next().ok_or_else(|| short_row(resource))?;
        shown.insert(field.name.to_owned(), value(field.kind, cell)?);
    }
    shown.insert("id".to_owned(), record.id.into());
    Ok(shown)
}

fn read_stored(
    resource: &Resource,
    row: &mut impl Iterator<Item = Cell>,
) -> Result<Stored, StorageError> {
    let mut next = || row.next().ok_or_else(|| short_row(resource));
    let mut record = Stored {
        id: match next()? {
            Cell::Integer(id) => u64::try_from(id).unwrap_or_default(),
            _ => return Err(short_row(resource)),
        },
        ..Stored::default()
    };
    for field in resource.fields {
        record.set(field.name, value(field.kind, next()?)?);
    }
    if let Cell::Text(other) = next()? {
        record.other = serde_json::from_str(&other)
            .map_err(|e| StorageError(format!("{} {}: {e}", resource.table, record.id)))?;
    }
    Ok(record)
}

fn short_row(resource: &Resource) -> StorageError {
    StorageError(format!("a row of {} lacks columns", resource.table))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::desk::resource::{CLIENT, TICKET};

    #[test]
    fn a_list_binds_all_that_comes_from_outside() {
        let query = ListQuery::parse(
            &TICKET,
            "client_id=1,2&open_only=true&search=a'b%25&order=summary&count=10",
        )
        .unwrap();
        let list = select_list(&query);
        assert!(list.sql.contains(
            "SELECT id FROM ticket WHERE client_id IN (SELECT value FROM json_each(?)) AND \
             status_id IN (SELECT id FROM status WHERE isclosed = 0) AND \
             id IN (SELECT rowid FROM ticket_search WHERE ticket_search MATCH ? UNION ALL"
        ));
        assert!(list.sql.contains(
            " ORDER BY ticket.summary COLLATE NOCASE ASC, ticket.id ASC LIMIT ? OFFSET ?"
        ));
        assert!(!list.sql.contains("a'b"), "{}", list.sql);
        let [first, trigrams, .., limit, offset] = list.bound.as_slice() else {
            panic!("{list:?}");
        };
        assert_eq!(
            [first, trigrams, limit, offset].map(Clone::clone),
            [
                Cell::Text("[1,2]".to_owned()),
                Cell::Text("\"a'b\" AND \"'b%\"".to_owned()),
                Cell::Integer(10),
                Cell::Integer(0)
            ]
        );
        for statement in [&list, &count_list(&query)] {
            assert_eq!(statement.sql.matches('?').count(), statement.bound.len());
        }
    }

    #[test]
    fn what_stands_beside_a_record_is_shown_with_it() {
        let statement = select_shown(&TICKET, 7);
        assert!(
            statement
                .sql
                .contains("place.workflow, place.step_name FROM (")
        );
        assert_eq!(
            statement
                .sql
                .matches("LEFT JOIN workflow_positions")
                .count(),
            1
        );
        let referred = TICKET
            .references()
            .map(|(_, reference)| reference.shows.len());
        let mut row = vec![Cell::Integer(7)];
        let empty = TICKET.fields.len() + 1 + referred.sum::<usize>();
        row.extend(std::iter::repeat_n(Cell::Null, empty));
        assert!(shown(&TICKET, row.clone()).is_err());
        row.extend(["wf", "Triage"].map(|text| Cell::Text(text.to_owned())));
        let shown = shown(&TICKET, row).unwrap();
        assert_eq!(
            (&shown["workflow_id"], &shown["workflow_step"]),
            (&json!("wf"), &json!("Triage"))
        );
        // It is the desk's own, and not the record's.
        assert!(!insert(&TICKET, &Stored::default()).sql.contains("workflow"));
    }

    #[test]
    fn an_update_writes_what_is_different() {
        type Change = fn(&mut Stored);
        let mut before = Stored {
            id: 7,
            ..Stored::default()
        };
        for field in TICKET.fields {
            before.set(field.name, field.kind.unset());
        }
        let changes: [(&str, Change); 5] = [
            ("", |_| ()),
            ("lastactiondate", |ticket| {
                ticket.set("lastactiondate", "2026-01-01T00:00:00Z");
            }),
            ("summary, searched", |ticket| ticket.set("summary", "New")),
            ("other", |ticket| {
                ticket.other.insert("x".to_owned(), json!(1));
            }),
            ("status_id, priority_id", |ticket| {
                ticket.set("priority_id", 2);
                ticket.set("status_id", 9);
            }),
        ];
        for (expected, change) in changes {
            let mut after = before.clone();
            change(&mut after);
            let statement = update(&TICKET, Some(&before), &after);
            let Some(statement) = statement else {
                assert_eq!(expected, "");
                continue;
            };
            let mut columns: Vec<_> = expected.split(", ").collect();
            let place = |name: &&str| TICKET.fields.iter().position(|field| field.name == *name);
            columns.sort_by_key(|name| place(name).unwrap_or(usize::MAX));
            let set = columns.join(" = ?, ");
            assert_eq!(
                statement.sql,
                format!("UPDATE ticket SET {set} = ? WHERE id = ?")
            );
            assert_eq!(statement.bound.len(), columns.len() + 1);
            assert_eq!(statement.bound.last(), Some(&Cell::Integer(7)));
        }
        // Where it is not known how the record was, all of it is written.
        let whole = update(&TICKET, None, &before).unwrap();
        assert_eq!(whole.bound.len(), TICKET.fields.len() + 3);
        assert_eq!(whole.sql.matches('?').count(), whole.bound.len());
    }

    #[test]
    fn a_record_survives_the_way_into_a_row_and_back() {
        let mut record = Stored {
            id: 4,
            ..Stored::default()
        };
        record.set("name", "Änne & Co");
        record.set("inactive", true);
        record.set("toplevel_id", Value::Null);
        for name in ["website", "colour", "notes"] {
            record.set(name, Value::Null);
        }
        record.set("customfields", json!([]));
        record.other = json!({"x": [1, {"y": 1.5}]}).as_object().unwrap().clone();
        let statement = insert(&CLIENT, &record);
        assert_eq!(statement.sql.matches('?').count(), statement.bound.len());
        record.set(
            "customfields",
            json!([{"name": "CFTier", "value": [1, "a"]}]),
        );
        let statement = insert(&CLIENT, &record);
        let (searched, row) = statement.bound.split_last().unwrap();
        assert_eq!(
            *searched,
            Cell::Text("anne & co aenne & co\n\n\n".to_owned())
        );
        assert_eq!(stored(&CLIENT, row.to_vec()).unwrap(), record);

        let shown = shown(&CLIENT, row.to_vec()).unwrap();
        assert_eq!(
            (&shown["id"], &shown["x"][1]["y"]),
            (&json!(4), &json!(1.5))
        );
        assert!(stored(&CLIENT, vec![]).is_err());
    }
}
