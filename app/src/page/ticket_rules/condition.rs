//! What a ticket must meet.

use leptos::prelude::*;
use serde_json::Value;
use shared::desk::rule::{Condition, Part, RuleDraft, Test, ValueKind, field, fields, is_custom};

use super::editor::Known;
use super::value::{Control, ListField, ValueField};
use super::{Problems, problem_at};
use crate::browser::{focus_last, without_row};
use crate::ui::field::Choice;
use crate::ui::{Bound, Button, Combobox, Icon, IconButton, SelectField};

const ROWS: &str = ".rule-condition";
const ADD: &str = "add-rule-condition";
/// How a custom field is chosen; its name follows.
pub(super) const CUSTOM: &str = "CF";

#[component]
pub(super) fn Conditions(
    draft: RwSignal<RuleDraft>,
    problems: Problems,
    known: Known,
) -> impl IntoView {
    let count = Memo::new(move |_| draft.with(|draft| draft.conditions.len()));
    // Rows are made anew when one of them goes: each remembers how it is edited.
    let generation = RwSignal::new(0_u32);
    let add = move |()| {
        draft.update(|draft| {
            let condition = Condition::new("summary", Test::Contains, "");
            draft.conditions.push(Part::Chosen(condition));
        });
        focus_last(ROWS);
    };
    let rows = move || {
        let generation = generation.get();
        (0..count.get()).map(move |at| (generation, at))
    };
    view! {
        <div class="stack stack-small" role="group" aria-label="Conditions">
            <Show
                when=move || 0 < count.get()
                fallback=|| view! { <p class="muted">"Without a condition, it fits all of them."</p> }
            >
                <p class="muted">"A ticket must meet all of these."</p>
            </Show>
            <For each=rows key=|place| *place let:place>
                {row(draft, place.1, generation, problems, known)}
            </For>
            <div>
                <Button small=true icon=Icon::Plus id=ADD on_press=add>"Add a condition"</Button>
            </div>
        </div>
    }
    .into_any()
}

fn row(
    draft: RwSignal<RuleDraft>,
    at: usize,
    generation: RwSignal<u32>,
    problems: Problems,
    known: Known,
) -> AnyView {
    let remove = move |()| {
        without_row(ROWS, ADD, || {
            draft.update(|draft| {
                if at < draft.conditions.len() {
                    draft.conditions.remove(at);
                }
            });
            generation.update(|generation| *generation += 1);
        });
    };
    let part = draft.with_untracked(|draft| draft.conditions.get(at).cloned());
    let body = match part {
        Some(Part::Kept(element)) => kept(&element),
        _ => chosen(draft, at, problem_at(problems, "conditions", at), known),
    };
    view! {
        <div class="rule-row rule-condition">
            {body}
            <IconButton icon=Icon::Trash label="Delete this condition" on_press=remove />
        </div>
    }
    .into_any()
}

/// What came from elsewhere and cannot be read here.
fn kept(element: &Value) -> AnyView {
    view! {
        <p class="field">
            "This condition came from elsewhere and is kept as it is: " <code>{element.to_string()}</code>
            ". Nimbus does not know how it compares, so no ticket meets it, and the rule fits none while it stands here."
        </p>
    }
    .into_any()
}

fn read(draft: &RuleDraft, at: usize) -> Option<&Condition> {
    match draft.conditions.get(at) {
        Some(Part::Chosen(condition)) => Some(condition),
        _ => None,
    }
}

fn change(draft: RwSignal<RuleDraft>, at: usize, change: impl FnOnce(&mut Condition)) {
    draft.update(|draft| {
        if let Some(Part::Chosen(condition)) = draft.conditions.get_mut(at) {
            change(condition);
        }
    });
}

fn kind_of(name: &str) -> ValueKind {
    field(name).map_or(ValueKind::Text, |field| field.kind)
}

/// Another field asks another question where the former one cannot be asked of it.
fn ask_of(condition: &mut Condition, name: &str) {
    let tests = kind_of(name).tests();
    let keeps_values = kind_of(&condition.field) == kind_of(name);
    name.clone_into(&mut condition.field);
    if !keeps_values {
        condition.values.clear();
    }
    if !tests.contains(&condition.test) {
        condition.test = tests.first().copied().unwrap_or(condition.test);
    }
}

fn chosen(
    draft: RwSignal<RuleDraft>,
    at: usize,
    problem: Signal<Option<String>>,
    known: Known,
) -> AnyView {
    let row = Memo::new(move |_| draft.with(|draft| read(draft, at).cloned()));
    let name = Memo::new(move |_| row.get().map(|row| row.field).unwrap_or_default());
    let asks = Memo::new(move |_| row.get().map_or(Test::Equals, |row| row.test));
    let tests = Signal::derive(move || {
        let mut tests = kind_of(&name.get()).tests();
        // What is stored may ask what is not offered.
        if !tests.contains(&asks.get()) {
            tests.push(asks.get());
        }
        tests
            .into_iter()
            .map(|test| Choice::new(test.name(), test.words()))
            .collect::<Vec<_>>()
    });
    let test = Bound::new(
        Memo::new(move |_| asks.get().name().to_owned()),
        Callback::new(move |chosen: String| {
            change(draft, at, |condition| {
                let mut all = shared::desk::rule::TESTS.into_iter();
                let found = all.find(|(name, _)| *name == chosen);
                condition.test = found.map_or(condition.test, |(_, test)| test);
            });
        }),
    );
    let value = Bound::new(
        Memo::new(move |_| row.get().map(|row| row.value()).unwrap_or_default()),
        Callback::new(move |text: String| {
            change(draft, at, |condition| {
                condition.values = Some(text)
                    .filter(|text| !text.is_empty())
                    .into_iter()
                    .collect();
            });
        }),
    );
    let values = Bound::new(
        Memo::new(move |_| row.get().map(|row| row.values).unwrap_or_default()),
        Callback::new(move |values: Vec<String>| {
            change(draft, at, |condition| condition.values = values);
        }),
    );
    let control = Memo::new(move |_| {
        let test = asks.get();
        let kind = kind_of(&name.get());
        (test.takes_value()).then(|| (test.takes_list(), Control::of(kind, test)))
    });
    let choose = Callback::new(move |name: String| {
        change(draft, at, |condition| ask_of(condition, &name));
    });
    view! {
        {field_chooser(name, choose, |_| true, known)}
        <SelectField label="Condition" value=test choices=tests />
        {move || match control.get() {
            None => ().into_any(),
            Some((true, control)) => {
                view! { <ListField value=values control=control error=problem known=known /> }.into_any()
            }
            Some((false, control)) => {
                view! { <ValueField value=value control=control error=problem known=known /> }.into_any()
            }
        }}
    }
    .into_any()
}

/// Chooses a field of tickets, or names a custom one.
pub(super) fn field_chooser(
    name: Memo<String>,
    choose: Callback<String>,
    is_offered: fn(&shared::desk::rule::RuleField) -> bool,
    known: Known,
) -> AnyView {
    let is_own = Memo::new(move |_| name.with(|name| is_custom(name)));
    let value = Bound::new(
        Memo::new(move |_| {
            if is_own.get() {
                CUSTOM.to_owned()
            } else {
                name.get()
            }
        }),
        choose,
    );
    let choices = fields()
        .into_iter()
        .filter(is_offered)
        .map(|field| Choice::new(field.name, field.label))
        .chain([Choice::new(CUSTOM, "A custom field…")])
        .collect::<Vec<_>>();
    let own = Bound::new(
        Memo::new(move |_| name.get()),
        Callback::new(move |typed: String| {
            let typed = typed.trim();
            // Custom fields are known by names that begin so.
            choose.run(if is_custom(typed) {
                typed.to_owned()
            } else {
                format!("{CUSTOM}{typed}")
            });
        }),
    );
    let names = Signal::derive(move || known.custom.value().unwrap_or_default());
    view! {
        <SelectField label="Field" value=value choices=Signal::stored(choices) />
        <Show when=move || is_own.get()>
            <Combobox label="Custom field" value=own choices=names free=true code=true />
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_field_keeps_what_it_can_be_asked() {
        for (from, test, to, expected, keeps) in [
            ("summary", Test::Contains, "details", Test::Contains, true),
            (
                "summary",
                Test::Contains,
                "status_id",
                Test::Contains,
                false,
            ),
            (
                "summary",
                Test::Contains,
                "dateoccurred",
                Test::Equals,
                false,
            ),
            (
                "status_id",
                Test::ChangedTo,
                "priority_id",
                Test::ChangedTo,
                false,
            ),
            (
                "CFRegion",
                Test::StartsWith,
                "CFFloor",
                Test::StartsWith,
                true,
            ),
        ] {
            let mut condition = Condition::new(from, test, "1");
            ask_of(&mut condition, to);
            assert_eq!(
                (condition.field.as_str(), condition.test),
                (to, expected),
                "{from}"
            );
            assert_eq!(!condition.values.is_empty(), keeps, "{from} {to}");
        }
    }
}
