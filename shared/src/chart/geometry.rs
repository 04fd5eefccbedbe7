//! Where cards and their ports lie. All lengths are pixels at zoom 1.

use super::document::{ChartStep, Charted, Exit};

/// Every card has this size, so that a chart does not move when a name is edited; one with more ways out than fit on its
/// edge is higher.
pub const CARD_WIDTH: f64 = 200.0;
pub const CARD_HEIGHT: f64 = 72.0;
/// The room of one way out along the edge.
const SLOT_HEIGHT: f64 = 24.0;
/// Cards snap to this grid.
pub const GRID: i32 = 8;
/// The pause between a card and the one placed after it; more where the words of its ways out need it.
pub const GAP_X: f64 = 80.0;
pub const GAP_Y: f64 = 48.0;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub const fn card(at: Point) -> Self {
        Self {
            x: at.x,
            y: at.y,
            width: CARD_WIDTH,
            height: CARD_HEIGHT,
        }
    }

    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub fn centre(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub fn contains(&self, point: Point) -> bool {
        (self.x..=self.right()).contains(&point.x) && (self.y..=self.bottom()).contains(&point.y)
    }

    #[must_use]
    pub fn grown(&self, by: f64) -> Self {
        Self {
            x: self.x - by,
            y: self.y - by,
            width: self.width + 2.0 * by,
            height: self.height + 2.0 * by,
        }
    }

    #[must_use]
    pub fn united(&self, other: &Self) -> Self {
        let x = self.x.min(other.x);
        let y = self.y.min(other.y);
        Self {
            x,
            y,
            width: self.right().max(other.right()) - x,
            height: self.bottom().max(other.bottom()) - y,
        }
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }
}

/// The card of a step.
pub fn card<S: ChartStep>(step: &S) -> Rect {
    let [x, y] = step.at();
    Rect {
        height: (slots(step) * SLOT_HEIGHT).max(CARD_HEIGHT),
        ..Rect::card(Point::new(f64::from(x), f64::from(y)))
    }
}

/// The start card: left of the first step, or at the chart's origin while there is none.
pub fn start_card<D: Charted>(draft: &D) -> Rect {
    let first = draft.first().and_then(|id| draft.find(id)).map(card);
    first.map_or(Rect::card(Point::new(0.0, 0.0)), |first| {
        start_card_before(&first)
    })
}

/// The start card of a chart whose first step has this card.
pub fn start_card_before(first: &Rect) -> Rect {
    Rect::card(Point::new(first.x - CARD_WIDTH - GAP_X, first.y))
}

/// How far beyond its card the words of a way out begin.
const LABEL_START: f64 = 14.0;
/// What stays free behind them.
const LABEL_END: f64 = 8.0;
/// Longer words are cut.
pub(super) const LABEL_MOST: f64 = 160.0;
/// How far above or below its way out the words stand.
const LABEL_RISE: f64 = 16.0;
/// What a letter takes at most on average, in any of the system's fonts: where there is too much room nothing is lost.
const LETTER: f64 = 7.5;
/// Letters of the East, which are as wide as they are high.
const WIDE_LETTER: f64 = 12.0;
const FIRST_WIDE_LETTER: char = '\u{2e80}';

/// How far the ways out of a step reach beyond its card, with their words.
fn reach<S: ChartStep>(step: &S) -> f64 {
    let exits = step.exits().into_iter().chain(step.spare());
    let widths = exits.map(|exit| label_width(&step.label(&exit)));
    widths.fold(0.0, |most: f64, width| most.max(LABEL_START + width))
}

/// What the words of a way out take, about.
pub(super) fn label_width(words: &str) -> f64 {
    let letters = words.chars();
    let widths = letters.map(|letter| {
        if letter < FIRST_WIDE_LETTER {
            LETTER
        } else {
            WIDE_LETTER
        }
    });
    widths.sum::<f64>().min(LABEL_MOST)
}

/// The pause behind a card in which the words of its ways out have room.
pub fn gap_behind<S: ChartStep>(step: &S) -> f64 {
    let grid = f64::from(GRID);
    let gap = (reach(step) + LABEL_END).max(GAP_X);
    (gap / grid).ceil() * grid
}

/// The room of the words of a way out, as far as the next card.
pub fn label_room<D: Charted>(draft: &D, step: &D::Step, way: &Exit<D>) -> f64 {
    let from = exit(step, way);
    let words = Rect {
        x: from.x + LABEL_START,
        y: from.y - LABEL_RISE,
        width: LABEL_MOST + LABEL_END,
        height: 2.0 * LABEL_RISE,
    };
    let others = draft.steps().iter().filter(|other| other.id() != step.id());
    let cards = others.map(card).chain([start_card(draft)]);
    let in_the_way = cards.filter(|card| card.overlaps(&words));
    let next = in_the_way.fold(words.right(), |next, card| next.min(card.x));
    (next - LABEL_END - words.x).max(0.0)
}

/// What has to be seen of a step: its card, and its ways out.
pub fn footprint<S: ChartStep>(step: &S) -> Rect {
    let card = card(step);
    Rect {
        width: card.width + reach(step),
        ..card
    }
}

/// Where links arrive at a card.
pub fn entry(card: &Rect) -> Point {
    Point::new(card.x, card.y + card.height / 2.0)
}

/// Where the start card's link leaves.
pub fn start_exit(card: &Rect) -> Point {
    Point::new(card.right(), card.y + card.height / 2.0)
}

/// Where a way leaves its card: the ways share the right edge in their order.
pub fn exit<S: ChartStep>(step: &S, exit: &S::Exit) -> Point {
    let card = card(step);
    Point::new(card.right(), card.y + card.height * share(step, exit))
}

/// How far down the edge of its card a way leaves: 0 is the top, 1 the bottom.
pub fn share<S: ChartStep>(step: &S, exit: &S::Exit) -> f64 {
    let slot = u32::try_from(step.slot(exit)).unwrap_or(0);
    (f64::from(slot) + 0.5) / slots(step).max(1.0)
}

fn slots<S: ChartStep>(step: &S) -> f64 {
    f64::from(u32::try_from(step.slots()).unwrap_or(0))
}

/// The smallest rectangle around all that has to be seen, the start card included.
pub fn bounds<D: Charted>(draft: &D) -> Rect {
    let seen = draft.steps().iter().map(footprint);
    seen.fold(start_card(draft), |all, card| all.united(&card))
}

/// What part of the chart the screen shows: a chart point `p` stands at `p * zoom + offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    pub offset: Point,
    pub zoom: f64,
}

impl Default for Viewport {
    fn default() -> Self {
        Self {
            offset: Point::new(0.0, 0.0),
            zoom: 1.0,
        }
    }
}

impl Viewport {
    pub const SMALLEST: f64 = 0.25;
    pub const LARGEST: f64 = 2.0;
    /// The smallest zoom at which the words on the cards are read at all: a little smaller than with ease is better than a
    /// card that is cut off.
    pub const LEGIBLE: f64 = 0.7;
    /// The smallest zoom at which the words on the cards are read with ease.
    pub const READABLE: f64 = 0.8;

    /// The chart's point under a point of the screen.
    pub fn to_chart(&self, screen: Point) -> Point {
        Point::new(
            (screen.x - self.offset.x) / self.zoom,
            (screen.y - self.offset.y) / self.zoom,
        )
    }

    /// Zooms by a factor, keeping what lies under `screen` where it is.
    #[must_use]
    pub fn zoomed(&self, factor: f64, screen: Point) -> Self {
        let zoom = (self.zoom * factor).clamp(Self::SMALLEST, Self::LARGEST);
        let fixed = self.to_chart(screen);
        Self {
            offset: Point::new(screen.x - fixed.x * zoom, screen.y - fixed.y * zoom),
            zoom,
        }
    }

    #[must_use]
    pub fn panned(&self, x: f64, y: f64) -> Self {
        Self {
            offset: Point::new(self.offset.x + x, self.offset.y + y),
            zoom: self.zoom,
        }
    }

    /// Shows all of `area` in the middle of a screen of that size, never larger than at zoom 1.
    pub fn fitted(area: &Rect, width: f64, height: f64) -> Self {
        let area = area.grown(40.0);
        let zoom = (width / area.width)
            .min(height / area.height)
            .clamp(Self::SMALLEST, 1.0);
        let centre = area.centre();
        Self {
            offset: Point::new(
                width / 2.0 - centre.x * zoom,
                height / 2.0 - centre.y * zoom,
            ),
            zoom,
        }
    }

    /// What is shown when the screen becomes larger: all of `area` once more where all of it was shown before. A screen
    /// that becomes smaller moves nothing away from under the pointer.
    #[must_use]
    pub fn resized(self, area: &Rect, before: (f64, f64), now: (f64, f64)) -> Self {
        let grows = before.0 <= now.0 && before.1 <= now.1;
        if grows && self == Self::fitted(area, before.0, before.1) {
            Self::fitted(area, now.0, now.1)
        } else {
            self
        }
    }

    /// What one sees first: all of `area` where it can be read, else, large enough to be read with ease, its beginning, at the top left.
    pub fn opening(area: &Rect, width: f64, height: f64) -> Self {
        let fitted = Self::fitted(area, width, height);
        if fitted.zoom >= Self::LEGIBLE {
            return fitted;
        }
        let zoom = Self::READABLE;
        let area = area.grown(40.0);
        // Along a side that has room for all of it, it stands in the middle.
        let place = |start: f64, length: f64, screen: f64| {
            let room = screen - length * zoom;
            room.max(0.0) / 2.0 - start * zoom
        };
        Self {
            offset: Point::new(
                place(area.x, area.width, width),
                place(area.y, area.height, height),
            ),
            zoom,
        }
    }
}

/// The nearest grid position.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float beyond i32 saturates, which is the edge of the chart"
)]
pub fn snapped(at: Point) -> [i32; 2] {
    let snap =
        |value: f64| ((value / f64::from(GRID)).round() * f64::from(GRID)).clamp(-1e6, 1e6) as i32;
    [snap(at.x), snap(at.y)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Runbook, Step};

    #[test]
    fn a_chart_that_was_shown_whole_makes_use_of_more_room() {
        let wide = Rect {
            width: 2_000.0,
            ..Rect::card(Point::new(0.0, 0.0))
        };
        let (small, large) = ((700.0, 600.0), (1_000.0, 600.0));
        let whole = Viewport::fitted(&wide, small.0, small.1);
        let larger = whole.resized(&wide, small, large);
        assert_eq!(larger, Viewport::fitted(&wide, large.0, large.1));
        assert_eq!(larger.resized(&wide, large, small), larger, "less room");
        let moved = whole.panned(5.0, 0.0);
        assert_eq!(moved.resized(&wide, small, large), moved, "moved by hand");
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let view = Viewport::default().panned(30.0, -20.0);
        let pointer = Point::new(100.0, 50.0);
        let before = view.to_chart(pointer);
        let after = view.zoomed(1.5, pointer).to_chart(pointer);
        assert!((before.x - after.x).abs() < 1e-9 && (before.y - after.y).abs() < 1e-9);
        assert!((view.zoomed(100.0, pointer).zoom - Viewport::LARGEST).abs() < 1e-9);
    }

    #[test]
    fn what_one_sees_first_can_be_read() {
        let start = Point::new(-200.0, 100.0);
        let small = Rect::card(start);
        let small_view = Viewport::opening(&small, 800.0, 600.0);
        assert_eq!(small_view, Viewport::fitted(&small, 800.0, 600.0));

        // A little too small to be read with ease, and whole.
        let larger = Rect {
            width: 1000.0,
            ..Rect::card(start)
        };
        let larger_view = Viewport::opening(&larger, 800.0, 600.0);
        assert!(larger_view.zoom < Viewport::READABLE);
        assert_eq!(larger_view, Viewport::fitted(&larger, 800.0, 600.0));

        let wide = Rect {
            width: 5000.0,
            ..Rect::card(start)
        };
        let view = Viewport::opening(&wide, 800.0, 600.0);
        assert!((view.zoom - Viewport::READABLE).abs() < 1e-9);
        let corner = view.to_chart(Point::new(0.0, 0.0));
        assert!((corner.x - (start.x - 40.0)).abs() < 1e-9);
        let middle = view.to_chart(Point::new(400.0, 300.0));
        assert!((middle.y - wide.centre().y).abs() < 1e-9);
    }

    #[test]
    fn fitting_centres_and_never_enlarges() {
        let area = Rect::card(Point::new(1000.0, 500.0));
        let view = Viewport::fitted(&area, 800.0, 600.0);
        assert!((view.zoom - 1.0).abs() < 1e-9);
        let middle = view.to_chart(Point::new(400.0, 300.0));
        assert!((middle.x - area.centre().x).abs() < 1e-9);
    }

    #[test]
    fn the_words_of_ways_out_are_part_of_what_is_seen() {
        let step = |kind: &str| -> Step {
            let written = format!(r#"{{"id":"a","name":"A","type":{kind},"at":[100,0]}}"#);
            serde_json::from_str(&written).unwrap()
        };
        let end = step(r#""end","outcome":"success""#);
        assert_eq!(footprint(&end), card(&end));
        let sleep = step(r#""sleep","for_ms":1"#);
        assert!(footprint(&sleep).right() > card(&sleep).right());
        let mut runbook: Runbook = serde_json::from_str(r#"{"id":"rb","name":"R"}"#).unwrap();
        runbook.steps.push(sleep.clone());
        let bounds = bounds(&runbook);
        assert!((bounds.right() - footprint(&sleep).right()).abs() < 1e-9);
    }

    #[test]
    fn positions_snap_and_stay_on_the_chart() {
        assert_eq!(snapped(Point::new(11.0, -13.0)), [8, -16]);
        assert_eq!(snapped(Point::new(f64::INFINITY, f64::NAN)), [1_000_000, 0]);
    }
}
