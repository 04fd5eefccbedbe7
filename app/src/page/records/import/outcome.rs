//! What would become of the sheet, the buttons that send it, stop it and take it back, and what became of it.

use leptos::prelude::*;

use super::send::OUTCOME;
use super::{Counts, Importing, Problems};
use crate::page::records::section::Section;
use crate::ui::dialog::{Confirm, confirm};
use crate::ui::{
    Button, ButtonKind, ButtonLink, ErrorPanel, Icon, Notice, Progress, Skeleton, Tone,
};

/// More of what was added is in the list only.
const SHOWN: usize = 50;

/// So many of them, such as "2 customers".
fn some(section: &Section, count: usize) -> String {
    if count == 1 {
        format!("1 {}", section.noun)
    } else {
        format!("{count} {}", section.plural())
    }
}

/// What would happen, for whoever is asked whether it may.
fn plan(section: &Section, counts: Counts) -> String {
    let mut parts = Vec::new();
    if counts.add > 0 {
        parts.push(format!("{} will be added.", some(section, counts.add)));
    }
    if counts.change > 0 {
        parts.push(format!("{} will be changed.", some(section, counts.change)));
    }
    if counts.same > 0 {
        let rows = rows(counts.same);
        parts.push(format!("{rows} would change nothing."));
    }
    let left_out = counts.refused + counts.alike;
    if left_out > 0 {
        parts.push(format!("{} left out.", are(left_out)));
    }
    parts.join(" ")
}

fn rows(count: usize) -> String {
    if count == 1 {
        "1 row".to_owned()
    } else {
        format!("{count} rows")
    }
}

fn are(count: usize) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", rows(count))
}

/// How many rows are good, the buttons, and what became of them.
#[component]
pub(super) fn Outcome(importing: Importing) -> impl IntoView {
    let section = importing.section;
    let sending = importing.sending;
    let counts = Memo::new(move |_| importing.counts());
    let left = Memo::new(move |_| counts.get().sent().saturating_sub(sending.settled()));
    let percent = Signal::derive(move || {
        let done = sending.settled() * 100 / counts.get().sent().max(1);
        u8::try_from(done).unwrap_or(100)
    });
    let verb = Signal::derive(move || {
        let what = some(section, left.get());
        if sending.settled() > 0 {
            format!("Go on with {what}")
        } else {
            format!("Import {what}")
        }
    });
    let ask = move |()| {
        // To go on was allowed before.
        if sending.settled() > 0 {
            importing.send();
            return;
        }
        let counts = counts.get_untracked();
        let question = Confirm {
            title: format!("Import {}?", some(section, counts.sent())),
            text: plan(section, counts),
            action: "Import".to_owned(),
            cancel: "Cancel".to_owned(),
            danger: false,
        };
        confirm(question, move || importing.send());
    };
    let desk = move || match importing.desk.state.get() {
        None => view! { <Skeleton lines=1 /> }.into_any(),
        Some(Err(fault)) => {
            let again = Callback::new(move |()| importing.desk.again());
            let title = "Could not load what is there already";
            view! { <ErrorPanel title=title text=fault.to_string() on_retry=again /> }.into_any()
        }
        Some(Ok(_)) => summary(importing, counts.get()),
    };
    let fault = move || {
        sending.fault.get().map(|fault| {
            view! {
                <div role="alert">
                    <Notice tone=Tone::Bad>
                        <strong>"The import stopped. "</strong>
                        {fault.to_string()}
                        " What was taken is not sent again when you go on."
                    </Notice>
                </div>
            }
        })
    };
    let taken = Memo::new(move |_| sending.taken());
    let done = move || left.get() == 0 && taken.get() != (0, 0);
    let is_loaded = move || matches!(importing.desk.state.get(), Some(Ok(_)));
    let list = section.list().to_string();
    let progress = move || {
        let label = if sending.undoing.get() {
            "Still there"
        } else {
            "Sent"
        };
        view! { <Progress label=label percent=percent /> }
    };
    view! {
        <section class="section">
            <h2 id=OUTCOME tabindex="-1">"Import"</h2>
            <div class="stack">
                {desk}
                {fault}
                <Show when=move || sending.busy.get()>{progress}</Show>
                <div class="row row-wrap">
                    <Show when=move || !done()>
                        <Button
                            kind=ButtonKind::Primary
                            icon=Icon::Upload
                            busy=sending.busy
                            disabled=Signal::derive(move || left.get() == 0 || !is_loaded())
                            on_press=ask
                        >
                            {move || verb.get()}
                        </Button>
                    </Show>
                    <Show when=done>
                        <ButtonLink href=list.clone()>"Show the list"</ButtonLink>
                    </Show>
                    <Show when=move || sending.busy.get() && !sending.undoing.get()>
                        <Button busy=sending.stopping on_press=move |()| sending.stopping.set(true)>
                            "Stop"
                        </Button>
                    </Show>
                    <Undo importing=importing />
                </div>
                {kept(importing)}
                <Added importing=importing />
                <Problems importing=importing />
            </div>
        </section>
    }
    .into_any()
}

/// What would become of the rows, or what became of them.
fn summary(importing: Importing, counts: Counts) -> AnyView {
    let section = importing.section;
    let (added, changed) = importing.sending.taken();
    let begun = importing.sending.settled() > 0;
    let mut left_out: Vec<usize> = importing
        .problems()
        .iter()
        .map(|problem| problem.row)
        .collect();
    left_out.dedup();
    let text = if begun {
        let done = added + changed;
        let verb = if done == 1 { "is" } else { "are" };
        format!("{done} of {} {verb} imported.", rows(counts.total))
    } else {
        format!(
            "{} of {} rows can be imported.",
            counts.sent(),
            counts.total
        )
    };
    let more = if begun {
        let mut parts = Vec::new();
        if changed > 0 {
            parts.push(format!(
                "{} added, {changed} changed.",
                some(section, added)
            ));
        }
        if counts.same > 0 {
            parts.push(format!("{} changed nothing.", rows(counts.same)));
        }
        if !left_out.is_empty() {
            parts.push(format!(
                "{} left out, for what is told below.",
                are(left_out.len())
            ));
        }
        parts.join(" ")
    } else {
        plan(section, counts)
    };
    let tone = match (left_out.is_empty(), begun) {
        (true, false) => Tone::Neutral,
        (true, true) => Tone::Good,
        _ => Tone::Warning,
    };
    view! {
        <div role="status">
            <Notice tone=tone>
                <strong>{text}</strong>
                " "
                {more}
            </Notice>
        </div>
    }
    .into_any()
}

/// Deletes what this import added, after a question.
#[component]
fn Undo(importing: Importing) -> impl IntoView {
    let section = importing.section;
    let sending = importing.sending;
    let added = Memo::new(move |_| sending.taken().0);
    let ask = move |()| {
        let what = some(section, added.get_untracked());
        let question = Confirm::danger(
            "Undo this import?",
            format!(
                "{what} that it added will be deleted, with all that belongs to them. What it changed stays changed."
            ),
            format!("Delete {what}"),
        );
        confirm(question, move || sending.undo());
    };
    view! {
        <Show when=move || { added.get() > 0 && (!sending.busy.get() || sending.undoing.get()) }>
            <Button icon=Icon::Undo busy=sending.undoing on_press=ask>
                "Undo this import"
            </Button>
        </Show>
    }
    .into_any()
}

/// What stays although the import was undone.
fn kept(importing: Importing) -> impl Fn() -> Option<AnyView> + Send + Sync + Copy {
    move || {
        let kept = importing.sending.kept.get();
        (!kept.is_empty()).then(|| {
            let lines = kept
                .into_iter()
                .map(|sentence| view! { <li>{sentence}</li> });
            view! {
                <div role="alert">
                    <Notice tone=Tone::Warning>
                        <strong>"Not all of it could be undone."</strong>
                        <ul class="plain-list">{lines.collect_view()}</ul>
                    </Notice>
                </div>
            }
            .into_any()
        })
    }
}

/// What the last import added, as long as no other sheet is read.
#[component]
pub(super) fn Earlier(importing: Importing) -> impl IntoView {
    let sending = importing.sending;
    let added = Memo::new(move |_| sending.taken().0);
    let words = move || {
        let what = some(importing.section, added.get());
        format!("The last import added {what}.")
    };
    view! {
        <Show when=move || added.get() != 0 || !sending.kept.with(Vec::is_empty)>
            <section class="section">
                <h2 id=OUTCOME tabindex="-1">"Last import"</h2>
                <div class="stack">
                    <p>{words}</p>
                    {move || {
                        sending.fault.get().map(|fault| {
                            view! {
                                <div role="alert">
                                    <Notice tone=Tone::Bad>{fault.to_string()}</Notice>
                                </div>
                            }
                        })
                    }}
                    <div class="row row-wrap">
                        <Undo importing=importing />
                    </div>
                    {kept(importing)}
                    <Added importing=importing />
                </div>
            </section>
        </Show>
    }
    .into_any()
}

/// What was added, to look at.
#[component]
fn Added(importing: Importing) -> impl IntoView {
    let section = importing.section;
    let added = Memo::new(move |_| importing.sending.added());
    let lines = move || {
        let added = added.get().into_iter().take(SHOWN);
        added
            .map(|(at, id)| {
                let href = section.one(id).to_string();
                let name = importing.name(at);
                let name = if name.is_empty() {
                    format!("Number {id}")
                } else {
                    name
                };
                view! {
                    <li>
                        <a href=href>{name}</a>
                    </li>
                }
            })
            .collect_view()
    };
    let title = move || format!("Added: {}", some(section, added.with(Vec::len)));
    view! {
        <Show when=move || !added.with(Vec::is_empty)>
            <details>
                <summary>{title}</summary>
                <ul class="plain-list">{lines}</ul>
                <Show when=move || { added.with(Vec::len) > SHOWN }>
                    <p class="muted">{move || format!("And {} more.", added.with(Vec::len) - SHOWN)}</p>
                </Show>
            </details>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::records::section::section;

    #[test]
    fn the_question_says_what_will_happen() {
        let customers = section("customers").unwrap();
        for (counts, expected) in [
            (
                Counts {
                    add: 1,
                    ..Counts::default()
                },
                "1 customer will be added.",
            ),
            (
                Counts {
                    add: 12,
                    change: 1,
                    same: 1,
                    alike: 1,
                    refused: 2,
                    ..Counts::default()
                },
                "12 customers will be added. 1 customer will be changed. 1 row would change nothing. 3 rows are left out.",
            ),
            (
                Counts {
                    change: 2,
                    refused: 1,
                    ..Counts::default()
                },
                "2 customers will be changed. 1 row is left out.",
            ),
        ] {
            assert_eq!(plan(customers, counts), expected);
        }
    }
}
