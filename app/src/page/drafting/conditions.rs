//! The rows and groups of a condition.

use std::sync::Arc;

use leptos::prelude::*;
use shared::condition::{Operator, Row, Term, When};

use crate::browser::{focus_last, without_row};
use crate::chart::{Chart, Drawn, operator_name};
use crate::page::conditions::OPERATORS;
use crate::ui::field::{Choice, Segments};
use crate::ui::id::unique_id;
use crate::ui::{Bound, Button, Checkbox, Icon, IconButton, SelectField, TextField};

/// A place in the condition: a row of it, or a row of one of its groups.
type Place = (Option<usize>, usize);

/// A condition in a draft, and how it is changed there.
#[derive(Debug, Clone, Copy)]
pub struct WhenIn {
    value: Signal<When>,
    change: StoredValue<Change>,
}

/// What an edit is called, and which it goes on with.
type Change = Arc<dyn Fn(&str, Option<&str>, When) + Send + Sync>;

impl WhenIn {
    /// A condition that stands in a draft; `gesture` tells it from the others there.
    pub fn new<D: Drawn>(
        chart: Chart<D>,
        gesture: String,
        read: impl Fn(&D) -> Option<&When> + Send + Sync + 'static,
        write: impl Fn(&mut D) -> Option<&mut When> + Send + Sync + 'static,
    ) -> Self {
        let value = Memo::new(move |_| chart.draft.with(|draft| read(draft).cloned()));
        let change = move |label: &str, part: Option<&str>, when: When| {
            let gesture = part.map(|part| format!("{gesture} {part}"));
            chart.change(label, gesture.as_deref(), |draft| {
                if let Some(place) = write(draft) {
                    *place = when;
                }
            });
        };
        Self {
            value: Signal::derive(move || value.get().unwrap_or_default()),
            change: StoredValue::new(Arc::new(change)),
        }
    }

    /// How many rows and groups it has; tracked.
    pub fn count(self) -> usize {
        self.read(|when| terms(when).len())
    }

    fn read<T>(self, read: impl FnOnce(&When) -> T) -> T {
        self.value.with(read)
    }

    fn change(self, label: &str, change: impl FnOnce(&mut When)) {
        self.change_as(label, None, change);
    }

    fn change_as(self, label: &str, gesture: Option<&str>, change: impl FnOnce(&mut When)) {
        let mut when = self.value.get_untracked();
        change(&mut when);
        self.change.with_value(|write| write(label, gesture, when));
    }
}

/// Where the rows of an editor are, and the id of its button that adds one: several editors may stand on a page.
#[derive(Debug, Clone, Copy)]
struct Ids {
    editor: StoredValue<String>,
}

impl Ids {
    fn new() -> Self {
        Self {
            editor: StoredValue::new(unique_id("conditions")),
        }
    }

    fn rows(self) -> String {
        self.editor.with_value(|id| format!("#{id} .condition-row"))
    }

    fn add(self) -> String {
        self.editor.with_value(|id| format!("{id}-add"))
    }
}

/// The rows and groups of a condition.
#[component]
pub fn Conditions(
    at: WhenIn,
    /// What stands in an empty row.
    #[prop(default = "<<Priority>>")]
    example: &'static str,
) -> impl IntoView {
    let ids = Ids::new();
    // What decides how many fields there are; their values are read by each field for itself.
    let shape = Memo::new(move |_| {
        at.read(|when| {
            terms(when)
                .iter()
                .map(|term| match term {
                    Term::Row(_) => None,
                    Term::Group(group) => Some(terms(group).len()),
                })
                .collect::<Vec<Option<usize>>>()
        })
    });
    let view_term = move |(index, group): (usize, Option<usize>)| match group {
        None => row(at, ids, (None, index), example),
        Some(count) => view! {
            <fieldset class="condition-group">
                <legend class="visually-hidden">"Group of rows"</legend>
                {all_or_any(at, Some(index))}
                {(0..count).map(|inner| row(at, ids, (Some(index), inner), example)).collect_view()}
                <div class="row">
                    <Button
                        small=true
                        icon=Icon::Plus
                        on_press=move |()| at.change("Add a row", |when| {
                            if let Some(Term::Group(group)) = terms_mut(when).get_mut(index) {
                                terms_mut(group).push(fresh_row());
                            }
                        })
                    >
                        "Add a row"
                    </Button>
                    <Button
                        small=true
                        on_press=move |()| {
                            without_row(ids.rows(), ids.add(), || {
                                at.change("Delete a group", |when| {
                                    terms_mut(when).remove(index);
                                });
                            });
                        }
                    >
                        "Delete the group"
                    </Button>
                </div>
            </fieldset>
        }
        .into_any(),
    };
    view! {
        <div class="stack stack-small condition-rows" id=ids.editor.get_value()>
            {all_or_any(at, None)}
            {move || shape.get().into_iter().enumerate().map(view_term).collect_view()}
            <Show when=move || shape.with(Vec::is_empty)>
                <p class="muted">"Without a row it is always met."</p>
            </Show>
            <div class="row">
                <Button
                    small=true
                    icon=Icon::Plus
                    id=ids.add()
                    on_press=move |()| {
                        at.change("Add a row", |when| terms_mut(when).push(fresh_row()));
                        focus_last(ids.rows());
                    }
                >
                    "Add a row"
                </Button>
                <Button
                    small=true
                    on_press=move |()| at.change("Add a group", |when| {
                        terms_mut(when).push(Term::Group(When::Any(vec![fresh_row()])));
                    })
                >
                    "Add a group"
                </Button>
            </div>
        </div>
    }
    .into_any()
}

fn all_or_any(at: WhenIn, group: Option<usize>) -> AnyView {
    let value = Memo::new(move |_| {
        at.read(|when| {
            let any = matches!(in_group(when, group), Some(When::Any(_)));
            if any { "any" } else { "all" }.to_owned()
        })
    });
    let set = Callback::new(move |chosen: String| {
        at.change("Change all or any", |when| {
            if let Some(group) = in_group_mut(when, group) {
                let rows = std::mem::take(terms_mut(group));
                *group = if chosen == "any" {
                    When::Any(rows)
                } else {
                    When::All(rows)
                };
            }
        });
    });
    view! {
        <Segments
            label="Met when"
            value=Bound::new(value, set)
            choices=vec![Choice::new("all", "All rows hold"), Choice::new("any", "Any row holds")]
        />
    }
    .into_any()
}

fn row(at: WhenIn, ids: Ids, place: Place, example: &'static str) -> AnyView {
    let text = move |label: &'static str, get: fn(&Row) -> String, set: fn(&mut Row, String)| {
        let value =
            Memo::new(move |_| at.read(|when| row_at(when, place).map(get).unwrap_or_default()));
        let write = Callback::new(move |value: String| {
            let gesture = format!("{label} {place:?}");
            at.change_as(label, Some(&gesture), |when| {
                if let Some(row) = row_at_mut(when, place) {
                    set(row, value);
                }
            });
        });
        Bound::new(value, write)
    };
    let left = text(
        "Change the left side",
        |row| row.left.clone(),
        |row, value| row.left = value,
    );
    let right = text(
        "Change the right side",
        |row| row.right.clone(),
        |row, value| row.right = value,
    );
    let operator = text(
        "Change the operator",
        |row| operator_name(row.op).to_owned(),
        |row, name| {
            if let Some(chosen) = OPERATORS.into_iter().find(|o| operator_name(*o) == name) {
                row.op = chosen;
            }
        },
    );
    let match_case = Bound::new(
        Memo::new(move |_| at.read(|when| row_at(when, place).is_some_and(|row| row.match_case))),
        Callback::new(move |on| {
            at.change("Change case matching", |when| {
                if let Some(row) = row_at_mut(when, place) {
                    row.match_case = on;
                }
            });
        }),
    );
    let takes_right = Memo::new(move |_| {
        let name = operator.get();
        name != operator_name(Operator::HasValue) && name != operator_name(Operator::HasNoValue)
    });
    let choices = OPERATORS.map(|o| Choice::new(operator_name(o), operator_name(o)));
    view! {
        <div class="condition-row">
            <TextField label="Value" value=left code=true example=example />
            <SelectField label="Operator" value=operator choices=Signal::stored(choices.to_vec()) />
            <Show when=move || takes_right.get()>
                <TextField label="Compared with" value=right code=true />
                <Checkbox label="Match case" value=match_case />
            </Show>
            <IconButton
                icon=Icon::Trash
                label="Delete this row"
                on_press=move |()| {
                    without_row(ids.rows(), ids.add(), || at.change("Delete a row", |when| remove_row(when, place)));
                }
            />
        </div>
    }
    .into_any()
}

fn fresh_row() -> Term {
    Term::Row(Row {
        left: String::new(),
        op: Operator::Equals,
        right: String::new(),
        match_case: false,
    })
}

fn terms(when: &When) -> &[Term] {
    match when {
        When::All(terms) | When::Any(terms) => terms,
    }
}

fn terms_mut(when: &mut When) -> &mut Vec<Term> {
    match when {
        When::All(terms) | When::Any(terms) => terms,
    }
}

fn in_group(when: &When, group: Option<usize>) -> Option<&When> {
    match group {
        None => Some(when),
        Some(index) => match terms(when).get(index) {
            Some(Term::Group(group)) => Some(group),
            _ => None,
        },
    }
}

fn in_group_mut(when: &mut When, group: Option<usize>) -> Option<&mut When> {
    match group {
        None => Some(when),
        Some(index) => match terms_mut(when).get_mut(index) {
            Some(Term::Group(group)) => Some(group),
            _ => None,
        },
    }
}

fn row_at(when: &When, (group, index): Place) -> Option<&Row> {
    match terms(in_group(when, group)?).get(index) {
        Some(Term::Row(row)) => Some(row),
        _ => None,
    }
}

fn row_at_mut(when: &mut When, (group, index): Place) -> Option<&mut Row> {
    match terms_mut(in_group_mut(when, group)?).get_mut(index) {
        Some(Term::Row(row)) => Some(row),
        _ => None,
    }
}

fn remove_row(when: &mut When, (group, index): Place) {
    if let Some(group) = in_group_mut(when, group)
        && index < terms(group).len()
    {
        terms_mut(group).remove(index);
    }
}
