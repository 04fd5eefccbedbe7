//! What records and their fields are called on a page and at the head of a sheet.

use super::form::{in_words, text_of};
use super::record::Record;
use super::resource::Resource;

/// Names that do not read by themselves.
const LABELS: [(&str, &str); 51] = [
    ("agent_id", "Agent"),
    ("assettype_id", "Asset type"),
    ("category_1", "Category"),
    ("client_id", "Customer"),
    ("customfields", "Custom fields"),
    ("dateclosed", "Closed"),
    ("datecreated", "Created"),
    ("date_created", "Created"),
    ("date_edited", "Changed"),
    ("dateoccurred", "Reported"),
    ("delivery_address", "Address"),
    ("description_html", "Description as HTML"),
    ("details_html", "Details as HTML"),
    ("emailaddress", "Email address"),
    ("faqlists", "FAQ lists"),
    ("firstname", "First name"),
    ("fixbydate", "Solve by"),
    ("id", "Number"),
    ("inventory_number", "Asset tag"),
    ("isclosed", "Closed"),
    ("jobtitle", "Job title"),
    ("key_field2", "Key field 2"),
    ("key_field3", "Key field 3"),
    ("lastactiondate", "Last action"),
    ("last_update", "Changed"),
    ("lookupid", "List"),
    ("newclient_contactemail", "Email address of the first user"),
    ("newclient_contactname", "Name of the first user"),
    ("newclient_sitename", "Name of the first site"),
    ("onhold", "On hold"),
    ("phonenumber", "Phone number"),
    ("priority_id", "Priority"),
    ("resolution_html", "Resolution as HTML"),
    ("respondbydate", "Answer by"),
    ("responsedate", "First answered"),
    ("site_id", "Site"),
    ("sla_id", "Number of the service level"),
    ("sla_name", "Service level"),
    ("slaactiondate", "Due"),
    ("slaresponsestanding", "Standing of the answer"),
    ("slaresponsestate", "Answered inside or outside of its time"),
    ("slastanding", "Standing of the solution"),
    ("slastate", "Solved inside or outside of its time"),
    ("status_id", "Status"),
    ("tag_string", "Tags"),
    ("tickettype_id", "Ticket type"),
    ("timezone", "Time zone"),
    ("title", "Job title"),
    ("toplevel_id", "Top level"),
    ("user_id", "User"),
    ("who", "Written by"),
];

/// What a record is called: its name, or the next best.
pub fn name_of(resource: &Resource, record: &Record) -> String {
    ["name", "summary", "inventory_number", "key_field", "value"]
        .iter()
        .filter_map(|field| record.get(*field).map(text_of))
        .find(|text| !text.trim().is_empty())
        .unwrap_or_else(|| {
            let id = record.get("id").map(text_of).unwrap_or_default();
            let mut words = format!("{} {id}", in_words(resource.singular));
            if let Some(first) = words.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            words
        })
}

/// A field's name for people.
pub fn label(field: &str) -> String {
    if let Some((_, label)) = LABELS.iter().find(|(name, _)| *name == field) {
        return (*label).to_owned();
    }
    let (word, number) = match field.strip_prefix("value") {
        Some(number) if !number.is_empty() => ("value", number),
        _ => (field, ""),
    };
    let mut words = word.replace('_', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    if !number.is_empty() {
        words.push(' ');
        words.push_str(number);
    }
    words
}

/// How a custom field or a column is called where only its label is known; `CF` alone for a label without letters.
pub fn custom_name(label: &str) -> String {
    let letters: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    if letters.starts_with("CF") {
        letters
    } else {
        format!("CF{letters}")
    }
}

/// Whether a name is one of a field that no sentence has as a word of its own.
pub(super) fn is_technical(name: &str) -> bool {
    let is_word = matches!(name, "id" | "title" | "who");
    !is_word && LABELS.iter().any(|(known, _)| *known == name)
}

#[cfg(test)]
mod tests {
    use super::{custom_name, label};

    #[test]
    fn labels_make_names_as_halo_has_them() {
        for (label, name) in [
            ("On call?", "CFOncall"),
            ("CFRegion", "CFRegion"),
            (" ", "CF"),
        ] {
            assert_eq!(custom_name(label), name);
        }
    }

    #[test]
    fn fields_have_names_for_people() {
        for (field, expected) in [
            ("client_id", "Customer"),
            ("name", "Name"),
            ("value2", "Value 2"),
            ("key_field", "Key field"),
            ("", ""),
        ] {
            assert_eq!(label(field), expected);
        }
    }
}
