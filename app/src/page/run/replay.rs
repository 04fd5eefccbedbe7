//! Running again what ran before, with other variables where one wants.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::Replay;
use shared::api::replay::{editable, edited, variables_before};
use shared::engine::{RunView, VariableView};
use shared::mask::MASK;
use shared::model::StepId;

use crate::client;
use crate::route::Route;
use crate::ui::unsaved::go;
use crate::ui::{Bound, Button, ButtonKind, CodeField, Dialog, Notice, Tone};

/// Where a replay begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    FromStart,
    FromStep { id: StepId, name: String },
}

/// A variable as it is edited.
#[derive(Debug, Clone)]
struct Edited {
    name: String,
    /// What it held: JSON text.
    value: String,
    typed: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Edited {
    fn of(variable: VariableView) -> Self {
        Self {
            typed: RwSignal::new(editable(&variable.value)),
            name: variable.name,
            value: variable.value,
            error: RwSignal::new(None),
        }
    }
}

/// Asks with which variables the run is replayed; open where `start` says from where.
#[component]
pub(super) fn ReplayDialog(run: Memo<RunView>, start: RwSignal<Option<Start>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(Start::FromStart);
    let fields = RwSignal::new(Vec::<Edited>::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    // The fields outlive the effect that makes them, which runs again at once.
    let owner = Owner::current();
    Effect::new(move |_| {
        let Some(from) = start.get() else { return };
        start.set(None);
        let step = match &from {
            Start::FromStart => None,
            Start::FromStep { id, .. } => Some(id),
        };
        let variables = run.with_untracked(|run| variables_before(run, step));
        let make = || variables.into_iter().map(Edited::of).collect();
        fields.set(match &owner {
            Some(owner) => owner.with(make),
            None => make(),
        });
        chosen.set(from);
        error.set(None);
        open.set(true);
    });
    let title = Signal::derive(move || match chosen.get() {
        Start::FromStart => "Replay from the start".to_owned(),
        Start::FromStep { name, .. } => format!("Replay from “{name}”"),
    });
    let replay = move || {
        let Some(variables) = read(&fields.get_untracked()) else {
            return;
        };
        let from_step = match chosen.get_untracked() {
            Start::FromStart => None,
            Start::FromStep { id, .. } => Some(id),
        };
        let request = Replay {
            from_step,
            variables,
        };
        let id = run.with_untracked(|run| run.summary.run_id.clone());
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = client::replay_run(&id, &request).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(answer) => {
                    open.set(false);
                    go(Route::Run(answer.run_id.to_string()));
                }
                Err(fault) => error.set(Some(fault.to_string())),
            }
        });
    };
    let rows = move || fields.get().into_iter().map(field).collect_view();
    view! {
        <Dialog title=title open=open wide=true>
            <p class="muted">
                "A new run is started, by the version that is published now. What this run did stays done, and is done once more."
            </p>
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    replay();
                }
            >
                <Show when=move || fields.with(Vec::is_empty)>
                    <p>"There are no variables to change."</p>
                </Show>
                {rows}
                {move || error.get().map(|text| view! { <div role="alert"><Notice tone=Tone::Bad>{text}</Notice></div> })}
                <div class="dialog-actions">
                    <Button on_press=move |()| open.set(false)>"Cancel"</Button>
                    <Button kind=ButtonKind::Primary busy=busy submit=true>"Replay"</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

fn field(edited: Edited) -> AnyView {
    let hint = edited
        .value
        .contains(MASK)
        .then(|| "It holds a secret. Left empty, it keeps what it holds.".to_owned());
    let rows = if edited.typed.with_untracked(|text| text.len() > 60) {
        3
    } else {
        1
    };
    view! {
        <CodeField label=edited.name value=Bound::from(edited.typed) hint=hint error=edited.error rows=rows />
    }
    .into_any()
}

/// What was changed; nothing where something cannot be sent, which its field then says.
fn read(fields: &[Edited]) -> Option<BTreeMap<String, shared::model::RawJson>> {
    let mut variables = BTreeMap::new();
    let mut all = true;
    for field in fields {
        let typed = field.typed.get_untracked();
        match edited(&field.value, &typed) {
            Ok(value) => {
                field.error.set(None);
                variables.extend(value.map(|value| (field.name.clone(), value)));
            }
            Err(why) => {
                field.error.set(Some(why));
                all = false;
            }
        }
    }
    all.then_some(variables)
}
