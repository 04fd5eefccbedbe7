//! Rows that look like a record that is there, or like another row, and whether they are added anyway.

use leptos::prelude::*;
use shared::desk::sheet::Verdict;

use super::Importing;
use crate::ui::{Bound, Button, Checkbox};

/// More than these are decided on together only.
const SHOWN: usize = 50;

#[component]
pub(super) fn Alike(importing: Importing) -> impl IntoView {
    let anyway = importing.anyway;
    let alike = Memo::new(move |_| {
        importing.checked.with(|verdicts| {
            let rows = verdicts.iter().enumerate();
            rows.filter_map(|(at, verdict)| match verdict {
                Verdict::Alike(_, sentence) => Some((at, sentence.clone())),
                _ => None,
            })
            .collect::<Vec<_>>()
        })
    });
    let rows = move || {
        let rows = alike.get().into_iter().take(SHOWN);
        rows.map(|(at, sentence)| {
            let line = importing.line(at);
            let value = Memo::new(move |_| anyway.with(|rows| rows.contains(&at)));
            let choose = Callback::new(move |add| {
                anyway.update(|rows| {
                    if add {
                        rows.insert(at);
                    } else {
                        rows.remove(&at);
                    }
                });
            });
            view! {
                <tr>
                    <th scope="row" class="numeric">{line}</th>
                    <td>{sentence}</td>
                    <td>
                        <Checkbox
                            label=format!("Add line {line} anyway")
                            hide_label=true
                            value=Bound::new(value, choose)
                            disabled=importing.sending.busy
                        />
                    </td>
                </tr>
            }
        })
        .collect_view()
    };
    let more = move || {
        let count = alike.with(Vec::len);
        (SHOWN < count)
            .then(|| view! { <p class="muted">{format!("And {} more.", count - SHOWN)}</p> })
    };
    let all =
        move |()| anyway.set(alike.with_untracked(|rows| rows.iter().map(|row| row.0).collect()));
    let none = move |()| anyway.update(std::collections::BTreeSet::clear);
    view! {
        <Show when=move || !alike.with(Vec::is_empty)>
            <section class="section">
                <h2>"Duplicates"</h2>
                <div class="stack">
                    <p class="muted">
                        "These rows look like something that is there already. They are left out, unless you tick them."
                    </p>
                    <table class="mapping" aria-label="Duplicates">
                        <thead>
                            <tr>
                                <th scope="col">"Line"</th>
                                <th scope="col">"What it looks like"</th>
                                <th scope="col">"Add anyway"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    {more}
                    <div class="row row-wrap">
                        <Button small=true disabled=importing.sending.busy on_press=all>"Add all anyway"</Button>
                        <Button small=true disabled=importing.sending.busy on_press=none>"Leave all out"</Button>
                    </div>
                </div>
            </section>
        </Show>
    }
    .into_any()
}
