//! The form of a record, for a new one and for one that is there.

use leptos::prelude::*;
use shared::desk::form::in_words;
use shared::desk::label;
use shared::desk::resource::FieldKind;

use super::fields::{all, control, line};
use super::form::Form;
use crate::editing::SaveTrouble;
use crate::ui::{Notice, Tone};

/// All fields of a record.
#[component]
pub(super) fn Editor(form: Form) -> impl IntoView {
    let commands = form
        .resource()
        .commands
        .iter()
        .filter(|command| form.id.is_none() && command.kind == FieldKind::Line)
        .map(|command| {
            let about = Some(in_words(command.about));
            line(form, command.name, label(command.name), about, None)
        })
        .collect_view();
    view! {
        <div class="stack">{all(form)} {commands}</div>
    }
    .into_any()
}

/// Why the last save did not work, where no field says it; and the question when somebody else was faster.
#[component]
pub(super) fn Trouble(form: Form) -> impl IntoView {
    let noun = form.section.noun;
    view! {
        <Show when=move || form.gone.get()>
            <div role="status">
                <Notice tone=Tone::Warning>
                    <strong>{format!("This {noun} was deleted elsewhere. ")}</strong>
                    "What stands here can still be copied, but not saved."
                </Notice>
            </div>
        </Show>
        <SaveTrouble
            fault=form.editing.fault
            on_overwrite=move |()| form.save_over()
            on_reload=move |()| form.reload()
        />
    }
    .into_any()
}

/// Leads to the first field.
pub(super) fn focus_first(form: Form) {
    let first = form.resource().fields.iter().find(|field| !field.computed);
    if let Some(field) = first {
        let id = control(field.name);
        request_animation_frame(move || crate::browser::focus(&id));
    }
}
