//! How soon tickets of each priority are to be answered and solved.

use leptos::prelude::*;
use shared::desk::service_level::{ServiceLevel, Target};

use super::draft::{UNITS, Unit, Which, set_target, target};
use super::preview::Preview;
use crate::ui::field::Choice;
use crate::ui::{Bound, NumberField, SelectField};

#[component]
pub(super) fn Targets(
    draft: RwSignal<ServiceLevel>,
    preview: Preview,
    priorities: Vec<(u64, String)>,
) -> impl IntoView {
    let rows = priorities
        .into_iter()
        .map(|(id, name)| {
            view! {
                <fieldset class="service-level-target">
                    <legend class="field-label">{name}</legend>
                    {goal(draft, preview, id, Which::Response)}
                    {goal(draft, preview, id, Which::Resolution)}
                </fieldset>
            }
        })
        .collect_view();
    let percent = |read: fn(&ServiceLevel) -> Option<u8>,
                   write: fn(&mut ServiceLevel, Option<u8>)| {
        Bound::new(
            Memo::new(move |_| draft.with(read).map(u64::from)),
            Callback::new(move |percent: Option<u64>| {
                let percent = percent.and_then(|percent| u8::try_from(percent).ok());
                draft.update(|draft| write(draft, percent));
            }),
        )
    };
    let first = percent(
        |draft| draft.first_warning_percent,
        |draft, percent| draft.first_warning_percent = percent,
    );
    let second = percent(
        |draft| draft.second_warning_percent,
        |draft, percent| draft.second_warning_percent = percent,
    );
    view! {
        <section class="section" aria-label="Times">
            <h2>"Times"</h2>
            <div class="stack">
                <p class="muted">
                    "Until the first answer of an agent that the user can see, and until the ticket is closed. What is left empty is not watched."
                </p>
                {rows}
                <div class="service-level-warnings">
                    <NumberField
                        label="First warning"
                        value=first
                        min=1
                        max=99
                        unit="% of the time"
                        optional=true
                        error=preview.problem("first_warning_percent")
                    />
                    <NumberField
                        label="Second warning"
                        value=second
                        min=1
                        max=99
                        unit="% of the time"
                        optional=true
                        error=preview.problem("second_warning_percent")
                    />
                </div>
            </div>
        </section>
    }
    .into_any()
}

fn goal(draft: RwSignal<ServiceLevel>, preview: Preview, priority: u64, which: Which) -> AnyView {
    let now = Memo::new(move |_| draft.with(|draft| target(draft, priority, which)));
    // The unit stays while the number is typed.
    let unit = RwSignal::new(Unit::of(now.get_untracked()));
    let set = move |minutes: Option<u32>| {
        let counted = unit.get_untracked().counted;
        let target = minutes.map(|minutes| Target { minutes, counted });
        draft.update(|draft| set_target(draft, priority, which, target));
    };
    // What was taken back elsewhere may need another unit.
    Effect::new(move |_| {
        let target = now.get();
        let fits = target.is_none_or(|target| {
            let unit = unit.get_untracked();
            unit.counted == target.counted && target.minutes % unit.minutes == 0
        });
        if !fits {
            unit.set(Unit::of(target));
        }
    });
    let number = Bound::new(
        Memo::new(move |_| {
            let per = unit.get().minutes;
            now.get().map(|target| u64::from(target.minutes / per))
        }),
        Callback::new(move |number: Option<u64>| {
            let number = number.and_then(|number| u32::try_from(number).ok());
            let per = unit.get_untracked().minutes;
            set(number.map(|number| number.saturating_mul(per)));
        }),
    );
    let chosen = Bound::new(
        Memo::new(move |_| unit.get().name.to_owned()),
        Callback::new(move |name: String| {
            let shown = number.peek();
            let next = Unit::named(&name);
            unit.set(next);
            let shown = shown.and_then(|shown| u32::try_from(shown).ok());
            set(shown.map(|shown| shown.saturating_mul(next.minutes)));
        }),
    );
    let units = UNITS
        .map(|unit| Choice::new(unit.name, unit.label))
        .to_vec();
    let (label, field) = match which {
        Which::Response => ("Answer within", "response"),
        Which::Resolution => ("Solve within", "resolution"),
    };
    let problem = {
        let at = Memo::new(move |_| {
            draft.with(|draft| {
                let mut all = draft.priorities.iter();
                all.position(|targets| targets.priority_id == priority)
            })
        });
        Signal::derive(move || {
            let at = at.get()?;
            preview
                .problem(format!("priorities[{at}].{field}.minutes"))
                .get()
        })
    };
    view! {
        <div class="service-level-goal">
            <NumberField label=label value=number min=1 max=u64::from(Target::MOST_MINUTES) error=problem />
            <SelectField label=format!("{label}, counted in") hide_label=true value=chosen choices=Signal::stored(units) />
        </div>
    }
    .into_any()
}
