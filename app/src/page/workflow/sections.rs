//! The sections of the Details tab.

use crate::page::drafting::Section;

pub(super) const TICKET_TYPES: Section = Section {
    label: "Ticket types",
    id: "workflow-ticket-types",
    fields: &["ticket_types"],
};

/// The name stands in the head of the page, and once more under Details, where a problem leads to.
pub(super) const NAME: Section = Section {
    label: "Name",
    id: "workflow-name",
    fields: &["name"],
};

pub(super) const SECTIONS: [Section; 2] = [NAME, TICKET_TYPES];
