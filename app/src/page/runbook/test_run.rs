//! Running the draft once, with values one types.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::StartRequest;
use shared::model::{Input, RawJson, Runbook, VariableType};

use crate::browser::focus;
use crate::client;
use crate::editing::Editing;
use crate::route::Route;
use crate::ui::{Button, ButtonKind, Dialog, Notice, TextField, Tone, error_words};

/// An input variable as it is typed.
#[derive(Debug, Clone)]
struct Typed {
    input: Input,
    text: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Typed {
    fn of(input: Input) -> Self {
        Self {
            input,
            text: RwSignal::new(String::new()),
            error: RwSignal::new(None),
        }
    }
}

#[component]
pub(super) fn TestRun(open: RwSignal<bool>, editing: Editing<Runbook>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let typed = RwSignal::new(Vec::<Typed>::new());
    // The fields outlive the effect that makes them: it runs again as the dialog closes and opens, while they are drawn.
    let owner = Owner::current();
    Effect::new(move |_| {
        if open.get() {
            error.set(None);
            let inputs = editing
                .draft
                .with_untracked(|draft| draft.start.inputs.clone());
            let make = || inputs.into_iter().map(Typed::of).collect();
            typed.set(match &owner {
                Some(owner) => owner.with(make),
                None => make(),
            });
        }
    });
    let start = move |()| {
        let mut request = StartRequest {
            draft: true,
            ..StartRequest::default()
        };
        for Typed { input, text, error } in typed.get_untracked() {
            error.set(None);
            let text = text.get_untracked();
            if !text.is_empty() {
                request
                    .variables
                    .insert(input.name.clone(), read(&input, &text));
            }
        }
        busy.set(true);
        error.set(None);
        let id = editing.draft.with_untracked(|draft| draft.id.clone());
        spawn_local(async move {
            let answer = client::start_runbook(&id, &request).await;
            if busy.try_set(false).is_some() {
                return;
            }
            let fault = match answer {
                Ok(answer) => {
                    open.set(false);
                    crate::ui::unsaved::go(Route::Run(answer.run_id.to_string()));
                    return;
                }
                Err(fault) => fault,
            };
            let named = fault.field();
            let place = typed.with_untracked(|typed| {
                let mut typed = typed.iter();
                typed.position(|typed| named == Some(typed.input.name.as_str()))
            });
            let Some(place) = place else {
                error.set(Some(fault.to_string()));
                return;
            };
            typed.with_untracked(|typed| {
                if let Some(typed) = typed.get(place) {
                    typed.error.set(Some(fault.to_string()));
                }
            });
            request_animation_frame(move || focus(&field_id(place)));
        });
    };
    let fields = move || {
        let typed = typed.get().into_iter().enumerate();
        let field = |(place, Typed { input, text, error })| {
            let hint = hint(&input);
            view! {
                <TextField
                    id=field_id(place)
                    label=input.name
                    value=text
                    hint=hint
                    error=error
                    optional=!input.required
                />
            }
        };
        typed.map(field).collect_view()
    };
    let unsaved = editing.dirty();
    let refusal = move || {
        let text = error.get()?;
        Some(view! { <div role="alert"><Notice tone=Tone::Bad>{error_words(&text)}</Notice></div> })
    };
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
                {refusal}
                <div class="dialog-actions">
                    <Button on_press=move |()| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary busy=busy submit=true>"Run the draft"</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

fn field_id(place: usize) -> String {
    format!("test-variable-{place}")
}

/// What has to be typed, where that is more than a text.
fn hint(input: &Input) -> Option<String> {
    let words = match input.variable_type {
        VariableType::String => return None,
        VariableType::Integer => "A whole number, such as `7`.",
        VariableType::Decimal => "A number, such as `0.5`.",
        VariableType::Boolean => "Either `true` or `false`.",
        VariableType::DateTime => "A date and time, such as `2026-01-31T09:00:00Z`.",
        VariableType::Object => "A JSON object, such as `{\"id\": 7}`.",
        VariableType::Array => "A JSON array, such as `[1, 2]`.",
    };
    Some(words.to_owned())
}

/// Text for a text, JSON for anything else; what is no JSON goes as text, and the server says what is wrong with it.
fn read(input: &Input, text: &str) -> RawJson {
    match input.variable_type {
        VariableType::String | VariableType::DateTime => RawJson::of_text(text),
        _ => RawJson::parse(text).unwrap_or_else(|_| RawJson::of_text(text)),
    }
}
