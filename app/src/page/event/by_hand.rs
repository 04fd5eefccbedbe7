//! A condition that is written by hand: two templates that are compared.

use leptos::prelude::*;
use shared::condition::{Operator, Row, Term};
use shared::event::names_in;

use super::conditions::Conditioned;
use crate::chart::operator_name;
use crate::page::conditions::OPERATORS;
use crate::page::desk_names::NameField;
use crate::ui::field::Choice;
use crate::ui::{Bound, SelectField, TextField};

/// A comparison of two templates. A group of them can only be deleted here: it came with a bundle.
pub(super) fn by_hand(of: Conditioned, at: usize) -> AnyView {
    let row = Memo::new(move |_| match of.term(at) {
        Some(Term::Row(row)) => Some(row),
        _ => None,
    });
    let text = move |get: fn(&Row) -> String, set: fn(&mut Row, String)| {
        Bound::new(
            Memo::new(move |_| row.get().map(|row| get(&row)).unwrap_or_default()),
            Callback::new(move |text: String| {
                if let Some(mut row) = row.get_untracked() {
                    set(&mut row, text);
                    of.replace(at, Term::Row(row));
                }
            }),
        )
    };
    let left = text(|row| row.left.clone(), |row, text| row.left = text);
    let right = text(|row| row.right.clone(), |row, text| row.right = text);
    let operator = text(
        |row| operator_name(row.op).to_owned(),
        |row, name| {
            if let Some(op) = OPERATORS.into_iter().find(|op| operator_name(*op) == name) {
                row.op = op;
            }
        },
    );
    let is_row = Memo::new(move |_| row.with(Option::is_some));
    // Of a token alone, the names that it may stand for are offered.
    let named = Memo::new(move |_| {
        let left = row.with(|row| row.as_ref().map(|row| row.left.trim().to_owned()))?;
        names_in(left.strip_prefix("<<")?.strip_suffix(">>")?)
    });
    let takes_right = Memo::new(move |_| row.get().is_some_and(|row| row.op.takes_right()));
    let in_part = Memo::new(move |_| {
        let op = row.get().map(|row| row.op);
        !matches!(op, Some(Operator::Equals | Operator::NotEquals))
    });
    let operators = OPERATORS.map(|op| Choice::new(operator_name(op), operator_name(op)));
    view! {
        <Show
            when=move || is_row.get()
            fallback=|| view! { <p class="muted">"A group of conditions that came with a bundle. It is kept as it is."</p> }
        >
            <TextField label="Value" value=left code=true example="<<ticket^customfields[name=Contract]^value>>" />
            <SelectField label="Condition" value=operator choices=Signal::stored(operators.to_vec()) />
            <Show when=move || takes_right.get()>
                <NameField label="Compared with" value=right of=named in_part=in_part />
            </Show>
        </Show>
    }
    .into_any()
}
