//! The few questions asked of the browser itself, each answered without a panic when it is in the way
//! (storage switched off, no clipboard on plain http).

use std::rc::Rc;

use leptos::prelude::{document, request_animation_frame, window};
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Milliseconds since the epoch, by the clock of this machine.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a date has no fraction of a millisecond and stays under 2^53"
)]
pub fn now_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// How far this machine's clock is ahead of UTC, in minutes.
#[expect(
    clippy::cast_possible_truncation,
    reason = "whole minutes, less than a day"
)]
pub fn utc_offset() -> i64 {
    -(js_sys::Date::new_0().get_timezone_offset() as i64)
}

/// The time zone that this machine is set to, by its IANA name.
pub fn own_time_zone() -> String {
    let options = js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new())
        .resolved_options();
    js_sys::Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

/// A text that no other call gives: the key of a request that may be sent again.
pub fn unique() -> String {
    let part = || {
        let random = js_sys::Math::random() * f64::from(u32::MAX);
        format!("{:x}", random.to_bits())
    };
    format!("{}{}", part(), part())
}

/// What was kept under `name` by [`keep`], here and in earlier visits.
pub fn kept(name: &str) -> Option<String> {
    window()
        .local_storage()
        .ok()
        .flatten()?
        .get_item(name)
        .ok()
        .flatten()
}

/// Keeps a small setting of this browser. Lost silently where storage is switched off: it is a convenience.
pub fn keep(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}

/// The element with this id, as one that can take focus.
pub fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Moves focus to the element with this id, if it is there.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        let _ = element.focus();
    }
}

/// Moves focus to the first element that fits, if there is one.
pub fn focus_on(selector: &str) {
    if let Some(found) = found(selector) {
        let _ = found.focus();
    }
}

fn found(selector: &str) -> Option<HtmlElement> {
    let found = document().query_selector(selector).ok().flatten()?;
    found.dyn_into().ok()
}

/// Moves focus to the first field of the element with this id, once that is drawn; opens it where it is folded.
pub fn focus_in(id: &'static str) {
    focus_inside(format!("#{id}"), None);
}

/// The same of the first element that fits; of what fits `otherwise` where there is none.
pub fn focus_inside(selector: String, otherwise: Option<String>) {
    focus_inside_within(selector, otherwise, FRAMES);
}

/// A tab that has just been chosen is drawn a moment later.
const FRAMES: u8 = 10;

fn focus_inside_within(selector: String, otherwise: Option<String>, frames: u8) {
    request_animation_frame(move || match found(&selector) {
        Some(element) => {
            if element.tag_name() == "DETAILS" {
                let _ = element.set_attribute("open", "");
            }
            let field = element.query_selector("input, textarea, select, button");
            let field = field.ok().flatten().and_then(|field| field.dyn_into().ok());
            let field: HtmlElement = field.unwrap_or(element);
            let _ = field.focus();
        }
        None if frames > 0 => focus_inside_within(selector, otherwise, frames - 1),
        None => {
            if let Some(otherwise) = otherwise {
                focus_inside(otherwise, None);
            }
        }
    });
}

/// Has the first element that fits be seen, once it is drawn; nothing moves where it is in sight already.
pub fn bring_into_view(selector: &'static str) {
    request_animation_frame(move || {
        let Some(element) = found(selector) else {
            return;
        };
        // The head of the page stays in its place, over what is scrolled.
        let top = found(".header").map_or(0.0, |head| head.get_bounding_client_rect().bottom());
        let bottom = document()
            .document_element()
            .map_or(0.0, |page| f64::from(page.client_height()));
        let place = element.get_bounding_client_rect();
        if place.top() >= top.max(0.0) && place.bottom() <= bottom {
            return;
        }
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Center);
        let element: &web_sys::Element = &element;
        element.scroll_into_view_with_scroll_into_view_options(&options);
    });
}

/// Leads to the first field with a problem, once that is drawn.
pub fn focus_invalid() {
    request_animation_frame(|| {
        let first = document()
            .query_selector("[aria-invalid='true']")
            .ok()
            .flatten();
        if let Some(field) = first.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
    });
}

/// Has the focus go along with a row that was moved: from the button of this label to wherever it stands once the rows
/// are drawn anew, or to `other` where it can be pressed no more there.
pub fn follow(label: String, other: String) {
    // The rows are read again first.
    const FRAMES: u16 = 300;
    follow_within(label, other, FRAMES);
}

fn follow_within(label: String, other: String, frames: u16) {
    request_animation_frame(move || {
        let focused = document().active_element();
        let focused = focused.and_then(|focused| focused.get_attribute("aria-label"));
        if focused.as_deref() == Some(&label) {
            if let Some(frames) = frames.checked_sub(1) {
                follow_within(label, other, frames);
            }
            return;
        }
        let Ok(buttons) = document().query_selector_all("button[aria-label]:not(:disabled)") else {
            return;
        };
        let buttons: Vec<HtmlElement> = (0..buttons.length())
            .filter_map(|at| buttons.item(at)?.dyn_into().ok())
            .collect();
        let called = |label: &str| {
            let mut buttons = buttons.iter();
            buttons.find(|button| button.get_attribute("aria-label").as_deref() == Some(label))
        };
        if let Some(button) = called(&label).or_else(|| called(&other)) {
            let _ = button.focus();
        }
    });
}

/// Moves focus to the first field of the last element that fits, once it is drawn: a row that was just added. What stands
/// in it already is selected, so that typing replaces it.
pub fn focus_last(rows: impl Into<Rc<str>>) {
    let rows = rows.into();
    request_animation_frame(move || {
        let Ok(all) =
            document().query_selector_all(&format!("{rows} :is(input, select, textarea)"))
        else {
            return;
        };
        let in_last = |field: &HtmlElement| {
            let row = field.closest(&rows).ok().flatten();
            row.is_some_and(|row| {
                row.next_element_sibling()
                    .is_none_or(|next| !next.matches(&rows).unwrap_or(false))
            })
        };
        let field = (0..all.length())
            .filter_map(|at| all.item(at)?.dyn_into::<HtmlElement>().ok())
            .find(in_last);
        if let Some(field) = field {
            let _ = field.focus();
            if let Some(input) = field.dyn_ref::<web_sys::HtmlInputElement>() {
                input.select();
            }
        }
    });
}

/// Carries out what takes away the row that has focus, and leads the keyboard on: to the first field of the row that takes its
/// place, or of the last one, or to its first button where it has no field; where no row is left, to the element of that id.
pub fn without_row(
    rows: impl Into<Rc<str>>,
    otherwise: impl Into<Rc<str>>,
    take_away: impl FnOnce(),
) {
    let (rows, otherwise) = (rows.into(), otherwise.into());
    let all = move || document().query_selector_all(&rows).ok();
    let focused = document().active_element();
    let place = all().and_then(|all| {
        let holds = |at: &u32| {
            let row = all.item(*at);
            row.is_some_and(|row| row.contains(focused.as_ref().map(AsRef::as_ref)))
        };
        // A row may stand in a larger one.
        (0..all.length()).rfind(holds)
    });
    take_away();
    request_animation_frame(move || {
        let field = all().and_then(|all| {
            let last = all.length().checked_sub(1)?;
            let row = all.item(place.unwrap_or(last).min(last))?;
            let row = row.dyn_into::<web_sys::Element>().ok()?;
            let first = |kind: &str| row.query_selector(kind).ok().flatten();
            let field = first("input, textarea, select").or_else(|| first("button"))?;
            field.dyn_into::<HtmlElement>().ok()
        });
        match field {
            Some(field) => {
                let _ = field.focus();
            }
            None => focus(&otherwise),
        }
    });
}

/// Whether keys typed now go into a text: page-wide single keys must then stay quiet.
pub fn typing() -> bool {
    let Some(active) = document().active_element() else {
        return false;
    };
    let is_field = matches!(active.tag_name().as_str(), "TEXTAREA" | "SELECT")
        || (active.tag_name() == "INPUT"
            && !matches!(
                active.get_attribute("type").as_deref(),
                Some("checkbox" | "radio" | "button")
            ));
    is_field
        || active
            .get_attribute("contenteditable")
            .is_some_and(|value| value != "false")
}

/// Whether this is a keyboard with a command key in the place of Ctrl.
pub fn has_command_key() -> bool {
    let agent = window().navigator().user_agent().unwrap_or_default();
    agent.contains("Mac OS") || agent.contains("iPhone") || agent.contains("iPad")
}
