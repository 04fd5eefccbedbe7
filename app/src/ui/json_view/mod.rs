//! A response as one reads it: indented, foldable, each value a thing that can be picked.

mod lines;

pub use lines::{Kind, Line, Piece, in_sight, lay_out};

use leptos::{ev, html, prelude::*};
use std::collections::BTreeSet;

/// Longer texts are cut on their line; picking and copying still take all of them.
const SHOWN_CHARACTERS: usize = 500;
/// Rows drawn beyond the edges, so that scrolling shows no gap.
const SPARE_ROWS: usize = 30;

/// The rows that are drawn: those in sight, and some to spare.
fn window_of(scroll: f64, height: f64, row: f64, count: usize) -> (usize, usize) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rows in sight, never negative"
    )]
    let rows = |length: f64| (length.max(0.0) / row.max(1.0)) as usize;
    let first = rows(scroll).saturating_sub(SPARE_ROWS).min(count);
    let last = (rows(scroll + height) + SPARE_ROWS).min(count);
    (first, last)
}

/// Shows JSON. Clicking a value, or Enter on its line, hands its byte offset to `on_pick`.
/// What is not JSON is shown as it is.
#[component]
pub fn JsonView(
    #[prop(into)] label: String,
    #[prop(into)] text: Signal<String>,
    #[prop(optional, into)] on_pick: Option<Callback<usize>>,
) -> impl IntoView {
    let lines = Memo::new(move |_| text.with(|text| lay_out(text)));
    let label = StoredValue::new(label);
    move || {
        if lines.with(Result::is_ok) {
            tree(label.get_value(), text, lines, on_pick)
        } else {
            view! { <pre class="raw" tabindex="0" role="region" aria-label=label.get_value()>{text.get()}</pre> }.into_any()
        }
    }
}

type Laid = Result<Vec<Line>, usize>;

fn tree(
    label: String,
    text: Signal<String>,
    lines: Memo<Laid>,
    on_pick: Option<Callback<usize>>,
) -> AnyView {
    let base = StoredValue::new(crate::ui::id::unique_id("json"));
    let node = NodeRef::<html::Div>::new();
    let folded = RwSignal::new(BTreeSet::<usize>::new());
    let current = RwSignal::new(0_usize);
    let scroll = RwSignal::new(0.0_f64);
    // Height of the box and of one row, in pixels; measured once it is there.
    let measure = RwSignal::new((600.0_f64, 20.0_f64));
    let rows = Memo::new(move |_| {
        lines.with(|lines| {
            lines
                .as_deref()
                .map(|lines| folded.with(|folded| in_sight(lines, folded)))
                .unwrap_or_default()
        })
    });
    let drawn = Memo::new(move |_| {
        let (height, row) = measure.get();
        window_of(scroll.get(), height, row, rows.with(Vec::len))
    });
    let measure_now = move || {
        if let Some(node) = node.get_untracked() {
            let row = node
                .query_selector(".json-line")
                .ok()
                .flatten()
                .map_or(20.0, |row| row.get_bounding_client_rect().height());
            measure.set((
                f64::from(node.client_height()),
                if row > 0.0 { row } else { 20.0 },
            ));
        }
    };
    Effect::new(move |_| {
        if node.get().is_some() {
            measure_now();
        }
    });
    let fold = move |line: usize, shut: Option<bool>| {
        folded.update(|folded| {
            let shut = shut.unwrap_or(!folded.contains(&line));
            if shut {
                folded.insert(line)
            } else {
                folded.remove(&line)
            };
        });
    };
    let pick = move |line: usize| {
        if let (Some(on_pick), Some(at)) = (on_pick, at_line(lines, line, |line| line.at)) {
            on_pick.run(at);
        }
    };
    let go_to = move |row: usize| {
        let Some(line) = rows.with_untracked(|rows| rows.get(row).copied()) else {
            return;
        };
        current.set(line);
        if let Some(node) = node.get_untracked() {
            let (height, row_height) = measure.get_untracked();
            #[expect(
                clippy::cast_precision_loss,
                reason = "a body has fewer than 2^52 lines"
            )]
            let top = row as f64 * row_height;
            let seen = f64::from(node.scroll_top());
            #[expect(clippy::cast_possible_truncation, reason = "pixels")]
            if top < seen {
                node.set_scroll_top(top as i32);
            } else if top + row_height > seen + height {
                node.set_scroll_top((top + row_height - height) as i32);
            }
        }
    };
    let keydown = move |event: ev::KeyboardEvent| {
        let line = current.get_untracked();
        let row = rows.with_untracked(|rows| rows.iter().position(|row| *row == line).unwrap_or(0));
        let opens =
            at_line(lines, line, |line| matches!(line.piece, Piece::Open { .. })).unwrap_or(false);
        let shut = folded.with_untracked(|folded| folded.contains(&line));
        match event.key().as_str() {
            "ArrowUp" => go_to(row.saturating_sub(1)),
            "Home" => go_to(0),
            "End" => go_to(rows.with_untracked(Vec::len).saturating_sub(1)),
            "ArrowRight" if opens && shut => fold(line, Some(false)),
            "ArrowDown" | "ArrowRight" => go_to(row + 1),
            "ArrowLeft" if opens && !shut => fold(line, Some(true)),
            "ArrowLeft" => {
                if let Some(parent) = parent_of(lines, line)
                    && let Some(row) =
                        rows.with_untracked(|rows| rows.iter().position(|row| *row == parent))
                {
                    go_to(row);
                }
            }
            "Enter" => pick(line),
            _ => return,
        }
        event.prevent_default();
    };
    let shown = move || {
        let (first, last) = drawn.get();
        rows.with(|rows| {
            rows.get(first..last)
                .map(<[usize]>::to_vec)
                .unwrap_or_default()
        })
    };
    let shift = move || {
        let (_, row) = measure.get();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a body has fewer than 2^52 lines"
        )]
        let above = drawn.get().0 as f64 * row;
        format!("{above}px")
    };
    let total = move || {
        let (_, row) = measure.get();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a body has fewer than 2^52 lines"
        )]
        let all = rows.with(Vec::len) as f64 * row;
        format!("{all}px")
    };
    view! {
        <div
            class="json"
            class:json-pickable=on_pick.is_some()
            node_ref=node
            role="tree"
            tabindex="0"
            aria-label=label
            aria-activedescendant=move || base.with_value(|base| format!("{base}-{}", current.get()))
            on:keydown=keydown
            on:scroll=move |_| {
                if let Some(node) = node.get_untracked() {
                    scroll.set(f64::from(node.scroll_top()));
                }
            }
        >
            <div class="json-all" style:height=total>
                <div class="json-drawn" style:--above=shift>
                    <For each=shown key=|line| *line let:at>
                        {line_view(at, base, text, lines, folded, current, fold, pick)}
                    </For>
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn at_line<T>(lines: Memo<Laid>, at: usize, read: impl FnOnce(&Line) -> T) -> Option<T> {
    lines.with_untracked(|lines| {
        lines
            .as_deref()
            .ok()
            .and_then(|lines| lines.get(at))
            .map(read)
    })
}

/// The line on which the bracket around this line was opened.
fn parent_of(lines: Memo<Laid>, at: usize) -> Option<usize> {
    lines.with_untracked(|lines| {
        let lines = lines.as_deref().ok()?;
        let depth = lines.get(at)?.depth;
        lines.get(..at)?.iter().rposition(|line| line.depth < depth)
    })
}

/// A part of the text, cut where it is very long.
fn cut(text: &str, span: std::ops::Range<usize>) -> String {
    let all = text.get(span).unwrap_or_default();
    match all.char_indices().nth(SHOWN_CHARACTERS) {
        None => all.to_owned(),
        Some((end, _)) => format!(
            "{}… ({} more bytes)",
            all.get(..end).unwrap_or_default(),
            all.len() - end
        ),
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one line of the tree above, which owns all of these"
)]
fn line_view(
    at: usize,
    base: StoredValue<String>,
    text: Signal<String>,
    lines: Memo<Laid>,
    folded: RwSignal<BTreeSet<usize>>,
    current: RwSignal<usize>,
    fold: impl Fn(usize, Option<bool>) + Copy + 'static,
    pick: impl Fn(usize) + Copy + 'static,
) -> AnyView {
    let Some(line) = at_line(lines, at, Line::clone) else {
        return ().into_any();
    };
    let name = line
        .name
        .clone()
        .map(|name| text.with_untracked(|text| cut(text, name)));
    let comma = if line.comma { "," } else { "" };
    let is_shut = move || folded.with(|folded| folded.contains(&at));
    let value = match line.piece {
        Piece::Open { bracket, count, .. } => {
            let (open, close) = if bracket == b'{' {
                ("{", "}")
            } else {
                ("[", "]")
            };
            let closing_comma = at_line(lines, at, |line| match line.piece {
                Piece::Open { close, .. } => Some(close),
                _ => None,
            })
            .flatten()
            .and_then(|close| at_line(lines, close, |line| line.comma))
            .unwrap_or(false);
            let rest = move || {
                is_shut().then(|| {
                    let comma = if closing_comma { "," } else { "" };
                    view! { <span class="json-count">{count}</span> {close} {comma} }
                })
            };
            view! { <span class="json-value json-bracket">{open}{rest}</span> }.into_any()
        }
        Piece::Close { bracket } => (if bracket == b'}' { "}" } else { "]" }).into_any(),
        Piece::Empty { bracket } => {
            view! { <span class="json-value">{if bracket == b'{' { "{}" } else { "[]" }}</span> }
                .into_any()
        }
        Piece::Scalar { kind, ref span } => {
            let class = match kind {
                Kind::Text => "json-value json-text",
                Kind::Number => "json-value json-number",
                Kind::Word => "json-value json-word",
            };
            let words = text.with_untracked(|text| cut(text, span.clone()));
            view! { <span class=class>{words}</span> }.into_any()
        }
    };
    let opens = matches!(line.piece, Piece::Open { .. });
    view! {
        <div
            class="json-line"
            class:json-current=move || current.get() == at
            id=base.with_value(|base| format!("{base}-{at}"))
            role="treeitem"
            attr:aria-level=(line.depth + 1).to_string()
            aria-expanded=move || opens.then(|| if is_shut() { "false" } else { "true" })
            style:--depth=line.depth.min(40).to_string()
            on:click=move |_| {
                current.set(at);
                pick(at);
            }
        >
            {opens
                .then(|| {
                    view! {
                        <span
                            class="json-fold"
                            class:json-shut=is_shut
                            aria-hidden="true"
                            on:click=move |event| {
                                event.stop_propagation();
                                current.set(at);
                                fold(at, None);
                            }
                        >
                            <crate::ui::IconView icon=crate::ui::Icon::ChevronDown />
                        </span>
                    }
                })}
            {name.map(|name| view! { <span class="json-name">{name}</span> ": " })}
            {value}
            {comma}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{cut, window_of};

    #[test]
    fn only_rows_near_the_window_are_drawn() {
        let cases = [
            ((0.0, 600.0, 20.0, 10), (0, 10)),
            ((0.0, 600.0, 20.0, 9_999), (0, 60)),
            ((2_000.0, 600.0, 20.0, 9_999), (70, 160)),
        ];
        for ((scroll, height, row, count), expected) in cases {
            assert_eq!(window_of(scroll, height, row, count), expected);
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = "é".repeat(600);
        assert!(cut(&text, 0..text.len()).ends_with("… (200 more bytes)"));
        assert_eq!(cut("short", 0..5), "short");
    }
}
