//! Running again what ran before, with other variables where one wants.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{Replay, ReplayPoint, ReplayVariable};
use shared::engine::RunView;
use shared::mask::MASK;
use shared::model::{RawJson, StepId};

use crate::browser::focus;
use crate::client::{self, Fault};
use crate::route::Route;
use crate::ui::unsaved::go;
use crate::ui::{
    Bound, Button, ButtonKind, CodeField, Dialog, Notice, Skeleton, TextField, Tone, error_words,
};

/// A longer value gets a field of several lines.
const LONGEST_LINE: usize = 60;

/// Where a replay is asked to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start {
    /// Where the run began.
    FromStart,
    FromStep(StepId),
}

impl Start {
    fn step(&self) -> Option<&StepId> {
        match self {
            Self::FromStart => None,
            Self::FromStep(id) => Some(id),
        }
    }
}

/// A variable as it is edited.
#[derive(Debug, Clone)]
struct Edited {
    variable: ReplayVariable,
    typed: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Edited {
    fn of(variable: ReplayVariable) -> Self {
        Self {
            typed: RwSignal::new(variable.editable()),
            variable,
            error: RwSignal::new(None),
        }
    }
}

/// What the server says of the replay that is asked for: nothing while that is on its way.
type Asked = RwSignal<Option<Result<ReplayPoint, Fault>>>;

/// Asks with which variables the run is replayed; open where `start` says from where.
#[component]
pub(super) fn ReplayDialog(run: Memo<RunView>, start: RwSignal<Option<Start>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(Start::FromStart);
    let point: Asked = RwSignal::new(None);
    let fields = RwSignal::new(Vec::<Edited>::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    // The fields outlive the effect that makes them, which runs again at once.
    let owner = Owner::current();
    Effect::new(move |_| {
        let Some(from) = start.get() else { return };
        start.set(None);
        chosen.set(from.clone());
        error.set(None);
        point.set(None);
        fields.set(Vec::new());
        open.set(true);
        let id = run.with_untracked(|run| run.summary.run_id.clone());
        let owner = owner.clone();
        spawn_local(async move {
            let answer = client::replay_point(&id, from.step()).await;
            // Somebody may have closed it meanwhile and asked for another one.
            if chosen.try_get_untracked() != Some(from) {
                return;
            }
            if let Ok(point) = &answer {
                let variables = point.variables.clone();
                let make = || variables.into_iter().map(Edited::of).collect();
                fields.set(match &owner {
                    Some(owner) => owner.with(make),
                    None => make(),
                });
            }
            point.set(Some(answer));
            request_animation_frame(|| focus(&field_id(0)));
        });
    });
    let title = Signal::derive(move || point.with(|point| title(point.as_ref())));
    let replay = move || {
        let Some(Ok(begins)) = point.get_untracked() else {
            return;
        };
        let Some(variables) = read(&fields.get_untracked()) else {
            return;
        };
        let request = Replay {
            from_step: chosen.get_untracked().step().and(begins.from_step),
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
    let has_point = Memo::new(move |_| point.with(|point| matches!(point, Some(Ok(_)))));
    let rows = move || match point.get() {
        None => view! { <Skeleton lines=3 /> }.into_any(),
        Some(Err(fault)) => refusal(&fault.to_string()),
        Some(Ok(point)) => view! {
            {about(&point, &chosen.get()).map(|words| view! { <p>{words}</p> })}
            <Show when=move || fields.with(Vec::is_empty)>
                <p>"There are no variables to change."</p>
            </Show>
            {fields.get().into_iter().enumerate().map(|(at, one)| field(at, one)).collect_view()}
        }
        .into_any(),
    };
    view! {
        <Dialog title=title open=open wide=true>
            <p class="muted">
                {move || by_what(run.with(|run| run.summary.version))}
                " What this run did stays done, and is done once more."
            </p>
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    replay();
                }
            >
                {rows}
                {move || error.get().map(|text| refusal(&text))}
                <div class="dialog-actions">
                    <Button on_press=move |()| open.set(false)>"Cancel"</Button>
                    <Button
                        kind=ButtonKind::Primary
                        busy=busy
                        disabled=Signal::derive(move || !has_point.get())
                        submit=true
                    >
                        "Replay"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

fn refusal(text: &str) -> AnyView {
    let words = error_words(text);
    view! { <div role="alert"><Notice tone=Tone::Bad>{words}</Notice></div> }.into_any()
}

fn title(point: Option<&Result<ReplayPoint, Fault>>) -> String {
    let Some(Ok(point)) = point else {
        return "Replay".to_owned();
    };
    match &point.step_name {
        Some(name) if point.is_whole_loop => format!("Replay from the loop “{name}”"),
        Some(name) => format!("Replay from “{name}”"),
        None => "Replay from the start".to_owned(),
    }
}

/// Which steps are gone through: a test of a draft is done again with that draft.
fn by_what(version: Option<u64>) -> &'static str {
    match version {
        Some(_) => "A new run is started, by the version that is published now.",
        None => "A new run is started, by the draft as it was when this run tested it.",
    }
}

/// What one may not have expected of where it begins.
fn about(point: &ReplayPoint, asked: &Start) -> Option<String> {
    let name = point.step_name.as_ref()?;
    match asked {
        Start::FromStep(_) if point.is_whole_loop => Some(format!(
            "The step stands in the loop “{name}”, which is gone through again from its first element."
        )),
        Start::FromStep(_) => None,
        Start::FromStart => Some(format!(
            "This run was a replay that began with “{name}”; so does this one, with what that one began with."
        )),
    }
}

fn field_id(at: usize) -> String {
    format!("replay-variable-{at}")
}

fn field(at: usize, edited: Edited) -> AnyView {
    let Edited {
        variable,
        typed,
        error,
    } = edited;
    let hint = match &variable.value {
        None => Some("It had no value. Left empty, it has none again.".to_owned()),
        Some(value) if value.contains(MASK) => {
            Some("It holds a secret. Left empty, it keeps what it holds.".to_owned())
        }
        Some(_) => None,
    };
    let is_one_line =
        typed.with_untracked(|text| text.len() <= LONGEST_LINE && !text.contains('\n'));
    let (id, value) = (field_id(at), Bound::from(typed));
    if is_one_line {
        view! { <TextField id=id label=variable.name value=value hint=hint error=error code=true /> }
            .into_any()
    } else {
        view! { <CodeField id=id label=variable.name value=value hint=hint error=error /> }
            .into_any()
    }
}

/// What was changed; nothing where something cannot be sent, which its field then says.
fn read(fields: &[Edited]) -> Option<BTreeMap<String, RawJson>> {
    let mut variables = BTreeMap::new();
    let mut all = true;
    for field in fields {
        let typed = field.typed.get_untracked();
        match field.variable.edited(&typed) {
            Ok(value) => {
                field.error.set(None);
                variables.extend(value.map(|value| (field.variable.name.clone(), value)));
            }
            Err(why) => {
                field.error.set(Some(why));
                all = false;
            }
        }
    }
    all.then_some(variables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_of_a_draft_is_done_again_with_that_draft() {
        assert!(by_what(Some(3)).contains("published now"));
        assert!(by_what(None).contains("draft"));
    }

    #[test]
    fn a_dialog_says_where_the_replay_begins() {
        let from = || Start::FromStep(StepId::parse("work").unwrap());
        let start = || Start::FromStart;
        for (asked, step, is_whole_loop, expected, explained) in [
            (start(), None, false, "Replay from the start", false),
            (start(), Some("Each"), false, "Replay from “Each”", true),
            (from(), Some("Work"), false, "Replay from “Work”", false),
            (
                from(),
                Some("Each"),
                true,
                "Replay from the loop “Each”",
                true,
            ),
        ] {
            let point = ReplayPoint {
                step_name: step.map(str::to_owned),
                is_whole_loop,
                ..ReplayPoint::default()
            };
            assert_eq!(about(&point, &asked).is_some(), explained, "{expected}");
            assert_eq!(title(Some(&Ok(point))), expected);
        }
    }
}
