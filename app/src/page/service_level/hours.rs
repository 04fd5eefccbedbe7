//! The working hours of each day of the week.

use leptos::prelude::*;
use shared::desk::service_level::{ServiceLevel, Span};

use super::draft::{DAYS, copy_monday, fresh_span, spans, spans_mut};
use super::preview::Preview;
use crate::browser::{focus_last, without_row};
use crate::client;
use crate::load::Loaded;
use crate::ui::field::Choice;
use crate::ui::{Bound, Button, ButtonKind, Combobox, Icon, IconButton, TextField, announce};

#[component]
pub(super) fn Hours(draft: RwSignal<ServiceLevel>, preview: Preview) -> impl IntoView {
    let zones = Loaded::new(client::time_zones);
    let choices = Signal::derive(move || {
        let zones = zones.value().unwrap_or_default().into_iter();
        zones
            .map(|zone| Choice::new(zone.clone(), zone))
            .collect::<Vec<_>>()
    });
    let zone = Bound::of(
        draft,
        |draft| draft.hours.time_zone.clone(),
        |draft, zone| draft.hours.time_zone = zone,
    );
    // Rows are made anew when one of them goes.
    let generation = RwSignal::new(0_u32);
    let copy = move |()| {
        draft.update(|draft| copy_monday(&mut draft.hours.week));
        generation.update(|generation| *generation += 1);
        announce("The hours of Monday were copied to Tuesday to Friday");
    };
    let days = (0..DAYS.len())
        .map(|at| day(draft, preview, at, generation))
        .collect_view();
    view! {
        <section class="section" aria-label="Working hours">
            <h2>"Working hours"</h2>
            <div class="stack">
                <Combobox
                    label="Time zone"
                    value=zone
                    choices=choices
                    free=true
                    hint=Some("Where the clocks go forward or back, so do the working hours.".to_owned())
                    error=preview.problem("hours.time_zone")
                />
                <div class="service-level-week">{days}</div>
                {preview.line("hours.week")}
                <div>
                    <Button small=true icon=Icon::Copy on_press=copy>"Copy Monday to Tuesday–Friday"</Button>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// The rows of each day, and the buttons that add one, which the keyboard is led to.
const ROWS: [(&str, &str); 7] = [
    (".hours-monday", "add-monday"),
    (".hours-tuesday", "add-tuesday"),
    (".hours-wednesday", "add-wednesday"),
    (".hours-thursday", "add-thursday"),
    (".hours-friday", "add-friday"),
    (".hours-saturday", "add-saturday"),
    (".hours-sunday", "add-sunday"),
];

fn day(
    draft: RwSignal<ServiceLevel>,
    preview: Preview,
    at: usize,
    generation: RwSignal<u32>,
) -> AnyView {
    let (name, field) = DAYS[at];
    let (row_class, add_id) = ROWS[at];
    let count = Memo::new(move |_| draft.with(|draft| spans(&draft.hours.week, at).len()));
    let rows = move || {
        let generation = generation.get();
        (0..count.get()).map(move |row| (generation, row))
    };
    let add = move |()| {
        draft.update(|draft| {
            let spans = spans_mut(&mut draft.hours.week, at);
            spans.push(fresh_span(spans));
        });
        focus_last(row_class);
    };
    let row = move |row: usize| {
        let part = move |is_from: bool| {
            Bound::new(
                Memo::new(move |_| {
                    draft.with(|draft| {
                        let span = spans(&draft.hours.week, at).get(row);
                        let text = span.map(|span| if is_from { &span.from } else { &span.until });
                        text.cloned().unwrap_or_default()
                    })
                }),
                Callback::new(move |text: String| {
                    draft.update(|draft| {
                        if let Some(span) = spans_mut(&mut draft.hours.week, at).get_mut(row) {
                            let part = if is_from {
                                &mut span.from
                            } else {
                                &mut span.until
                            };
                            *part = text;
                        }
                    });
                }),
            )
        };
        let remove = move |()| {
            without_row(row_class, add_id, || {
                draft.update(|draft| {
                    let spans = spans_mut(&mut draft.hours.week, at);
                    if row < spans.len() {
                        spans.remove(row);
                    }
                });
                generation.update(|generation| *generation += 1);
            });
        };
        let place = format!("hours.week.{field}[{row}]");
        let goes_on = Memo::new(move |_| {
            draft.with(|draft| {
                let span = spans(&draft.hours.week, at).get(row);
                span.is_some_and(Span::ends_on_the_next_day)
            })
        });
        view! {
            <div class=format!("service-level-span hours-{field}")>
                <TextField
                    label=format!("{name} from")
                    hide_label=true
                    value=part(true)
                    example="09:00"
                    error=preview.problem(format!("{place}.from"))
                />
                <span aria-hidden="true">"–"</span>
                <TextField
                    label=format!("{name} until")
                    hide_label=true
                    value=part(false)
                    example="17:00"
                    error=preview.problem(format!("{place}.until"))
                />
                <IconButton
                    icon=Icon::Trash
                    label=format!("Delete these hours of {name}")
                    on_press=remove
                />
                <Show when=move || goes_on.get()>
                    <span class="muted">"(next day)"</span>
                </Show>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="service-level-day" role="group" aria-label=name>
            <span class="service-level-name" aria-hidden="true">{name}</span>
            <div class="service-level-spans">
                <For each=rows key=|place| *place let:place>
                    {row(place.1)}
                </For>
                <Show when=move || count.get() == 0>
                    <span class="muted">"Closed"</span>
                </Show>
                {preview.line(format!("hours.week.{field}"))}
            </div>
            <Button
                small=true
                kind=ButtonKind::Quiet
                icon=Icon::Plus
                id=add_id
                on_press=add
            >
                <span>"Add hours"</span>
                <span class="visually-hidden">{format!(" on {name}")}</span>
            </Button>
        </div>
    }
    .into_any()
}
