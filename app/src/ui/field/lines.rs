//! Fields of a sheet whose text may have several lines: as tall as their text, a line at least. Enter is for what the sheet
//! does with it; Shift Enter breaks the line.

use crate::ui::name_shortcut;
use leptos::ev;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

/// The most lines that are shown at once; the others scroll.
const TALLEST: usize = 12;

/// What the `rows` of a text area are, so that it shows the text.
pub fn rows_for(text: &str) -> String {
    (text.matches('\n').count() + 1).min(TALLEST).to_string()
}

/// Lists the key that breaks a line.
pub fn name_line_break() {
    name_shortcut("Shift Enter", "A new line in the field");
}

/// Whether the text has another line above the place at `at`, or below it. Browsers count in UTF-16.
fn has_line(text: &str, at: u32, below: bool) -> bool {
    let mut units = text.encode_utf16();
    let is_break = |unit: u16| unit == u16::from(b'\n');
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    if below {
        units.skip(at).any(is_break)
    } else {
        units.by_ref().take(at).any(is_break)
    }
}

/// Whether Up or Down moves within the text of the field, so that the sheet must let it be.
pub fn moves_within(event: &ev::KeyboardEvent) -> bool {
    let below = event.key() == "ArrowDown";
    let Some(field) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok())
    else {
        return false;
    };
    let place = if below {
        field.selection_end()
    } else {
        field.selection_start()
    };
    matches!(place, Ok(Some(at)) if has_line(&field.value(), at, below))
}

#[cfg(test)]
mod tests {
    use super::{has_line, rows_for};

    #[test]
    fn a_field_is_as_tall_as_its_text() {
        for (text, rows) in [("", "1"), ("a", "1"), ("a\nb", "2"), ("a\n", "2")] {
            assert_eq!(rows_for(text), rows, "{text:?}");
        }
        assert_eq!(rows_for(&"a\n".repeat(100)), "12");
    }

    #[test]
    fn the_first_and_the_last_line_lead_out_of_the_text() {
        for (text, at, above, below) in [
            ("one", 1, false, false),
            ("one\ntwo", 2, false, true),
            ("one\ntwo", 3, false, true),
            ("one\ntwo", 4, true, false),
            // Two units.
            ("😀\nb", 2, false, true),
            ("😀\nb", 3, true, false),
            ("", 9, false, false),
        ] {
            let found = (has_line(text, at, false), has_line(text, at, true));
            assert_eq!(found, (above, below), "{text:?} at {at}");
        }
    }
}
