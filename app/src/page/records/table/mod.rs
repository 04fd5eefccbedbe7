//! The rows of a custom table, as a grid: each cell is saved by itself, so that nobody else's rows are touched.

mod columns;
mod read;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};
use shared::desk::Record;
use shared::desk::form::{text_of, typed};

use self::columns::{NewColumn, head};
use self::read::{cell, columns, rows};
use super::form::Form;
use crate::browser::focus;
use crate::client;
use crate::page::pending::{Deletion, delete, is_deleted};
use crate::ui::field::{moves_within, name_line_break, rows_for};
use crate::ui::{
    Button, EmptyState, Icon, IconButton, Notice, Tone, announce, error_words, guard_unsaved,
    name_shortcut,
};

fn cell_id(row: u64, column: usize) -> String {
    format!("cell-{row}-{column}")
}

fn delete_id(row: u64) -> String {
    format!("delete-row-{row}")
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

    fn change_cell(self, row: u64, name: &str, text: &str) {
        self.form.held.set(false);
        let before = self
            .form
            .shown
            .with_untracked(|table| cell(table, row, name));
        if text_of(&before) == text {
            return;
        }
        let value = typed(&before, text);
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

    fn delete_row(self, row: u64) {
        let ids = self.ids.get_untracked();
        let at = ids.iter().position(|id| *id == row);
        let next = at.and_then(|at| ids.get(at + 1).or_else(|| ids.get(at.checked_sub(1)?)));
        // Into no cell: keys typed now, such as that which takes this back, would be text there.
        let next = next.map_or_else(|| ADD_ROW.to_owned(), |id| delete_id(*id));
        let table = self.form.id.unwrap_or_default();
        let body = json!([{ "id": table, "delete_customfields": [{ "id": row }] }]);
        delete(Deletion {
            key: row_key(table, row),
            method: "POST",
            path: format!("/api/{}", self.form.resource().name),
            body: Some(body.to_string()),
            name: format!("row {row}"),
            done: "Deleted",
        });
        request_animation_frame(move || focus(&next));
    }

    fn is_last(self, row: u64) -> bool {
        self.ids.with_untracked(|ids| ids.last() == Some(&row))
    }

    /// Up and Down, and Enter, lead to the same column of another row.
    fn move_on(self, event: &leptos::ev::KeyboardEvent, row: u64, column: usize) {
        let ids = self.ids.get_untracked();
        let Some(at) = ids.iter().position(|id| *id == row) else {
            return;
        };
        let to = match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if moves_within(event) => return,
            "Enter" if event.shift_key() => return,
            "ArrowDown" | "Enter" => ids.get(at + 1),
            "ArrowUp" => at.checked_sub(1).and_then(|at| ids.get(at)),
            _ => return,
        };
        if event.key() == "Enter" || to.is_some() {
            event.prevent_default();
        }
        if let Some(to) = to {
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
    name_line_break();
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
        .and_then(|target| target.dyn_into::<web_sys::HtmlTextAreaElement>().ok())
    {
        cell.set_value(text);
    }
}

fn row_view(grid: Grid, row: u64) -> AnyView {
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
                // As tall as what is typed, which is saved later.
                let height = RwSignal::new(value.get_untracked());
                Effect::new(move |_| height.set(value.get()));
                view! {
                    <td>
                        <textarea
                            class="input input-lines grid-cell"
                            wrap="off"
                            autocomplete="off"
                            id=cell_id(row, column)
                            rows=move || rows_for(&height.get())
                            aria-label=format!("{label} of row {row}")
                            prop:value=move || value.get()
                            on:change=move |event| grid.change_cell(row, &name, &event_target_value(&event))
                            on:input=move |event| {
                                grid.form.held.set(true);
                                height.set(event_target_value(&event));
                            }
                            // What is left as it was is not sent.
                            on:blur=move |_| grid.form.held.set(false)
                            on:keydown=move |event| {
                                let is_save = (event.ctrl_key() || event.meta_key()) && event.key() == "s";
                                let is_enter = event.key() == "Enter" && !event.shift_key();
                                // From any other row, Enter leaves the cell, which saves it.
                                let wants_save = is_save || (is_enter && grid.is_last(row));
                                if wants_save && grid.form.held.get_untracked() {
                                    grid.change_cell(row, &saved, &event_target_value(&event));
                                }
                                if event.key() == "Escape" && grid.form.held.get_untracked() {
                                    put_back(&event, &value.get_untracked());
                                    height.set(value.get_untracked());
                                    grid.form.held.set(false);
                                }
                                grid.move_on(&event, row, column);
                            }
                        ></textarea>
                    </td>
                }
            })
            .collect_view()
    };
    view! {
        <tr>
            <td class="grid-id numeric">{row}</td>
            {cells}
            <td class="grid-tools">
                <IconButton
                    icon=Icon::Trash
                    id=delete_id(row)
                    label=format!("Delete row {row}")
                    on_press=move |()| grid.delete_row(row)
                />
            </td>
        </tr>
    }
    .into_any()
}
