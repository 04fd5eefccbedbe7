//! What a runbook's runs add up to, day by day: drawn, and as a table.

use leptos::prelude::*;
use shared::model::RunbookId;
use shared::statistics::{DayStatistics, Statistics};

use super::chart::{Day, Shape, drawn, highest};
use super::words::runs;
use crate::browser::utc_offset;
use crate::client::{self, use_live};
use crate::load::Loaded;
use crate::ui::clock::duration;
use crate::ui::{ErrorPanel, Skeleton};

/// How long nothing is counted again after it was counted, in milliseconds.
const REST_MS: u32 = 3_000;

/// The last thirty days.
#[component]
pub(super) fn Days(runbook: RunbookId) -> impl IntoView {
    let live = use_live();
    let id = StoredValue::new(runbook);
    let read = move || {
        live.connections.track();
        let id = id.get_value();
        async move { client::statistics(&id, utc_offset()).await }
    };
    // Many may begin and end at once.
    let statistics = Loaded::paced(read, |_| REST_MS);
    live.each_run(move |run| {
        if id.with_value(|id| *id == run.runbook) {
            statistics.again();
        }
    });
    let shown = move || match statistics.state.get() {
        None => view! { <div class="statistics-waiting"><Skeleton lines=4 /></div> }.into_any(),
        Some(Err(fault)) => view! {
            <ErrorPanel
                title="Could not count the runs"
                text=fault.to_string()
                on_retry=Callback::new(move |()| statistics.again())
            />
        }
        .into_any(),
        Some(Ok(statistics)) => charts(statistics),
    };
    view! {
        <section class="statistics" aria-label="The last 30 days">
            {shown}
        </section>
    }
    .into_any()
}

fn charts(statistics: Statistics) -> AnyView {
    let days = statistics.days;
    let total: u64 = days.iter().map(|day| day.runs).sum();
    let failed: u64 = days.iter().map(|day| day.failed).sum();
    if total == 0 {
        return view! {
            <p class="muted statistics-none">"Nothing has run in the last 30 days. Runs, failures and durations are drawn here, day by day."</p>
        }
        .into_any();
    }
    let counted: Vec<Day> = days
        .iter()
        .map(|day| Day {
            words: words(day),
            values: vec![
                ("chart-plain", day.runs.saturating_sub(day.failed)),
                ("chart-bad", day.failed),
            ],
        })
        .collect();
    let lasted: Vec<Day> = days
        .iter()
        .map(|day| Day {
            words: words(day),
            values: vec![
                ("chart-light", day.p95_ms.unwrap_or(0)),
                ("chart-plain", day.p50_ms.unwrap_or(0)),
            ],
        })
        .collect();
    let most = highest(&counted, Shape::Stacked);
    let longest = highest(&lasted, Shape::Layered);
    let all = runs(usize::try_from(total).unwrap_or(usize::MAX));
    let first = days.first().map(|day| day.date.clone());
    let last = days.last().map(|day| day.date.clone());
    let label = format!("Runs a day: {all} in 30 days, {failed} failed, at most {most} on one day");
    let lasted_label = format!("Duration a day: at most {}", duration(longest));
    let axis = move || {
        view! {
            <p class="chart-axis muted numeric" aria-hidden="true">
                <span>{first.clone()}</span>
                <span>{last.clone()}</span>
            </p>
        }
    };
    view! {
        <div class="statistics-charts">
            <figure class="chart-figure">
                <figcaption class="chart-title">
                    <strong>"Runs a day"</strong>
                    <span class="muted numeric">{format!("{all}, {failed} failed")}</span>
                </figcaption>
                {drawn(label, &counted, Shape::Stacked)}
                {axis()}
                <p class="chart-legend">
                    <span class="chart-key"><i class="chart-plain"></i>"went well or goes on"</span>
                    <span class="chart-key"><i class="chart-bad"></i>"failed"</span>
                </p>
            </figure>
            <figure class="chart-figure">
                <figcaption class="chart-title">
                    <strong>"Duration a day"</strong>
                    <span class="muted numeric">{format!("at most {}", duration(longest))}</span>
                </figcaption>
                {drawn(lasted_label, &lasted, Shape::Layered)}
                {axis()}
                <p class="chart-legend">
                    <span class="chart-key"><i class="chart-plain"></i>"half took at most (p50)"</span>
                    <span class="chart-key"><i class="chart-light"></i>"95 of 100 took at most (p95)"</span>
                </p>
            </figure>
        </div>
        {as_table(&days)}
    }
    .into_any()
}

fn words(day: &DayStatistics) -> String {
    let count = runs(usize::try_from(day.runs).unwrap_or(usize::MAX));
    let mut words = format!("{}: {count}, {} failed", day.date, day.failed);
    if let (Some(p50), Some(p95)) = (day.p50_ms, day.p95_ms) {
        words.push_str("; half took at most ");
        words.push_str(&duration(p50));
        words.push_str(", 95 of 100 at most ");
        words.push_str(&duration(p95));
    }
    words
}

/// The same to read, the latest day first.
fn as_table(days: &[DayStatistics]) -> AnyView {
    let lasted = |ms: Option<u64>| ms.map_or_else(|| "–".to_owned(), duration);
    let rows = days
        .iter()
        .rev()
        .map(|day| {
            view! {
                <tr>
                    <th scope="row">{day.date.clone()}</th>
                    <td>{day.runs}</td>
                    <td>{day.failed}</td>
                    <td>{lasted(day.p50_ms)}</td>
                    <td>{lasted(day.p95_ms)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details class="statistics-table">
            <summary>"As a table"</summary>
            <div class="statistics-scroll" tabindex="0" role="region" aria-label="Days as a table">
                <table class="numeric" aria-label="Runs by day">
                    <thead>
                        <tr>
                            <th scope="col">"Day"</th>
                            <th scope="col">"Runs"</th>
                            <th scope="col">"Failed"</th>
                            <th scope="col">"p50"</th>
                            <th scope="col">"p95"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
