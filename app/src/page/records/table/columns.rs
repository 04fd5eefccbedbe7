//! The columns of a custom table: added, called otherwise, deleted.

use leptos::prelude::*;
use serde_json::{Value, json};
use shared::desk::custom_name;

use super::read::{clash, columns, has_columns};
use super::{Grid, column_key};
use crate::page::pending::{Deletion, delete, is_deleted, make_room};
use crate::ui::{Bound, Button, ButtonKind, Dialog, Icon, Menu, MenuItem, TextField, announce};

/// The field that names a new column.
const NEW_COLUMN: &str = "new-column";

impl Grid {
    /// A column with its label, in the shape in which the desk takes it. Where the table declares none, those that are in
    /// use are declared along with it: otherwise they would be none of its columns any more.
    fn declared(self, name: &str, label: &str) -> Value {
        let all = self.form.shown.with_untracked(|table| {
            if has_columns(table) {
                Vec::new()
            } else {
                columns(table)
            }
        });
        let others = all.into_iter().filter(|(other, _)| other != name);
        let own = std::iter::once((name.to_owned(), label.to_owned()));
        let list = others
            .chain(own)
            .map(|(name, label)| json!({ "name": name, "label": label }));
        list.collect::<Vec<_>>().into()
    }

    /// Why no column but `own` may be called so; tracked.
    fn taken(self, own: &str, label: &str) -> Option<String> {
        let table = self.form.id.unwrap_or_default();
        let all = self.form.shown.with(columns).into_iter();
        let others: Vec<_> = all.filter(|(name, _)| name != own).collect();
        let found = clash(&others, label)?;
        let is_leaving = others
            .iter()
            .any(|(name, shown)| *shown == found && is_deleted(&column_key(table, name)));
        Some(if is_leaving {
            format!("The column {found} is being deleted. Undo that to keep it.")
        } else {
            format!("There is already a column {found}.")
        })
    }

    fn delete_column(self, name: &str, label: &str) {
        let table = self.form.id.unwrap_or_default();
        let body = json!([{ "id": table, "delete_columns": [{ "name": name }] }]);
        delete(Deletion {
            key: column_key(table, name),
            method: "POST",
            path: format!("/api/{}", self.form.resource().name),
            body: Some(body.to_string()),
            name: format!("the column {label}"),
            done: "Deleted",
        });
        // The menu that had focus goes with its column.
        request_animation_frame(|| crate::browser::focus(NEW_COLUMN));
    }
}

/// The head of a column, with what can be done with it.
pub(super) fn head(grid: Grid, name: String, label: String) -> AnyView {
    let renaming = RwSignal::new(false);
    let items = {
        let (name, label) = (name.clone(), label.clone());
        Signal::stored(vec![
            MenuItem::new("Rename column", Icon::Edit, move || renaming.set(true)),
            MenuItem::new("Delete column", Icon::Trash, move || {
                grid.delete_column(&name, &label);
            })
            .danger(),
        ])
    };
    let (title, shown) = (name.clone(), label.clone());
    // As runbooks and programs know it.
    let technical =
        (name != label).then(|| view! { <code class="grid-name">{name.clone()}</code> });
    view! {
        <th scope="col" title=title>
            <span class="grid-head">
                <span class="grid-label">{shown.clone()} {technical}</span>
                <Menu label=format!("Column {shown}") items=items />
            </span>
            <Dialog title="Rename column" open=renaming>
                <Rename grid=grid name=name.clone() label=label.clone() open=renaming />
            </Dialog>
        </th>
    }
    .into_any()
}

#[component]
fn Rename(grid: Grid, name: String, label: String, open: RwSignal<bool>) -> impl IntoView {
    let typed = RwSignal::new(label);
    let error = RwSignal::new(None::<String>);
    let hint = format!("Only its heading changes. Runbooks still know it as `{name}`.");
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = typed.get_untracked().trim().to_owned();
        if text.is_empty() {
            error.set(Some("Type what stands above the column.".to_owned()));
        } else if let Some(taken) = untrack(|| grid.taken(&name, &text)) {
            error.set(Some(taken));
        } else {
            let columns = grid.declared(&name, &text);
            open.set(false);
            grid.write("columns", columns, |_| announce("Column renamed"));
        }
    };
    let change = Callback::new(move |text| {
        error.set(None);
        typed.set(text);
    });
    view! {
        <form class="stack" on:submit=submit>
            <TextField label="Heading" value=Bound::new(typed, change) hint=Some(hint) error=error />
            <div class="dialog-actions">
                <Button on_press=move |()| open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true>"Rename"</Button>
            </div>
        </form>
    }
    .into_any()
}

/// A column more.
#[component]
pub(super) fn NewColumn(grid: Grid) -> impl IntoView {
    let label = RwSignal::new(String::new());
    let taken = Memo::new(move |_| {
        let text = label.with(|label| label.trim().to_owned());
        (!text.is_empty()).then(|| grid.taken("", &text)).flatten()
    });
    let is_ready = move || label.with(|label| custom_name(label) != "CF");
    let add = Callback::new(move |()| {
        let text = label.get_untracked().trim().to_owned();
        if untrack(|| !is_ready() || taken.with(Option::is_some)) {
            return;
        }
        let name = custom_name(&text);
        make_room(&column_key(grid.form.id.unwrap_or_default(), &name));
        let columns = grid.declared(&name, &text);
        grid.write("columns", columns, move |_| {
            label.try_set(String::new());
            announce("Column added");
        });
    });
    let hint = Signal::derive(move || {
        let name = label.with(|label| custom_name(label));
        is_ready().then(|| format!("Runbooks know it as `{name}`."))
    });
    view! {
        <div class="new-column">
            <TextField id=NEW_COLUMN label="New column" value=label hint=hint error=taken on_enter=add />
            <Button
                icon=Icon::Plus
                disabled=Signal::derive(move || !is_ready() || taken.with(Option::is_some))
                on_press=add
            >
                "Add column"
            </Button>
        </div>
    }
    .into_any()
}
