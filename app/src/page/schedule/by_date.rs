//! By a date of each ticket: how long before or after it, and which tickets.

use leptos::prelude::*;
use shared::api::ScheduleChoices;
use shared::condition::When;
use shared::desk::label;
use shared::desk::resource::TICKET;
use shared::model::{EventKind, Schedule};

use super::draft::{Draft, Unit};
use super::report::{Report, RowErrors};
use crate::load::Loaded;
use crate::page::event::conditions::{Conditioned, Conditions};
use crate::ui::field::Choice;
use crate::ui::{Bound, Combobox, NumberField, SelectField};

#[component]
pub(super) fn ByDate(
    draft: RwSignal<Draft>,
    report: Report,
    choices: Loaded<ScheduleChoices>,
) -> impl IntoView {
    let amount = Bound::of(
        draft,
        |draft| draft.amount,
        |draft, amount| draft.amount = amount,
    );
    let unit = Bound::of(
        draft,
        |draft| draft.unit.name().to_owned(),
        |draft, name| draft.unit = Unit::named(&name),
    );
    let field = Bound::of(
        draft,
        |draft| draft.field.clone(),
        |draft, field| draft.field = field,
    );
    let when: Bound<When> = Bound::of(
        draft,
        |draft| draft.condition.clone(),
        |draft, when| draft.condition = when,
    );
    let units = Unit::ALL.map(|unit| Choice::new(unit.name(), unit.name()));
    let fields = Signal::derive(move || {
        let custom = choices.value().unwrap_or_default().custom_fields;
        let own = TICKET
            .dates()
            .map(|field| Choice::new(field.name, label(field.name)));
        let custom = custom
            .into_iter()
            .map(|name| Choice::new(name.clone(), name).with_note("custom field"));
        own.chain(custom).collect::<Vec<_>>()
    });
    // At its date a ticket is looked at as it is: there is nothing before.
    let event = Signal::stored(EventKind::NewTicketLogged);
    view! {
        <div class="schedule-when" role="group" aria-label="Distance">
            <NumberField
                label="How long"
                value=amount
                max=u64::from(Schedule::MOST_MINUTES)
                error=report.error("when.minutes")
            />
            <SelectField label="Unit" value=unit choices=Signal::stored(units.to_vec()) />
            <Combobox
                label="Date"
                value=field
                choices=fields
                free=true
                hint=Some("A date of tickets, or the name of a custom field that holds one.".to_owned())
                error=report.error("when.field")
            />
        </div>
        <Conditions
            of=Conditioned { when, event }
            none="Without a condition, every ticket that has the date starts the runbook."
        />
        <RowErrors report=report place="when.condition" />
    }
    .into_any()
}
