//! One output variable: its name, its path, and what that finds.

use leptos::prelude::*;
use shared::model::Output;
use shared::trial::{Finding, NotFound, find};

use super::bench::Bench;
use super::marked::marked;
use super::output_more::more;
use super::outputs::ADD;
use crate::browser::without_row;
use crate::ui::{
    Badge, Bound, Button, ButtonKind, Icon, IconButton, IconView, TextField, Tone, error_words,
};

/// Longer values are cut in the row.
const SHOWN_CHARACTERS: usize = 200;

/// The id of the field with a row's name.
pub(super) fn name_id(at: usize) -> String {
    format!("output-{at}-name")
}

fn path_id(at: usize) -> String {
    format!("output-{at}-path")
}

pub(super) fn row(bench: Bench, at: usize) -> AnyView {
    let draft = bench.editing.draft;
    let output = Memo::new(move |_| draft.with(|draft| draft.outputs.get(at).cloned()));
    let change = move |change: &dyn Fn(&mut Output)| {
        draft.update(|draft| {
            if let Some(output) = draft.outputs.get_mut(at) {
                change(output);
            }
        });
    };
    let name = Bound::new(
        Signal::derive(move || output.get().map(|output| output.name).unwrap_or_default()),
        Callback::new(move |typed: String| change(&|output| output.name.clone_from(&typed))),
    );
    let path = Bound::new(
        Signal::derive(move || output.get().map(|output| output.value).unwrap_or_default()),
        Callback::new(move |typed: String| change(&|output| output.value.clone_from(&typed))),
    );
    let found = Memo::new(move |_| {
        output.with(|output| {
            output.as_ref().map(|output| {
                bench
                    .response
                    .with(|response| find(output, response.as_ref()))
            })
        })
    });
    let name_error = Signal::derive(move || draft.with(|draft| name_error(&draft.outputs, at)));
    let is_wrong = Memo::new(move |_| matches!(found.get(), Some(Err(_))));
    let open = RwSignal::new(false);
    let remove = move |()| {
        without_row(".output", ADD, || {
            draft.update(|draft| {
                if at < draft.outputs.len() {
                    draft.outputs.remove(at);
                }
            });
        });
    };
    let outcome = move || match found.get() {
        Some(Ok(Some(finding))) => value(&finding),
        Some(Err(not_found)) => nothing(at, &not_found, path),
        Some(Ok(None)) | None => ().into_any(),
    };
    let number = at + 1;
    let more_label = Signal::derive(move || {
        let verb = if open.get() { "Less" } else { "More" };
        format!("{verb} of output variable {number}: default, type, secret")
    });
    view! {
        <div class="output" class:output-wrong=move || is_wrong.get()>
            <div class="output-line">
                <TextField label=format!("Name of output variable {number}") hide_label=true id=name_id(at) value=name error=name_error example="Name" />
                <TextField
                    label=format!("Path of output variable {number}")
                    hide_label=true
                    code=true
                    id=path_id(at)
                    value=path
                    example="response^name"
                />
                <IconButton
                    icon=Icon::Dots
                    label=more_label
                    pressed=Signal::from(open)
                    on_press=move |()| open.update(|open| *open = !*open)
                />
                <IconButton icon=Icon::Cross label=format!("Delete output variable {number}") on_press=remove />
            </div>
            <div class="output-outcome" aria-live="polite">{outcome}</div>
            <Show when=move || open.get()>{more(bench, at)}</Show>
        </div>
    }
    .into_any()
}

fn name_error(outputs: &[Output], at: usize) -> Option<String> {
    let output = outputs.get(at)?;
    if output.name.trim().is_empty() {
        let is_untouched = output.value == "response";
        return (!is_untouched).then(|| "Name it, so that later steps can use it.".to_owned());
    }
    let before = outputs.get(..at)?;
    let is_taken = before.iter().any(|other| other.name == output.name);
    (is_taken && !output.add_to_array)
        .then(|| "An output variable above has this name, and this one replaces it.".to_owned())
}

/// The value, cut where it is very long.
fn value(finding: &Finding) -> AnyView {
    let shown = match finding.shown.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", finding.shown.get(..end).unwrap_or_default()),
        None => finding.shown.clone(),
    };
    let kind = finding
        .kind
        .map(|kind| kind.to_string())
        .unwrap_or_default();
    let from_default = finding.is_default.then(|| {
        view! { <Badge tone=Tone::Neutral label="Default" icon=Icon::Info /> }
    });
    view! {
        <p class="output-value">
            <IconView icon=Icon::Check />
            <code>{if shown.is_empty() { "(empty text)".to_owned() } else { shown }}</code>
            {from_default}
            <span class="muted">{kind}</span>
        </p>
    }
    .into_any()
}

/// Why there is no value, and paths that would do.
fn nothing(at: usize, not_found: &NotFound, path: Bound<String>) -> AnyView {
    let instead = not_found
        .instead
        .iter()
        .map(|better| {
            let shown = better.clone();
            let better = better.clone();
            let take = move |()| {
                path.set(better.clone());
                crate::browser::focus(&path_id(at));
            };
            view! {
                <Button kind=ButtonKind::Secondary small=true icon=Icon::Edit on_press=take>
                    <span class="code">{shown}</span>
                </Button>
            }
        })
        .collect_view();
    let has_some = !not_found.instead.is_empty();
    let caret = not_found
        .at
        .as_ref()
        .map(|range| marked(&not_found.path, range));
    view! {
        {caret}
        <p class="field-error">
            <IconView icon=Icon::Warning />
            <span>{error_words(&not_found.message)}</span>
        </p>
        {has_some.then(|| view! { <div class="row row-wrap"><span class="muted">"Use"</span> {instead}</div> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_wanted_and_wanted_once() {
        let output = |name: &str, value: &str| {
            let text = format!(r#"{{"name": "{name}", "value": "{value}"}}"#);
            serde_json::from_str::<Output>(&text).unwrap()
        };
        let outputs = [
            output("A", "response^a"),
            output("A", "response^b"),
            output("", "response"),
            output(" ", "response^c"),
            output("B", "response^d"),
        ];
        let errors: Vec<bool> = (0..6)
            .map(|at| name_error(&outputs, at).is_some())
            .collect();
        assert_eq!(errors, [false, true, false, true, false, false]);
    }
}
