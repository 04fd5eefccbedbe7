//! A date as its clocks run through it: in one piece, or in several where they are moved. All moments and lengths
//! are milliseconds.

use std::ops::Range;

pub(crate) const MS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// A date of a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    /// When each piece starts, and what the clock shows then, counted from midnight. The pieces follow one another.
    starts: Vec<(i64, i64)>,
    end: i64,
}

/// A part of a day during which nobody moves the clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    start: i64,
    length: i64,
    /// What the clock shows at its start, counted from midnight.
    clock: i64,
}

impl Day {
    pub(super) fn new(starts: Vec<(i64, i64)>, end: i64) -> Self {
        Self { starts, end }
    }

    pub(crate) fn start(&self) -> i64 {
        self.starts.first().map_or(self.end, |(start, _)| *start)
    }

    #[cfg(test)]
    pub(crate) fn end(&self) -> i64 {
        self.end
    }

    fn pieces(&self) -> impl Iterator<Item = Piece> {
        let ends = self.starts.iter().skip(1).map(|(start, _)| *start);
        let ends = ends.chain(std::iter::once(self.end));
        self.starts
            .iter()
            .zip(ends)
            .map(|((start, clock), end)| Piece {
                start: *start,
                length: end - start,
                clock: *clock,
            })
    }

    /// The moments at which the clock shows a time between `from` and `until`. Where the clocks are moved they may be
    /// several ranges, or none.
    pub(crate) fn during(&self, from: i64, until: i64) -> Vec<Range<i64>> {
        self.pieces()
            .filter_map(|piece| {
                let from = from.max(piece.clock);
                let until = until.min(piece.clock + piece.length);
                let at = |clock: i64| piece.start + clock - piece.clock;
                (from < until).then(|| at(from)..at(until))
            })
            .collect()
    }

    /// The moments of times of the clock, each of which comes once: one that the clocks leave out right after it would
    /// have been, and one that they show twice the first time. The times are in order, and so are the moments.
    pub(crate) fn once(&self, times: &[i64]) -> Vec<i64> {
        let mut moments = Vec::with_capacity(times.len());
        // Up to where the clock has come.
        let mut reached = 0;
        for piece in self.pieces() {
            if !between(times, reached, piece.clock).is_empty() {
                moments.push(piece.start);
            }
            let end = piece.clock + piece.length;
            let own = between(times, reached.max(piece.clock), end).iter();
            moments.extend(own.map(|time| piece.start + time - piece.clock));
            reached = reached.max(end);
        }
        if !between(times, reached, MS_PER_DAY).is_empty() {
            moments.push(self.end);
        }
        moments.dedup();
        moments
    }

    /// The moments at which the clock shows one of the times: none of those that it leaves out, and twice those that it
    /// shows twice.
    pub(crate) fn each(&self, times: &[i64]) -> Vec<i64> {
        let own = |piece: Piece| {
            let own = between(times, piece.clock, piece.clock + piece.length).iter();
            own.map(move |time| piece.start + time - piece.clock)
        };
        self.pieces().flat_map(own).collect()
    }
}

/// Those of the times, which are in order, that are not before `from` and before `until`.
fn between(times: &[i64], from: i64, until: i64) -> &[i64] {
    let start = times.partition_point(|time| *time < from);
    let end = times.partition_point(|time| *time < until);
    times.get(start..end).unwrap_or_default()
}
