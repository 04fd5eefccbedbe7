//! The variables that templates draw from.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::json::{self, InvalidJson, Limits};

/// Named values. A value is JSON text, kept as it was sent, with a mark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables {
    values: BTreeMap<String, Variable>,
}

/// One value; its clones share their text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    json: Arc<str>,
    bare: bool,
}

impl Variable {
    /// The JSON text, without white space around it.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Whether both are one text in memory.
    pub(crate) fn shares(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.json, &other.json)
    }

    /// Whether it was captured with `!`: a string then stands in text without its quotes.
    pub fn is_bare(&self) -> bool {
        self.bare
    }
}

impl Variables {
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a variable to a JSON text, in place of what it held before. Names are
    /// taken as they are: all but the empty one can be written in a token.
    pub fn insert(
        &mut self,
        name: impl Into<String>,
        json_text: impl AsRef<str>,
    ) -> Result<(), VariableError> {
        self.set(name.into(), json_text.as_ref(), false)
    }

    /// The same for a value that was captured with `!`. Its JSON text still has its quotes.
    pub fn insert_bare(
        &mut self,
        name: impl Into<String>,
        json_text: impl AsRef<str>,
    ) -> Result<(), VariableError> {
        self.set(name.into(), json_text.as_ref(), true)
    }

    fn set(&mut self, name: String, json: &str, bare: bool) -> Result<(), VariableError> {
        match json::validate(json.as_bytes(), Limits::default()) {
            Ok(json) => {
                self.values.insert(
                    name,
                    Variable {
                        json: json.into(),
                        bare,
                    },
                );
                Ok(())
            }
            Err(error) => Err(VariableError { name, error }),
        }
    }

    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.values.get(name)
    }

    /// Sets a variable to a value that another one has.
    pub(crate) fn put(&mut self, name: String, value: Variable) {
        self.values.insert(name, value);
    }

    pub fn remove(&mut self, name: &str) -> Option<Variable> {
        self.values.remove(name)
    }

    /// The names in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// The variables in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.values
            .iter()
            .map(|(name, variable)| (name.as_str(), variable))
    }

    /// How much their values take, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.values.values().map(|value| value.json.len()).sum()
    }

    /// The name that someone who wrote `name` may have meant.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.names())
    }
}

/// The candidate that is nearest to `name`, unless it takes more than a slip of
/// the hand to get from one to the other: one character in three, case aside.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    /// The distance takes time by the product of both lengths.
    const LONGEST: usize = 64;
    let wanted = name.to_lowercase();
    let length = wanted.chars().count();
    candidates
        .into_iter()
        .filter(|candidate| length <= LONGEST && candidate.chars().count() <= LONGEST)
        .map(|candidate| {
            (
                strsim::osa_distance(&wanted, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= length.div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A value that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableError {
    pub name: String,
    pub error: InvalidJson,
}

impl fmt::Display for VariableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` cannot have this value. {}", self.name, self.error)
    }
}

impl Error for VariableError {}
