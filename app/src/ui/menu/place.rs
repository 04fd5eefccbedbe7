//! Where something that floats goes.

/// A rectangle of the window, in CSS pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Between the button and what it opened, and between that and the window's edge.
const GAP: f64 = 4.0;

/// The left and top of something of `size` that belongs to `anchor`, in a window of `view` (width, height):
/// under it, its left edges in line; above it or with right edges in line where there is no room; always in sight.
pub(super) fn place(anchor: Area, size: (f64, f64), view: (f64, f64)) -> (f64, f64) {
    let under = anchor.top + anchor.height + GAP;
    let above = anchor.top - GAP - size.1;
    let top = if under + size.1 + GAP <= view.1 || above < GAP {
        under
    } else {
        above
    };
    let left = if anchor.left + size.0 + GAP <= view.0 {
        anchor.left
    } else {
        anchor.left + anchor.width - size.0
    };
    (inside(left, size.0, view.0), inside(top, size.1, view.1))
}

fn inside(start: f64, length: f64, view: f64) -> f64 {
    start.min(view - length - GAP).max(GAP)
}

#[cfg(test)]
mod tests {
    use super::{Area, place};

    #[test]
    fn it_stays_beside_its_button_and_in_the_window() {
        let button = |left, top| Area {
            left,
            top,
            width: 30.0,
            height: 30.0,
        };
        let cases = [
            (
                "under, left edges in line",
                button(100.0, 100.0),
                (200.0, 300.0),
                (100.0, 134.0),
            ),
            (
                "right edges in line",
                button(960.0, 100.0),
                (200.0, 300.0),
                (790.0, 134.0),
            ),
            (
                "above",
                button(100.0, 700.0),
                (200.0, 300.0),
                (100.0, 396.0),
            ),
            (
                "taller than both rooms",
                button(100.0, 100.0),
                (200.0, 900.0),
                (100.0, 4.0),
            ),
            (
                "wider than the window",
                button(900.0, 100.0),
                (1200.0, 100.0),
                (4.0, 134.0),
            ),
        ];
        for (name, anchor, size, expected) in cases {
            assert_eq!(place(anchor, size, (1000.0, 800.0)), expected, "{name}");
        }
    }
}
