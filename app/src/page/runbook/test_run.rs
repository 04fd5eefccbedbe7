//! Running the draft once, with values one types.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::StartRequest;
use shared::model::{Input, RawJson, Runbook, VariableType};

use crate::client;
use crate::editing::Editing;
use crate::route::Route;
use crate::ui::{Button, ButtonKind, Dialog, Notice, TextField, Tone};

#[component]
pub(super) fn TestRun(open: RwSignal<bool>, editing: Editing<Runbook>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let typed = RwSignal::new(Vec::<(Input, RwSignal<String>)>::new());
    Effect::new(move |_| {
        if open.get() {
            error.set(None);
            let inputs = editing
                .draft
                .with_untracked(|draft| draft.start.inputs.clone());
            typed.set(
                inputs
                    .into_iter()
                    .map(|input| (input, RwSignal::new(String::new())))
                    .collect(),
            );
        }
    });
    let start = move |()| {
        let mut request = StartRequest {
            draft: true,
            ..StartRequest::default()
        };
        for (input, text) in typed.get_untracked() {
            let text = text.get_untracked();
            if !text.is_empty() {
                request
                    .variables
                    .insert(input.name.clone(), read(&input, &text));
            }
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let id = editing.draft.with_untracked(|draft| draft.id.clone());
            let answer = client::start_runbook(&id, &request).await;
            busy.set(false);
            match answer {
                Ok(answer) => {
                    open.set(false);
                    crate::ui::unsaved::go(Route::Run(answer.run_id.to_string()));
                }
                Err(fault) => error.set(Some(fault.to_string())),
            }
        });
    };
    let fields = move || {
        typed
            .get()
            .into_iter()
            .map(|(input, text)| {
                let hint = hint(&input);
                view! { <TextField label=input.name value=text hint=Some(hint) optional=!input.required /> }
            })
            .collect_view()
    };
    let unsaved = editing.dirty();
    view! {
        <Dialog title="Run a test" open=open>
            <p class="muted">"Runs the saved draft once, for real: its requests are sent, and the desk is changed."</p>
            <Show when=move || unsaved.get()>
                <Notice tone=Tone::Warning>"There are unsaved changes. Save first, or the test runs without them."</Notice>
            </Show>
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    start(());
                }
            >
                {fields}
                {move || error.get().map(|text| view! { <div role="alert"><Notice tone=Tone::Bad>{text}</Notice></div> })}
                <div class="dialog-actions">
                    <Button on_press=move |()| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary busy=busy submit=true>"Run the draft"</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

fn hint(input: &Input) -> String {
    match input.variable_type {
        VariableType::String => "Text".to_owned(),
        VariableType::Integer => "A whole number".to_owned(),
        VariableType::Decimal => "A number".to_owned(),
        VariableType::Boolean => "true or false".to_owned(),
        VariableType::DateTime => "Such as 2026-01-31T09:00:00Z".to_owned(),
        VariableType::Object => "A JSON object".to_owned(),
        VariableType::Array => "A JSON array".to_owned(),
    }
}

/// Text for a text, JSON for anything else; what is no JSON goes as text, and the server says what is wrong with it.
fn read(input: &Input, text: &str) -> RawJson {
    match input.variable_type {
        VariableType::String | VariableType::DateTime => RawJson::of_text(text),
        _ => RawJson::parse(text).unwrap_or_else(|_| RawJson::of_text(text)),
    }
}
