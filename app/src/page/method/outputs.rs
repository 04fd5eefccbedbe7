//! The output variables: rows of name and path, each with what it finds.

use leptos::prelude::*;
use shared::model::Output;
use shared::output::OutputPath;
use shared::trial::output_name;

use super::bench::Bench;
use super::help::help;
use super::output_row::{name_id, row};
use crate::browser::focus;
use crate::ui::{Button, Icon, show_tab};

pub(super) fn outputs(bench: Bench) -> AnyView {
    let draft = bench.editing.draft;
    let count = Memo::new(move |_| draft.with(|draft| draft.outputs.len()));
    let add = move |()| {
        draft.update(|draft| {
            draft
                .outputs
                .push(output(String::new(), "response".to_owned()));
        });
        focus_last(bench);
    };
    let is_empty = Memo::new(move |_| count.get() == 0);
    view! {
        <div class="stack">
            <Show when=move || is_empty.get()>
                <p class="muted">
                    "An output variable keeps a part of the response for later steps of a runbook. Send a test and click a value in its result, or add one by hand."
                </p>
            </Show>
            <div class="outputs" role="group" aria-label="Output variables">
                <For each=move || 0..count.get() key=|at| *at let:at>
                    {row(bench, at)}
                </For>
            </div>
            <div class="row">
                <Button small=true icon=Icon::Plus id=ADD on_press=add>"Add output variable"</Button>
            </div>
            {help(bench)}
        </div>
    }
    .into_any()
}

/// The button that adds one: where the keyboard goes on once the last one is deleted.
pub(super) const ADD: &str = "add-output";

fn output(name: String, value: String) -> Output {
    Output {
        name,
        value,
        default: None,
        variable_type: None,
        mappings: Vec::new(),
        add_to_array: false,
        secret: false,
    }
}

/// Makes an output variable of a path, named after it, and shows it.
pub(super) fn make(bench: Bench, path: &OutputPath) {
    bench.editing.draft.update(|draft| {
        let name = output_name(
            path,
            draft.outputs.iter().map(|output| output.name.as_str()),
        );
        draft.outputs.push(output(name, path.to_string()));
    });
    show_tab("tab", "outputs");
    focus_last(bench);
}

fn focus_last(bench: Bench) {
    let last = bench
        .editing
        .draft
        .with_untracked(|draft| draft.outputs.len().saturating_sub(1));
    // The row is drawn only after this event is over, and the tab may still have to open.
    request_animation_frame(move || request_animation_frame(move || focus(&name_id(last))));
}
