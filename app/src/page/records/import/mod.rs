//! A sheet becomes records: read, mapped, checked here, sent in batches, and told row by row.

mod alike;
mod mapping;
mod outcome;
mod problems;
mod send;
mod sheet;
mod source;

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::desk::Record;
use shared::desk::resource::{ASSET, ASSET_TYPE};
use shared::desk::sheet::{Known, Names, Reader, Verdict, check, guess, named_in, named_targets};

use self::alike::Alike;
use self::mapping::Mapping;
use self::outcome::{Earlier, Outcome};
use self::problems::{Problem, Problems, of_row};
use self::send::Sending;
use self::sheet::Sheet;
use self::source::Source;
use super::section::{Section, text};
use crate::client;
use crate::frame::{Crumb, PageHeader};
use crate::load::Loaded;
use crate::ui::unsaved::guard_unsaved;

/// A sheet on its way into the desk. Copies share their state.
#[derive(Debug, Clone, Copy)]
struct Importing {
    section: &'static Section,
    sheet: RwSignal<Option<Sheet>>,
    /// What each column becomes; empty for one that is passed over.
    targets: RwSignal<Vec<String>>,
    /// What the sheet refers to, and the records that are there already.
    desk: Loaded<(Names, Known)>,
    /// What a column may become beside the fields that all such records have.
    more: Memo<Vec<(String, String)>>,
    /// The columns were looked at once more when all that was known.
    guessed: StoredValue<bool>,
    /// What would become of each row.
    checked: Memo<Vec<Verdict>>,
    /// The rows that are added although they look like others.
    anyway: RwSignal<BTreeSet<usize>>,
    sending: Sending,
}

/// What would become of the rows, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    total: usize,
    add: usize,
    change: usize,
    same: usize,
    /// They look like others and are not added for that.
    alike: usize,
    refused: usize,
}

impl Counts {
    fn of(verdicts: &[Verdict], anyway: &BTreeSet<usize>) -> Self {
        let mut counts = Self {
            total: verdicts.len(),
            ..Self::default()
        };
        for (at, verdict) in verdicts.iter().enumerate() {
            let count = match verdict {
                Verdict::Add(_) => &mut counts.add,
                Verdict::Alike(..) if anyway.contains(&at) => &mut counts.add,
                Verdict::Alike(..) => &mut counts.alike,
                Verdict::Change(_) => &mut counts.change,
                Verdict::Same => &mut counts.same,
                Verdict::Refused(_) => &mut counts.refused,
            };
            *count += 1;
        }
        counts
    }

    /// How many rows would be sent.
    fn sent(self) -> usize {
        self.add + self.change
    }
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
                .filter_map(|field| Some((field.name, named_in(section.resource, field)?)))
                .collect::<Vec<_>>()
        });
        let desk = Loaded::new(move || {
            let has_sheet = sheet.with(Option::is_some);
            let referring = referring.get();
            async move {
                const ALL: &str = "includeinactive=true";
                let mut names = Names::default();
                for (field, to) in referring {
                    names.insert(field, &client::all_records(to, ALL).await?);
                }
                let records = if has_sheet {
                    client::all_records(section.resource, ALL).await?
                } else {
                    Vec::new()
                };
                Ok((names, Known::new(section.resource, records)))
            }
        });
        let types = Loaded::new(move || async move {
            if *section.resource == ASSET {
                client::all_records(&ASSET_TYPE, "").await
            } else {
                Ok(Vec::new())
            }
        });
        let more = Memo::new(move |_| {
            types.state.with(|types| {
                let types = types.as_ref().and_then(|types| types.as_ref().ok());
                desk.state.with(|desk| {
                    let known = desk.as_ref().and_then(|desk| desk.as_ref().ok());
                    let records = known.into_iter().flat_map(|(_, known)| known.records());
                    named_targets(section.resource, records, types.into_iter().flatten())
                })
            })
        });
        let checked = Memo::new(move |_| {
            let targets = targets.get();
            desk.state.with(|desk| {
                let nothing = (Names::default(), Known::default());
                let (names, known) = match desk {
                    Some(Ok(desk)) => desk,
                    _ => &nothing,
                };
                let reader = Reader {
                    resource: section.resource,
                    targets: &targets,
                    names,
                };
                sheet.with(|sheet| {
                    let rows = sheet.as_ref().map(|sheet| sheet.rows.as_slice());
                    check(&reader, known, rows.unwrap_or_default())
                })
            })
        });
        Self {
            section,
            sheet,
            targets,
            desk,
            more,
            guessed: StoredValue::new(false),
            checked,
            anyway: RwSignal::new(BTreeSet::new()),
            sending: Sending::new(section),
        }
    }

    /// Begins with another sheet.
    fn take(self, sheet: Sheet) {
        self.anyway.set(BTreeSet::new());
        self.guessed.set_value(false);
        let more = self.more.get_untracked();
        self.targets
            .set(guess(self.section.resource, &sheet.heads, &more));
        // Until it is read what is there, nothing can be said of the rows.
        self.desk.state.set(None);
        self.sheet.set(Some(sheet));
        self.sending.begin_anew();
    }

    /// Columns of which nothing was known may be known by what was read meanwhile.
    fn guess_again(self) {
        Effect::new(move |_| {
            let more = self.more.get();
            let is_read = self.desk.state.with(|desk| matches!(desk, Some(Ok(_))));
            if !is_read || self.guessed.get_value() {
                return;
            }
            let Some(heads) = self
                .sheet
                .with_untracked(|sheet| sheet.as_ref().map(|sheet| sheet.heads.clone()))
            else {
                return;
            };
            self.guessed.set_value(true);
            let mut next = self.targets.get_untracked();
            let guessed = guess(self.section.resource, &heads, &more);
            for (own, target) in (0..).zip(guessed) {
                let is_free = !target.is_empty() && !next.contains(&target);
                if let Some(column) = next.get_mut(own)
                    && column.is_empty()
                    && is_free
                {
                    *column = target;
                }
            }
            if next != self.targets.get_untracked() {
                self.targets.set(next);
            }
        });
    }

    /// Tracked.
    fn counts(self) -> Counts {
        self.checked
            .with(|verdicts| self.anyway.with(|anyway| Counts::of(verdicts, anyway)))
    }

    fn send(self) {
        let anyway = self.anyway.get_untracked();
        let good = self.checked.with_untracked(|verdicts| {
            let rows = verdicts.iter().enumerate();
            rows.filter_map(|(at, verdict)| match verdict {
                Verdict::Add(record) | Verdict::Change(record) => Some((at, record.clone())),
                Verdict::Alike(record, _) if anyway.contains(&at) => Some((at, record.clone())),
                _ => None,
            })
            .collect::<Vec<(usize, Record)>>()
        });
        self.sending.send(good);
    }

    /// The line on which a row begins.
    fn line(self, row: usize) -> u64 {
        self.sheet.with_untracked(|sheet| {
            let row = sheet.as_ref().and_then(|sheet| sheet.rows.get(row));
            row.map_or(0, |row| row.line)
        })
    }

    /// What the record of a row is called; empty where it has no name.
    fn name(self, row: usize) -> String {
        self.checked
            .with_untracked(|verdicts| match verdicts.get(row) {
                Some(Verdict::Add(record) | Verdict::Alike(record, _)) => {
                    let word = |field: &str| text(record, field);
                    let composed = format!("{} {}", word("firstname"), word("surname"));
                    ["name", "inventory_number", "key_field"]
                        .map(word)
                        .into_iter()
                        .find(|name| !name.is_empty())
                        .unwrap_or_else(|| composed.trim().to_owned())
                }
                _ => String::new(),
            })
    }

    /// What keeps rows out: found here, or said by the desk.
    fn problems(self) -> Vec<Problem> {
        let refused = self.sending.refused();
        let anyway = self.anyway.get();
        self.checked.with(|verdicts| {
            let mut problems = Vec::new();
            for (at, verdict) in verdicts.iter().enumerate() {
                let mut add = |sentence: &str| problems.push(of_row(at, self.line(at), sentence));
                match (verdict, refused.get(&at)) {
                    (Verdict::Refused(sentences), _) => {
                        for sentence in sentences {
                            add(sentence);
                        }
                    }
                    (_, Some(sentence)) => add(sentence),
                    (Verdict::Alike(_, sentence), None) if !anyway.contains(&at) => add(sentence),
                    _ => {}
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
    importing.guess_again();
    let busy = importing.sending.busy;
    guard_unsaved(Signal::from(busy));
    let title = format!("Import {}", section.title().to_lowercase());
    let has_sheet = Memo::new(move |_| importing.sheet.with(Option::is_some));
    view! {
        <PageHeader
            title=title
            crumbs=vec![
                section.above(),
                Crumb::new(section.title(), section.list()),
            ]
        />
        <div class="page stack stack-large">
            <Source busy=busy on_sheet=move |sheet| importing.take(sheet) />
            <Show when=move || !has_sheet.get()>
                <Earlier importing=importing />
            </Show>
            <Show when=move || has_sheet.get()>
                <Mapping importing=importing />
                <Alike importing=importing />
                <Outcome importing=importing />
            </Show>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_what_becomes_of_them() {
        let record = Record::new;
        let verdicts = [
            Verdict::Add(record()),
            Verdict::Alike(record(), String::new()),
            Verdict::Alike(record(), String::new()),
            Verdict::Change(record()),
            Verdict::Same,
            Verdict::Refused(Vec::new()),
        ];
        let counts = Counts::of(&verdicts, &BTreeSet::from([2]));
        let expected = Counts {
            total: 6,
            add: 2,
            change: 1,
            same: 1,
            alike: 1,
            refused: 1,
        };
        assert_eq!((counts, counts.sent()), (expected, 3));
    }
}
