//! The desk speaks in Halo's names, which programs know; the pages have labels.

use crate::desk::label::{is_technical, label};

/// A refusal of the desk in the words of the pages: fields by their labels, and customers for clients.
pub fn in_words(refusal: &str) -> String {
    // These quote names that people have given.
    if refusal.starts_with("The table ") {
        return refusal.to_owned();
    }
    let in_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut words = String::with_capacity(refusal.len());
    let mut rest = refusal;
    while let Some(start) = rest.find(in_word) {
        let (between, from) = rest.split_at(start);
        let end = from.find(|letter| !in_word(letter)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        // A sentence that begins with a field is about it.
        let is_subject = words.is_empty()
            && between.is_empty()
            && (after.starts_with(':') || after.starts_with(" must "));
        words.push_str(between);
        match word {
            "client" => words.push_str("customer"),
            "clients" => words.push_str("customers"),
            "Client" => words.push_str("Customer"),
            name if is_subject || is_technical(name) => words.push_str(&label(name)),
            plain => words.push_str(plain),
        }
        rest = after;
    }
    words.push_str(rest);
    words
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn refusals_name_fields_by_their_labels() {
        for (refusal, shown) in [
            ("Name must be unique", "Name must be unique"),
            (
                "client_id: there is no client 9",
                "Customer: there is no customer 9",
            ),
            (
                "website must have at most 1000 characters",
                "Website must have at most 1000 characters",
            ),
            (
                "toplevel_id must be a whole number",
                "Top level must be a whole number",
            ),
            ("id must be a whole number", "Number must be a whole number"),
            (
                "A Client must be chosen for this Site",
                "A Customer must be chosen for this Site",
            ),
            (
                "A lookupid must be entered for this Lookup",
                "A List must be entered for this Lookup",
            ),
            (
                "This client cannot be deleted: 3 Tickets still refer to it. Change or delete those first",
                "This customer cannot be deleted: 3 Tickets still refer to it. Change or delete those first",
            ),
            (
                "The parameter client_id must be an id",
                "The parameter Customer must be an id",
            ),
            (
                "The table client has no column who; its columns are client_id",
                "The table client has no column who; its columns are client_id",
            ),
            (
                "Give it a title, and say who",
                "Give it a title, and say who",
            ),
            ("Zu groß", "Zu groß"),
            ("", ""),
        ] {
            assert_eq!(in_words(refusal), shown);
        }
    }
}
