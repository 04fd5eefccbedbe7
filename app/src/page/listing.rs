//! What of a long list is shown: the words searched for, the page and the order. All of it stands in the address.

use std::cell::RefCell;
use std::collections::HashMap;

use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::client::encoded;
use crate::route::Route;
use crate::ui::table::{Order, SEARCH};
use crate::ui::{
    Bound, Button, EmptyState, Icon, Skeleton, TextField, in_address, put_all_in_address,
    turn_in_address, use_shortcut,
};

/// How long nothing must be typed before the search runs, in milliseconds.
const CALM_MS: u32 = 250;
/// How many records a page holds.
pub const PAGE_SIZE: u64 = 50;

/// The state of a list.
#[derive(Debug, Clone, Copy)]
pub struct Listing {
    pub search: Bound<String>,
    page: Bound<String>,
    order: Bound<String>,
}

impl Listing {
    /// As the address has it; see [`list_as_it_was`].
    pub fn in_address() -> Self {
        keep_address();
        Self {
            search: in_address("search"),
            page: in_address("page"),
            order: in_address("order"),
        }
    }

    /// The page that the address names; the first where it names none.
    pub fn number(self) -> u64 {
        self.page.get().parse().unwrap_or(1).max(1)
    }

    /// The search and the order, as parameters of the desk's lists.
    pub fn parameters(self) -> String {
        let order = self.order.get();
        let (field, descending) = match order.strip_prefix('-') {
            Some(field) => (field, true),
            None => (order.as_str(), false),
        };
        let order = if field.is_empty() {
            String::new()
        } else {
            format!("&order={}&orderdesc={descending}", encoded(field))
        };
        format!("search={}{order}", encoded(&self.search.get()))
    }

    /// The parameters of the page that is shown.
    pub fn query(self) -> String {
        let (page, rest) = (self.number(), self.parameters());
        format!("pageinate=true&page_size={PAGE_SIZE}&page_no={page}&{rest}")
    }

    /// Which column the order is by, where `fields` names each column's field.
    pub fn by_column(self, fields: Vec<&'static str>) -> Bound<Option<Order>> {
        let fields = StoredValue::new(fields);
        let now = Memo::new(move |_| {
            let order = self.order.get();
            let name = order.trim_start_matches('-');
            let column = fields.with_value(|fields| {
                fields
                    .iter()
                    .position(|field| !name.is_empty() && *field == name)
            });
            column.map(|column| Order {
                column,
                descending: order.starts_with('-'),
            })
        });
        let change = move |order: Option<Order>| {
            let text = order.and_then(|order| {
                let field = fields.with_value(|fields| fields.get(order.column).copied())?;
                let minus = if order.descending { "-" } else { "" };
                Some(format!("{minus}{field}"))
            });
            let text = text.unwrap_or_default();
            put_all_in_address(&[("order", &text), ("page", "")]);
        };
        Bound::new(now, Callback::new(change))
    }
}

/// A value of the address that narrows the list: another one begins with the first page.
pub fn filter_in_address(name: &'static str) -> Bound<String> {
    let value = in_address(name);
    let change = move |value: String| put_all_in_address(&[(name, &value), ("page", "")]);
    Bound::new(value.signal(), Callback::new(change))
}

thread_local! {
    /// The last address of each list, by its path.
    static LISTS: RefCell<HashMap<String, String>> = RefCell::default();
}

/// Remembers how the list of the calling page is shown.
fn keep_address() {
    let location = use_location();
    let own = location.pathname.get_untracked();
    Effect::new(move |_| {
        let search = location.search.get();
        if location.pathname.with(|path| *path == own) {
            let question = if search.is_empty() { "" } else { "?" };
            let address = format!("{own}{question}{search}");
            LISTS.with_borrow_mut(|lists| lists.insert(own.clone(), address));
        }
    });
}

/// The address of a list as it was when it was last seen: with its filters, its search, its order and its page.
pub fn list_as_it_was(list: &Route) -> String {
    let path = list.to_string();
    LISTS
        .with_borrow(|lists| lists.get(&path).cloned())
        .unwrap_or(path)
}

/// The number of pages of so many records; a list without any has one.
fn pages_of(count: u64) -> u64 {
    count.div_ceil(PAGE_SIZE).max(1)
}

/// What stands in the place of a list where the address names a page that it does not have: the way to those that it has.
/// `shown` is how many records the page has that was read last.
pub fn no_such_page(listing: Listing, count: Option<u64>, shown: usize) -> Option<AnyView> {
    let here = listing.number();
    let last = count.map(pages_of);
    if shown == 0 && count.is_some_and(|count| count > 0) && Some(here) <= last {
        // The page that was asked for now is on its way.
        return Some(view! { <Skeleton lines=6 /> }.into_any());
    }
    if here == 1 || count == Some(0) || last.is_some_and(|last| here <= last) {
        return None;
    }
    let text = match last {
        Some(1) => "The list has one page.".to_owned(),
        Some(last) => format!("The list has {last} pages."),
        None => "The list ends before it.".to_owned(),
    };
    let to_last = last.filter(|last| *last > 1).map(|last| {
        view! { <Button on_press=move |()| turn_to(last)>"Last page"</Button> }
    });
    let view = view! {
        <EmptyState icon=Icon::Search title=format!("There is no page {here}") text=text>
            {to_last}
            <Button on_press=move |()| turn_to(1)>"First page"</Button>
        </EmptyState>
    };
    Some(view.into_any())
}

/// The field that searches a list; `/` leads to it.
#[component]
pub fn Search(#[prop(into)] label: String, listing: Listing) -> impl IntoView {
    let search = listing.search;
    let path = use_location().pathname;
    let typed = RwSignal::new(search.peek());
    let latest = StoredValue::new(0_u32);
    let searched = StoredValue::new(search.peek());
    // Another address, such as that of a saved filter, has words of its own.
    Effect::new(move |_| {
        let words = search.get();
        if searched.get_value() != words {
            latest.update_value(|turn| *turn += 1);
            searched.set_value(words.clone());
            typed.set(words);
        }
    });
    let typing = Bound::new(
        typed,
        Callback::new(move |text: String| {
            typed.set(text.clone());
            latest.update_value(|turn| *turn += 1);
            let (turn, here) = (latest.get_value(), path.get_untracked());
            leptos::task::spawn_local(async move {
                TimeoutFuture::new(CALM_MS).await;
                // Whoever has gone on to another page meanwhile searches no more.
                let stayed = path.try_get_untracked() == Some(here);
                if stayed && latest.try_get_value() == Some(turn) {
                    searched.set_value(text.clone());
                    put_all_in_address(&[("search", &text), ("page", "")]);
                }
            });
        }),
    );
    use_shortcut("/", "Search", || crate::browser::focus(SEARCH));
    view! { <TextField id=SEARCH label=label value=typing /> }.into_any()
}

fn turn_to(page: u64) {
    turn_in_address(&[("page", &page.to_string())]);
    // The button that was pressed may be off on the last page, or gone.
    crate::browser::focus(crate::frame::MAIN);
}

/// The way to the pages before and after.
#[component]
pub fn Pages(
    listing: Listing,
    /// How many records there are in all, where that is known.
    #[prop(into)]
    count: Signal<Option<u64>>,
    /// How many are shown.
    #[prop(into)]
    shown: Signal<usize>,
) -> impl IntoView {
    let here = Memo::new(move |_| listing.number());
    let pages = Memo::new(move |_| match count.get() {
        Some(count) => pages_of(count),
        // A page that is full may be followed by another one.
        None => here.get() + u64::from(shown.get() as u64 >= PAGE_SIZE),
    });
    let words = move || match count.get() {
        Some(count) => format!("Page {} of {} · {count} in all", here.get(), pages.get()),
        None => format!("Page {}", here.get()),
    };
    use_shortcut("Shift ArrowLeft", "Previous page", move || {
        let here = here.get_untracked();
        if 1 < here {
            turn_to(here - 1);
        }
    });
    use_shortcut("Shift ArrowRight", "Next page", move || {
        let here = here.get_untracked();
        if here < pages.get_untracked() {
            turn_to(here + 1);
        }
    });
    view! {
        // Beyond the last page [`no_such_page`] leads back.
        <Show when=move || (1 < pages.get() || 1 < here.get()) && here.get() <= pages.get()>
            <nav class="pages" aria-label="Pages">
                <Button
                    small=true
                    disabled=Signal::derive(move || here.get() <= 1)
                    on_press=move |()| turn_to(here.get_untracked() - 1)
                >
                    "Previous"
                </Button>
                <span class="muted numeric">{words}</span>
                <Button
                    small=true
                    disabled=Signal::derive(move || pages.get() <= here.get())
                    on_press=move |()| turn_to(here.get_untracked() + 1)
                >
                    "Next"
                </Button>
            </nav>
        </Show>
    }
    .into_any()
}
