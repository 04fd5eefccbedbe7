//! Values and views that are handed to a part.

use leptos::prelude::*;
use std::sync::Arc;

/// A value that a field reads and writes but does not own.
///
/// Made from a signal of its own (`value=name`), or from one member of a larger draft with [`Bound::of`].
#[derive(Debug)]
pub struct Bound<T: Send + Sync + 'static> {
    get: Signal<T>,
    set: Callback<T>,
}

impl<T: Send + Sync + 'static> Clone for Bound<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Bound<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Bound<T> {
    /// Reads from `get`, and hands each change to `set`.
    pub fn new(get: impl Into<Signal<T>>, set: impl Into<Callback<T>>) -> Self {
        Self {
            get: get.into(),
            set: set.into(),
        }
    }

    /// One member of a draft. Changes of other members do not wake the field.
    pub fn of<M: Send + Sync + 'static>(
        draft: RwSignal<M>,
        read: fn(&M) -> T,
        write: fn(&mut M, T),
    ) -> Self {
        Self {
            get: Memo::new(move |_| draft.with(read)).into(),
            set: Callback::new(move |value| draft.update(|draft| write(draft, value))),
        }
    }

    /// One member of what it holds.
    pub fn part<U: Clone + PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&T) -> U + Send + Sync + 'static,
        write: impl Fn(&mut T, U) + Send + Sync + 'static,
    ) -> Bound<U> {
        Bound {
            get: Memo::new(move |_| self.get.with(&read)).into(),
            set: Callback::new(move |value| self.update(|whole| write(whole, value))),
        }
    }

    /// The signal to show.
    pub fn signal(self) -> Signal<T> {
        self.get
    }

    /// The value now, tracked.
    pub fn get(self) -> T {
        self.get.get()
    }

    /// The value now, untracked.
    pub fn peek(self) -> T {
        self.get.get_untracked()
    }

    /// Writes a new value.
    pub fn set(self, value: T) {
        self.set.try_run(value);
    }

    /// Changes the value in place, so to say.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        let mut value = self.peek();
        change(&mut value);
        self.set(value);
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> From<RwSignal<T>> for Bound<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self {
            get: signal.into(),
            set: Callback::new(move |value| signal.set(value)),
        }
    }
}

/// A view made when it is needed, as often as it is needed: a cell, a panel, an item.
#[derive(Clone)]
pub struct Render(Arc<dyn Fn() -> AnyView + Send + Sync>);

impl Render {
    /// Wraps a function that makes the view.
    pub fn new<V: IntoAny>(make: impl Fn() -> V + Send + Sync + 'static) -> Self {
        Self(Arc::new(move || make().into_any()))
    }

    /// Makes the view.
    pub fn run(&self) -> AnyView {
        (self.0)()
    }
}

impl<V: IntoAny, F: Fn() -> V + Send + Sync + 'static> From<F> for Render {
    fn from(make: F) -> Self {
        Self::new(make)
    }
}

impl std::fmt::Debug for Render {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Render")
    }
}
