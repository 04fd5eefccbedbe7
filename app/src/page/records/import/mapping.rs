//! Which column becomes which field, with the first values of each to tell by.

use leptos::prelude::*;
use shared::desk::sheet::{missing_columns, new_custom_field, targets};

use super::Importing;
use crate::ui::field::Choice;
use crate::ui::{Bound, Notice, SelectField, Tone};

/// How many values of a column are shown.
const SAMPLES: usize = 3;

#[component]
pub(super) fn Mapping(importing: Importing) -> impl IntoView {
    let offered = StoredValue::new(
        targets(importing.section.resource)
            .into_iter()
            .map(|(value, label)| Choice::new(value, label))
            .collect::<Vec<_>>(),
    );
    let rows = move || {
        let sheet = importing.sheet.get();
        let sheet = sheet.as_ref();
        let heads = sheet.map(|sheet| sheet.heads.clone()).unwrap_or_default();
        heads
            .into_iter()
            .enumerate()
            .map(|(at, head)| {
                let samples = sheet
                    .map(|sheet| sheet.rows.as_slice())
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|row| row.cells.get(at))
                    .filter(|cell| !cell.trim().is_empty())
                    .take(SAMPLES)
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" · ");
                let own = head.clone();
                let choices = Signal::derive(move || {
                    let mut choices = vec![Choice::new("", "Pass over")];
                    choices.extend(offered.get_value());
                    let more = importing.more.get();
                    choices.extend(
                        more.into_iter()
                            .map(|(value, label)| Choice::new(value, label)),
                    );
                    // Custom fields and the fields of asset types may have names that only the sheet knows.
                    if choices.iter().any(|choice| choice.value == own) {
                        return choices;
                    }
                    let custom = own.strip_prefix("customfields.");
                    if let Some(name) = custom.or(own.starts_with("CF").then_some(&*own)) {
                        choices.push(Choice::new(own.clone(), format!("Custom field {name}")));
                    } else if let Some(name) = own.strip_prefix("fields.") {
                        choices.push(Choice::new(own.clone(), format!("{name}, of its type")));
                    } else if let Some((value, label)) =
                        new_custom_field(importing.section.resource, &own)
                        && !choices.iter().any(|choice| choice.value == value)
                    {
                        choices.push(Choice::new(value, label));
                    }
                    choices
                });
                view! {
                    <tr>
                        <th scope="row">{head.clone()}</th>
                        <td>
                            <SelectField
                                label=format!("What {head} becomes")
                                hide_label=true
                                value=target(importing, at)
                                choices=choices
                                disabled=importing.sending.busy
                            />
                        </td>
                        <td class="muted mapping-samples">{samples}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    let missing = move || {
        let targets = importing.targets;
        let fields = targets.with(|targets| missing_columns(importing.section.resource, targets));
        (!fields.is_empty()).then(|| {
            view! {
                <Notice tone=Tone::Warning>
                    {format!("No column becomes the {}. Choose which one does.", fields.join(", and none the "))}
                </Notice>
            }
        })
    };
    view! {
        <section class="section">
            <h2>"Columns"</h2>
            <div role="status">{missing}</div>
            <table class="mapping">
                <thead>
                    <tr>
                        <th scope="col">"Column"</th>
                        <th scope="col">"Becomes"</th>
                        <th scope="col">"First values"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// What one column becomes; a field that another column had is taken from that.
fn target(importing: Importing, at: usize) -> Bound<String> {
    let targets = importing.targets;
    let value =
        Memo::new(move |_| targets.with(|targets| targets.get(at).cloned().unwrap_or_default()));
    let change = move |target: String| {
        importing.sending.read_anew();
        targets.update(|targets| {
            if !target.is_empty() {
                for other in targets.iter_mut().filter(|other| **other == target) {
                    other.clear();
                }
            }
            if let Some(own) = targets.get_mut(at) {
                *own = target;
            }
        });
    };
    Bound::new(value, Callback::new(change))
}
