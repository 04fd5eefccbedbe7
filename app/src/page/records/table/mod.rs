//! The rows of a custom table, as a grid: each cell is saved by itself, so that nobody else's rows are touched.

mod columns;
mod read;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};
use shared::desk::Record;

use self::columns::{NewColumn, head};
use self::read::{columns, rows};
use super::form::Form;
use crate::browser::{focus, without_row};
use crate::client;
use crate::page::pending::{Deletion, delete, is_deleted};
use crate::ui::{
    Button, EmptyState, Icon, IconButton, Notice, Tone, announce, error_words, guard_unsaved,
    name_shortcut,
};

fn cell_id(row: u64, column: usize) -> String {
    format!("cell-{row}-{column}")
}

/// The button that adds a row.
const ADD_ROW: &str = "add-row";

/// The grid of a table.
#[derive(Debug, Clone, Copy)]
struct Grid {
    form: Form,
    fault: RwSignal<Option<String>>,
    columns: Memo<Vec<(String, String)>>,
    ids: Memo<Vec<u64>>,
}

impl Grid {
    /// Sends what is to be done with the rows, and nothing else of the table.
    fn write(self, command: &'static str, what: Value, then: impl FnOnce(Record) + 'static) {
        let mut fields = Record::new();
        fields.insert("id".to_owned(), self.form.id.into());
        fields.insert(command.to_owned(), what);
        spawn_local(async move {
            match client::write_record(self.form.resource(), fields).await {
                Ok(table) => {
                    self.fault.try_set(None);
                    self.form.took(table.clone());
                    then(table);
                }
                Err(fault) => {
                    self.fault.try_set(Some(fault.to_string()));
                }
            }
        });
    }

    fn change_cell(self, row: u64, name: &str, value: &str) {
        self.form.held.set(false);
        let row = json!([{ "id": row, "customfields": [{ "name": name, "value": value }] }]);
        self.write("edit_customfields", row, |_| announce("Saved"));
    }

    fn add_row(self) {
        self.write(
            "add_customfields",
            json!([{ "customfields": [] }]),
            |table| {
                if let Some((id, _)) = rows(&table).last() {
                    let id = cell_id(*id, 0);
                    request_animation_frame(move || focus(&id));
                }
            },
        );
    }

    fn delete_row(self, row: u64, number: usize) {
        let table = self.form.id.unwrap_or_default();
        let body = json!([{ "id": table, "delete_customfields": [{ "id": row }] }]);
        delete(Deletion {
            key: row_key(table, row),
            method: "POST",
            path: format!("/api/{}", self.form.resource().name),
            body: Some(body.to_string()),
            name: format!("row {number}"),
            done: "Deleted",
        });
    }

    /// Up and Down, and Enter, lead to the same column of another row.
    fn move_on(self, event: &leptos::ev::KeyboardEvent, row: u64, column: usize) {
        let ids = self.ids.get_untracked();
        let Some(at) = ids.iter().position(|id| *id == row) else {
            return;
        };
        let to = match event.key().as_str() {
            "ArrowDown" | "Enter" => ids.get(at + 1),
            "ArrowUp" => at.checked_sub(1).and_then(|at| ids.get(at)),
            _ => return,
        };
        if let Some(to) = to {
            event.prevent_default();
            focus(&cell_id(*to, column));
        }
    }
}

fn column_key(table: u64, name: &str) -> String {
    format!("CustomTable/{table}/columns/{}", name.to_lowercase())
}

fn row_key(table: u64, row: u64) -> String {
    format!("CustomTable/{table}/{row}")
}

#[component]
pub(super) fn TableRows(form: Form) -> impl IntoView {
    let table = form.id.unwrap_or_default();
    let grid = Grid {
        form,
        fault: RwSignal::new(None),
        columns: Memo::new(move |_| {
            let columns = form.shown.with(columns).into_iter();
            columns
                .filter(|(name, _)| !is_deleted(&column_key(table, name)))
                .collect()
        }),
        ids: Memo::new(move |_| {
            let ids = form.shown.with(rows).into_iter().map(|(id, _)| id);
            ids.filter(|id| !is_deleted(&row_key(table, *id))).collect()
        }),
    };
    guard_unsaved(form.held);
    name_shortcut("ArrowUp", "The cell above");
    name_shortcut("ArrowDown", "The cell below");
    let fault = move || {
        grid.fault.get().map(|fault| {
            view! {
                <div role="alert">
                    <Notice tone=Tone::Bad>
                        <strong>"Not saved. "</strong>
                        {error_words(&fault)}
                    </Notice>
                </div>
            }
        })
    };
    let heads = move || {
        let columns = grid.columns.get();
        columns
            .into_iter()
            .map(|(name, label)| head(grid, name, label))
            .collect_view()
    };
    let body = move || {
        if grid.columns.with(Vec::is_empty) {
            return view! {
                <EmptyState
                    icon=Icon::Text
                    title="No columns yet"
                    text="Name the first column below; then rows can be added."
                />
            }
            .into_any();
        }
        view! {
            <div class="grid-scroll" tabindex="0" role="region" aria-label="Rows of the table">
                <table class="table grid">
                    <thead>
                        <tr>
                            <th scope="col" class="grid-id">"Id"</th>
                            {heads}
                            <th scope="col" class="grid-tools"><span class="visually-hidden">"Delete"</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || grid.ids.get() key=|id| *id let:id>
                            {row_view(grid, id)}
                        </For>
                    </tbody>
                </table>
            </div>
            <div class="row">
                <Button small=true icon=Icon::Plus id=ADD_ROW on_press=move |()| grid.add_row()>"Add row"</Button>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="section">
            <h2>"Rows"</h2>
            <p class="muted">
                "Each cell is saved by itself, as soon as you leave it. Runbooks know this table as number "
                <code>{table}</code> ", its rows by the ids before them and its columns by the names that begin with "
                <code>"CF"</code> "."
            </p>
            <div class="stack stack-small">{fault} {body} <NewColumn grid=grid /></div>
        </section>
    }
    .into_any()
}

/// Shows in a cell again what it held.
fn put_back(event: &leptos::ev::KeyboardEvent, text: &str) {
    use leptos::wasm_bindgen::JsCast;
    if let Some(cell) = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok())
    {
        cell.set_value(text);
    }
}

fn row_view(grid: Grid, row: u64) -> AnyView {
    let number = move || {
        grid.ids
            .with(|ids| ids.iter().position(|id| *id == row))
            .map_or(1, |at| at + 1)
    };
    let cells = move || {
        grid.columns
            .get()
            .into_iter()
            .enumerate()
            .map(|(column, (name, label))| {
                let own = name.clone();
                let saved = name.clone();
                let value = Memo::new(move |_| {
                    let rows = grid.form.shown.with(rows);
                    let cells = rows.into_iter().find(|(id, _)| *id == row);
                    let cells = cells.map(|(_, cells)| cells).unwrap_or_default();
                    let cell = cells.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(&own));
                    cell.map(|(_, value)| value).unwrap_or_default()
                });
                view! {
                    <td>
                        <input
                            class="input grid-cell"
                            type="text"
                            autocomplete="off"
                            id=cell_id(row, column)
                            aria-label=move || format!("{label} of row {}", number())
                            prop:value=move || value.get()
                            on:change=move |event| grid.change_cell(row, &name, &event_target_value(&event))
                            on:input=move |_| grid.form.held.set(true)
                            // What is left as it was is not sent.
                            on:blur=move |_| grid.form.held.set(false)
                            on:keydown=move |event| {
                                let wants_save = (event.ctrl_key() || event.meta_key()) && event.key() == "s";
                                if wants_save && grid.form.held.get_untracked() {
                                    grid.change_cell(row, &saved, &event_target_value(&event));
                                }
                                if event.key() == "Escape" && grid.form.held.get_untracked() {
                                    put_back(&event, &value.get_untracked());
                                    grid.form.held.set(false);
                                }
                                grid.move_on(&event, row, column);
                            }
                        />
                    </td>
                }
            })
            .collect_view()
    };
    let label = Signal::derive(move || format!("Delete row {}", number()));
    let remove = move |()| {
        let number = untrack(number);
        without_row(".grid tbody tr", ADD_ROW, || grid.delete_row(row, number));
    };
    view! {
        <tr>
            <td class="grid-id numeric">{row}</td>
            {cells}
            <td class="grid-tools">
                <IconButton icon=Icon::Trash label=label on_press=remove />
            </td>
        </tr>
    }
    .into_any()
}
