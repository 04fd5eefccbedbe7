//! Actions in words.

use shared::model::{ActsOn, DeskAction};

/// What an action stands on, as a choice.
pub(super) fn records_words(records: ActsOn) -> &'static str {
    match records {
        ActsOn::Ticket => "Tickets",
        ActsOn::User => "Users",
        ActsOn::Asset => "Assets",
    }
}

/// Where an action is offered, as far as it says so itself.
pub(super) fn place_words(action: &DeskAction) -> String {
    let mut words = format!("On {}", records_words(action.records).to_lowercase());
    if action.records != ActsOn::Ticket {
        return words;
    }
    if !action.ticket_types.is_empty() {
        words = format!("{words} of type {}", listed(&action.ticket_types));
    }
    if !action.statuses.is_empty() {
        words = format!("{words} in status {}", listed(&action.statuses));
    }
    words
}

/// "A", "A or B", "A, B or C".
pub(super) fn listed(names: &[String]) -> String {
    joined(names, "or")
}

/// "A", "A and B", "A, B and C".
pub(super) fn listed_all(names: &[String]) -> String {
    joined(names, "and")
}

fn joined(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {word} {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_named() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        for (records, types, statuses, words) in [
            (ActsOn::Ticket, &[][..], &[][..], "On tickets"),
            (
                ActsOn::Ticket,
                &["Incident", "Problem"],
                &["New"],
                "On tickets of type Incident or Problem in status New",
            ),
            (ActsOn::User, &["Incident"], &[], "On users"),
        ] {
            let action = DeskAction {
                records,
                ticket_types: names(types),
                statuses: names(statuses),
                ..DeskAction::default()
            };
            assert_eq!(place_words(&action), words);
        }
    }
}
