//! The sections of a Details tab: a problem that stands at no step leads to the one that its field is in.

/// A section, with the parts of the document that it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    pub label: &'static str,
    /// Its id on the page.
    pub id: &'static str,
    /// What the fields of its problems begin with.
    pub fields: &'static [&'static str],
}

impl Section {
    /// The one of them that shows a field.
    pub fn of(all: &[Self], field: &str) -> Option<Self> {
        let mut sections = all.iter();
        let shows = |section: &&Self| section.fields.iter().any(|shown| field.starts_with(shown));
        sections.find(shows).copied()
    }
}

/// Whether a field that belongs to no step is shown on the flow chart all the same.
pub(super) fn is_on_chart(field: &str) -> bool {
    ["first_step", "steps"]
        .iter()
        .any(|shown| field.starts_with(shown))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_all_steps_is_on_the_chart() {
        assert!(is_on_chart("first_step") && is_on_chart("steps[3]"));
        assert!(!is_on_chart("max_steps"));
    }
}
