//! A sheet becomes records: read, mapped, checked here, sent in batches, and told row by row.

mod mapping;
mod problems;
mod send;
mod sheet;
mod source;

use leptos::prelude::*;
use shared::desk::Record;
use shared::desk::resource::FieldKind;
use shared::desk::sheet::{Names, Reader, guess};

use self::mapping::Mapping;
use self::problems::{Problem, Problems, of_row};
use self::send::{Sending, Status};
use self::sheet::Sheet;
use self::source::Source;
use super::section::Section;
use crate::client;
use crate::frame::{Crumb, PageHeader};
use crate::load::Loaded;
use crate::route::Route;
use crate::ui::unsaved::guard_unsaved;
use crate::ui::{
    Button, ButtonKind, ButtonLink, ErrorPanel, Icon, Notice, Progress, Skeleton, Tone,
};

/// A sheet on its way into the desk. Copies share their state.
#[derive(Debug, Clone, Copy)]
struct Importing {
    section: &'static Section,
    sheet: RwSignal<Option<Sheet>>,
    /// What each column becomes; empty for one that is passed over.
    targets: RwSignal<Vec<String>>,
    names: Loaded<Names>,
    /// Each row as a record, or what is wrong with it.
    checked: Memo<Vec<Result<Record, Vec<String>>>>,
    sending: Sending,
}

impl Importing {
    fn new(section: &'static Section) -> Self {
        let sheet = RwSignal::new(None::<Sheet>);
        let targets = RwSignal::new(Vec::<String>::new());
        let referring = Memo::new(move |_| {
            let fields = section.resource.fields.iter();
            let is_mapped =
                |name: &str| targets.with(|targets| targets.iter().any(|target| target == name));
            fields
                .filter(|field| is_mapped(field.name))
                .filter_map(|field| match field.kind {
                    FieldKind::Reference(reference) => Some((field.name, reference.to)),
                    _ => None,
                })
                .collect::<Vec<_>>()
        });
        let names = Loaded::new(move || {
            let referring = referring.get();
            async move {
                let mut names = Names::default();
                for (field, to) in referring {
                    let records = client::all_records(to, "includeinactive=true").await?;
                    names.insert(field, &records);
                }
                Ok(names)
            }
        });
        let checked = Memo::new(move |_| {
            let names = names.value().unwrap_or_default();
            let targets = targets.get();
            let reader = Reader {
                resource: section.resource,
                targets: &targets,
                names: &names,
            };
            sheet.with(|sheet| {
                let rows = sheet.as_ref().map(|sheet| sheet.rows.as_slice());
                rows.unwrap_or_default()
                    .iter()
                    .map(|row| {
                        reader.read(row).map_err(|refusals| {
                            refusals
                                .into_iter()
                                .map(|refusal| refusal.sentence)
                                .collect()
                        })
                    })
                    .collect()
            })
        });
        Self {
            section,
            sheet,
            targets,
            names,
            checked,
            sending: Sending::new(section.resource),
        }
    }

    /// Begins with another sheet.
    fn take(self, sheet: Sheet) {
        self.targets.set(guess(self.section.resource, &sheet.heads));
        self.sheet.set(Some(sheet));
        self.sending.begin_anew();
    }

    fn send(self) {
        let good = self.checked.with_untracked(|rows| {
            let good = rows.iter().enumerate();
            good.filter_map(|(at, row)| Some((at, row.clone().ok()?)))
                .collect()
        });
        self.sending.send(good);
    }

    /// What keeps rows out: found here, or said by the desk.
    fn problems(self) -> Vec<Problem> {
        let refused = self.sending.refused();
        self.checked.with(|rows| {
            let mut problems = Vec::new();
            for (at, row) in rows.iter().enumerate() {
                match (row, refused.get(&at)) {
                    (Err(sentences), _) => {
                        problems.extend(sentences.iter().map(|sentence| of_row(at, sentence)));
                    }
                    (Ok(_), Some(sentence)) => problems.push(of_row(at, sentence)),
                    (Ok(_), None) => {}
                }
            }
            problems
        })
    }
}

/// The page.
#[component]
pub(super) fn Import(section: &'static Section) -> impl IntoView {
    let importing = Importing::new(section);
    guard_unsaved(Signal::from(importing.sending.busy));
    let title = format!("Import {}", section.title().to_lowercase());
    let has_sheet = Memo::new(move |_| importing.sheet.with(Option::is_some));
    view! {
        <PageHeader
            title=title
            crumbs=vec![
                Crumb::new("Desk", Route::Desk),
                Crumb::new(section.title(), section.list()),
            ]
        />
        <div class="page stack stack-large">
            <Source on_sheet=move |sheet| importing.take(sheet) />
            <Show when=move || has_sheet.get()>
                <Mapping importing=importing />
                <Outcome importing=importing />
            </Show>
        </div>
    }
    .into_any()
}

/// How many rows are good, the button that sends them, and what became of them.
#[component]
fn Outcome(importing: Importing) -> impl IntoView {
    let section = importing.section;
    let sending = importing.sending;
    let total = move || importing.checked.with(Vec::len);
    let good = move || {
        importing
            .checked
            .with(|rows| rows.iter().filter(|row| row.is_ok()).count())
    };
    let left = Memo::new(move |_| good().saturating_sub(sending.settled()));
    let percent = Signal::derive(move || {
        let done = sending.settled() * 100 / good().max(1);
        u8::try_from(done).unwrap_or(100)
    });
    let many = section.title().to_lowercase();
    let noun = section.noun;
    let verb = Signal::derive(move || {
        let (left, begun) = (left.get(), sending.settled() > 0);
        let what = if left == 1 {
            noun.to_owned()
        } else {
            many.clone()
        };
        if begun {
            format!("Go on with {left} {what}")
        } else {
            format!("Import {left} {what}")
        }
    });
    let summary = move || {
        let taken = sending.count(&Status::Taken);
        let problems = importing.problems();
        let mut rows: Vec<usize> = problems.iter().map(|problem| problem.row).collect();
        rows.dedup();
        let bad = rows.len();
        let text = if sending.settled() == 0 {
            format!("{} of {} rows can be imported.", good(), total())
        } else {
            format!("{taken} of {} rows are imported.", total())
        };
        let tone = match (bad, taken) {
            (0, 0) => Tone::Neutral,
            (0, _) => Tone::Good,
            _ => Tone::Warning,
        };
        let more = match bad {
            0 => String::new(),
            1 => " 1 row is left out, for the reason below.".to_owned(),
            bad => format!(" {bad} rows are left out, for the reasons below."),
        };
        view! {
            <div role="status">
                <Notice tone=tone>
                    <strong>{text}</strong>
                    {more}
                </Notice>
            </div>
        }
    };
    let names = move || match importing.names.state.get() {
        None => view! { <Skeleton lines=1 /> }.into_any(),
        Some(Err(fault)) => {
            let again = Callback::new(move |()| importing.names.again());
            let title = "Could not load what the sheet refers to";
            view! { <ErrorPanel title=title text=fault.to_string() on_retry=again /> }.into_any()
        }
        Some(Ok(_)) => summary().into_any(),
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
    let list = section.list().to_string();
    let done = move || left.get() == 0 && sending.count(&Status::Taken) > 0;
    view! {
        <section class="section">
            <h2>"Import"</h2>
            <div class="stack">
                {names}
                {fault}
                <Show when=move || sending.busy.get()>
                    <Progress label="Sent" percent=percent />
                </Show>
                <div class="row row-wrap">
                    <Show when=move || !done()>
                        <Button
                            kind=ButtonKind::Primary
                            icon=Icon::Upload
                            busy=sending.busy
                            disabled=Signal::derive(move || left.get() == 0)
                            on_press=move |()| importing.send()
                        >
                            {move || verb.get()}
                        </Button>
                    </Show>
                    <Show when=done>
                        <ButtonLink href=list.clone()>"Show the list"</ButtonLink>
                    </Show>
                </div>
                <Problems importing=importing />
            </div>
        </section>
    }
    .into_any()
}
