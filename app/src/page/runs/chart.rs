//! A small chart of days, drawn by hand: as wide as its place, one slot a day.

use leptos::prelude::*;

/// The width of a day and the height of all, in units of the drawing.
const SLOT: f64 = 20.0;
const HEIGHT: f64 = 100.0;

/// What a chart shows of each day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Day {
    /// Read when the day is pointed at.
    pub(super) words: String,
    /// From the lowest layer up: class and value.
    pub(super) values: Vec<(&'static str, u64)>,
}

/// How the values of a day stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// On top of each other.
    Stacked,
    /// One in front of the other.
    Layered,
}

/// The largest of what is drawn.
pub(super) fn highest(days: &[Day], shape: Shape) -> u64 {
    let of_day = |day: &Day| {
        let values = day.values.iter().map(|(_, value)| *value);
        match shape {
            Shape::Stacked => values.sum(),
            Shape::Layered => values.max().unwrap_or(0),
        }
    };
    days.iter().map(of_day).max().unwrap_or(0)
}

/// Bars as lengths from below: class, from and height, in units.
fn bars(day: &Day, shape: Shape, highest: u64) -> Vec<(&'static str, f64, f64)> {
    let mut below = 0.0;
    let mut bars = Vec::new();
    for (class, value) in day.values.iter().filter(|(_, value)| *value > 0) {
        // One failure among thousands can still be seen.
        let height = (share(*value, highest) * HEIGHT).max(2.0);
        bars.push((*class, below, height));
        if shape == Shape::Stacked {
            below += height;
        }
    }
    bars
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a height on the screen needs no more digits"
)]
fn share(value: u64, highest: u64) -> f64 {
    value as f64 / highest.max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "as many as there are days")]
fn left(index: usize) -> f64 {
    index as f64 * SLOT
}

/// Draws the days. What it says is in `label` and in a table beside it.
pub(super) fn drawn(label: String, days: &[Day], shape: Shape) -> AnyView {
    let highest = highest(days, shape);
    let slots = days
        .iter()
        .enumerate()
        .map(|(index, day)| {
            let bars = bars(day, shape, highest)
                .into_iter()
                .map(|(class, below, height)| {
                    view! {
                        <rect
                            class=class
                            x=left(index) + 3.0
                            y=HEIGHT - below - height
                            width=SLOT - 6.0
                            height=height
                        ></rect>
                    }
                })
                .collect_view();
            view! {
                <g class="chart-day">
                    <rect class="chart-slot" x=left(index) y="0" width=SLOT height=HEIGHT></rect>
                    {bars}
                    <title>{day.words.clone()}</title>
                </g>
            }
        })
        .collect_view();
    let view_box = format!("0 0 {} {HEIGHT}", left(days.len()).max(SLOT));
    view! {
        <svg class="chart-days" role="img" aria-label=label viewBox=view_box preserveAspectRatio="none">
            {slots}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(values: &[u64]) -> Day {
        Day {
            words: String::new(),
            values: values.iter().map(|value| ("bar", *value)).collect(),
        }
    }

    #[test]
    fn the_highest_day_fills_the_height_and_the_least_is_seen() {
        let days = [day(&[30, 10]), day(&[0, 0]), day(&[1, 0])];
        assert_eq!(highest(&days, Shape::Stacked), 40);
        assert_eq!(highest(&days, Shape::Layered), 30);
        assert_eq!(
            bars(&days[0], Shape::Stacked, 40),
            [("bar", 0.0, 75.0), ("bar", 75.0, 25.0)]
        );
        assert_eq!(bars(&days[1], Shape::Stacked, 40), []);
        assert_eq!(bars(&days[2], Shape::Layered, 1_000), [("bar", 0.0, 2.0)]);
        assert_eq!(highest(&[], Shape::Stacked), 0);
    }
}
