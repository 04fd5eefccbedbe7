//! When, and how long: relative for reading, exact when pointed at.

use crate::browser::now_ms;
use leptos::prelude::*;
use std::time::Duration as Span;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How `at` reads at `now`, both in milliseconds since the epoch: "just now", "5 min ago", "in 2 h".
/// `None` from a week on: then the date says more.
pub fn relative(at: i64, now: i64) -> Option<String> {
    let distance = now.saturating_sub(at);
    let (amount, past) = (distance.saturating_abs(), distance >= 0);
    if amount < 10 * SECOND {
        return Some("just now".to_owned());
    }
    let words = match amount {
        _ if amount < MINUTE => format!("{} s", amount / SECOND),
        _ if amount < HOUR => format!("{} min", amount / MINUTE),
        _ if amount < DAY => format!("{} h", amount / HOUR),
        _ if amount < 2 * DAY => "1 day".to_owned(),
        _ if amount < 7 * DAY => format!("{} days", amount / DAY),
        _ => return None,
    };
    Some(if past {
        format!("{words} ago")
    } else {
        format!("in {words}")
    })
}

/// A length of time in the two units that matter: "340 ms", "1.2 s", "3 min 5 s", "2 h 10 min".
pub fn duration(ms: u64) -> String {
    let seconds = ms / 1_000;
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..10_000 => format!("{}.{} s", seconds, ms % 1_000 / 100),
        10_000..60_000 => format!("{seconds} s"),
        60_000..3_600_000 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// The date and time in the words of this browser's language, to the second.
pub fn exact(at: i64) -> String {
    date(at)
        .to_locale_string("default", &js_sys::Object::new().into())
        .into()
}

/// The date alone, in the words of this browser's language.
pub fn short_date(at: i64) -> String {
    let options = js_sys::Object::new();
    for (name, value) in [("day", "numeric"), ("month", "short"), ("year", "numeric")] {
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    date(at)
        .to_locale_date_string("default", &options.into())
        .into()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a date is below 2^53 milliseconds"
)]
fn date(at: i64) -> js_sys::Date {
    js_sys::Date::new(&(at as f64).into())
}

thread_local! {
    static NOW: ArcRwSignal<i64> = ArcRwSignal::new(now_ms());
}

/// A moment written as ISO 8601, in milliseconds since the epoch. Halo leaves the zone out and means UTC.
pub fn parse_instant(text: &str) -> Option<i64> {
    let zoned = text.ends_with('Z') || text.get(10..).is_some_and(|time| time.contains(['+', '-']));
    let text = if zoned {
        text.to_owned()
    } else {
        format!("{text}Z")
    };
    let ms = js_sys::Date::parse(&text);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a date has no fraction of a millisecond and stays under 2^53"
    )]
    ms.is_finite().then_some(ms as i64)
}

/// The time now, in milliseconds since the epoch; moves on every ten seconds once [`start_clock`] was called.
pub fn use_now() -> Signal<i64> {
    NOW.with(|now| now.clone().into())
}

/// Starts the one timer behind all times shown.
pub fn start_clock() {
    set_interval(|| NOW.with(|now| now.set(now_ms())), Span::from_secs(10));
}

/// The time now, in milliseconds since the epoch; moves on every second while `runs` says so.
pub fn use_seconds(runs: Signal<bool>) -> Signal<i64> {
    let now = RwSignal::new(now_ms());
    Effect::new(move |_| {
        now.set(now_ms());
        if !runs.get() {
            return;
        }
        let tick = move || {
            now.try_set(now_ms());
        };
        if let Ok(timer) = set_interval_with_handle(tick, Span::from_secs(1)) {
            on_cleanup(move || timer.clear());
        }
    });
    now.into()
}

/// A moment, as "5 min ago".
#[component]
pub fn Time(
    /// Milliseconds since the epoch.
    #[prop(into)]
    at: Signal<i64>,
) -> impl IntoView {
    let now = use_now();
    let words = move || relative(at.get(), now.get()).unwrap_or_else(|| short_date(at.get()));
    let machine = move || String::from(date(at.get()).to_iso_string());
    view! {
        <time class="numeric" datetime=machine title=move || exact(at.get())>
            {words}
        </time>
    }
    .into_any()
}

/// A length of time, as "1.2 s".
#[component]
pub fn Duration(
    /// In milliseconds.
    #[prop(into)]
    ms: Signal<u64>,
) -> impl IntoView {
    view! { <span class="numeric" title=move || format!("{} ms", ms.get())>{move || duration(ms.get())}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{DAY, HOUR, MINUTE, SECOND, duration, relative};

    #[test]
    fn moments_read_as_people_say_them() {
        let cases = [
            (0, Some("just now")),
            (-5 * SECOND, Some("just now")),
            (10 * SECOND, Some("10 s ago")),
            (59 * SECOND, Some("59 s ago")),
            (MINUTE, Some("1 min ago")),
            (HOUR - 1, Some("59 min ago")),
            (-2 * HOUR, Some("in 2 h")),
            (DAY, Some("1 day ago")),
            (2 * DAY, Some("2 days ago")),
            (7 * DAY, None),
            (i64::MAX, None),
        ];
        for (distance, words) in cases {
            assert_eq!(relative(0, distance).as_deref(), words, "{distance}");
        }
    }

    #[test]
    fn durations_keep_two_units() {
        let cases = [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_000, "1.0 s"),
            (1_290, "1.2 s"),
            (30_000, "30 s"),
            (185_000, "3 min 5 s"),
            (7_800_000, "2 h 10 min"),
        ];
        for (ms, words) in cases {
            assert_eq!(duration(ms), words);
        }
    }
}
