//! A whole number, with its unit.

use super::{Field, invalid, note_id};
use crate::ui::{Bound, guard_unsaved, id::unique_id};
use leptos::prelude::*;

/// What stands in the number fields of a form and is no number. A form provides it, so that such a text is neither taken
/// for saved nor left behind when everything is put back.
#[derive(Debug, Clone, Copy)]
pub struct Unread {
    count: RwSignal<usize>,
    /// Counts how often everything was put back.
    back: RwSignal<u32>,
}

impl Unread {
    /// For the number fields below the calling component.
    pub fn provide() -> Self {
        let unread = Self {
            count: RwSignal::new(0),
            back: RwSignal::new(0),
        };
        provide_context(unread);
        unread
    }

    /// Whether a field holds what is no number; tracked.
    pub fn any(self) -> bool {
        0 < self.count.get()
    }

    /// Shows in each field what it held before.
    pub fn put_back(self) {
        self.back.update(|back| *back += 1);
    }

    fn register(self, refused: RwSignal<Option<String>>, forget: impl Fn() + 'static) {
        let counted = ArcStoredValue::new(false);
        let own = counted.clone();
        Effect::new(move |_| {
            let now = refused.with(Option::is_some);
            if now != own.get_value() {
                own.set_value(now);
                self.count.update(|count| {
                    *count = if now {
                        *count + 1
                    } else {
                        count.saturating_sub(1)
                    }
                });
            }
        });
        Effect::new(move |before: Option<u32>| {
            let back = self.back.get();
            if before.is_some_and(|before| before != back) {
                forget();
            }
            back
        });
        on_cleanup(move || {
            if counted.get_value() {
                self.count
                    .try_update(|count| *count = count.saturating_sub(1));
            }
        });
    }
}

/// What typed text means as a number between `min` and `max`; nothing typed is no number.
fn read_number(text: &str, min: u64, max: u64) -> Result<Option<u64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<u64>() {
        Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
        _ => Err(format!("Type a whole number from {min} to {max}.")),
    }
}

/// A field for a whole number. What cannot be read stays as typed, with an error, and changes nothing.
#[component]
pub fn NumberField(
    #[prop(into)] label: String,
    #[prop(into)] value: Bound<Option<u64>>,
    #[prop(optional)] min: u64,
    #[prop(default = u64::from(u32::MAX))] max: u64,
    /// What is counted, as "ms"; stands behind the number.
    #[prop(optional, into)]
    unit: Option<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    /// What holds when nothing is typed, shown in grey.
    #[prop(optional, into)]
    example: Option<String>,
    /// Given when something else moves focus here.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("number"));
    let note = note_id(&id);
    let typed = RwSignal::new(
        value
            .peek()
            .map(|number| number.to_string())
            .unwrap_or_default(),
    );
    let refused = RwSignal::new(None::<String>);
    // A value that changes elsewhere (undo, another row) replaces what is typed; the same number in other words does not.
    Effect::new(move |_| {
        let value = value.get();
        if read_number(&typed.get_untracked(), min, max) != Ok(value)
            && refused.with_untracked(Option::is_none)
        {
            typed.set(value.map(|number| number.to_string()).unwrap_or_default());
        }
    });
    if let Some(unread) = use_context::<Unread>() {
        unread.register(refused, move || {
            refused.set(None);
            let number = value.peek().map(|number| number.to_string());
            typed.set(number.unwrap_or_default());
        });
    }
    // What was typed and cannot be saved as it stands is not to be lost silently either.
    guard_unsaved(Signal::derive(move || refused.with(Option::is_some)));
    let shown_error = Signal::derive(move || refused.get().or_else(|| error.get()));
    let change = move |event| {
        let text = event_target_value(&event);
        match read_number(&text, min, max) {
            Ok(number) => {
                refused.set(None);
                typed.set(text);
                value.set(number);
            }
            Err(sentence) => {
                refused.set(Some(sentence));
                typed.set(text);
            }
        }
    };
    view! {
        <Field label=label id=id.clone() hint=hint error=shown_error optional=optional>
            <span class="input-group">
                <input
                    class="input input-number numeric"
                    id=id
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    placeholder=example
                    aria-describedby=note
                    aria-invalid=invalid(shown_error)
                    prop:value=move || typed.get()
                    on:input=change
                />
                {unit.map(|unit| view! { <span class="input-unit">{unit}</span> })}
            </span>
        </Field>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::read_number;

    #[test]
    fn only_whole_numbers_in_range_are_taken() {
        let cases = [
            ("", Ok(None)),
            (" 30 ", Ok(Some(30))),
            ("1", Ok(Some(1))),
            ("100", Ok(Some(100))),
            ("0", Err(())),
            ("101", Err(())),
            ("-1", Err(())),
            ("1.5", Err(())),
            ("1e3", Err(())),
        ];
        for (text, expected) in cases {
            assert_eq!(
                read_number(text, 1, 100).map_err(|_| ()),
                expected,
                "{text:?}"
            );
        }
    }
}
