//! What the server says of a service level while it is edited.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{PriorityPreview, ServiceLevelPreview};
use shared::desk::service_level::ServiceLevel;

use crate::client::{self, Fault};
use crate::ui::{Icon, IconView, Notice, Skeleton, Tone, error_words};

/// What the server said last. It is asked after each change, one question at a time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Preview {
    said: RwSignal<Option<Result<ServiceLevelPreview, Fault>>>,
}

impl Preview {
    pub(super) fn of(draft: RwSignal<ServiceLevel>) -> Self {
        let preview = Self {
            said: RwSignal::new(None),
        };
        let asking = Asking {
            draft,
            said: preview.said,
            busy: StoredValue::new(false),
            again: StoredValue::new(false),
        };
        Effect::new(move |_| {
            draft.track();
            asking.ask();
        });
        preview
    }

    /// What is wrong with a field, as a sentence.
    pub(super) fn problem(self, field: impl Into<String>) -> Signal<Option<String>> {
        let field = field.into();
        Memo::new(move |_| {
            self.said.with(|said| {
                let said = said.as_ref()?.as_ref().ok()?;
                let mut problems = said.problems.iter();
                let is_here = |at: Option<&str>| at == Some(field.as_str());
                let found = problems.find(|problem| is_here(problem.at.field.as_deref()));
                found.map(|problem| problem.message.clone())
            })
        })
        .into()
    }

    /// The same below something that is no field.
    pub(super) fn line(self, field: impl Into<String>) -> AnyView {
        let problem = self.problem(field);
        (move || {
            problem.get().map(|sentence| {
                view! {
                    <span class="field-error">
                        <IconView icon=Icon::Warning />
                        <span>{error_words(&sentence)}</span>
                    </span>
                }
            })
        })
        .into_any()
    }
}

#[derive(Clone, Copy)]
struct Asking {
    draft: RwSignal<ServiceLevel>,
    said: RwSignal<Option<Result<ServiceLevelPreview, Fault>>>,
    busy: StoredValue<bool>,
    /// The draft was changed while the server was asked.
    again: StoredValue<bool>,
}

impl Asking {
    fn ask(self) {
        if self.busy.get_value() {
            self.again.set_value(true);
            return;
        }
        self.busy.set_value(true);
        let level = self.draft.get_untracked();
        spawn_local(async move {
            let answer = client::preview_service_level(&level).await;
            // The page may be gone by now.
            let _ = self.said.try_set(Some(answer));
            let _ = self.busy.try_set_value(false);
            if self.again.try_get_value() == Some(true) {
                self.again.set_value(false);
                self.ask();
            }
        });
    }
}

/// When tickets that are reported now would be due.
#[component]
pub(super) fn Shown(preview: Preview, priorities: Vec<(u64, String)>) -> impl IntoView {
    let names: BTreeMap<u64, String> = priorities.into_iter().collect();
    let body = move || match preview.said.get() {
        None => view! { <Skeleton lines=3 /> }.into_any(),
        Some(Err(fault)) => {
            view! { <Notice tone=Tone::Bad>{fault.to_string()}</Notice> }.into_any()
        }
        Some(Ok(said)) if !said.problems.is_empty() => {
            let problems = said
                .problems
                .into_iter()
                .map(|problem| view! { <li>{problem.message}</li> })
                .collect_view();
            view! {
                <Notice tone=Tone::Warning>
                    <strong>"It cannot be saved yet:"</strong>
                    <ul class="service-level-problems">{problems}</ul>
                </Notice>
            }
            .into_any()
        }
        Some(Ok(said)) if said.priorities.is_empty() => view! {
            <p class="muted">"No priority has a time yet, so nothing is ever due."</p>
        }
        .into_any(),
        Some(Ok(said)) => {
            let lines = said
                .priorities
                .iter()
                .map(|priority| {
                    let unknown = || format!("priority {}", priority.priority_id);
                    let name = names.get(&priority.priority_id).cloned();
                    view! { <li>{sentence(&name.unwrap_or_else(unknown), priority)}</li> }
                })
                .collect_view();
            view! {
                <p class="muted">{format!("Now, on the clocks there: {}.", said.now)}</p>
                <ul class="service-level-preview">{lines}</ul>
            }
            .into_any()
        }
    };
    view! { <div aria-live="polite" class="service-level-said">{body}</div> }.into_any()
}

/// What becomes of a ticket of a priority that is reported now.
fn sentence(name: &str, preview: &PriorityPreview) -> String {
    let ticket = format!("A ticket with priority {name} opened now is to be");
    match (&preview.answered_by, &preview.solved_by) {
        (Some(answer), Some(solution)) => {
            format!("{ticket} answered by {answer} and solved by {solution}.")
        }
        (Some(answer), None) => format!("{ticket} answered by {answer}."),
        (None, Some(solution)) => format!("{ticket} solved by {solution}."),
        (None, None) => format!("A ticket with priority {name} is never due."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_says_what_is_watched() {
        let preview = |answer: Option<&str>, solution: Option<&str>| PriorityPreview {
            priority_id: 1,
            answered_by: answer.map(str::to_owned),
            solved_by: solution.map(str::to_owned),
        };
        assert_eq!(
            sentence("High", &preview(Some("ten"), Some("twelve"))),
            "A ticket with priority High opened now is to be answered by ten and solved by twelve."
        );
        assert_eq!(
            sentence("High", &preview(None, Some("twelve"))),
            "A ticket with priority High opened now is to be solved by twelve."
        );
    }
}
