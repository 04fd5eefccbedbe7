//! Documents that were begun here. The server holds one as soon as its page opens, for tests, methods and publishing know
//! it by its id; one that is left as it was begun is taken back, so that no list fills with what nobody wanted.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::DocumentKind;

use super::pending::settled;
use crate::client;
use crate::editing::Editing;
use crate::route::Route;
use crate::ui::unsaved::{go, is_at};

/// A document that was begun here, and not saved since as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    pub kind: DocumentKind,
    pub id: String,
    /// The integration of a method.
    pub within: Option<String>,
}

thread_local! {
    static BEGUN: RefCell<All> = const { RefCell::new(All(Vec::new())) };
    /// The ids of those that are taken back, or about to be.
    static GONE: ArcRwSignal<BTreeSet<String>> = ArcRwSignal::new(BTreeSet::new());
}

/// Opens the page of what was just begun; takes it back where whoever began it `has_left` meanwhile.
pub fn open(begun: Begun, page: impl Display, has_left: bool) {
    if has_left {
        take_back(begun);
        return;
    }
    BEGUN.with_borrow_mut(|all| all.0.push(begun));
    go(page);
}

/// Takes back what the calling page shows if that is left as it was begun here.
pub fn take_back_untouched<T: Clone + PartialEq + Send + Sync + 'static>(
    id: impl Display,
    editing: Editing<T>,
) {
    let id = id.to_string();
    on_cleanup(move || leave(&id, editing.is_as_made()));
}

/// Whether it is taken back, and no list is to show it; tracked.
pub fn is_gone(id: &str) -> bool {
    GONE.with(|gone| gone.with(|gone| gone.contains(id)))
}

/// It is not to be taken back: somebody decided about it, such as by deleting it.
pub fn keep(id: &str) {
    leave(id, false);
}

fn leave(id: &str, is_as_begun: bool) {
    if let Some(begun) = BEGUN.with_borrow_mut(|all| all.leave(id, is_as_begun)) {
        take_back(begun);
    }
}

/// Without a word: where the server refuses, because somebody else has changed or used it meanwhile, it stays.
fn take_back(begun: Begun) {
    let Begun { kind, id, within } = begun;
    GONE.with(|gone| gone.update(|gone| _ = gone.insert(id.clone())));
    spawn_local(async move {
        if client::take_back(kind, &id).await.is_err() {
            GONE.with(|gone| gone.update(|gone| _ = gone.remove(&id)));
            return;
        }
        settled();
        // The integration that it was begun in may hold nothing any more; whoever is on its page goes on with it.
        if let Some(integration) = within
            && !is_at(&Route::Integration(integration.clone()).to_string())
        {
            leave(&integration, true);
        }
    });
}

#[derive(Debug)]
struct All(Vec<Begun>);

impl All {
    /// The page of this document is left, or nobody is on it; gives it where it is to be taken back.
    fn leave(&mut self, id: &str, is_as_begun: bool) -> Option<Begun> {
        let at = self.0.iter().position(|one| one.id == id)?;
        if !is_as_begun {
            let kept = self.0.remove(at);
            // What it belongs to holds something from now on.
            self.0.retain(|one| Some(&one.id) != kept.within.as_ref());
            return None;
        }
        let holds = self.0.iter().any(|one| one.within.as_deref() == Some(id));
        (!holds).then(|| self.0.remove(at))
    }
}

#[cfg(test)]
mod tests {
    use shared::api::DocumentKind::{Integration, Method, Runbook};

    use super::{All, Begun};

    fn begun(kind: shared::api::DocumentKind, id: &str, within: Option<&str>) -> Begun {
        Begun {
            kind,
            id: id.to_owned(),
            within: within.map(str::to_owned),
        }
    }

    #[test]
    fn only_what_is_left_as_it_was_begun_is_taken_back() {
        let mut all = All(vec![begun(Runbook, "a", None), begun(Runbook, "b", None)]);
        assert_eq!(all.leave("another", true), None, "it was not begun here");
        assert_eq!(all.leave("a", true), Some(begun(Runbook, "a", None)));
        assert_eq!(all.leave("a", true), None, "once is enough");
        assert_eq!(all.leave("b", false), None);
        assert_eq!(all.leave("b", true), None, "what was touched once stays");
    }

    #[test]
    fn an_integration_is_not_taken_back_from_under_its_method() {
        let integration = || begun(Integration, "i", None);
        let method = || begun(Method, "m", Some("i"));
        let mut all = All(vec![integration(), method()]);
        assert_eq!(all.leave("i", true), None, "for the page of its method");
        assert_eq!(all.leave("m", true), Some(method()));
        assert_eq!(all.leave("i", true), Some(integration()));

        let mut all = All(vec![integration(), method()]);
        assert_eq!(all.leave("i", true), None);
        assert_eq!(all.leave("m", false), None, "it is saved");
        assert_eq!(all.leave("i", true), None, "it has a method");
    }
}
