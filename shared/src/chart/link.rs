//! The curves between cards: they leave to the right, arrive from the left, and run
//! round cards where they can.

use std::fmt::Write as _;

use super::geometry::{Point, Rect};

/// How far a link keeps away from cards that it passes.
const CLEARANCE: f64 = 16.0;
/// The shortest pull of a curve's handles.
const HANDLE: f64 = 40.0;
/// Points looked at along each curve when searching for cards in its way.
const SAMPLES: u32 = 20;

/// A link's shape: curves, end to end.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    from: Point,
    /// Two handles and an end for each curve.
    curves: Vec<[Point; 3]>,
}

impl Link {
    /// The shape from a way out to an entry, round `cards` where possible.
    pub fn between(from: Point, to: Point, cards: &[Rect]) -> Self {
        let mut best: Option<(usize, Self)> = None;
        for candidate in candidates(from, to, cards) {
            let hits = candidate.hits(cards);
            if hits == 0 {
                return candidate;
            }
            if best.as_ref().is_none_or(|(fewest, _)| hits < *fewest) {
                best = Some((hits, candidate));
            }
        }
        best.map_or_else(|| direct(from, to), |(_, link)| link)
    }

    /// As the `d` of an SVG path.
    pub fn to_svg(&self) -> String {
        let mut path = format!("M{:.1} {:.1}", self.from.x, self.from.y);
        for [a, b, end] in &self.curves {
            // Writing to a String cannot fail.
            let _ = write!(
                path,
                "C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}",
                a.x, a.y, b.x, b.y, end.x, end.y
            );
        }
        path
    }

    /// The middle, where a link's tools are offered.
    pub fn middle(&self) -> Point {
        let points = self.points();
        points.get(points.len() / 2).copied().unwrap_or(self.from)
    }

    fn points(&self) -> Vec<Point> {
        let mut points = Vec::new();
        let mut start = self.from;
        for [a, b, end] in &self.curves {
            for sample in 0..=SAMPLES {
                points.push(on_curve(
                    start,
                    *a,
                    *b,
                    *end,
                    f64::from(sample) / f64::from(SAMPLES),
                ));
            }
            start = *end;
        }
        points
    }

    /// How many cards lie in the way.
    fn hits(&self, cards: &[Rect]) -> usize {
        let points = self.points();
        cards
            .iter()
            .filter(|card| {
                let inner = card.grown(-2.0);
                points.iter().any(|point| inner.contains(*point))
            })
            .count()
    }
}

fn on_curve(start: Point, a: Point, b: Point, end: Point, t: f64) -> Point {
    let u = 1.0 - t;
    let mix = |p0: f64, p1: f64, p2: f64, p3: f64| {
        u * u * u * p0 + 3.0 * u * u * t * p1 + 3.0 * u * t * t * p2 + t * t * t * p3
    };
    Point::new(mix(start.x, a.x, b.x, end.x), mix(start.y, a.y, b.y, end.y))
}

fn direct(from: Point, to: Point) -> Link {
    let pull = ((to.x - from.x).abs() / 2.0).max(HANDLE);
    Link {
        from,
        curves: vec![[
            Point::new(from.x + pull, from.y),
            Point::new(to.x - pull, to.y),
            to,
        ]],
    }
}

/// Out to the right, along a lane at height `y`, and in from the left.
fn by_lane(from: Point, to: Point, y: f64) -> Link {
    // Where there is room to bend on the way; else the link turns back round its own end.
    let room = (to.x - from.x) / 2.0;
    let bend = if room >= HANDLE {
        room.min(2.0 * HANDLE)
    } else {
        0.0
    };
    let (lane_in, lane_out) = if bend > 0.0 {
        (Point::new(from.x + bend, y), Point::new(to.x - bend, y))
    } else {
        (Point::new(from.x + HANDLE, y), Point::new(to.x - HANDLE, y))
    };
    let turn = |end: Point, lane: Point, side: f64| {
        if bend > 0.0 {
            let half = side * bend / 2.0;
            (
                Point::new(end.x + half, end.y),
                Point::new(lane.x - half, y),
            )
        } else {
            let out = lane.x + side * HANDLE / 2.0;
            (Point::new(out, end.y), Point::new(out, y))
        }
    };
    let (out_a, out_b) = turn(from, lane_in, 1.0);
    let (in_b, in_a) = turn(to, lane_out, -1.0);
    Link {
        from,
        curves: vec![
            [out_a, out_b, lane_in],
            [lane_in, lane_out, lane_out],
            [in_a, in_b, to],
        ],
    }
}

fn candidates(from: Point, to: Point, cards: &[Rect]) -> Vec<Link> {
    let mut links = Vec::new();
    let forward = to.x >= from.x + CLEARANCE;
    if forward {
        links.push(direct(from, to));
    }
    let (left, right) = (from.x.min(to.x) - HANDLE, from.x.max(to.x) + HANDLE);
    let mut lanes: Vec<f64> = cards
        .iter()
        .filter(|card| card.x < right && card.right() > left)
        .flat_map(|card| [card.y - CLEARANCE, card.bottom() + CLEARANCE])
        .collect();
    if forward {
        lanes.push(f64::midpoint(from.y, to.y));
    }
    let cost = |lane: f64| (lane - from.y).abs() + (lane - to.y).abs();
    lanes.sort_by(|a, b| cost(*a).total_cmp(&cost(*b)));
    links.extend(lanes.into_iter().map(|lane| by_lane(from, to, lane)));
    if links.is_empty() {
        links.push(by_lane(from, to, from.y.max(to.y) + 4.0 * CLEARANCE));
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(x: f64, y: f64) -> Rect {
        Rect::card(Point::new(x, y))
    }

    #[test]
    fn a_free_way_is_one_curve() {
        let link = Link::between(Point::new(200.0, 36.0), Point::new(280.0, 36.0), &[]);
        assert_eq!(
            link.to_svg(),
            "M200.0 36.0C240.0 36.0 240.0 36.0 280.0 36.0"
        );
    }

    #[test]
    fn a_card_in_the_way_is_passed() {
        let between = card(300.0, 0.0);
        let cards = [card(0.0, 0.0), between, card(600.0, 0.0)];
        let link = Link::between(Point::new(200.0, 36.0), Point::new(600.0, 36.0), &cards);
        assert_eq!(link.hits(&[between]), 0);
    }

    #[test]
    fn a_way_back_runs_round_both_cards() {
        let cards = [card(0.0, 0.0), card(300.0, 0.0)];
        let link = Link::between(Point::new(500.0, 36.0), Point::new(0.0, 36.0), &cards);
        assert_eq!(link.hits(&cards), 0);
    }

    #[test]
    fn positions_that_are_no_numbers_do_no_harm() {
        let odd = Point::new(f64::NAN, f64::INFINITY);
        let link = Link::between(odd, Point::new(0.0, 0.0), &[card(f64::NAN, 0.0)]);
        assert!(link.to_svg().starts_with('M'));
    }
}
