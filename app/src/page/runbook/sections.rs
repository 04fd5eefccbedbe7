//! The sections of the Details tab: a problem that stands at no step leads to the one that its field is in.

use crate::page::drafting::Section;

pub(super) const AUTHENTICATION: Section = Section {
    label: "Authentication",
    id: "details-authentication",
    fields: &["start.auth"],
};

pub(super) const LIMITS: Section = Section {
    label: "Limits",
    id: "details-limits",
    fields: &["start.limits"],
};

pub(super) const CONDITIONS: Section = Section {
    label: "Conditions to start",
    id: "details-conditions",
    fields: &["start.when"],
};

pub(super) const ANSWER: Section = Section {
    label: "Answer",
    id: "details-answer",
    fields: &["start.answer"],
};

pub(super) const INPUTS: Section = Section {
    label: "Input variables",
    id: "details-inputs",
    fields: &["start.inputs", "from_desk"],
};

pub(super) const WHILE_RUNNING: Section = Section {
    label: "While it is running",
    id: "details-running",
    fields: &["running", "most_at_once", "shards"],
};

pub(super) const FAILURES: Section = Section {
    label: "When it fails",
    id: "details-failures",
    fields: &["failures_to_switch_off"],
};

pub(super) const HISTORY: Section = Section {
    label: "History",
    id: "details-history",
    fields: &["retention"],
};

pub(super) const STEPS: Section = Section {
    label: "Limits of a run",
    id: "details-steps",
    fields: &["max_steps"],
};

const SECTIONS: [Section; 9] = [
    AUTHENTICATION,
    LIMITS,
    CONDITIONS,
    ANSWER,
    INPUTS,
    WHILE_RUNNING,
    FAILURES,
    HISTORY,
    STEPS,
];

/// The section that shows a field.
pub(super) fn of(field: &str) -> Option<Section> {
    Section::of(&SECTIONS, field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_leads_to_where_its_field_is() {
        for (field, expected) in [
            ("start.auth.secrets[0]", Some("Authentication")),
            ("start.limits.sources", Some("Limits")),
            ("start.when.all[0].left", Some("Conditions to start")),
            ("start.answer.outputs[1]", Some("Answer")),
            ("start.inputs[2].name", Some("Input variables")),
            ("from_desk[0].value", Some("Input variables")),
            ("running_key", Some("While it is running")),
            ("shards", Some("While it is running")),
            ("retention_days", Some("History")),
            ("max_steps", Some("Limits of a run")),
            ("name", None),
            ("steps", None),
        ] {
            assert_eq!(of(field).map(|section| section.label), expected, "{field}");
        }
    }
}
