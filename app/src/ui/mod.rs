//! The parts every page is built of: one folder each, view and style together.
//!
//! Parts take plain values and signals, never the domain's types, and look the same wherever they stand.
//! [`Bound`] is how a field reads and writes a value that lives elsewhere; [`ViewFn`] is a view made on demand.

pub mod address;
pub mod announce;
pub mod badge;
pub mod bound;
pub mod button;
pub mod clock;
pub mod copy;
pub mod dialog;
pub mod field;
pub mod file;
pub mod icon;
pub mod id;
pub mod json_view;
pub mod menu;
pub mod notice;
pub mod pairs;
pub mod progress;
pub mod shortcut;
pub mod split;
pub mod table;
pub mod tabs;
pub mod theme;
pub mod toast;
pub mod unsaved;
pub mod words;

pub use address::{in_address, put_all_in_address, put_in_address, turn_in_address, with_query};
pub use announce::announce;
pub use badge::{Badge, Tone};
pub use bound::{Bound, Render};
pub use button::{Button, ButtonKind, ButtonLink, IconButton};
pub use clock::{Duration, Time};
pub use copy::CopyButton;
pub use dialog::{Confirm, Dialog, confirm};
pub use field::{
    Checkbox, CodeField, Combobox, Field, NumberField, SecretField, SelectField, Switch, TextField,
};
pub use file::{Chosen, FileButton};
pub use icon::{Icon, IconView};
pub use json_view::JsonView;
pub use menu::{Menu, MenuItem, Popover};
pub use notice::{EmptyState, ErrorPanel, Notice};
pub use pairs::{Pair, PairEditor};
pub use progress::{Progress, Skeleton, Spinner};
pub use shortcut::{name_shortcut, use_shortcut};
pub use split::SplitPane;
pub use table::{Align, Cell, Column, Row, SortKey, Table, TableState};
pub use tabs::{Tab, Tabs, show_tab};
pub use toast::{toast, toast_undo};
pub use unsaved::guard_unsaved;
pub use words::{error_words, words};
