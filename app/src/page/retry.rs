//! How a request is sent again after a failure: on a method, and on a step that overrides it.

use leptos::prelude::*;
use shared::model::{Retry, RetryKind};

use crate::ui::field::Choice;
use crate::ui::{Bound, NumberField, SelectField, TextField};

/// The fields. `unset` is what holds where nothing is chosen, in words; where that is the same as trying once, "none" is
/// not offered beside it.
#[component]
pub fn RetryFields(
    value: Bound<Option<Retry>>,
    #[prop(into)] unset: String,
    /// Whether something else is overridden.
    overrides: bool,
) -> impl IntoView {
    let kind = value.part(
        |retry| word(retry.as_ref().map(|retry| retry.kind)).to_owned(),
        |retry, word: String| {
            *retry = kind_of(&word).map(|kind| Retry {
                kind,
                ..retry.take().unwrap_or_default()
            });
        },
    );
    let mut choices = vec![Choice::new("", unset)];
    if overrides {
        choices.push(Choice::new("none", "Do not try again"));
    }
    choices.push(Choice::new(
        "exponential",
        "Try again, waiting longer each time",
    ));
    choices.push(Choice::new("fixed", "Try again after the same wait"));
    let tries_again = Memo::new(move |_| matches!(kind.get().as_str(), "fixed" | "exponential"));
    let grows = Memo::new(move |_| kind.get() == "exponential");
    let count = number(
        value,
        |retry| u32::from(retry.count),
        |retry, count| {
            retry.count = u8::try_from(count).unwrap_or(Retry::MOST);
        },
    );
    let first = number(
        value,
        |retry| retry.first_ms,
        |retry, ms| retry.first_ms = ms,
    );
    let longest = number(value, |retry| retry.max_ms, |retry, ms| retry.max_ms = ms);
    view! {
        <div class="stack">
            <SelectField
                label="When it fails"
                value=kind
                choices=Signal::stored(choices)
                hint=Some("Only what may be sent twice is sent again. A longer wait that the service asks for is kept.".to_owned())
            />
            <Show when=move || tries_again.get()>
                <NumberField label="Tries after the first" value=count min=1 max=u64::from(Retry::MOST) />
                <NumberField
                    label=if grows.get_untracked() { "First wait, at most" } else { "Wait" }
                    value=first
                    max=3_600_000
                    unit="ms"
                />
                <Show when=move || grows.get()>
                    <NumberField label="Longest wait" value=longest max=3_600_000 unit="ms" />
                </Show>
                <Statuses value=value />
            </Show>
        </div>
    }
    .into_any()
}

/// The statuses, as a list that is typed.
#[component]
fn Statuses(value: Bound<Option<Retry>>) -> impl IntoView {
    let typed = RwSignal::new(
        value
            .peek()
            .and_then(|retry| retry.statuses)
            .map_or_else(String::new, |statuses| print(&statuses)),
    );
    let error = RwSignal::new(None::<String>);
    let bound = Bound::new(
        typed,
        Callback::new(move |text: String| {
            match read(&text) {
                Ok(statuses) => {
                    error.set(None);
                    value.update(|retry| {
                        if let Some(retry) = retry {
                            retry.statuses.clone_from(&statuses);
                        }
                    });
                }
                Err(sentence) => error.set(Some(sentence)),
            }
            typed.set(text);
        }),
    );
    view! {
        <TextField
            label="After these statuses"
            value=bound
            error=error
            optional=true
            example=print(&Retry::STATUSES)
            hint=Some("Where nothing is set, those shown in grey. No answer counts as well.".to_owned())
        />
    }
    .into_any()
}

fn number(
    value: Bound<Option<Retry>>,
    get: fn(&Retry) -> u32,
    set: fn(&mut Retry, u32),
) -> Bound<Option<u64>> {
    value.part(
        move |retry| retry.as_ref().map(|retry| u64::from(get(retry))),
        move |retry, number: Option<u64>| {
            if let (Some(retry), Some(number)) = (retry, number) {
                set(retry, u32::try_from(number).unwrap_or(u32::MAX));
            }
        },
    )
}

fn word(kind: Option<RetryKind>) -> &'static str {
    match kind {
        None => "",
        Some(RetryKind::None) => "none",
        Some(RetryKind::Fixed) => "fixed",
        Some(RetryKind::Exponential) => "exponential",
    }
}

fn kind_of(word: &str) -> Option<RetryKind> {
    match word {
        "none" => Some(RetryKind::None),
        "fixed" => Some(RetryKind::Fixed),
        "exponential" => Some(RetryKind::Exponential),
        _ => None,
    }
}

fn print(statuses: &[u16]) -> String {
    let all: Vec<String> = statuses.iter().map(ToString::to_string).collect();
    all.join(", ")
}

/// A list of statuses; `None` where nothing is typed.
fn read(text: &str) -> Result<Option<Vec<u16>>, String> {
    let words = text.split([',', ' ', ';']).filter(|word| !word.is_empty());
    let statuses: Vec<u16> = words
        .map(|word| {
            word.parse()
                .ok()
                .filter(|status| (300..600).contains(status))
                .ok_or_else(|| {
                    format!("`{word}` is no status after which to try again: list numbers from 300 to 599, such as 503.")
                })
        })
        .collect::<Result<_, _>>()?;
    Ok((!statuses.is_empty()).then_some(statuses))
}

#[cfg(test)]
mod tests {
    use super::{print, read};

    #[test]
    fn a_list_of_statuses_is_read_as_people_write_it() {
        for (text, statuses) in [
            ("", Ok(None)),
            (" , ", Ok(None)),
            ("503", Ok(Some(vec![503]))),
            ("429, 503;504 500", Ok(Some(vec![429, 503, 504, 500]))),
            ("200", Err(())),
            ("5xx", Err(())),
        ] {
            assert_eq!(read(text).map_err(|_| ()), statuses, "{text}");
        }
        assert_eq!(print(&[429, 503]), "429, 503");
    }
}
