//! Tables: a head that stays in sight, rows that are links, and something to read while there is nothing.

mod keys;
mod sort;

pub use keys::SEARCH;
pub use sort::{Order, SortKey};

use crate::ui::{Bound, ErrorPanel, Icon, IconView, Render, Time};
use keys::{lead_to_rows, move_between_rows};
use leptos::prelude::*;
use sort::sort_rows;

/// On which edge the words of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    #[default]
    Start,
    /// For numbers.
    End,
}

/// What becomes of a column where the page is narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Narrow {
    /// It stays; where rows are folded, on a line of its own.
    #[default]
    Stays,
    /// Where rows are folded, it goes on in the line of the column before it.
    Beside,
    LeftOut,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    title: String,
    width: Option<&'static str>,
    align: Align,
    sorts: bool,
    narrow: Narrow,
    control: bool,
}

impl Column {
    /// A column that takes its share of the width that is left.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            width: None,
            align: Align::Start,
            sorts: false,
            narrow: Narrow::default(),
            control: false,
        }
    }

    /// As wide as this CSS length, whatever it holds.
    #[must_use]
    pub fn width(mut self, width: &'static str) -> Self {
        self.width = Some(width);
        self
    }

    /// Words at the right edge.
    #[must_use]
    pub fn end(mut self) -> Self {
        self.align = Align::End;
        self
    }

    /// Its head sorts the rows by the cells' [`SortKey`].
    #[must_use]
    pub fn sorts(mut self) -> Self {
        self.sorts = true;
        self
    }

    /// Left out where the page is narrow.
    #[must_use]
    pub fn secondary(mut self) -> Self {
        self.narrow = Narrow::LeftOut;
        self
    }

    /// Where a row is folded, it goes on in the line of the column before it.
    #[must_use]
    pub fn beside(mut self) -> Self {
        self.narrow = Narrow::Beside;
        self
    }

    /// Holds something to press in each row; its title is read out only.
    #[must_use]
    pub fn control(mut self) -> Self {
        self.control = true;
        self
    }

    fn class(&self) -> &'static str {
        if self.control {
            return "column-control";
        }
        match (self.align, self.narrow) {
            (Align::Start, Narrow::Stays) => "",
            (Align::Start, Narrow::Beside) => "column-beside",
            (Align::Start, Narrow::LeftOut) => "column-secondary",
            (Align::End, Narrow::Stays) => "column-end",
            (Align::End, Narrow::Beside) => "column-end column-beside",
            (Align::End, Narrow::LeftOut) => "column-end column-secondary",
        }
    }
}

/// What stands in one column of one row.
#[derive(Debug, Clone)]
pub struct Cell {
    view: Render,
    sort: SortKey,
}

impl Cell {
    /// Any view, with what it sorts by.
    pub fn new(view: impl Into<Render>, sort: SortKey) -> Self {
        Self {
            view: view.into(),
            sort,
        }
    }

    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        let sort = SortKey::text(&text);
        Self {
            // What is too long for its column can be read when it is pointed at.
            view: Render::new(move || view! { <span title=text.clone()>{text.clone()}</span> }),
            sort,
        }
    }

    /// A path or an id.
    pub fn code(text: impl Into<String>) -> Self {
        let text = text.into();
        let sort = SortKey::text(&text);
        Self {
            view: Render::new(move || view! { <span class="code">{text.clone()}</span> }),
            sort,
        }
    }

    /// A moment, in milliseconds since the epoch.
    pub fn time(at: i64) -> Self {
        Self {
            view: Render::new(move || view! { <Time at=at /> }),
            sort: SortKey::Number(at),
        }
    }
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Another key is another row: made of the id, and of a version where the content can change.
    pub key: String,
    /// Where Enter or a click leads; the first cell that is no control is the link.
    pub href: Option<String>,
    pub cells: Vec<Cell>,
}

/// What a table has to show.
#[derive(Debug, Clone)]
pub enum TableState {
    Loading,
    /// What happened, and what to do.
    Failed {
        title: String,
        text: String,
    },
    Ready(Vec<Row>),
}

/// A table of rows that are links. Up and Down move between rows, Enter opens one.
#[component]
pub fn Table(
    /// What the rows are; read out.
    #[prop(into)]
    label: String,
    columns: Vec<Column>,
    #[prop(into)] state: Signal<TableState>,
    /// Shown in the place of the table where it has no rows.
    #[prop(into)]
    empty: Render,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
    /// Where the rows come in this order already: of a list that is longer than what is shown.
    #[prop(optional)]
    order: Option<Bound<Option<Order>>>,
    /// Where the page is narrow, the cells of a row stand below one another: for rows of more words than fit side by
    /// side.
    #[prop(optional)]
    folds: bool,
) -> impl IntoView {
    let ordered = order.is_some();
    let order = order.unwrap_or_else(|| RwSignal::new(None).into());
    let columns = StoredValue::new(columns);
    let loading = Memo::new(move |_| state.with(|state| matches!(state, TableState::Loading)));
    let problem = Memo::new(move |_| {
        state.with(|state| match state {
            TableState::Failed { title, text } => Some((title.clone(), text.clone())),
            TableState::Loading | TableState::Ready(_) => None,
        })
    });
    let nothing = Memo::new(move |_| {
        state.with(|state| matches!(state, TableState::Ready(rows) if rows.is_empty()))
    });
    let rows = move || {
        let rows = state.with(|state| match state {
            TableState::Ready(rows) => rows.clone(),
            TableState::Loading | TableState::Failed { .. } => Vec::new(),
        });
        if ordered {
            rows
        } else {
            sort_rows(rows, order.get())
        }
    };
    let label = StoredValue::new(label);
    lead_to_rows();
    let body = move || {
        if let Some((title, text)) = problem.get() {
            return match on_retry {
                Some(retry) => {
                    view! { <ErrorPanel title=title text=text on_retry=retry /> }.into_any()
                }
                None => view! { <ErrorPanel title=title text=text /> }.into_any(),
            };
        }
        if nothing.get() {
            return empty.run();
        }
        view! {
            <table class="table" class:table-folds=folds aria-label=label.get_value() aria-busy=move || loading.get().then_some("true")>
                <colgroup>
                    {columns.with_value(|columns| columns.iter().map(col).collect_view())}
                </colgroup>
                <thead>
                    <tr>{columns.with_value(|columns| columns.iter().enumerate().map(|(at, column)| head(at, column, order)).collect_view())}</tr>
                </thead>
                <tbody on:keydown=move_between_rows>
                    <Show when=move || loading.get()>
                        {columns.with_value(|columns| waiting_rows(columns))}
                    </Show>
                    <For each=rows key=|row| row.key.clone() let:row>
                        {columns.with_value(|columns| show_row(&row, columns))}
                    </For>
                </tbody>
            </table>
        }
        .into_any()
    };
    view! { <div class="table-frame">{body}</div> }.into_any()
}

fn col(column: &Column) -> AnyView {
    let width = column.width;
    view! { <col class=column.class() style:width=width /> }.into_any()
}

fn head(at: usize, column: &Column, order: Bound<Option<Order>>) -> AnyView {
    let title = column.title.clone();
    if column.control {
        return view! { <th scope="col" class=column.class()><span class="visually-hidden">{title}</span></th> }
            .into_any();
    }
    if !column.sorts {
        return view! { <th scope="col" class=column.class()>{title}</th> }.into_any();
    }
    let own = move || order.get().filter(|order| order.column == at);
    let sorted = move || {
        own().map(|order| {
            if order.descending {
                "descending"
            } else {
                "ascending"
            }
        })
    };
    let arrow = Signal::derive(move || {
        if own().is_some_and(|order| order.descending) {
            Icon::ArrowDown
        } else {
            Icon::ArrowUp
        }
    });
    view! {
        <th scope="col" class=column.class() aria-sort=sorted>
            <button type="button" class="sort" on:click=move |_| order.update(|order| *order = Order::pressed(*order, at))>
                {title}
                <IconView icon=arrow />
            </button>
        </th>
    }
    .into_any()
}

fn waiting_rows(columns: &[Column]) -> AnyView {
    (0..5)
        .map(|_| {
            let cells = columns
                .iter()
                .map(|column| view! { <td class=column.class()><span class="skeleton-line"></span></td> })
                .collect_view();
            view! { <tr aria-hidden="true">{cells}</tr> }
        })
        .collect_view()
        .into_any()
}

fn show_row(row: &Row, columns: &[Column]) -> AnyView {
    let link_at = columns.iter().position(|column| !column.control);
    let cells = row
        .cells
        .iter()
        .zip(columns)
        .enumerate()
        .map(|(at, (cell, column))| {
            let content = cell.view.run();
            match &row.href {
                Some(href) if Some(at) == link_at => {
                    let href = href.clone();
                    view! {
                        <td class=column.class()>
                            <a class="row-link" href=href>
                                {content}
                            </a>
                        </td>
                    }
                    .into_any()
                }
                _ => view! { <td class=column.class()>{content}</td> }.into_any(),
            }
        })
        .collect_view();
    view! { <tr>{cells}</tr> }.into_any()
}
