//! What an edit does to a draft. Every function leaves a draft that can be saved.

use super::document::{ChartStep, Charted, Exit, Kind};
use super::geometry::{
    CARD_WIDTH, GAP_X, GAP_Y, GRID, Point, Rect, card, gap_behind, snapped, start_card,
    start_card_before,
};
use crate::model::StepId;

/// Where a new step goes.
#[derive(Debug, Clone, PartialEq)]
pub enum Place<E> {
    /// First of all: what was first comes after it.
    Start,
    /// Behind a way out; what the way led to comes after it.
    After(StepId, E),
    /// Connected to nothing, near this point.
    At(Point),
}

/// Adds a step and gives its id.
pub fn add_step<D: Charted>(
    draft: &mut D,
    kind: Kind<D>,
    name: &str,
    place: &Place<Exit<D>>,
) -> StepId {
    let id = free_id(draft, &D::Step::id_base(&kind));
    let mut step = D::Step::new(id.clone(), name, kind);
    let near = match place {
        Place::Start => {
            if let Some(first) = draft.first() {
                step.lead_on(None, first.clone());
            }
            let at = start_card(draft);
            Point::new(at.right() + GAP_X, at.y)
        }
        Place::After(from, exit) => match draft.find(from) {
            Some(from) => {
                let behind = from.behind(exit);
                if let Some(behind) = behind.filter(|id| draft.find(id).is_some()) {
                    step.lead_on(Some((from, exit)), behind);
                }
                let below = from.slot(exit) > 0;
                let gap = gap_behind(from);
                let from = card(from);
                let down = if below { from.height + GAP_Y } else { 0.0 };
                Point::new(from.right() + gap, from.y + down)
            }
            None => Point::default(),
        },
        Place::At(point) => *point,
    };
    let is_first = *place == Place::Start || draft.first().is_none();
    put(draft, step, near, is_first);
    match place {
        Place::Start => draft.set_first(Some(id.clone())),
        Place::After(from, exit) => connect(draft, from, exit, &id),
        Place::At(_) => {}
    }
    id
}

/// Puts a step on the chart where there is room for it.
fn put<D: Charted>(draft: &mut D, mut step: D::Step, near: Point, is_first: bool) {
    step.set_at(free_place(draft, &step, near, is_first));
    if draft.first().is_none() {
        draft.set_first(Some(step.id().clone()));
    }
    draft.steps_mut().push(step);
}

/// Takes a step out. What led to it leads to where its first way led, so that a chain stays whole.
pub fn remove_step<D: Charted>(draft: &mut D, id: &StepId) {
    let Some(index) = draft.steps().iter().position(|step| step.id() == id) else {
        return;
    };
    let removed = draft.steps_mut().remove(index);
    let follower = removed.follower().filter(|next| *next != id).cloned();
    for step in draft.steps_mut() {
        step.redirect(id, follower.as_ref());
    }
    if draft.first() == Some(id) {
        let first = draft.steps().first().map(|step| step.id().clone());
        draft.set_first(follower.or(first));
    }
}

/// Leads a way to a step. A way that the step does not have, or a step that is not there, changes nothing.
pub fn connect<D: Charted>(draft: &mut D, from: &StepId, exit: &Exit<D>, to: &StepId) {
    if draft.find(to).is_none() {
        return;
    }
    if let Some(step) = step_mut(draft, from) {
        step.connect(exit, to.clone());
    }
}

/// Lets a way lead nowhere.
pub fn disconnect<D: Charted>(draft: &mut D, from: &StepId, exit: &Exit<D>) {
    if let Some(step) = step_mut(draft, from) {
        step.disconnect(exit);
    }
}

/// Makes a step the one that the start leads to.
pub fn start_with<D: Charted>(draft: &mut D, id: &StepId) {
    if draft.find(id).is_some() {
        draft.set_first(Some(id.clone()));
    }
}

/// Puts a card down at the nearest grid position.
pub fn move_step<D: Charted>(draft: &mut D, id: &StepId, to: Point) {
    if let Some(step) = step_mut(draft, id) {
        step.set_at(snapped(to));
    }
}

/// The step, to change it in place.
pub fn step_mut<'a, D: Charted>(draft: &'a mut D, id: &StepId) -> Option<&'a mut D::Step> {
    draft.steps_mut().iter_mut().find(|step| step.id() == id)
}

/// `method-1`, `method-2`, …: the first that is not taken, and that nothing leads to: that was another step's.
fn free_id<D: Charted>(draft: &D, base: &str) -> StepId {
    let is_led_to = |id: &StepId| {
        let mut steps = draft.steps().iter();
        steps.any(|step| {
            step.exits()
                .iter()
                .any(|exit| step.target(exit) == Some(id))
        })
    };
    (1..=u64::MAX)
        .filter_map(|number| StepId::parse(&format!("{base}-{number}")).ok())
        .find(|id| draft.find(id).is_none() && !is_led_to(id))
        .expect("there are more numbers than steps, and every such text is an id")
}

/// The nearest place below `near` where a card covers no other, the start card included; that comes along where the step is
/// to be the first.
fn free_place<D: Charted>(draft: &D, step: &D::Step, near: Point, is_first: bool) -> [i32; 2] {
    let mut taken: Vec<Rect> = draft.steps().iter().map(card).collect();
    if !is_first {
        taken.push(start_card(draft));
    }
    let mut at = snapped(near);
    loop {
        let own = Rect {
            x: f64::from(at[0]),
            y: f64::from(at[1]),
            ..card(step)
        };
        let mut own = vec![own];
        if is_first {
            own.push(start_card_before(&own[0]));
        }
        let lowest = taken
            .iter()
            .filter(|other| own.iter().any(|own| own.grown(NEAR).overlaps(other)))
            .map(|other| snapped(Point::new(0.0, other.bottom() + GAP_Y))[1])
            .max();
        match lowest {
            // It only ever goes down, and so comes to an end.
            Some(below) if at[1] < below => at[1] = below,
            _ => return at,
        }
    }
}

/// Cards nearer than this look like one.
const NEAR: f64 = GRID as f64;

/// A copy of a step beside it, connected to nothing.
pub fn duplicate_step<D: Charted>(draft: &mut D, id: &StepId) -> Option<StepId> {
    let original = draft.find(id)?;
    let near = Point::new(card(original).x, card(original).bottom() + GAP_Y);
    let copy = free_id(draft, &original.own_id_base());
    let step = original.copied(copy.clone(), &format!("{} (copy)", original.name()));
    let is_first = draft.first().is_none();
    put(draft, step, near, is_first);
    Some(copy)
}

/// How far an arrow key moves a card: a grid step, or with Shift the width of a card.
pub fn nudge(large: bool) -> f64 {
    if large { CARD_WIDTH } else { f64::from(GRID) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bundle, EndOutcome, Runbook, StepKind, Way};

    fn example() -> Runbook {
        let example = include_bytes!("../../../tests/examples/ask-a-question.json");
        Bundle::parse(example).unwrap().runbooks.remove(0)
    }

    fn id(text: &str) -> StepId {
        StepId::parse(text).unwrap()
    }

    fn end() -> StepKind {
        StepKind::End {
            outcome: EndOutcome::Success,
        }
    }

    fn condition() -> StepKind {
        StepKind::Condition {
            when: crate::condition::When::default(),
        }
    }

    #[test]
    fn a_step_put_into_a_chain_keeps_it_whole() {
        let mut runbook = example();
        let new = add_step(
            &mut runbook,
            condition(),
            "Is it urgent",
            &Place::After(id("ask"), Way::Success),
        );
        assert_eq!(runbook.step(&id("ask")).unwrap().next[&Way::Success], new);
        assert_eq!(runbook.step(&new).unwrap().next[&Way::Met], id("post"));
        let placed = card(runbook.step(&new).unwrap());
        for step in runbook.steps.iter().filter(|step| step.id != new) {
            assert!(!placed.overlaps(&card(step)), "{}", step.id);
        }
        remove_step(&mut runbook, &new);
        assert_eq!(runbook, example());
    }

    #[test]
    fn a_new_card_covers_no_other_wherever_it_is_put() {
        let apart = |runbook: &Runbook, place: &Place<Way>| {
            let mut cards: Vec<Rect> = runbook.steps.iter().map(card).collect();
            cards.push(start_card(runbook));
            for (at, one) in cards.iter().enumerate() {
                for other in &cards[at + 1..] {
                    assert!(!one.overlaps(other), "{place:?}: {one:?} {other:?}");
                }
            }
        };
        let example = example();
        let start = start_card(&example);
        let mut places = vec![Place::Start, Place::At(Point::new(start.x, start.y))];
        for step in &example.steps {
            let card = card(step);
            for (x, y) in [(0.0, 0.0), (-3.0, 5.0), (-250.0, 0.0), (90.0, -60.0)] {
                places.push(Place::At(Point::new(card.x + x, card.y + y)));
            }
            let ways = step.kind.ways().iter();
            places.extend(ways.map(|way| Place::After(step.id.clone(), *way)));
        }
        for place in &places {
            let mut runbook = example.clone();
            for _ in 0..4 {
                add_step(&mut runbook, condition(), "New", place);
                apart(&runbook, place);
            }
            duplicate_step(&mut runbook, &id("ask"));
            apart(&runbook, place);
        }
        let mut empty = example.clone();
        empty.steps.clear();
        empty.first_step = None;
        for place in [Place::Start, Place::At(Point::new(0.0, 0.0))] {
            let mut runbook = empty.clone();
            add_step(&mut runbook, condition(), "New", &place);
            add_step(&mut runbook, condition(), "New", &Place::Start);
            apart(&runbook, &place);
        }
    }

    #[test]
    fn removing_the_first_step_starts_with_its_follower() {
        let mut runbook = example();
        remove_step(&mut runbook, &id("ask"));
        assert_eq!(runbook.first_step, Some(id("post")));
        remove_step(&mut runbook, &id("done"));
        assert!(
            !runbook
                .step(&id("post"))
                .unwrap()
                .next
                .contains_key(&Way::Success)
        );
        for step in ["post", "failed"] {
            remove_step(&mut runbook, &id(step));
        }
        assert_eq!((runbook.first_step, runbook.steps.len()), (None, 0));
    }

    #[test]
    fn the_first_step_of_an_empty_chart_is_where_it_starts() {
        let mut runbook = example();
        runbook.steps.clear();
        runbook.first_step = None;
        let first = add_step(&mut runbook, end(), "End", &Place::At(Point::new(3.0, 5.0)));
        assert_eq!(runbook.first_step, Some(first.clone()));
        assert_eq!(runbook.step(&first).unwrap().at, [0, 8]);
    }

    #[test]
    fn what_is_done_with_an_element_leads_back() {
        let each = || StepKind::ForEach {
            over: "<<List>>".to_owned(),
            limit: None,
            at_once: None,
        };
        let mut runbook = example();
        let first = runbook.first_step.clone().unwrap();
        let behind = runbook.step(&first).unwrap().next[&Way::Success].clone();
        let place = Place::After(first.clone(), Way::Success);
        let looped = add_step(&mut runbook, each(), "Each", &place);
        assert_eq!(runbook.step(&looped).unwrap().next[&Way::Finished], behind);
        let place = Place::After(looped.clone(), Way::Element);
        let body = add_step(&mut runbook, condition(), "Ask", &place);
        assert_eq!(runbook.step(&looped).unwrap().next[&Way::Element], body);
        assert_eq!(runbook.step(&body).unwrap().next[&Way::Met], looped);
        remove_step(&mut runbook, &looped);
        assert_eq!(runbook.step(&first).unwrap().next[&Way::Success], behind);
    }

    #[test]
    fn a_connection_needs_both_its_ends() {
        let mut runbook = example();
        connect(&mut runbook, &id("ask"), &Way::Met, &id("done"));
        connect(&mut runbook, &id("ask"), &Way::Success, &id("nobody"));
        assert_eq!(runbook, example());
        disconnect(&mut runbook, &id("ask"), &Way::Failure);
        assert_eq!(runbook.step(&id("ask")).unwrap().next.len(), 1);
    }
}
