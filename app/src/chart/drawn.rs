//! What the chart has to know of a document to draw it.

use std::future::Future;

use shared::chart::{Charted, Exit, Kind};
use shared::model::StepId;

use crate::client::Fault;
use crate::ui::Icon;

/// A document that the chart can draw.
pub trait Drawn: Charted {
    /// What the cards tell beside what stands in the document.
    type Known: Clone + Send + Sync + 'static;
    /// What is asked for when something is to be added.
    type Found: Clone + Send + Sync + 'static;

    /// What an empty chart says.
    const EMPTY: &'static str;
    /// In which order the list of the steps is.
    const ORDER: &'static str;
    /// What can be searched for in the palette, and what is said where nothing is found.
    const PALETTE: (&'static str, &'static str);
    /// What is asked before a link is drawn for which a way out is to be made; what there is to choose from, and what is
    /// said where that is nothing.
    const QUESTION: (&'static str, &'static str, &'static str) = ("", "", "");
    /// The same question where the step that it leads to is still to be made.
    const QUESTION_OF_NEW: &'static str = "";

    fn icon(step: &Self::Step) -> Icon;
    /// The name of its kind, for the looks of its card.
    fn kind_name(step: &Self::Step) -> &'static str;
    /// The second line of a card.
    fn line(step: &Self::Step, known: &Self::Known) -> String;
    /// The second line of the start card.
    fn start_line(&self, known: &Self::Known) -> String;
    fn exit_icon(exit: &Exit<Self>) -> Icon;

    /// Reads what can be added.
    fn find_more() -> impl Future<Output = Result<Self::Found, Fault>>;
    /// What can be added; `search` is what was typed.
    fn offers(
        &self,
        known: &Self::Known,
        found: &Self::Found,
        search: &str,
    ) -> Vec<Offer<Kind<Self>>>;

    /// Whether one has to be asked which way out is meant, before anything is led there.
    fn is_unasked(_exit: &Exit<Self>) -> bool {
        false
    }
    /// What may be answered to that of a step.
    fn answers(&self, _known: &Self::Known, _from: &StepId) -> Vec<Offer<Exit<Self>>> {
        Vec::new()
    }
}

/// One of the things that can be chosen.
#[derive(Debug, Clone)]
pub struct Offer<T> {
    pub group: String,
    pub label: String,
    pub note: String,
    /// Further words by which it is found, which other tools call it by.
    pub words: &'static str,
    /// Whether the note is a piece of code.
    pub is_code: bool,
    pub icon: Icon,
    /// What a step that is made of it is called at first.
    pub name: String,
    pub what: T,
}

impl<T> Offer<T> {
    /// It is called what it is.
    pub fn new(
        group: impl Into<String>,
        label: impl Into<String>,
        note: impl Into<String>,
        icon: Icon,
        what: T,
    ) -> Self {
        let label = label.into();
        Self {
            group: group.into(),
            name: label.clone(),
            label,
            note: note.into(),
            words: "",
            is_code: false,
            icon,
            what,
        }
    }

    /// Whether all words of a search stand in it.
    pub(super) fn fits(&self, search: &str) -> bool {
        let search = search.to_lowercase();
        search.split_whitespace().all(|word| {
            let shown = [&self.label, &self.group, &self.note];
            self.words.contains(word) || shown.iter().any(|text| text.to_lowercase().contains(word))
        })
    }
}
