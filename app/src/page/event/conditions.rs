//! The conditions of a trigger: a field, and what is asked of it before and after the change.

use leptos::prelude::*;
use shared::condition::{Operator, Term, When};
use shared::event::{FieldTest, Test, fields, names_in};
use shared::model::EventKind;

use super::by_hand::by_hand;
use crate::browser::{focus_last, without_row};
use crate::chart::operator_name;
use crate::page::conditions::OPERATORS;
use crate::page::desk_names::NameField;
use crate::ui::field::{Choice, Segments};
use crate::ui::{Bound, Button, Icon, IconButton, SelectField};

const ROWS: &str = ".event-condition";
const ADD: &str = "add-event-condition";

/// In the place of a field: the value is written by hand.
const BY_HAND: &str = "by_hand";
const CHANGED: &str = "changed";
const IS: &str = "is ";
const WAS: &str = "was ";

/// Conditions as they are edited, and the event at which they are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Conditioned {
    pub when: Bound<When>,
    pub event: Signal<EventKind>,
}

impl Conditioned {
    pub(super) fn term(self, at: usize) -> Option<Term> {
        terms(&self.when.get()).get(at).cloned()
    }

    pub(super) fn replace(self, at: usize, term: Term) {
        self.when.update(|when| {
            if let Some(place) = terms_mut(when).get_mut(at) {
                *place = term;
            }
        });
    }

    /// What a condition is read as; nothing where it was written by hand.
    fn test(self, at: usize) -> Option<FieldTest> {
        FieldTest::of(&self.term(at)?, self.event.get().record())
    }

    fn write(self, at: usize, test: &FieldTest) {
        if let Some(term) = test.term() {
            self.replace(at, term);
        }
    }
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

/// Keeps the rows.
fn set_any(when: &mut When, any: bool) {
    let terms = std::mem::take(terms_mut(when));
    *when = if any {
        When::Any(terms)
    } else {
        When::All(terms)
    };
}

/// `none` says what holds without a condition.
#[component]
pub fn Conditions(of: Conditioned, none: &'static str) -> impl IntoView {
    let count = Memo::new(move |_| terms(&of.when.get()).len());
    // Rows are made anew when one of them goes, because each remembers how it is edited.
    let generation = RwSignal::new(0_u32);
    let any = of.when.part(
        |when| {
            let word = if matches!(when, When::Any(_)) {
                "any"
            } else {
                "all"
            };
            word.to_owned()
        },
        |when, chosen| set_any(when, chosen == "any"),
    );
    let add = move |()| {
        let first = fresh(of.event.get_untracked());
        of.when.update(|when| terms_mut(when).extend(first));
        focus_last(ROWS);
    };
    let rows = move || {
        let generation = generation.get();
        (0..count.get()).map(move |at| (generation, at))
    };
    view! {
        <div class="stack stack-small" role="group" aria-label="Conditions">
            <Show when=move || 1 < count.get()>
                <Segments
                    label="Starts when"
                    value=any
                    choices=vec![Choice::new("all", "All conditions hold"), Choice::new("any", "Any condition holds")]
                />
            </Show>
            <For each=rows key=|place| *place let:place>
                {row(of, place.1, generation)}
            </For>
            <Show when=move || count.get() == 0>
                <p class="muted">{none}</p>
            </Show>
            <div>
                <Button small=true icon=Icon::Plus id=ADD on_press=add>"Add a condition"</Button>
            </div>
        </div>
    }
    .into_any()
}

/// What a new condition begins with: the first field, which changed where that can be.
fn fresh(event: EventKind) -> Option<Term> {
    let field = fields(event).into_iter().next()?;
    let path = field.path;
    FieldTest {
        test: first_test(event, &path),
        path,
    }
    .term()
}

/// Whether an event has a former value of a field.
fn has_before(event: EventKind, path: &str) -> bool {
    event.has_before() && !path.starts_with("action^") && !path.starts_with("sla^")
}

fn first_test(event: EventKind, path: &str) -> Test {
    if event.is_change() && has_before(event, path) {
        Test::Changed {
            from: String::new(),
            to: String::new(),
        }
    } else {
        Test::Is {
            op: Operator::Equals,
            value: String::new(),
        }
    }
}

fn row(of: Conditioned, at: usize, generation: RwSignal<u32>) -> AnyView {
    let begins = untrack(|| of.test(at).is_none());
    // What is being written by hand may for a moment look like something that was chosen.
    let is_chosen_so = RwSignal::new(begins);
    let is_by_hand = Memo::new(move |_| is_chosen_so.get() || of.test(at).is_none());
    let remove = move |()| {
        without_row(ROWS, ADD, || {
            of.when.update(|when| {
                if at < terms(when).len() {
                    terms_mut(when).remove(at);
                }
            });
            generation.update(|generation| *generation += 1);
        });
    };
    view! {
        <div class="event-condition">
            {field(of, at, is_chosen_so, is_by_hand)}
            <Show when=move || !is_by_hand.get()>{chosen(of, at)}</Show>
            <Show when=move || is_by_hand.get()>{by_hand(of, at)}</Show>
            <IconButton icon=Icon::Trash label="Delete this condition" on_press=remove />
        </div>
    }
    .into_any()
}

fn field(
    of: Conditioned,
    at: usize,
    is_chosen_so: RwSignal<bool>,
    is_by_hand: Memo<bool>,
) -> AnyView {
    let choices = Signal::derive(move || {
        fields(of.event.get())
            .into_iter()
            .map(|field| Choice::new(field.path, field.label))
            .chain([Choice::new(BY_HAND, "Written by hand…")])
            .collect::<Vec<_>>()
    });
    let value = Bound::new(
        Memo::new(move |_| {
            if is_by_hand.get() {
                return BY_HAND.to_owned();
            }
            of.test(at).map(|test| test.path).unwrap_or_default()
        }),
        Callback::new(move |path: String| {
            is_chosen_so.set(path == BY_HAND);
            if path == BY_HAND {
                return;
            }
            let (event, known) = untrack(|| (of.event.get(), of.test(at)));
            let test = known.map(|known| known.test);
            let keeps = |test: &Test| matches!(test, Test::Is { .. }) || has_before(event, &path);
            let test = test
                .filter(keeps)
                .unwrap_or_else(|| first_test(event, &path));
            of.write(at, &FieldTest { path, test });
        }),
    );
    view! { <SelectField label="Field" value=value choices=choices /> }.into_any()
}

fn chosen(of: Conditioned, at: usize) -> AnyView {
    let test = Memo::new(move |_| of.test(at));
    let choices = Signal::derive(move || {
        let event = of.event.get();
        let path = test.get().map(|test| test.path).unwrap_or_default();
        questions(event, &path)
    });
    let question = Bound::new(
        Memo::new(move |_| {
            test.get()
                .map(|test| name_of(&test.test))
                .unwrap_or_default()
        }),
        Callback::new(move |name: String| {
            if let Some(mut known) = test.get_untracked() {
                known.test = renamed(&known.test, &name);
                of.write(at, &known);
            }
        }),
    );
    let part = move |get: fn(&Test) -> String, set: fn(&mut Test, String)| {
        Bound::new(
            Memo::new(move |_| test.get().map(|test| get(&test.test)).unwrap_or_default()),
            Callback::new(move |text: String| {
                if let Some(mut known) = test.get_untracked() {
                    set(&mut known.test, text);
                    of.write(at, &known);
                }
            }),
        )
    };
    let from = part(
        |test| match test {
            Test::Changed { from, .. } => from.clone(),
            _ => String::new(),
        },
        |test, text| {
            if let Test::Changed { from, .. } = test {
                *from = text;
            }
        },
    );
    let to = part(
        |test| match test {
            Test::Changed { to, .. } => to.clone(),
            _ => String::new(),
        },
        |test, text| {
            if let Test::Changed { to, .. } = test {
                *to = text;
            }
        },
    );
    let value = part(
        |test| match test {
            Test::Is { value, .. } | Test::Was { value, .. } => value.clone(),
            Test::Changed { .. } => String::new(),
        },
        |test, text| {
            if let Test::Is { value, .. } | Test::Was { value, .. } = test {
                *value = text;
            }
        },
    );
    // Names of the desk are offered where the field holds one.
    let named = Memo::new(move |_| test.get().and_then(|test| names_in(&test.path)));
    let is_change = Memo::new(move |_| {
        test.get()
            .is_some_and(|test| matches!(test.test, Test::Changed { .. }))
    });
    let in_part = Memo::new(move |_| {
        test.get().is_some_and(|test| match test.test {
            Test::Is { op, .. } | Test::Was { op, .. } => {
                !matches!(op, Operator::Equals | Operator::NotEquals)
            }
            Test::Changed { .. } => false,
        })
    });
    let takes_value = Memo::new(move |_| {
        test.get().is_some_and(|test| match test.test {
            Test::Is { op, .. } | Test::Was { op, .. } => op.takes_right(),
            Test::Changed { .. } => false,
        })
    });
    view! {
        <SelectField label="Condition" value=question choices=choices />
        <Show when=move || is_change.get()>
            <NameField label="From" value=from of=named empty="any value" />
            <NameField label="To" value=to of=named empty="any value" />
        </Show>
        <Show when=move || takes_value.get()>
            <NameField label="Value" value=value of=named in_part=in_part />
        </Show>
    }
    .into_any()
}

/// What can be asked of a field.
fn questions(event: EventKind, path: &str) -> Vec<Choice> {
    let mut choices = Vec::new();
    let has_before = has_before(event, path);
    if event.is_change() && has_before {
        choices.push(Choice::new(CHANGED, "changed"));
    }
    let of = |prefix: &str, words: &str| {
        OPERATORS.map(|op| {
            let name = operator_name(op);
            Choice::new(format!("{prefix}{name}"), format!("{words}{name}"))
        })
    };
    choices.extend(of(IS, ""));
    if has_before {
        choices.extend(of(WAS, "before: "));
    }
    choices
}

fn name_of(test: &Test) -> String {
    match test {
        Test::Changed { .. } => CHANGED.to_owned(),
        Test::Is { op, .. } => format!("{IS}{}", operator_name(*op)),
        Test::Was { op, .. } => format!("{WAS}{}", operator_name(*op)),
    }
}

/// Another question with the same value.
fn renamed(test: &Test, name: &str) -> Test {
    let value = match test {
        Test::Is { value, .. } | Test::Was { value, .. } => value.clone(),
        Test::Changed { to, .. } => to.clone(),
    };
    let operator = |name: &str| {
        let mut operators = OPERATORS.into_iter();
        operators.find(|op| operator_name(*op) == name)
    };
    if let Some(op) = name.strip_prefix(IS).and_then(operator) {
        return Test::Is { op, value };
    }
    if let Some(op) = name.strip_prefix(WAS).and_then(operator) {
        return Test::Was { op, value };
    }
    match test {
        Test::Changed { .. } => test.clone(),
        Test::Is { .. } | Test::Was { .. } => Test::Changed {
            from: String::new(),
            to: value,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_and_any_keep_their_rows() {
        let mut when = When::All(fresh(EventKind::TicketUpdated).into_iter().collect());
        let before = when.clone();
        set_any(&mut when, true);
        assert!(matches!(when, When::Any(_)) && terms(&when) == terms(&before));
        set_any(&mut when, false);
        assert_eq!(when, before);
    }

    #[test]
    fn every_question_is_read_again_by_its_name() {
        let changed = Test::Changed {
            from: "New".to_owned(),
            to: "Closed".to_owned(),
        };
        for choice in questions(EventKind::TicketUpdated, "ticket^summary") {
            let asked = renamed(&changed, &choice.value);
            assert_eq!(name_of(&asked), choice.value);
        }
        let is = Test::Is {
            op: Operator::Equals,
            value: "Closed".to_owned(),
        };
        let to = renamed(&is, CHANGED);
        assert!(matches!(to, Test::Changed { to, .. } if to == "Closed"));
    }

    #[test]
    fn only_what_was_there_before_can_be_asked_for_it() {
        let names = |event, path| -> Vec<String> {
            let questions = questions(event, path).into_iter();
            questions.map(|choice| choice.value).collect()
        };
        let all = names(EventKind::TicketUpdated, "ticket^summary");
        assert!(all.iter().any(|name| name == CHANGED));
        assert!(all.iter().any(|name| name.starts_with(WAS)));
        let deleted = names(EventKind::ClientDeleted, "client^name");
        assert!(!deleted.iter().any(|name| name == CHANGED));
        assert!(deleted.iter().any(|name| name.starts_with(WAS)));
        for (event, path) in [
            (EventKind::NewTicketLogged, "ticket^summary"),
            (EventKind::ActionAdded, "action^outcome"),
            (EventKind::TicketDeadline, "sla^goal"),
        ] {
            let names = names(event, path);
            assert!(names.iter().all(|name| name.starts_with(IS)), "{names:?}");
        }
    }

    #[test]
    fn a_new_condition_is_one_that_can_be_chosen() {
        for event in EventKind::all() {
            let term = fresh(event).unwrap();
            assert!(FieldTest::of(&term, event.record()).is_some(), "{event:?}");
        }
    }
}
