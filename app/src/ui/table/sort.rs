//! The order of rows.

use super::Row;

/// What a cell sorts by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// Milliseconds, counts, sizes.
    Number(i64),
    /// In lower case, so that capitals do not come first.
    Text(String),
    /// An empty cell; after everything else.
    Nothing,
}

impl SortKey {
    /// By words, without regard to capitals.
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            Self::Nothing
        } else {
            Self::Text(text.to_lowercase())
        }
    }
}

/// By which column, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub column: usize,
    pub descending: bool,
}

impl Order {
    /// The order after the head of `column` was pressed: up, down, then as it came.
    pub(super) fn pressed(now: Option<Self>, column: usize) -> Option<Self> {
        match now {
            Some(now) if now.column == column && now.descending => None,
            Some(now) if now.column == column => Some(Self {
                column,
                descending: true,
            }),
            _ => Some(Self {
                column,
                descending: false,
            }),
        }
    }
}

/// The rows in order; equal ones, and all without an order, stay as they came. Empty cells are last both ways.
pub(super) fn sort_rows(mut rows: Vec<Row>, order: Option<Order>) -> Vec<Row> {
    let Some(Order { column, descending }) = order else {
        return rows;
    };
    let key = |row: &Row| {
        row.cells
            .get(column)
            .map_or(SortKey::Nothing, |cell| cell.sort.clone())
    };
    rows.sort_by(|left, right| {
        let (left, right) = (key(left), key(right));
        let empties = (left == SortKey::Nothing).cmp(&(right == SortKey::Nothing));
        empties.then_with(|| {
            if descending {
                right.cmp(&left)
            } else {
                left.cmp(&right)
            }
        })
    });
    rows
}

#[cfg(test)]
mod tests {
    use super::{Order, sort_rows};
    use crate::ui::table::{Cell, Row};

    #[test]
    fn a_head_goes_up_down_and_back() {
        let up = Order {
            column: 1,
            descending: false,
        };
        let down = Order {
            column: 1,
            descending: true,
        };
        let cases = [
            (None, Some(up)),
            (Some(up), Some(down)),
            (Some(down), None),
            (Some(Order { column: 0, ..down }), Some(up)),
        ];
        for (now, expected) in cases {
            assert_eq!(Order::pressed(now, 1), expected);
        }
    }

    #[test]
    fn rows_sort_without_regard_to_capitals_and_empty_ones_are_last() {
        let row = |name: &str| Row {
            key: name.to_owned(),
            href: None,
            cells: vec![Cell::text(name)],
        };
        let cases = [
            (None, ["b", "", "A", "c"]),
            (Some(false), ["A", "b", "c", ""]),
            (Some(true), ["c", "b", "A", ""]),
        ];
        for (descending, expected) in cases {
            let rows = ["b", "", "A", "c"].map(row).to_vec();
            let order = descending.map(|descending| Order {
                column: 0,
                descending,
            });
            let sorted: Vec<String> = sort_rows(rows, order)
                .into_iter()
                .map(|row| row.key)
                .collect();
            assert_eq!(sorted, expected);
        }
    }
}
