//! Undo and redo: one gesture, one undo.

/// The most steps back that are kept.
const DEPTH: usize = 200;

/// States of a document, with what led from each to the next.
#[derive(Debug, Clone)]
pub struct History<T> {
    past: Vec<(String, T)>,
    future: Vec<(String, T)>,
    /// What the last change was, so that a gesture made of many changes is one undo.
    gesture: Option<String>,
}

impl<T> Default for History<T> {
    fn default() -> Self {
        Self {
            past: Vec::new(),
            future: Vec::new(),
            gesture: None,
        }
    }
}

impl<T: Clone + PartialEq> History<T> {
    /// Notes that `before` is about to change by `label` ("Move step", "Delete Ask"). Changes
    /// with the same `gesture` in a row, such as the keys of one word, are one undo.
    pub fn record(&mut self, label: &str, gesture: Option<&str>, before: &T) {
        self.future.clear();
        let goes_on = gesture.is_some() && self.gesture.as_deref() == gesture;
        self.gesture = gesture.map(str::to_owned);
        if goes_on {
            return;
        }
        if self.past.len() == DEPTH {
            self.past.remove(0);
        }
        self.past.push((label.to_owned(), before.clone()));
    }

    /// Ends the gesture under way: the next change is an undo of its own.
    pub fn end_gesture(&mut self) {
        self.gesture = None;
    }

    /// Gives the state before the last change, and what is taken back.
    pub fn undo(&mut self, now: &T) -> Option<(String, T)> {
        self.gesture = None;
        let (label, before) = self.past.pop()?;
        self.future.push((label.clone(), now.clone()));
        Some((label, before))
    }

    /// Gives the state after the change that was last taken back, and what it was.
    pub fn redo(&mut self, now: &T) -> Option<(String, T)> {
        self.gesture = None;
        let (label, after) = self.future.pop()?;
        self.past.push((label.clone(), now.clone()));
        Some((label, after))
    }

    /// Has all states that are remembered changed alike, where something came about that is no step and cannot be taken
    /// back. Steps that change nothing then are forgotten. `now` is the state that stands between past and future.
    pub fn adapt(&mut self, now: &T, adapt: impl Fn(&mut T)) {
        self.gesture = None;
        let mut beside = now.clone();
        adapt(&mut beside);
        for side in [&mut self.past, &mut self.future] {
            // From now on outwards: each state leads to the one that was kept before it.
            let mut inner = beside.clone();
            let mut kept = Vec::with_capacity(side.len());
            while let Some((label, mut state)) = side.pop() {
                adapt(&mut state);
                if state != inner {
                    inner = state.clone();
                    kept.push((label, state));
                }
            }
            kept.reverse();
            *side = kept;
        }
    }

    /// What undo would take back.
    pub fn undo_label(&self) -> Option<&str> {
        self.past.last().map(|(label, _)| label.as_str())
    }

    pub fn redo_label(&self) -> Option<&str> {
        self.future.last().map(|(label, _)| label.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gesture_is_one_undo_and_a_new_change_drops_the_redo() {
        let mut history = History::default();
        let mut state = 0;
        for next in 1..=3 {
            history.record("Type", Some("name"), &state);
            state = next;
        }
        history.end_gesture();
        history.record("Type", Some("name"), &state);
        state = 4;
        assert_eq!(history.undo_label(), Some("Type"));
        let (_, before) = history.undo(&state).unwrap();
        assert_eq!(before, 3);
        let (_, first) = history.undo(&before).unwrap();
        assert_eq!(first, 0);
        assert!(history.undo(&first).is_none());
        let (_, again) = history.redo(&first).unwrap();
        assert_eq!(again, 3);
        history.record("Delete", None, &again);
        assert!(history.redo(&9).is_none());
    }

    #[test]
    fn what_cannot_be_taken_back_is_no_step_and_others_stay() {
        // Letters are typed, and the small ones are gone for good.
        let mut history = History::default();
        let mut state = String::new();
        for (label, next) in [
            ("A", "A"),
            ("b", "Ab"),
            ("C", "AbC"),
            ("d", "AbCd"),
            ("E", "AbCdE"),
        ] {
            history.record(label, None, &state);
            next.clone_into(&mut state);
        }
        let mut undo = |history: &mut History<String>| {
            let (_, before) = history.undo(&state)?;
            state = before;
            Some(state.clone())
        };
        assert_eq!(undo(&mut history).as_deref(), Some("AbCd"));
        assert_eq!(undo(&mut history).as_deref(), Some("AbC"));
        let forget = |text: &mut String| text.retain(|letter| !letter.is_lowercase());
        history.adapt(&"AbC".to_owned(), forget);
        let mut state = "AC".to_owned();
        assert_eq!(
            (history.undo_label(), history.redo_label()),
            (Some("C"), Some("E"))
        );
        let redone = history.redo(&state).unwrap();
        assert_eq!(redone, ("E".to_owned(), "ACE".to_owned()));
        state = redone.1;
        for (label, before) in [("E", "AC"), ("C", "A"), ("A", "")] {
            let undone = history.undo(&state).unwrap();
            assert_eq!(undone, (label.to_owned(), before.to_owned()));
            state = undone.1;
        }
        assert!(history.undo(&state).is_none());
    }

    #[test]
    fn the_past_is_bounded() {
        let mut history = History::default();
        for state in 0..1000 {
            history.record("Change", None, &state);
        }
        let mut steps = 0;
        while history.undo(&0).is_some() {
            steps += 1;
        }
        assert_eq!(steps, DEPTH);
    }
}
