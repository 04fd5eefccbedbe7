//! A moment, in the words of this browser's time zone.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use super::Field;
use crate::ui::Bound;
use crate::ui::clock::parse_instant;

/// How a field of type `datetime-local` writes a moment.
fn local(text: &str) -> String {
    let Some(at) = parse_instant(text) else {
        return String::new();
    };
    #[expect(
        clippy::cast_precision_loss,
        reason = "a date is below 2^53 milliseconds"
    )]
    let date = js_sys::Date::new(&JsValue::from_f64(at as f64));
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// What was typed, as ISO 8601 in UTC; empty for none.
fn kept(typed: &str) -> String {
    let date = js_sys::Date::new(&typed.into());
    if typed.is_empty() || date.get_time().is_nan() {
        return String::new();
    }
    date.to_iso_string().into()
}

/// A field for a date and time; the value is ISO 8601.
#[component]
pub fn InstantField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    value: Bound<String>,
    #[prop(optional, into)] hint: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let note = format!("{id}-note");
    view! {
        <Field label=label id=id.clone() hint=hint error=error optional=optional>
            <input
                class="input"
                id=id
                type="datetime-local"
                aria-describedby=note
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                prop:value=move || local(&value.get())
                on:change=move |event| value.set(kept(&event_target_value(&event)))
            />
        </Field>
    }
    .into_any()
}
