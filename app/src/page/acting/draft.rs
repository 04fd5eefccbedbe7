//! What was entered in the dialog of an action and not sent yet.

use leptos::prelude::*;
use serde_json::Value;
use shared::action::entered;
use shared::model::DeskAction;

use crate::ui::announce;

/// It stays as long as the page of its record, also while the dialog of another action is open.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub action: DeskAction,
    pub note: ArcRwSignal<String>,
    pub is_hidden: ArcRwSignal<bool>,
    /// In the order of the action's fields.
    pub asked: Vec<Asked>,
}

/// What stands in a field, and what is wrong with it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub text: ArcRwSignal<String>,
    pub error: ArcRwSignal<Option<String>>,
    /// What it began with.
    first: String,
}

impl Draft {
    /// `texts` are what the fields begin with.
    pub(super) fn new(action: DeskAction, texts: Vec<String>) -> Self {
        let asked = texts.into_iter().map(|text| Asked {
            text: ArcRwSignal::new(text.clone()),
            error: ArcRwSignal::new(None),
            first: text,
        });
        Self {
            note: ArcRwSignal::new(String::new()),
            is_hidden: ArcRwSignal::new(action.hidden_from_user),
            asked: asked.collect(),
            action,
        }
    }

    /// Whether leaving the page would lose something that somebody typed.
    pub(super) fn has_text(&self) -> bool {
        let is_typed = |one: &Asked| one.text.with(|text| *text != one.first);
        self.note.with(|note| !note.trim().is_empty()) || self.asked.iter().any(is_typed)
    }

    /// The values of the fields; nothing where some of them are wrong, which stands at each of them then.
    pub(super) fn read_fields(&self) -> Option<Vec<Value>> {
        let asked = self.asked.iter();
        let texts: Vec<String> = asked.map(|one| one.text.get_untracked()).collect();
        for one in &self.asked {
            one.error.set(None);
        }
        match entered(&self.action, &texts) {
            Ok(values) => Some(values),
            Err(errors) => {
                for (place, error) in errors {
                    if let Some(one) = self.asked.get(place) {
                        one.error.set(Some(error.message));
                    }
                }
                announce("Not sent: some fields need another value");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::model::ActionField;

    use super::*;

    #[test]
    fn only_what_somebody_typed_would_be_lost() {
        let action = DeskAction {
            fields: vec![ActionField::default()],
            ..DeskAction::default()
        };
        let draft = Draft::new(action, vec!["Ann".to_owned()]);
        assert!(!draft.has_text());
        draft.note.set(" ".to_owned());
        assert!(!draft.has_text());
        draft.note.set("Hello".to_owned());
        assert!(draft.has_text());
        draft.note.set(String::new());
        draft.asked[0].text.set("Bob".to_owned());
        assert!(draft.has_text());
        draft.asked[0].text.set("Ann".to_owned());
        assert!(!draft.has_text());
    }
}
