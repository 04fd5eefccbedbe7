//! Buttons, badges, times, icons.

use crate::{
    browser::now_ms,
    ui::{
        Badge, Button, ButtonKind, ButtonLink, CopyButton, Icon, IconButton, IconView, Notice,
        Progress, Skeleton, Spinner, Time, Tone, badge::Count, clock,
    },
};
use leptos::prelude::*;

const ICONS: [Icon; 54] = [
    Icon::Desk,
    Icon::Integrations,
    Icon::Runbooks,
    Icon::Runs,
    Icon::Settings,
    Icon::Plus,
    Icon::Trash,
    Icon::Undo,
    Icon::Redo,
    Icon::ZoomIn,
    Icon::ZoomOut,
    Icon::Fit,
    Icon::Play,
    Icon::Stop,
    Icon::Pause,
    Icon::Check,
    Icon::Cross,
    Icon::Warning,
    Icon::Info,
    Icon::Question,
    Icon::Copy,
    Icon::Search,
    Icon::Filter,
    Icon::ChevronDown,
    Icon::ChevronRight,
    Icon::ArrowLeft,
    Icon::ArrowRight,
    Icon::ArrowUp,
    Icon::ArrowDown,
    Icon::External,
    Icon::Key,
    Icon::Clock,
    Icon::Condition,
    Icon::Method,
    Icon::DeskAction,
    Icon::Start,
    Icon::End,
    Icon::Sun,
    Icon::Moon,
    Icon::Screen,
    Icon::Dots,
    Icon::Lock,
    Icon::Link,
    Icon::Eye,
    Icon::EyeOff,
    Icon::Edit,
    Icon::Refresh,
    Icon::Repeat,
    Icon::Note,
    Icon::User,
    Icon::SignOut,
    Icon::Download,
    Icon::Upload,
    Icon::Text,
];

/// One row a kind.
pub(super) fn show() -> AnyView {
    let pressed = RwSignal::new(true);
    view! {
        <div class="stack stack-large">
            <div class="row row-wrap">
                <Button kind=ButtonKind::Primary>"Publish"</Button>
                <Button kind=ButtonKind::Primary icon=Icon::Plus>
                    "New runbook"
                </Button>
                <Button>"Cancel"</Button>
                <Button icon=Icon::Play>"Send test"</Button>
                <Button kind=ButtonKind::Danger icon=Icon::Trash>
                    "Delete"
                </Button>
                <Button kind=ButtonKind::Quiet icon=Icon::Refresh>
                    "Reload"
                </Button>
                <ButtonLink href="/runs">"All runs"</ButtonLink>
                <Button busy=true>"Saving"</Button>
                <Button kind=ButtonKind::Primary busy=true>
                    "Publish"
                </Button>
                <Button disabled=true>"Disabled"</Button>
                <Button kind=ButtonKind::Primary disabled=true>
                    "Disabled"
                </Button>
                <Button small=true icon=Icon::Plus>
                    "Add"
                </Button>
                <IconButton icon=Icon::Undo label="Undo" keys="Ctrl Z" on_press=|()| () />
                <IconButton icon=Icon::Redo label="Redo" keys="Ctrl Shift Z" disabled=true on_press=|()| () />
                <IconButton
                    icon=Icon::Eye
                    label="Show"
                    pressed=Signal::from(pressed)
                    on_press=move |()| pressed.update(|pressed| *pressed = !*pressed)
                />
                <CopyButton label="Copy the address" text="https://desk.example/api/automation/rb_1" />
                <CopyButton label="Copy curl" text="curl" show_label=true />
            </div>
            <div class="row row-wrap">
                <Badge tone=Tone::Neutral label="Queued" />
                <Badge tone=Tone::Active label="Running" />
                <Badge tone=Tone::Good label="Succeeded" />
                <Badge tone=Tone::Warning label="Waiting" icon=Icon::Clock />
                <Badge tone=Tone::Bad label="Failed" />
                <Badge tone=Tone::Warning label="Draft" icon=Icon::Edit />
                <Badge tone=Tone::Good label="Published" />
                <Count count=12_usize />
            </div>
            <div class="row row-wrap muted">
                <Time at=now_ms() - 300_000 />
                <Time at=now_ms() - 90_000_000 />
                <Time at=now_ms() - 900_000_000 />
                <clock::Duration ms=1_234_u64 />
                <kbd class="keys">"Ctrl"</kbd>
                <kbd class="keys">"Enter"</kbd>
                <a href="https://example.com" target="_blank" rel="noreferrer">
                    "How output variables work"
                    <IconView icon=Icon::External />
                </a>
                <a href="/runs">"A link"</a>
                <code>"choices[0].text"</code>
            </div>
            <div class="row row-wrap">
                <Spinner label="Loading" />
                <Spinner label="Waiting for the response" show_label=true />
            </div>
            <Progress label="Published" percent=40 />
            <Skeleton />
            <Notice>"It uses version 3 of “Ask a question”; version 4 is newer."</Notice>
            <Notice tone=Tone::Good>"Imported: 1 integration, 1 method, 1 runbook."</Notice>
            <Notice tone=Tone::Warning>"Anyone who knows the address can start it. Choose Basic or a signature."</Notice>
            <Notice tone=Tone::Bad>"The token was refused: 401. Type a new one under Authorization."</Notice>
            <div class="row row-wrap">
                {ICONS.into_iter().map(|icon| view! { <span title=format!("{icon:?}")><IconView icon=icon /></span> }).collect_view()}
            </div>
        </div>
    }
    .into_any()
}
