//! What the chart's parts share: the draft, its history, what is selected, where one looks.

use leptos::prelude::*;
use shared::chart::edit::{self, Place};
use shared::chart::geometry::{self, Point, Rect, Viewport};
use shared::chart::navigate::{Direction, neighbour};
use shared::chart::{ChartStep as _, Exit, History, Kind, tidy};
use shared::model::{Runbook, StepId};
use shared::problem::{Problem, Severity};

use super::drawn::Drawn;
use super::over::Over;
use crate::browser::focus_on;
use crate::ui::announce;

/// What the side panel shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    Start,
    Step(StepId),
}

/// A link being drawn with the pointer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pull<E> {
    pub(super) from: StepId,
    pub(super) exit: E,
    pub(super) to: Point,
}

/// A link of which one has to be asked by which way out it is to leave; to a step that is still to be made where there
/// is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) from: StepId,
    pub(super) to: Option<StepId>,
}

/// The chart of one draft. Copies share their state.
#[derive(Debug, Clone)]
pub struct Chart<D: Drawn = Runbook> {
    pub draft: RwSignal<D>,
    pub selected: RwSignal<Option<Selection>>,
    /// What the cards tell beside what stands in the draft.
    pub known: Signal<D::Known>,
    pub problems: Signal<Vec<Problem>>,
    pub(super) history: RwSignal<History<D>>,
    pub(super) viewport: RwSignal<Viewport>,
    /// The size of the canvas on the screen.
    pub(super) size: RwSignal<(f64, f64)>,
    pub(super) pull: RwSignal<Option<Pull<Exit<D>>>>,
    /// Whether the steps are shown as a list, too.
    pub as_list: RwSignal<bool>,
    /// Where the palette will put what is chosen; closed while there is nothing.
    pub(super) palette: RwSignal<Option<Place<Exit<D>>>>,
    pub(super) asked: RwSignal<Option<Asked>>,
    /// Whether it is only looked at.
    pub(super) is_fixed: bool,
    /// What is laid over it.
    pub(super) over: Option<Signal<Over<Exit<D>>>>,
}

impl<D: Drawn> Copy for Chart<D> {}

impl<D: Drawn> Chart<D> {
    pub fn new(
        draft: RwSignal<D>,
        known: Signal<D::Known>,
        problems: Signal<Vec<Problem>>,
    ) -> Self {
        Self {
            draft,
            selected: RwSignal::new(None),
            known,
            problems,
            history: RwSignal::new(History::default()),
            viewport: RwSignal::new(Viewport::default()),
            size: RwSignal::new((0.0, 0.0)),
            pull: RwSignal::new(None),
            as_list: RwSignal::new(false),
            palette: RwSignal::new(None),
            asked: RwSignal::new(None),
            is_fixed: false,
            over: None,
        }
    }

    /// A chart that is only looked at.
    pub fn fixed(document: D, known: D::Known) -> Self {
        Self {
            is_fixed: true,
            ..Self::new(
                RwSignal::new(document),
                Signal::stored(known),
                Signal::stored(Vec::new()),
            )
        }
    }

    /// The same with what a run made of it.
    #[must_use]
    pub fn with_run(self, over: Signal<Over<Exit<D>>>) -> Self {
        Self {
            over: Some(over),
            ..self
        }
    }

    /// The same with the selection kept elsewhere.
    #[must_use]
    pub fn selecting(self, selected: RwSignal<Option<Selection>>) -> Self {
        Self { selected, ..self }
    }

    /// Changes the draft by one edit that can be undone. Edits with the same `gesture` in a row are one undo.
    pub fn change<R>(
        self,
        label: &str,
        gesture: Option<&str>,
        edit: impl FnOnce(&mut D) -> R,
    ) -> R {
        let before = self.draft.get_untracked();
        let mut after = before.clone();
        let result = edit(&mut after);
        if after != before {
            self.history
                .update(|history| history.record(label, gesture, &before));
            self.draft.set(after);
        }
        result
    }

    /// The gesture is over: the next edit is an undo of its own.
    pub fn end_gesture(self) {
        self.history.update(History::end_gesture);
    }

    pub fn undo(self) {
        let now = self.draft.get_untracked();
        if let Some((label, before)) = self.history.try_update(|h| h.undo(&now)).flatten() {
            self.show(before);
            announce(format!("Undone: {label}"));
        }
    }

    pub fn redo(self) {
        let now = self.draft.get_untracked();
        if let Some((label, after)) = self.history.try_update(|h| h.redo(&now)).flatten() {
            self.show(after);
            announce(format!("Done again: {label}"));
        }
    }

    fn show(self, draft: D) {
        self.draft.set(draft);
        self.let_go_of_what_is_gone();
    }

    /// Forgets the past: another draft is shown. The selected step stays selected where it is in that, too.
    pub fn forget(self) {
        self.history.set(History::default());
        self.let_go_of_what_is_gone();
    }

    /// Puts the steps of another document in the place of its own, as one edit; whether that changes anything.
    pub fn put_steps(self, label: &str, from: &D) -> bool {
        let before = self.draft.get_untracked();
        self.change(label, None, |draft| {
            draft.set_first(from.first().cloned());
            *draft.steps_mut() = from.steps().to_vec();
        });
        self.let_go_of_what_is_gone();
        self.draft.with_untracked(|draft| *draft != before)
    }

    /// What undo would take back.
    pub fn last_change(self) -> Option<String> {
        self.history
            .with(|history| history.undo_label().map(str::to_owned))
    }

    /// Has all that undo and redo lead to changed alike, see [`History::adapt`].
    pub fn adapt(self, now: &D, adapt: impl Fn(&mut D)) {
        self.history.try_update(|history| history.adapt(now, adapt));
    }

    fn let_go_of_what_is_gone(self) {
        let gone = match self.selected.get_untracked() {
            Some(Selection::Step(id)) => {
                self.draft.with_untracked(|draft| draft.find(&id).is_none())
            }
            _ => false,
        };
        if gone {
            self.selected.set(None);
        }
    }

    /// What the palette's choice does.
    pub(super) fn add(self, kind: Kind<D>, name: &str) {
        let Some(place) = self.palette.get_untracked() else {
            return;
        };
        self.palette.set(None);
        let id = self.change(&format!("Add {name}"), None, |draft| {
            edit::add_step(draft, kind, name, &place)
        });
        announce(format!("Added {name}"));
        self.bring_into_view(&id);
        self.selected.set(Some(Selection::Step(id)));
        self.keep_focus();
    }

    pub fn remove(self, id: &StepId) {
        let name = self.name_of(id);
        let next = self
            .draft
            .with_untracked(|draft| neighbour(draft, Some(id), Direction::Left));
        self.change(&format!("Delete {name}"), None, |draft| {
            edit::remove_step(draft, id);
        });
        self.selected.set(next.map(Selection::Step));
        self.keep_focus();
        announce(format!("Deleted {name}. Ctrl Z brings it back."));
    }

    pub fn duplicate(self, id: &StepId) {
        let name = self.name_of(id);
        let copy = self.change(&format!("Duplicate {name}"), None, |draft| {
            edit::duplicate_step(draft, id)
        });
        if let Some(copy) = copy {
            self.bring_into_view(&copy);
            self.selected.set(Some(Selection::Step(copy)));
            announce(format!("Duplicated {name}"));
        }
    }

    pub fn connect(self, from: &StepId, exit: &Exit<D>, to: &StepId) {
        if D::is_unasked(exit) {
            self.asked.set(Some(Asked {
                from: from.clone(),
                to: Some(to.clone()),
            }));
            return;
        }
        let (from_name, to_name) = (self.name_of(from), self.name_of(to));
        let way = self.label_of(from, exit);
        self.change(&format!("Connect {from_name}"), None, |draft| {
            edit::connect(draft, from, exit, to);
        });
        announce(format!("{from_name}: {way} leads to {to_name}"));
    }

    pub fn disconnect(self, from: &StepId, exit: &Exit<D>) {
        let name = self.name_of(from);
        let way = self.label_of(from, exit);
        self.change(&format!("Disconnect {name}"), None, |draft| {
            edit::disconnect(draft, from, exit);
        });
        announce(format!("{name}: {way} {}", D::Step::NOWHERE));
    }

    pub(super) fn open_palette(self, place: Place<Exit<D>>) {
        match place {
            Place::After(from, exit) if D::is_unasked(&exit) => {
                self.asked.set(Some(Asked { from, to: None }));
            }
            place => self.palette.set(Some(place)),
        }
    }

    /// Opens the palette for what is selected: behind its first free way, or behind the start.
    pub(super) fn add_here(self) {
        let place = self.draft.with_untracked(|draft| {
            let selected = match self.selected.get_untracked() {
                Some(Selection::Step(id)) => draft.find(&id),
                Some(Selection::Start) => return Place::Start,
                None => None,
            };
            let exit = selected.and_then(|step| {
                let exits = step.exits();
                let mut free = exits.iter().filter(|exit| step.target(exit).is_none());
                step.spare()
                    .or(free.next().cloned())
                    .or(exits.first().cloned())
            });
            match (selected, exit) {
                (Some(step), Some(exit)) => Place::After(step.id().clone(), exit),
                _ if draft.first().is_none() => Place::Start,
                _ => Place::At(self.middle()),
            }
        });
        self.open_palette(place);
    }

    fn middle(self) -> Point {
        let (width, height) = self.size.get_untracked();
        let middle = Point::new(width / 2.0, height / 2.0);
        let at = self.viewport.get_untracked().to_chart(middle);
        Point::new(
            at.x - geometry::CARD_WIDTH / 2.0,
            at.y - geometry::CARD_HEIGHT / 2.0,
        )
    }

    pub(super) fn zoom_by(self, factor: f64) {
        let (width, height) = self.size.get_untracked();
        let middle = Point::new(width / 2.0, height / 2.0);
        self.viewport
            .update(|view| *view = view.zoomed(factor, middle));
    }

    /// Whether something stands beside the canvas.
    pub fn has_panel(self) -> bool {
        self.as_list.get() || self.selected.with(Option::is_some)
    }

    /// Shows what is to be seen first: the beginning, or the selected step.
    pub(super) fn open(self) {
        let (width, height) = self.size.get_untracked();
        if width > 0.0 && height > 0.0 {
            let area = self.draft.with_untracked(|draft| geometry::bounds(draft));
            self.viewport.set(Viewport::opening(&area, width, height));
            self.show_selected();
        }
    }

    /// Selects a step, and shows it.
    pub fn lead_to(self, id: &StepId) {
        self.selected.set(Some(Selection::Step(id.clone())));
        self.bring_into_view(id);
    }

    /// Lets go of what is selected; the keyboard stays on its card.
    pub fn leave(self) {
        let card = match self.selected.get_untracked() {
            Some(Selection::Step(id)) => face_of(&id),
            _ => START_FACE.to_owned(),
        };
        self.selected.set(None);
        focus_on(&card);
    }

    /// What had focus is gone: the selected card gets it, so that the keys go on acting on the chart.
    fn keep_focus(self) {
        match self.selected.get_untracked() {
            Some(Selection::Step(id)) => keep_focus_on(face_of(&id)),
            _ => keep_focus_on(START_FACE.to_owned()),
        }
    }

    /// Moves the view so far that the selected step can be seen.
    pub(super) fn show_selected(self) {
        if let Some(Selection::Step(id)) = self.selected.get_untracked() {
            self.bring_into_view(&id);
        }
    }

    /// Shows the whole chart.
    pub(super) fn fit(self) {
        let (width, height) = self.size.get_untracked();
        if width > 0.0 && height > 0.0 {
            let area = self.draft.with_untracked(|draft| geometry::bounds(draft));
            self.viewport.set(Viewport::fitted(&area, width, height));
        }
    }

    /// The canvas had that size before.
    pub(super) fn resized(self, before: (f64, f64)) {
        let area = self.draft.with_untracked(|draft| geometry::bounds(draft));
        let now = self.size.get_untracked();
        let (view, was) = self
            .viewport
            .with_untracked(|view| (view.resized(&area, before, now), *view));
        if view != was {
            self.viewport.set(view);
        }
    }

    pub(super) fn tidy(self) {
        self.change("Tidy up", None, |draft| tidy::tidy(draft));
        self.fit();
        announce("Tidied up");
    }

    /// Moves the view so far that the card and its ways out can be seen.
    pub(super) fn bring_into_view(self, id: &StepId) {
        let Some(card) = self
            .draft
            .with_untracked(|draft| draft.find(id).map(geometry::footprint))
        else {
            return;
        };
        self.reveal(&card);
    }

    fn reveal(self, card: &Rect) {
        const MARGIN: f64 = 24.0;
        let (width, height) = self.size.get_untracked();
        if width <= 0.0 || height <= 0.0 {
            return;
        }
        self.viewport.update(|view| {
            let left = card.x * view.zoom + view.offset.x;
            let top = card.y * view.zoom + view.offset.y;
            let right = card.right() * view.zoom + view.offset.x;
            let bottom = card.bottom() * view.zoom + view.offset.y;
            let shift = |low: f64, high: f64, size: f64| {
                if low < MARGIN {
                    MARGIN - low
                } else if high > size - MARGIN {
                    size - MARGIN - high
                } else {
                    0.0
                }
            };
            *view = view.panned(shift(left, right, width), shift(top, bottom, height));
        });
    }

    pub fn name_of(self, id: &StepId) -> String {
        self.draft
            .with_untracked(|draft| draft.find(id).map(|step| step.name().to_owned()))
            .unwrap_or_default()
    }

    fn label_of(self, id: &StepId, exit: &Exit<D>) -> String {
        self.draft
            .with_untracked(|draft| draft.find(id).map(|step| step.label(exit)))
            .unwrap_or_default()
    }

    /// The problems of one step; of the draft as a whole where there is none.
    pub fn problems_of(self, id: Option<&StepId>) -> Vec<Problem> {
        self.problems.with(|problems| {
            problems
                .iter()
                .filter(|problem| problem.detail.at.step.as_ref() == id)
                .cloned()
                .collect()
        })
    }
}

/// The part of the start card that takes focus.
const START_FACE: &str = ".step-card-start .step-card-face";

/// The part of a step's card that takes focus.
pub(super) fn face_of(id: &StepId) -> String {
    format!("[data-step=\"{id}\"] .step-card-face")
}

/// Moves focus there if what had it is gone.
pub(super) fn keep_focus_on(selector: String) {
    request_animation_frame(move || {
        let is_lost = document()
            .active_element()
            .is_none_or(|active| active.tag_name() == "BODY");
        if is_lost {
            focus_on(&selector);
        }
    });
}

/// What a badge says of problems: whether any is an error, and their sentences.
pub(super) fn worst(problems: &[Problem]) -> Option<(Severity, String)> {
    let first = problems.first()?;
    let severity = if problems.iter().any(|p| p.severity == Severity::Error) {
        Severity::Error
    } else {
        first.severity
    };
    let sentences: Vec<&str> = problems.iter().map(|p| p.detail.message.as_str()).collect();
    Some((severity, sentences.join("\n")))
}
