//! Custom tables: tables of a desk's own, whose rows runbooks look things up in and write to.
//!
//! Halo shows the rows of a table as the value of one custom field of type 7, and each row as a
//! list of custom fields, one per column. Rows are known by their ids: whoever changes one names it, and
//! the others stay as they are.

use serde_json::{Map, Value, json};

use super::{Command, DeskError, Field, FieldKind, Resource};
use crate::desk::record::{Record, Stored, lay_over_named, read, read_id};
use crate::desk::write::Completion;

/// `/api/CustomTable`.
pub static CUSTOM_TABLE: Resource = Resource {
    name: "CustomTable",
    singular: "custom table",
    about: "Tables of your own, which runbooks look things up in and write to.",
    table: "custom_table",
    fields: &[
        Field::line("name")
            .required("A Name must be entered for this Custom Table")
            .unique("Name must be unique"),
        Field::named("columns")
            .about("Its columns, each {\"name\": \"CF…\", \"label\": …}; a table without columns takes any"),
        Field::objects("rows").computed(),
        Field::integer("next_row_id").computed(),
    ],
    commands: &[
        rows_command(
            "customfields",
            "Rows: one with an id is changed, one without is added, the others stay as they are",
        ),
        rows_command("edit_customfields", "Rows to change, each with its id"),
        rows_command("add_customfields", "Rows to add"),
        rows_command("delete_customfields", "Rows to delete, each {\"id\": …}"),
        Command {
            name: "delete_columns",
            kind: FieldKind::Objects,
            about: "Columns to delete, each {\"name\": \"CF…\"}; what stands in them goes, too",
        },
        Command {
            name: "_add_rows",
            kind: FieldKind::Boolean,
            about: "Whether every row in customfields is added, whatever its id",
        },
    ],
    complete: Some(write_rows),
    shape: Some(show_rows),
    ..Resource::BLANK
};

const fn rows_command(name: &'static str, about: &'static str) -> Command {
    Command {
        name,
        kind: FieldKind::Objects,
        about,
    }
}

/// Halo's number for a custom field that holds a table.
const TABLE_FIELD: u8 = 7;

fn write_rows(table: &mut Stored, completion: &Completion<'_>) -> Result<(), DeskError> {
    keep_spelling(table, completion.before);
    if let Some(sent) = completion.commands.get("delete_columns") {
        delete_columns(table, sent)?;
    }
    let mut rows = Rows::of(table);
    let add_all = match completion.commands.get("_add_rows") {
        None => false,
        Some(flag) => read(&Field::boolean("_add_rows"), flag)? == Value::Bool(true),
    };
    for command in [
        "customfields",
        "edit_customfields",
        "add_customfields",
        "delete_customfields",
    ] {
        let Some(sent) = completion.commands.get(command) else {
            continue;
        };
        for row in sent_rows(command, sent)? {
            match command {
                "delete_customfields" => rows.delete(command, &row)?,
                "add_customfields" => rows.add(command, &row)?,
                "customfields" if add_all || row_id(command, &row)?.is_none() => {
                    rows.add(command, &row)?;
                }
                _ => rows.edit(command, &row)?,
            }
        }
    }
    table.set("next_row_id", rows.next_id);
    table.set("rows", rows.all);
    Ok(())
}

/// A column is known in any case. How it is written stays, because its cells are written like that.
fn keep_spelling(table: &mut Stored, before: Option<&Stored>) {
    let list = |table: &Stored| match table.fields.get("columns") {
        Some(Value::Array(columns)) => columns.clone(),
        _ => Vec::new(),
    };
    let known = before.map(list).unwrap_or_default();
    let mut columns = list(table);
    for column in columns.iter_mut().filter_map(Value::as_object_mut) {
        let name = column
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let known = known.iter().filter_map(|known| known["name"].as_str());
        let same = known.clone().find(|known| known.eq_ignore_ascii_case(name));
        if let Some(spelling) = same {
            column.insert("name".to_owned(), spelling.into());
        }
    }
    if !columns.is_empty() {
        table.set("columns", columns);
    }
}

/// Takes columns away, and what stands in them. One that is not there has been taken away already.
fn delete_columns(table: &mut Stored, sent: &Value) -> Result<(), DeskError> {
    let wrong = || DeskError::WrongType {
        field: "delete_columns".to_owned(),
        expected: "a list of columns, each {\"name\": …}",
    };
    let sent = match sent {
        Value::Null => return Ok(()),
        Value::Array(sent) => sent,
        _ => return Err(wrong()),
    };
    let names: Option<Vec<&str>> = sent.iter().map(|column| column["name"].as_str()).collect();
    let names = names.ok_or_else(wrong)?;
    let stays = |element: &Value| {
        let own = element["name"].as_str().unwrap_or_default();
        !names.iter().any(|name| name.eq_ignore_ascii_case(own))
    };
    for field in ["columns", "rows"] {
        let Some(Value::Array(mut list)) = table.fields.get(field).cloned() else {
            continue;
        };
        if field == "columns" {
            list.retain(stays);
        } else {
            let cells = list
                .iter_mut()
                .filter_map(|row| row["customfields"].as_array_mut());
            cells.for_each(|cells| cells.retain(stays));
        }
        table.set(field, list);
    }
    Ok(())
}

/// The rows that were sent: bare, or as the value of the field that holds the table.
fn sent_rows(command: &str, sent: &Value) -> Result<Vec<Record>, DeskError> {
    let mut rows = Vec::new();
    for element in list(command, sent)? {
        match element {
            Value::Object(field)
                if field.contains_key("value") && !field.contains_key("customfields") =>
            {
                for row in list(command, &field["value"])? {
                    rows.push(object(command, row)?);
                }
            }
            row => rows.push(object(command, row)?),
        }
    }
    Ok(rows)
}

fn list<'a>(command: &str, value: &'a Value) -> Result<&'a [Value], DeskError> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(list) => Ok(list),
        _ => Err(not_rows(command)),
    }
}

/// A row may be named by its bare id where no more is said of it.
fn object(command: &str, row: &Value) -> Result<Record, DeskError> {
    match row {
        Value::Object(row) => Ok(row.clone()),
        id @ Value::Number(_) => Ok(Map::from_iter([("id".to_owned(), id.clone())])),
        _ => Err(not_rows(command)),
    }
}

fn not_rows(command: &str) -> DeskError {
    DeskError::WrongType {
        field: command.to_owned(),
        expected: "a list of rows, each {\"id\": …, \"customfields\": [{\"name\": …, \"value\": …}]}",
    }
}

fn row_id(command: &str, row: &Record) -> Result<Option<u64>, DeskError> {
    let id = row.get("id").unwrap_or(&Value::Null);
    read_id(id).map_err(|_| not_rows(command))
}

/// The rows of a table while they are written.
struct Rows {
    table: String,
    columns: Vec<String>,
    all: Vec<Value>,
    next_id: u64,
}

impl Rows {
    fn of(table: &Stored) -> Self {
        let array = |name: &str| {
            let array = table.fields.get(name).and_then(Value::as_array);
            array.cloned().unwrap_or_default()
        };
        let columns = array("columns");
        let columns = columns.iter().filter_map(|column| column["name"].as_str());
        Self {
            table: table.text("name").to_owned(),
            columns: columns.map(str::to_owned).collect(),
            all: array("rows"),
            next_id: table.id_in("next_row_id").unwrap_or(1),
        }
    }

    fn add(&mut self, command: &str, row: &Record) -> Result<(), DeskError> {
        let id = self.next_id;
        self.next_id += 1;
        let cells = self.cells(command, row, &[])?;
        self.all.push(json!({ "id": id, "customfields": cells }));
        Ok(())
    }

    fn edit(&mut self, command: &str, row: &Record) -> Result<(), DeskError> {
        let place = self.place(command, row)?;
        let before = self.all[place]["customfields"].as_array().cloned();
        let cells = self.cells(command, row, &before.unwrap_or_default())?;
        self.all[place]["customfields"] = cells;
        Ok(())
    }

    fn delete(&mut self, command: &str, row: &Record) -> Result<(), DeskError> {
        let place = self.place(command, row)?;
        self.all.remove(place);
        Ok(())
    }

    fn place(&self, command: &str, row: &Record) -> Result<usize, DeskError> {
        let id = row_id(command, row)?.ok_or_else(|| DeskError::WrongType {
            field: command.to_owned(),
            expected: "a list of rows with an id each",
        })?;
        let place = self
            .all
            .iter()
            .position(|row| row["id"].as_u64() == Some(id));
        place.ok_or_else(|| DeskError::NoSuchRow {
            table: self.table.clone(),
            id,
        })
    }

    /// The cells of a row, laid over those that it had.
    fn cells(&self, command: &str, row: &Record, before: &[Value]) -> Result<Value, DeskError> {
        let sent = row.get("customfields").unwrap_or(&Value::Null);
        let mut cells = before.to_vec();
        for cell in list(command, sent)? {
            let name = cell["name"].as_str().ok_or_else(|| not_rows(command))?;
            let known = self
                .columns
                .iter()
                .find(|column| column.eq_ignore_ascii_case(name));
            let name = match known {
                Some(known) => known.as_str(),
                None if self.columns.is_empty() => name,
                None => {
                    return Err(DeskError::NoSuchColumn {
                        table: self.table.clone(),
                        column: name.to_owned(),
                        columns: self.columns.join(", "),
                    });
                }
            };
            let cell = json!({ "name": name, "value": cell["value"] });
            lay_over_named(&mut cells, [cell].iter());
        }
        Ok(Value::Array(cells))
    }
}

fn show_rows(table: &mut Record) {
    table.remove("next_row_id");
    let Some(rows) = table.remove("rows") else {
        return;
    };
    let field = json!([{
        "id": table.get("id"),
        "name": table.get("name"),
        "type": TABLE_FIELD,
        "value": rows,
    }]);
    table.insert("customfields".to_owned(), field);
}
