//! Publishing, and the problems that keep a draft from it.

use std::future::Future;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{Publication, PublishReport, Record};
use shared::chart::ChartStep as _;
use shared::model::StepId;
use shared::problem::{Problem, Severity};

use super::sections::{Section, is_on_chart};
use crate::browser;
use crate::chart::{Chart, Drawn};
use crate::client::Fault;
use crate::ui::{Icon, IconView, Notice, Tone, announce, error_words, show_tab};

/// How long nothing must change before the draft is checked, in milliseconds.
const CALM_MS: u32 = 400;

/// What gets focus in the panel of a step, where no part of it is meant.
const FIRST_FIELD: &str = ".drafting-panel .panel > .field";

/// Another page, where something is mended that the draft only uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// What is mended there, such as "Method Ask".
    pub label: String,
    pub address: String,
}

/// A draft that is published as a version of its own.
pub trait Publishable: Drawn {
    /// What the whole of it is called.
    const WHOLE: &'static str;
    /// What publishing does.
    const PUBLISHES: &'static str;
    /// Of what is published, while the draft differs.
    const GOES_ON: &'static str;
    /// What is said when it is published no longer.
    const UNPUBLISHED: &'static str;

    /// What is stored now.
    fn read(&self) -> impl Future<Output = Result<(Record<Self>, Publication), Fault>>;
    /// Stores it in the place of that version.
    fn store(
        &self,
        version: u64,
    ) -> impl Future<Output = Result<(Record<Self>, Publication), Fault>>;
    /// The problems of the draft as it stands on the screen.
    fn check(&self) -> impl Future<Output = Result<PublishReport, Fault>>;
    /// Publishes what is stored; [`Fault::Problems`] where it cannot be.
    fn publish(&self) -> impl Future<Output = Result<PublishReport, Fault>>;
    fn unpublish(&self) -> impl Future<Output = Result<(), Fault>>;

    /// Where a field that belongs to no step is shown.
    fn section(field: &str) -> Option<Section>;
    /// The part of a step's panel that shows a field, as a selector; none where it is not known by one.
    fn part_of_panel(_field: &str) -> Option<String> {
        None
    }
    /// Where a field is mended that belongs to something which the step uses.
    fn elsewhere(&self, _step: &StepId, _field: &str, _known: &Self::Known) -> Option<Elsewhere> {
        None
    }
    /// The part of a section that shows a field, as a selector; none where the section says enough.
    fn part_of_section(_field: &str) -> Option<String> {
        None
    }
    /// What counts before it is published.
    fn counts_at_once(&self) -> Option<&'static str> {
        None
    }
    /// Which secrets go for good once this is saved in the place of `saved`, of which these are `missing`.
    fn takes_away(&self, _saved: &Self, _missing: &[String]) -> Vec<usize> {
        Vec::new()
    }
    /// Takes out what has gone for good.
    fn forget_secrets(&mut self, _gone: &[usize]) {}
}

/// The draft's problems, kept fresh while one edits, and the act of publishing.
#[derive(Debug, Clone)]
pub struct Publishing<D: Publishable> {
    draft: RwSignal<D>,
    pub problems: RwSignal<Vec<Problem>>,
    pub busy: RwSignal<bool>,
    /// Publishing was tried and refused: the problems are shown in full.
    refused: RwSignal<bool>,
    fault: RwSignal<Option<Fault>>,
}

impl<D: Publishable> Copy for Publishing<D> {}

impl<D: Publishable> Publishing<D> {
    pub fn new(draft: RwSignal<D>) -> Self {
        let publishing = Self {
            draft,
            problems: RwSignal::new(Vec::new()),
            busy: RwSignal::new(false),
            refused: RwSignal::new(false),
            fault: RwSignal::new(None),
        };
        let latest = StoredValue::new(0_u32);
        Effect::new(move |_| {
            draft.track();
            latest.update_value(|turn| *turn += 1);
            let turn = latest.get_value();
            spawn_local(async move {
                TimeoutFuture::new(if turn == 1 { 0 } else { CALM_MS }).await;
                if latest.try_get_value() != Some(turn) {
                    return;
                }
                let Some(checked) = draft.try_get_untracked() else {
                    return;
                };
                let report = checked.check().await;
                if latest.try_get_value() == Some(turn)
                    && let Ok(report) = report
                {
                    publishing.show(report.problems);
                }
            });
        });
        publishing
    }

    fn show(self, problems: Vec<Problem>) {
        if !problems.iter().any(|p| p.severity == Severity::Error) {
            self.refused.set(false);
        }
        self.problems.set(problems);
    }

    pub fn publish(self, publication: RwSignal<Publication>) {
        self.busy.set(true);
        self.fault.set(None);
        let stored = self.draft.get_untracked();
        spawn_local(async move {
            let answer = stored.publish().await;
            self.busy.set(false);
            match answer {
                Ok(report) => {
                    let version = report.publication.version.unwrap_or_default();
                    announce(format!("Published as version {version}"));
                    publication.set(report.publication);
                    self.show(report.problems);
                }
                Err(Fault::Problems(problems)) => {
                    self.refused.set(true);
                    announce("Not published: the draft has problems");
                    self.problems.set(problems);
                    browser::bring_into_view(".problems");
                }
                Err(fault) => self.fail(fault),
            }
        });
    }

    fn fail(self, fault: Fault) {
        self.fault.set(Some(fault));
        browser::bring_into_view(".refusal");
    }

    pub fn unpublish(self, publication: RwSignal<Publication>) {
        let stored = self.draft.get_untracked();
        spawn_local(async move {
            match stored.unpublish().await {
                Ok(()) => {
                    publication.set(Publication::default());
                    announce(D::UNPUBLISHED);
                }
                Err(fault) => self.fail(fault),
            }
        });
    }
}

/// Moves focus to a part where it is shown, and else to the whole that it would be in.
fn lead_to(part: Option<String>, whole: String) {
    match part {
        Some(part) => browser::focus_inside(part, Some(whole)),
        None => browser::focus_inside(whole, None),
    }
}

/// How many problems there are, of both kinds, as the list below has them.
fn count_words(errors: usize, warnings: usize) -> String {
    let one_or_more = |count: usize, one: &str, more: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {more}")),
    };
    let errors = one_or_more(
        errors,
        "problem to solve before publishing",
        "problems to solve before publishing",
    );
    let warnings = one_or_more(warnings, "thing to know", "things to know");
    errors
        .into_iter()
        .chain(warnings)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Above the tabs: how many problems there are and where; each leads to its step.
#[component]
pub fn PublishBar<D: Publishable>(
    publishing: Publishing<D>,
    #[prop(into)] publication: Signal<Publication>,
    chart: Chart<D>,
    #[prop(into)] dirty: Signal<bool>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if publishing.refused.get() {
            open.set(true);
        }
    });
    let errors = move || {
        publishing
            .problems
            .with(|all| all.iter().filter(|p| p.severity == Severity::Error).count())
    };
    let words = move || {
        let all = publishing.problems.with(Vec::len);
        let errors = errors();
        count_words(errors, all - errors)
    };
    let item = move |problem: Problem| {
        let step = problem.detail.at.step.clone();
        let field = problem.detail.at.field.clone().unwrap_or_default();
        let section = D::section(&field);
        let place = match &step {
            Some(id) => chart
                .draft
                .with(|draft| draft.find(id).map(|step| step.name().to_owned()))
                .unwrap_or_else(|| id.to_string()),
            None => section.map_or(D::WHOLE, |section| section.label).to_owned(),
        };
        let elsewhere = step.as_ref().and_then(|id| {
            chart
                .draft
                .with(|draft| chart.known.with(|known| draft.elsewhere(id, &field, known)))
        });
        let elsewhere = elsewhere.map(|Elsewhere { label, address }| {
            view! {
                " "
                <a href=address>{label}</a>
            }
        });
        let icon = match problem.severity {
            Severity::Error => Icon::Cross,
            Severity::Warning => Icon::Warning,
        };
        let class = match problem.severity {
            Severity::Error => "problem problem-error",
            Severity::Warning => "problem",
        };
        let select = move |_| {
            if let Some(step) = &step {
                chart.lead_to(step);
                show_tab("tab", "chart");
                lead_to(D::part_of_panel(&field), FIRST_FIELD.to_owned());
            } else if is_on_chart(&field) {
                show_tab("tab", "chart");
            } else {
                show_tab("tab", "details");
                if let Some(section) = section {
                    lead_to(D::part_of_section(&field), format!("#{}", section.id));
                }
            }
        };
        view! {
            <li class=class>
                <IconView icon=icon />
                <button type="button" class="problem-place" on:click=select>
                    {place}
                </button>
                <span>{error_words(&problem.detail.message)} {elsewhere}</span>
            </li>
        }
    };
    view! {
        {move || {
            publishing
                .fault
                .get()
                .map(|fault| {
                    view! {
                        <div role="alert" class="refusal">
                            <Notice tone=Tone::Bad>{error_words(&fault.to_string())}</Notice>
                        </div>
                    }
                })
        }}
        <Show when=move || publishing.problems.with(|all| !all.is_empty())>
            <details
                class="problems"
                class:problems-error=move || errors() != 0
                prop:open=move || open.get()
                on:toggle=move |event| {
                    let details: web_sys::Element = event_target(&event);
                    open.set(details.has_attribute("open"));
                }
            >
                <summary>
                    <IconView icon=Icon::Warning />
                    {words}
                </summary>
                <ul>{move || publishing.problems.get().into_iter().map(item).collect_view()}</ul>
            </details>
        </Show>
        <Show when=move || {
            publication.with(|p| p.version.is_some()) && dirty.get()
        }>
            <p class="published-note muted">
                {D::GOES_ON}
                {move || chart.draft.with(D::counts_at_once)}
            </p>
        </Show>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::count_words;

    #[test]
    fn everything_in_the_list_is_counted() {
        for (errors, warnings, words) in [
            (0, 0, ""),
            (0, 1, "1 thing to know"),
            (1, 0, "1 problem to solve before publishing"),
            (2, 0, "2 problems to solve before publishing"),
            (
                1,
                2,
                "1 problem to solve before publishing, 2 things to know",
            ),
        ] {
            assert_eq!(count_words(errors, warnings), words);
        }
    }
}
