//! Rows of name and value: query, headers, form fields, sample variables. Also as text, a row a line.

mod bulk;
mod place;

pub use bulk::{print_bulk, read_bulk};
pub use place::{field_of_row, indexed};

use crate::ui::field::{name_line_break, rows_for};
use crate::ui::{
    Bound, Button, ButtonKind, CodeField, Icon, IconButton, IconView, error_words, id::unique_id,
};
use leptos::{ev, prelude::*};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pair {
    pub name: String,
    pub value: String,
    /// Switched off rows are kept but not sent.
    pub off: bool,
}

/// Edits rows. Enter in the last one adds another.
#[component]
pub fn PairEditor(
    /// What the rows are, as "Headers"; read out.
    #[prop(into)]
    label: String,
    #[prop(into)] rows: Bound<Vec<Pair>>,
    /// What one row is, for the button that adds one: "header".
    #[prop(into)]
    noun: String,
    /// What is wrong with a row, by its number from 0.
    #[prop(optional, into)]
    problems: Signal<Vec<(usize, String)>>,
    /// The problems are about the names, not the values.
    #[prop(optional)]
    of_names: bool,
    /// Whether rows can be switched off.
    #[prop(default = true)]
    switches: bool,
    /// What stands above the two columns.
    #[prop(default = ("Name", "Value"))]
    heads: (&'static str, &'static str),
    /// Whether a value may have several lines.
    #[prop(optional)]
    several_lines: bool,
) -> impl IntoView {
    let base = StoredValue::new(unique_id("pairs"));
    if several_lines {
        name_line_break();
    }
    let bulk = RwSignal::new(false);
    let count = Memo::new(move |_| rows.signal().with(Vec::len));
    let noun = StoredValue::new(noun);
    let label = StoredValue::new(label);
    let focus_row = move |at: usize| {
        // The row is drawn only after this event is over.
        request_animation_frame(move || {
            crate::browser::focus(&base.with_value(|base| format!("{base}-name-{at}")));
        });
    };
    let add = move || {
        let at = rows.peek().len();
        rows.update(|rows| rows.push(Pair::default()));
        focus_row(at);
    };
    let remove = move |at: usize| {
        rows.update(|rows| {
            if at < rows.len() {
                rows.remove(at);
            }
        });
        let left = rows.peek().len();
        if left == 0 {
            request_animation_frame(move || {
                crate::browser::focus(&base.with_value(|base| format!("{base}-add")));
            });
        } else {
            focus_row(at.min(left - 1));
        }
    };
    // What was pressed is gone when the other view is there.
    let turn = move |to_text: bool| {
        bulk.set(to_text);
        let part = match (to_text, rows.peek().is_empty()) {
            (true, _) => "text",
            (false, true) => "add",
            (false, false) => "name-0",
        };
        request_animation_frame(move || {
            crate::browser::focus(&base.with_value(|base| format!("{base}-{part}")));
        });
    };
    let grid = move || {
        view! {
            <div class="pairs" class:pairs-switches=switches role="group" aria-label=label.get_value()>
                <div class="pairs-head" aria-hidden="true">
                    {switches.then(|| view! { <span></span> })} <span>{heads.0}</span> <span>{heads.1}</span> <span></span>
                </div>
                <For each=move || 0..count.get() key=|at| *at let:at>
                    {row_view(at, base, rows, (problems, of_names), (switches, heads, several_lines), add, remove)}
                </For>
            </div>
            <div class="row">
                <button
                    type="button"
                    class="button button-quiet button-small"
                    id=base.with_value(|base| format!("{base}-add"))
                    on:click=move |_| add()
                >
                    <span class="button-face">
                        <IconView icon=Icon::Plus />
                        {noun.with_value(|noun| format!("Add {noun}"))}
                    </span>
                </button>
                <Button kind=ButtonKind::Quiet small=true icon=Icon::Text on_press=move |()| turn(true)>
                    "Edit as text"
                </Button>
            </div>
        }
        .into_any()
    };
    let text = move || {
        let typed = Bound::new(
            Signal::derive(move || rows.signal().with(|rows| print_bulk(rows))),
            Callback::new(move |text: String| rows.set(read_bulk(&text))),
        );
        // Rows without a name or a colon would change under the hand, so the text is kept as typed until it is closed.
        let draft = RwSignal::new(typed.peek());
        let draft_bound = Bound::new(
            draft,
            Callback::new(move |text: String| {
                typed.set(text.clone());
                draft.set(text);
            }),
        );
        let hint = if several_lines {
            "One row a line, as name: value. A value of several lines stands in quotes, with \\n for each break."
        } else {
            "One row a line, as name: value. A # in front switches a row off."
        };
        view! {
            <CodeField
                label=label.get_value()
                hide_label=true
                id=base.with_value(|base| format!("{base}-text"))
                value=draft_bound
                error=Signal::derive(move || {
                    problems.with(|problems| problems.first().map(|(_, sentence)| sentence.clone()))
                })
                hint=hint.to_owned()
            />
            <div class="row">
                <Button kind=ButtonKind::Quiet small=true icon=Icon::Check on_press=move |()| turn(false)>
                    "Back to rows"
                </Button>
            </div>
        }
        .into_any()
    };
    view! { <div class="stack stack-small">{move || if bulk.get() { text() } else { grid() }}</div> }.into_any()
}

fn row_view(
    at: usize,
    base: StoredValue<String>,
    rows: Bound<Vec<Pair>>,
    (problems, of_names): (Signal<Vec<(usize, String)>>, bool),
    (switches, heads, several_lines): (bool, (&'static str, &'static str), bool),
    add: impl Fn() + Copy + 'static,
    remove: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> AnyView {
    let number = at + 1;
    let read = move |pick: fn(&Pair) -> &String| {
        rows.signal().with(|rows| {
            rows.get(at)
                .map(|row| pick(row).clone())
                .unwrap_or_default()
        })
    };
    let change = move |change: &dyn Fn(&mut Pair)| {
        rows.update(|rows| {
            if let Some(row) = rows.get_mut(at) {
                change(row);
            }
        });
    };
    let off = move || {
        rows.signal()
            .with(|rows| rows.get(at).is_some_and(|row| row.off))
    };
    let problem = move || {
        problems.with(|problems| {
            problems
                .iter()
                .find(|(row, _)| *row == at)
                .map(|(_, text)| text.clone())
        })
    };
    let is_wrong = move |name: bool| problem().filter(|_| name == of_names).map(|_| "true");
    let problem_id = base.with_value(|base| format!("{base}-problem-{at}"));
    let keydown = move |event: ev::KeyboardEvent| {
        if event.key() != "Enter" || event.shift_key() {
            return;
        }
        let is_last = at + 1 == rows.peek().len();
        if is_last || several_lines {
            event.prevent_default();
        }
        if is_last {
            add();
        }
    };
    let switch = switches.then(|| {
        view! {
            <input
                type="checkbox"
                class="checkbox"
                aria-label=format!("Send row {number}")
                prop:checked=move || !off()
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    change(&|row| row.off = !on);
                }
            />
        }
    });
    let value_label = format!("{} of row {number}", heads.1);
    let of_values = (!of_names).then(|| problem_id.clone());
    let type_value = move |event| {
        let text = event_target_value(&event);
        change(&|row| row.value.clone_from(&text));
    };
    let value = if several_lines {
        view! {
            <textarea
                class="input input-lines code"
                wrap="off"
                autocomplete="off"
                spellcheck="false"
                autocapitalize="off"
                rows=move || rows_for(&read(|row| &row.value))
                aria-label=value_label
                aria-invalid=move || is_wrong(false)
                aria-describedby=of_values
                prop:value=move || read(|row| &row.value)
                on:input=type_value
                on:keydown=keydown
            ></textarea>
        }
        .into_any()
    } else {
        view! {
            <input
                class="input code"
                type="text"
                autocomplete="off"
                spellcheck="false"
                autocapitalize="off"
                aria-label=value_label
                aria-invalid=move || is_wrong(false)
                aria-describedby=of_values
                prop:value=move || read(|row| &row.value)
                on:input=type_value
                on:keydown=keydown
            />
        }
        .into_any()
    };
    view! {
        <div class="pair" class:pair-off=off>
            {switch}
            <input
                class="input code"
                type="text"
                autocomplete="off"
                spellcheck="false"
                autocapitalize="off"
                id=base.with_value(|base| format!("{base}-name-{at}"))
                aria-label=format!("{} of row {number}", heads.0)
                aria-invalid=move || is_wrong(true)
                aria-describedby=of_names.then(|| problem_id.clone())
                prop:value=move || read(|row| &row.name)
                on:input=move |event| {
                    let text = event_target_value(&event);
                    change(&|row| row.name.clone_from(&text));
                }
                on:keydown=keydown
            />
            {value}
            <IconButton
                icon=Icon::Cross
                label=format!("Delete row {number}")
                on_press=move |()| remove(at)
            />
            <p class="field-note pair-problem" id=problem_id>
                {move || {
                    problem()
                        .map(|problem| {
                            view! {
                                <span class="field-error">
                                    <IconView icon=Icon::Warning />
                                    <span>{error_words(&problem)}</span>
                                </span>
                            }
                        })
                }}
            </p>
        </div>
    }
    .into_any()
}
