//! A step that sets variables.

use leptos::prelude::*;
use shared::model::{SetRow, StepId, StepKind};

use super::places::id;
use crate::browser::{focus_last, without_row};
use crate::chart::Chart;
use crate::page::drafting::step_field;
use crate::page::mappings::mappings;
use crate::ui::{Bound, Button, Checkbox, Icon, IconButton, TextField};

pub(super) fn set(chart: Chart, id: &StepId) -> AnyView {
    let rows = step_field(
        chart,
        id,
        "Change variables",
        |step| match &step.kind {
            StepKind::Set { variables } => variables.clone(),
            _ => Vec::new(),
        },
        |step, rows: Vec<SetRow>| {
            if let StepKind::Set { variables } = &mut step.kind {
                *variables = rows;
            }
        },
    );
    // Fields are made anew only for another number of rows, so that they keep their focus while one types.
    let count = Memo::new(move |_| rows.signal().with(Vec::len));
    view! {
        <div class="stack stack-small">
            <h3 class="field-label">"Variables that it sets"</h3>
            <For each=move || 0..count.get() key=|at| *at let:at>
                {row(rows, at)}
            </For>
            <p class="muted">
                "A value is text with tokens, such as " <code>"No. <<ticket^id>>"</code> ". One token alone gives its value as it is, also an object or a number. Every row takes the variables as they were before this step: what a row above sets counts from the next step on."
            </p>
            <div class="row">
                <Button
                    small=true
                    icon=Icon::Plus
                    id=id::ADD_SET_ROW
                    on_press=move |()| {
                        rows.update(|rows| rows.push(SetRow::default()));
                        focus_last(".set-row");
                    }
                >
                    "Add variable"
                </Button>
            </div>
        </div>
    }
    .into_any()
}

fn member<T: Clone + PartialEq + Default + Send + Sync + 'static>(
    rows: Bound<Vec<SetRow>>,
    at: usize,
    read: fn(&SetRow) -> T,
    write: fn(&mut SetRow, T),
) -> Bound<T> {
    rows.part(
        move |rows| rows.get(at).map(read).unwrap_or_default(),
        move |rows, value| {
            if let Some(row) = rows.get_mut(at) {
                write(row, value);
            }
        },
    )
}

fn row(rows: Bound<Vec<SetRow>>, at: usize) -> AnyView {
    let name = member(
        rows,
        at,
        |row| row.name.clone(),
        |row, name| row.name = name,
    );
    let value = member(
        rows,
        at,
        |row| row.value.clone(),
        |row, value| row.value = value,
    );
    let array = member(
        rows,
        at,
        |row| row.add_to_array,
        |row, on| row.add_to_array = on,
    );
    let table = member(
        rows,
        at,
        |row| row.mappings.clone(),
        |row, table| row.mappings = table,
    );
    let remove = move |()| {
        without_row(".set-row", id::ADD_SET_ROW, || {
            rows.update(|rows| {
                if at < rows.len() {
                    rows.remove(at);
                }
            });
        });
    };
    view! {
        <div class="condition-row set-row">
            <TextField label="Variable" value=name code=true />
            <TextField label="Value" value=value code=true example="<<Priority>>" />
            <Checkbox label="Add to an array" value=array />
            {mappings(table)}
            <IconButton icon=Icon::Trash label=format!("Delete variable {}", at + 1) on_press=remove />
        </div>
    }
    .into_any()
}
