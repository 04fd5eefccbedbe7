//! What an output variable can have beside its path: default, type, mappings, marks.

use leptos::prelude::*;
use shared::json;
use shared::model::{Output, RawJson, VariableType};
use shared::trial::{Sample, find, read_sample};

use super::bench::Bench;
use crate::page::mappings::mappings;
use crate::ui::field::Choice;
use crate::ui::{Bound, Checkbox, SelectField, TextField};

const TYPES: [(&str, &str, VariableType); 7] = [
    ("string", "Text", VariableType::String),
    ("integer", "Whole number", VariableType::Integer),
    ("decimal", "Number", VariableType::Decimal),
    ("boolean", "True or false", VariableType::Boolean),
    ("date-time", "Date and time", VariableType::DateTime),
    ("object", "Object", VariableType::Object),
    ("array", "Array", VariableType::Array),
];

/// One member of the output variable at that place.
fn member<T: Clone + PartialEq + Send + Sync + 'static>(
    bench: Bench,
    at: usize,
    empty: T,
    read: fn(&Output) -> T,
    write: fn(&mut Output, T),
) -> Bound<T> {
    let draft = bench.editing.draft;
    Bound::new(
        Memo::new(move |_| {
            draft.with(|draft| draft.outputs.get(at).map_or_else(|| empty.clone(), read))
        }),
        Callback::new(move |value: T| {
            draft.update(|draft| {
                if let Some(output) = draft.outputs.get_mut(at) {
                    write(output, value);
                }
            });
        }),
    )
}

pub(super) fn more(bench: Bench, at: usize) -> AnyView {
    let kind = member(
        bench,
        at,
        String::new(),
        |output| {
            TYPES
                .iter()
                .find(|(_, _, kind)| Some(*kind) == output.variable_type)
                .map_or("any", |(name, _, _)| name)
                .to_owned()
        },
        |output, chosen| {
            let found = TYPES.iter().find(|(name, _, _)| *name == chosen);
            output.variable_type = found.map(|(_, _, kind)| *kind);
        },
    );
    let mut kinds = vec![Choice::new("any", "Any")];
    kinds.extend(
        TYPES
            .iter()
            .map(|(name, label, _)| Choice::new(*name, *label)),
    );
    let table = member(
        bench,
        at,
        Vec::new(),
        |output| output.mappings.clone(),
        |output, table| output.mappings = table,
    );
    let array = member(
        bench,
        at,
        false,
        |o| o.add_to_array,
        |o, on| o.add_to_array = on,
    );
    let secret = member(bench, at, false, |o| o.secret, |o, on| o.secret = on);
    view! {
        <div class="output-more stack">
            <div class="field-pair">
                {default_field(bench, at)}
                <SelectField label="Type" value=kind choices=Signal::stored(kinds) hint="A value of another type fails the step.".to_owned() />
            </div>
            <Checkbox label="Secret" value=secret hint="Masked wherever people read it, and never part of an answer." />
            <Checkbox label="Add to an array" value=array hint="Appends the value to what the variable holds, in place of replacing it." />
            {mappings(table)}
        </div>
    }
    .into_any()
}

/// How a default is shown: as it would be typed.
fn shown(default: &RawJson) -> String {
    let text = json::text(default.as_str()).into_owned();
    match read_sample(&text) {
        Sample::Text(same, None) if same == text => text,
        _ => default.to_string(),
    }
}

fn default_field(bench: Bench, at: usize) -> AnyView {
    let default = member(
        bench,
        at,
        None,
        |output| output.default.clone(),
        |output, value| output.default = value,
    );
    let typed = RwSignal::new(default.peek().as_ref().map(shown).unwrap_or_default());
    // Another value (undone, or of another row) replaces what is typed; the same one in other words does not.
    Effect::new(move |_| {
        let now = default.get();
        if read_sample(&typed.get_untracked()).value() != now {
            typed.set(now.as_ref().map(shown).unwrap_or_default());
        }
    });
    let value = Bound::new(
        typed,
        Callback::new(move |text: String| {
            typed.set(text.clone());
            default.set(read_sample(&text).value());
        }),
    );
    let error = Signal::derive(move || {
        let output = bench
            .editing
            .draft
            .with(|draft| draft.outputs.get(at).cloned())?;
        let not_found = find(&output, None).err()?;
        (not_found.field == "default").then_some(not_found.message)
    });
    view! {
        <TextField
            label="Default"
            code=true
            optional=true
            value=value
            error=error
            hint="Used when the path finds nothing: JSON, or any text.".to_owned()
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_default_reads_back_as_it_is_shown() {
        for value in [
            json!("none"),
            json!("7"),
            json!(7),
            json!(null),
            json!({"a": [1]}),
            json!(""),
            json!("true"),
            json!(" x "),
        ] {
            let value = RawJson::from(value);
            assert_eq!(read_sample(&shown(&value)).value(), Some(value));
        }
    }
}
