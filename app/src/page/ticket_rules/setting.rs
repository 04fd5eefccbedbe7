//! What is set on a ticket that fits.

use leptos::prelude::*;
use shared::desk::rule::{Part, RuleDraft, Setting, Test, ValueKind, field};

use super::condition::field_chooser;
use super::editor::Known;
use super::value::{Control, EMPTIED, ValueField};
use super::{Problems, problem_at};
use crate::browser::{focus_last, without_row};
use crate::ui::{Bound, Button, Icon, IconButton};

const ROWS: &str = ".rule-setting";
const ADD: &str = "add-rule-setting";

/// Proposed one after the other for new rows.
const USUAL: [&str; 6] = [
    "team",
    "priority_id",
    "agent_id",
    "status_id",
    "category_1",
    "tickettype_id",
];

#[component]
pub(super) fn Settings(
    draft: RwSignal<RuleDraft>,
    problems: Problems,
    known: Known,
) -> impl IntoView {
    let count = Memo::new(move |_| draft.with(|draft| draft.settings.len()));
    let generation = RwSignal::new(0_u32);
    let add = move |()| {
        draft.update(|draft| {
            let is_free = |name: &&&str| {
                !draft
                    .settings
                    .iter()
                    .any(|part| matches!(part, Part::Chosen(setting) if setting.field == **name))
            };
            let name = USUAL.iter().find(is_free).unwrap_or(&USUAL[0]);
            let setting = Setting::new(name, None);
            draft.settings.push(Part::Chosen(setting));
        });
        focus_last(ROWS);
    };
    let rows = move || {
        let generation = generation.get();
        (0..count.get()).map(move |at| (generation, at))
    };
    view! {
        <div class="stack stack-small" role="group" aria-label="Outcomes">
            <Show when=move || count.get() == 0>
                <p class="muted">"Nothing is changed. Add a field that such tickets get, or let the rule stop the others."</p>
            </Show>
            <For each=rows key=|place| *place let:place>
                {row(draft, place.1, generation, problems, known)}
            </For>
            <div>
                <Button small=true icon=Icon::Plus id=ADD on_press=add>"Add a field"</Button>
            </div>
        </div>
    }
    .into_any()
}

fn row(
    draft: RwSignal<RuleDraft>,
    at: usize,
    generation: RwSignal<u32>,
    problems: Problems,
    known: Known,
) -> AnyView {
    let remove = move |()| {
        without_row(ROWS, ADD, || {
            draft.update(|draft| {
                if at < draft.settings.len() {
                    draft.settings.remove(at);
                }
            });
            generation.update(|generation| *generation += 1);
        });
    };
    let part = draft.with_untracked(|draft| draft.settings.get(at).cloned());
    let body = match part {
        Some(Part::Kept(element)) => view! {
            <p class="field">
                "This outcome came from elsewhere and is kept as it is: " <code>{element.to_string()}</code>
                ". It cannot be carried out here, so the rule does nothing while it stands here."
            </p>
        }
        .into_any(),
        _ => chosen(draft, at, problem_at(problems, "settings", at), known),
    };
    view! {
        <div class="rule-row rule-setting">
            {body}
            <IconButton icon=Icon::Trash label="Delete this outcome" on_press=remove />
        </div>
    }
    .into_any()
}

fn chosen(
    draft: RwSignal<RuleDraft>,
    at: usize,
    problem: Signal<Option<String>>,
    known: Known,
) -> AnyView {
    let row = Memo::new(move |_| {
        draft.with(|draft| match draft.settings.get(at) {
            Some(Part::Chosen(setting)) => Some(setting.clone()),
            _ => None,
        })
    });
    let change = move |change: &dyn Fn(&mut Setting)| {
        draft.update(|draft| {
            if let Some(Part::Chosen(setting)) = draft.settings.get_mut(at) {
                change(setting);
            }
        });
    };
    let name = Memo::new(move |_| row.get().map(|row| row.field).unwrap_or_default());
    let choose = Callback::new(move |name: String| {
        change(&|setting| {
            let is_renamed = shared::desk::rule::is_custom(&setting.field)
                && shared::desk::rule::is_custom(&name);
            name.clone_into(&mut setting.field);
            if !is_renamed {
                setting.value = None;
            }
        });
    });
    let value = Bound::new(
        Memo::new(move |_| {
            let value = row.get().and_then(|row| row.value);
            let kind = field(&name.get()).map(|field| field.kind);
            match value.as_deref() {
                // A choice of its own in lists; of texts it is what stands there.
                Some("") if kind.is_some_and(|kind| !matches!(kind, ValueKind::Text)) => {
                    EMPTIED.to_owned()
                }
                value => value.unwrap_or_default().to_owned(),
            }
        }),
        Callback::new(move |text: String| {
            change(&|setting| {
                setting.value = match text.as_str() {
                    EMPTIED => Some(String::new()),
                    "" => None,
                    text => Some(text.to_owned()),
                };
            });
        }),
    );
    let control = Memo::new(move |_| {
        let field = field(&name.get());
        let kind = field.as_ref().map_or(ValueKind::Text, |field| field.kind);
        let may_be_empty = field.is_some_and(|field| field.may_be_empty);
        (Control::of(kind, Test::Equals), may_be_empty)
    });
    view! {
        {field_chooser(name, choose, |field| field.can_be_set, known)}
        {move || {
            let (control, may_be_empty) = control.get();
            view! {
                <ValueField
                    value=value
                    control=control
                    error=problem
                    known=known
                    may_be_emptied=may_be_empty
                />
            }
        }}
    }
    .into_any()
}
