//! A chart that is only looked at, as one part of a page among others.

use leptos::prelude::*;

use super::canvas::FlowChart;
use super::drawn::Drawn;
use super::outline::Outline;
use super::state::Chart;
use crate::ui::Skeleton;

/// The chart, and below it the list of its steps where that is wanted.
#[component]
pub fn ChartFrame<D: Drawn>(chart: Chart<D>) -> impl IntoView {
    view! {
        <div class="chart-frame">
            <FlowChart chart=chart />
        </div>
        <Show when=move || chart.as_list.get()>
            <Outline chart=chart />
        </Show>
    }
    .into_any()
}

/// As high as what comes, so that nothing moves then.
pub fn chart_to_come() -> AnyView {
    view! { <div class="chart-frame chart-to-come"><Skeleton lines=6 /></div> }.into_any()
}
