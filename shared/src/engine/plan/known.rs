//! What is set at each step: names as bits, so that a large chart is judged as fast as one
//! edits it.

use std::collections::BTreeMap;

/// All names that a plan may know, each with its place.
pub(super) struct Names<'d> {
    names: Vec<&'d str>,
    places: BTreeMap<&'d str, usize>,
}

impl<'d> Names<'d> {
    pub(super) fn new(all: impl IntoIterator<Item = &'d str>) -> Self {
        let mut names = Vec::new();
        let mut places = BTreeMap::new();
        for name in all {
            places.entry(name).or_insert_with(|| {
                names.push(name);
                names.len() - 1
            });
        }
        Self { names, places }
    }

    /// The set of these names; of those that are not known there is nothing to say.
    pub(super) fn set<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> NameSet {
        let mut set = NameSet {
            words: vec![0; self.names.len().div_ceil(64)],
        };
        for name in names {
            if let Some(place) = self.places.get(name)
                && let Some(word) = set.words.get_mut(place / 64)
            {
                *word |= 1 << (place % 64);
            }
        }
        set
    }

    pub(super) fn has(&self, set: &NameSet, name: &str) -> bool {
        let place = self.places.get(name);
        place.is_some_and(|place| set.has(*place))
    }

    /// The names of a set.
    pub(super) fn of(&self, set: &NameSet) -> impl Iterator<Item = &'d str> {
        let names = self.names.iter().enumerate();
        names.filter_map(|(place, name)| set.has(place).then_some(*name))
    }
}

/// Some of the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NameSet {
    words: Vec<u64>,
}

impl NameSet {
    fn has(&self, place: usize) -> bool {
        let word = self.words.get(place / 64);
        word.is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.change(other, |mine, theirs| mine | theirs);
    }

    pub(super) fn keep(&mut self, other: &Self) {
        self.change(other, |mine, theirs| mine & theirs);
    }

    pub(super) fn remove(&mut self, other: &Self) {
        self.change(other, |mine, theirs| mine & !theirs);
    }

    fn change(&mut self, other: &Self, change: fn(u64, u64) -> u64) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine = change(*mine, *theirs);
        }
    }
}

/// What is set when a step begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    /// Whichever way was taken.
    pub(super) always: NameSet,
    /// By some way.
    pub(super) sometimes: NameSet,
    /// Whether a method is missing on some way here, which may have set anything.
    pub(super) is_uncertain: bool,
}

impl Known {
    pub(super) fn set(&mut self, names: &NameSet) {
        self.always.add(names);
        self.sometimes.add(names);
    }

    /// These may be there, and may not.
    pub(super) fn doubt(&mut self, names: &NameSet) {
        self.always.remove(names);
        self.sometimes.add(names);
    }

    /// Both ways lead here. Says whether that changed anything.
    pub(super) fn meet(&mut self, other: &Self) -> bool {
        let before = self.clone();
        self.always.keep(&other.always);
        self.sometimes.add(&other.sometimes);
        self.is_uncertain |= other.is_uncertain;
        *self != before
    }
}
