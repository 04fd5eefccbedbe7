//! The text by which a run is found: its variables, as far as they may be read.

use crate::engine::plan::is_reserved;
use crate::engine::run::Run;
use crate::json;
use crate::mask::Mask;

/// How much of a run is searched, in bytes, and how much of one variable.
const MOST_BYTES: usize = 4_096;
const MOST_OF_ONE: usize = 1_024;

/// How many bytes one byte of a secret takes at most, however it is spelled.
const WIDEST_SPELLING: usize = 16;

impl Run {
    /// Its input variables and those that steps have set, as they are now: a line each, in lower case, bounded.
    /// Secret variables are left out, and `secrets`, the credentials that the run may have used, are masked.
    pub fn searched(&self, secrets: &[String]) -> String {
        let mask = Mask::with_values(
            secrets.iter().map(String::as_str),
            self.state.secret_values.iter().map(String::as_str),
        );
        // What is cut off must not leave the first half of a secret that nobody recognises.
        let longest = secrets.iter().chain(&self.state.secret_values);
        let longest = longest.map(String::len).max().unwrap_or(0);
        let window = MOST_OF_ONE.saturating_add(longest.saturating_mul(WIDEST_SPELLING));
        let mut text = String::new();
        let known = &self.state.branches.main().known;
        let variables = known.variables.iter();
        for (name, variable) in
            variables.filter(|(name, _)| !is_reserved(name) && !known.secret_names.contains(*name))
        {
            let value = json::text(variable.json());
            let line = format!("{name}: {}", mask.apply(cut(&value, window))).to_lowercase();
            text.push_str(cut(&line, MOST_OF_ONE));
            text.push('\n');
            if text.len() >= MOST_BYTES {
                break;
            }
        }
        cut(&text, MOST_BYTES).to_owned()
    }
}

/// The beginning of a text, of at most so many bytes.
fn cut(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}
