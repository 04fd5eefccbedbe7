//! What a turn has changed, and how that is merged into the branch that waits for it.

use super::Branch;
use crate::engine::state::Failure;
use crate::engine::steps::RESPONSE;
use crate::problem::ErrorDetail;
use crate::template::Variable;
use crate::typed;

/// What became of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It has another value.
    Set,
    /// It is the array that it was, with more elements behind so many bytes of its text.
    Added { behind: usize },
}

/// What a turn leaves behind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Changes {
    values: Vec<(String, NewValue)>,
    failure: Option<Failure>,
}

#[derive(Debug, Clone, PartialEq)]
struct NewValue {
    /// Nothing where it has none any more.
    value: Option<Variable>,
    change: Change,
    is_secret: bool,
}

impl Changes {
    pub(super) fn bytes(&self) -> usize {
        let values = self.values.iter();
        let values = values.filter_map(|(_, new)| new.value.as_ref());
        values.map(|value| value.json().len()).sum()
    }
}

impl Branch {
    /// What is left of it when its turn has ended, which began after so many visits. Only the last
    /// element's turn leaves its answer.
    pub(super) fn into_changes(mut self, is_last: bool, after: usize) -> Changes {
        let is_kept = |name: &str| is_last || !RESPONSE.contains(&name);
        let changes = std::mem::take(&mut self.changes);
        let values = changes
            .into_iter()
            .filter(|(name, _)| is_kept(name))
            .map(|(name, change)| {
                let new = NewValue {
                    value: self.known.variables.remove(&name),
                    change,
                    is_secret: self.known.secret_names.contains(&name),
                };
                (name, new)
            })
            .collect();
        Changes {
            values,
            failure: self.known.failure.filter(|failure| failure.after > after),
        }
    }

    pub(super) fn merge(&mut self, changes: Changes) -> Result<(), ErrorDetail> {
        for (name, new) in changes.values {
            self.take(name, new)?;
        }
        if changes.failure.is_some() {
            self.known.failure = changes.failure;
        }
        Ok(())
    }

    fn take(&mut self, name: String, new: NewValue) -> Result<(), ErrorDetail> {
        if new.is_secret {
            self.known.secret_names.insert(name.clone());
        } else if name == RESPONSE[0] {
            self.known.secret_names.remove(&name);
        }
        let own = self.known.variables.get(&name);
        match (new.change, new.value) {
            (Change::Added { behind }, Some(value)) => {
                let own = own.map_or("[]", Variable::json);
                let array = joined(own, added(value.json(), behind))
                    .ok_or_else(|| not_an_array(&name, own))?;
                let behind = end_of_elements(own);
                self.note(&name, Change::Added { behind });
                // Both parts of it were checked.
                let _ = self.known.variables.insert(name, array);
            }
            (_, Some(value)) => {
                self.note(&name, Change::Set);
                self.known.variables.put(name, value);
            }
            (_, None) => {
                self.note(&name, Change::Set);
                self.known.variables.remove(&name);
            }
        }
        Ok(())
    }
}

/// The elements of an array, without white space around them.
fn elements(array: &str) -> Option<&str> {
    let elements = array.strip_prefix('[')?.strip_suffix(']')?;
    Some(elements.trim())
}

/// Where the elements of an array end, if nothing but a bracket stands before them; what is added
/// stands behind that.
pub(super) fn end_of_elements(array: &str) -> usize {
    1 + elements(array).map_or(0, str::len)
}

/// The elements that were added to an array.
fn added(array: &str, behind: usize) -> &str {
    let more = array.get(behind..).unwrap_or_default();
    let more = more.strip_suffix(']').unwrap_or(more);
    more.strip_prefix(',').unwrap_or(more)
}

fn joined(array: &str, more: &str) -> Option<String> {
    let elements = elements(array)?;
    let comma = if elements.is_empty() || more.is_empty() {
        ""
    } else {
        ","
    };
    Some(format!("[{elements}{comma}{more}]"))
}

fn not_an_array(name: &str, value: &str) -> ErrorDetail {
    ErrorDetail::new(
        "not_an_array",
        format!(
            "the turn of one element adds to the array `{name}`, but that of another has set it to {}: use another name",
            typed::describe(value)
        ),
    )
}
