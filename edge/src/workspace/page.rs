//! Pages of lists that are read from the newest entry on.

const DEFAULT_LIMIT: u32 = 50;
const HIGHEST_LIMIT: u32 = 200;

/// How many entries a page has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit(u32);

impl Limit {
    pub(super) fn of(asked: Option<u32>) -> Self {
        Self(asked.unwrap_or(DEFAULT_LIMIT).clamp(1, HIGHEST_LIMIT))
    }

    /// How many rows are read: one more tells whether there is another page.
    pub(super) fn rows(self) -> u32 {
        self.0 + 1
    }

    /// Takes the row off that is beyond the page, and says after which entry the next page begins, where there is one.
    pub(super) fn cut<R>(self, rows: &mut Vec<R>, id: impl Fn(&R) -> u64) -> Option<String> {
        let most = usize::try_from(self.0).unwrap_or(usize::MAX);
        if rows.len() <= most {
            return None;
        }
        rows.truncate(most);
        rows.last().map(|last| id(last).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;

    #[test]
    fn a_page_says_where_the_next_one_begins() {
        for (asked, found, kept, next) in [
            (Some(2), 3, 2, Some("1")),
            (Some(2), 2, 2, None),
            (Some(2), 0, 0, None),
            (Some(0), 2, 1, Some("0")),
            (None, 51, 50, Some("49")),
            (Some(1_000), 201, 200, Some("199")),
        ] {
            let limit = Limit::of(asked);
            let mut rows: Vec<u64> = (0..found).collect();
            let after = limit.cut(&mut rows, |row| *row);
            assert_eq!((rows.len(), after.as_deref()), (kept, next), "{asked:?}");
            assert!(rows.len() < usize::try_from(limit.rows()).unwrap());
        }
    }
}
