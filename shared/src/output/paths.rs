//! Several paths into one body.

use std::borrow::Cow;

use super::{Missing, OutputPath, walk};
use crate::json::{InvalidJson, Limits};

/// Paths that are looked up together, in one pass over a body.
#[derive(Debug, Clone, Default)]
pub struct Paths<'p> {
    paths: Vec<&'p OutputPath>,
}

impl<'p> Paths<'p> {
    pub fn new(paths: impl IntoIterator<Item = &'p OutputPath>) -> Self {
        Self {
            paths: paths.into_iter().collect(),
        }
    }

    /// What each path finds, in the order of the paths. The body is checked as a whole,
    /// also when there is no path.
    pub fn extract_all<'a>(
        &self,
        body: &'a [u8],
        limits: Limits,
    ) -> Result<Vec<Result<Cow<'a, str>, Missing>>, InvalidJson> {
        walk::extract_all(self.paths.iter().copied(), body, limits)
    }
}
