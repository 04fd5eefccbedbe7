//! One ticket rule: which tickets it looks at, what they must meet, and what is set.

use leptos::prelude::*;
use shared::desk::resource::{TICKET, TICKET_RULE};
use shared::desk::rule::{RuleDraft, RunsOn};

use super::condition::Conditions;
use super::setting::Settings;
use super::try_out::TryOut;
use super::{Problems, all, remove, to_settings};
use crate::browser::focus_invalid;
use crate::client::{self, Fault};
use crate::editing::Editing;
use crate::frame::Crumb;
use crate::load::{Loaded, show_named};
use crate::page::desk_names::ShortLists;
use crate::page::edited::{EditedPage, NewPage};
use crate::route::Route;
use crate::ui::field::{Choice, Segments};
use crate::ui::unsaved::go_instead;
use crate::ui::{Bound, Icon, MenuItem, Notice, Switch, Tone, announce, in_address};

/// What the fields choose from: the lists of the desk, and the names of its tickets' custom fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) lists: Loaded<ShortLists>,
    pub(super) custom: Loaded<Vec<Choice>>,
}

impl Known {
    fn new() -> Self {
        Self {
            lists: Loaded::new(ShortLists::read),
            custom: Loaded::new(custom_fields),
        }
    }
}

/// Those that recent tickets have.
async fn custom_fields() -> Result<Vec<Choice>, Fault> {
    let tickets = client::records(&TICKET, "count=100&includedetails=true").await?;
    let mut names: Vec<String> = tickets
        .records
        .iter()
        .filter_map(|ticket| ticket.get("customfields")?.as_array())
        .flatten()
        .filter_map(|field| Some(field.get("name")?.as_str()?.to_owned()))
        .collect();
    names.sort_unstable();
    names.dedup();
    Ok(names
        .into_iter()
        .map(|name| Choice::new(name.clone(), name))
        .collect())
}

/// The page of one that is there.
#[component]
pub fn TicketRule() -> impl IntoView {
    show_named(
        "ticket rule",
        |id| async move {
            let Ok(id) = id.parse() else {
                return Err(Fault::not_found());
            };
            read(id).await
        },
        |rule| view! { <Editor rule=rule /> }.into_any(),
    )
}

async fn read(id: u64) -> Result<RuleDraft, Fault> {
    let record = client::record(&TICKET_RULE, id).await?;
    Ok(RuleDraft::read(&record))
}

/// Sends a rule that stands somewhere in the list, and gives it as it is kept.
async fn write(draft: &RuleDraft) -> Result<(RuleDraft, u64), Fault> {
    let record = client::write_record(&TICKET_RULE, draft.write()).await?;
    Ok((RuleDraft::read(&record), 0))
}

/// Saves one that is there, as long as it is what was `saved`: rules have no version. Its place in the list is not what
/// is edited here.
async fn replace(saved: RuleDraft, mut draft: RuleDraft) -> Result<(RuleDraft, u64), Fault> {
    let now = read(draft.id).await?;
    let before = RuleDraft {
        precedence: now.precedence,
        ..saved
    };
    if now != before {
        return Err(Fault::Changed);
    }
    draft.precedence = now.precedence;
    write(&draft).await
}

/// Makes one, which comes last.
async fn create(mut draft: RuleDraft) -> Result<(RuleDraft, u64), Fault> {
    let last = all().await?.last().map_or(0, |rule| rule.precedence);
    draft.precedence = last.saturating_add(10);
    write(&draft).await
}

/// What keeps the draft from being saved; said from the first try on, so that nobody is told of what they have not come to.
#[derive(Debug, Clone, Copy)]
struct Checked {
    asked: RwSignal<bool>,
    problems: Problems,
}

impl Checked {
    fn new(draft: RwSignal<RuleDraft>) -> Self {
        let asked = RwSignal::new(false);
        let problems = Memo::new(move |_| {
            if asked.get() {
                draft.with(RuleDraft::problems)
            } else {
                Vec::new()
            }
        });
        Self {
            asked,
            problems: problems.into(),
        }
    }

    /// Whether it may be sent; else leads to the first problem.
    fn passes(self) -> bool {
        self.asked.set(true);
        let is_right = self.problems.with_untracked(Vec::is_empty);
        if is_right {
            self.asked.set(false);
        } else {
            announce("Not saved: some fields need another value");
            focus_invalid();
        }
        is_right
    }

    fn of_name(self) -> impl IntoView {
        let words = move || {
            let found = self.problems.with(|problems| {
                let mut all = problems.iter();
                all.find(|(place, _)| place == "name")
                    .map(|(_, sentence)| *sentence)
            });
            found.map(|sentence| view! { <Notice tone=Tone::Bad>{sentence}</Notice> })
        };
        view! { <div role="status">{words}</div> }
    }
}

/// The page of one that is being made; the address may ask for the example.
#[component]
pub fn NewTicketRule() -> impl IntoView {
    let draft = if in_address("example").peek().is_empty() {
        RuleDraft::new("New ticket rule", 0)
    } else {
        RuleDraft::example(0)
    };
    let editing = Editing::new(draft, 0);
    editing.forgive(|draft| draft.write().into());
    let checked = Checked::new(editing.draft);
    let make = Callback::new(move |()| {
        if !checked.passes() {
            return;
        }
        editing.create(|draft| async move {
            let (rule, version) = create(draft).await?;
            let page = Route::TicketRule(rule.id.to_string());
            Ok(((rule, version), page))
        });
    });
    view! {
        <NewPage
            editing=editing
            name=name(editing)
            crumbs=crumbs()
            class="stack stack-large form"
            on_create=make
        >
            {checked.of_name()}
            <Fields draft=editing.draft problems=checked.problems />
        </NewPage>
    }
    .into_any()
}

fn crumbs() -> Vec<Crumb> {
    vec![
        to_settings(),
        Crumb::new("Ticket rules".to_owned(), Route::TicketRules),
    ]
}

fn name(editing: Editing<RuleDraft>) -> Bound<String> {
    Bound::of(
        editing.draft,
        |draft| draft.name.clone(),
        |draft, name| draft.name = name,
    )
}

#[component]
fn Editor(rule: RuleDraft) -> impl IntoView {
    let id = rule.id;
    let editing = Editing::new(rule, 0);
    editing.forgive(|draft| draft.write().into());
    let checked = Checked::new(editing.draft);
    let save = Callback::new(move |()| {
        if !editing.dirty().get_untracked() || !checked.passes() {
            return;
        }
        let saved = editing.saved.get_untracked();
        editing.save(move |_, draft| replace(saved, draft), || ());
    });
    let newest = move || async move { Ok((read(id).await?, 0)) };
    let name = name(editing);
    let items = Signal::stored(vec![
        MenuItem::new("Delete ticket rule", Icon::Trash, move || {
            let name = editing.saved.with_untracked(|saved| saved.name.clone());
            editing.discard();
            remove(id, name);
            go_instead(Route::TicketRules);
        })
        .danger(),
    ]);
    view! {
        <EditedPage
            editing=editing
            name=name
            crumbs=crumbs()
            class="stack stack-large form"
            menu=items
            on_save=save
            newest=newest
        >
            {checked.of_name()}
            <Fields draft=editing.draft problems=checked.problems />
        </EditedPage>
    }
    .into_any()
}

#[component]
fn Fields(draft: RwSignal<RuleDraft>, problems: Problems) -> impl IntoView {
    let known = Known::new();
    let active = Bound::of(draft, |draft| draft.active, |draft, on| draft.active = on);
    let stops = Bound::of(draft, |draft| draft.stops, |draft, on| draft.stops = on);
    let runs_on = Bound::of(
        draft,
        |draft| draft.runs_on.as_str().to_owned(),
        |draft, name| draft.runs_on = RunsOn::parse(&name).unwrap_or_default(),
    );
    let on = vec![
        Choice::new(RunsOn::Both.as_str(), "New and updated tickets"),
        Choice::new(RunsOn::New.as_str(), "New tickets"),
        Choice::new(RunsOn::Updated.as_str(), "Updated tickets"),
    ];
    view! {
        <section class="section" aria-label="Which tickets">
            <h2>"Which tickets"</h2>
            <div class="stack">
                <Segments label="It looks at" value=runs_on choices=on />
                <Conditions draft=draft problems=problems known=known />
            </div>
        </section>
        <section class="section" aria-label="What is set">
            <h2>"What is set"</h2>
            <div class="stack">
                <Settings draft=draft problems=problems known=known />
                <Switch
                    label="Stop matching"
                    hint="Where a ticket meets this rule, the rules after it are not tried."
                    value=stops
                />
                <Switch label="On" hint="A rule that is off looks at no ticket." value=active />
            </div>
        </section>
        <TryOut draft=Some(draft) />
    }
    .into_any()
}
