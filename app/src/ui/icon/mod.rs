//! The icons: one stroke of 1.5 on a grid of 16, drawn for this app. They stand beside a word or carry a label,
//! so they are hidden from screen readers.

use leptos::prelude::*;

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Desk,
    Integrations,
    Runbooks,
    Runs,
    Settings,
    Plus,
    Trash,
    Undo,
    Redo,
    ZoomIn,
    ZoomOut,
    Fit,
    Play,
    Stop,
    Pause,
    Check,
    Cross,
    Warning,
    Info,
    Question,
    Copy,
    Search,
    Filter,
    ChevronDown,
    ChevronRight,
    ArrowLeft,
    ArrowRight,
    ArrowUp,
    ArrowDown,
    External,
    Key,
    Clock,
    Condition,
    Method,
    DeskAction,
    Start,
    End,
    Sun,
    Moon,
    Screen,
    Dots,
    Lock,
    Link,
    Eye,
    EyeOff,
    Edit,
    Refresh,
    Repeat,
    Note,
    User,
    SignOut,
    Download,
    Upload,
    Text,
    Circle,
    Half,
}

impl Icon {
    /// The drawing, as the path of an SVG.
    pub fn path(self) -> &'static str {
        match self {
            Self::Desk => {
                "M2.5 9.25 4.2 3.9a1 1 0 0 1 .95-.65h5.7a1 1 0 0 1 .95.65l1.7 5.35v3a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zm0 0h3l1 1.75h3l1-1.75h3"
            }
            Self::Integrations => {
                "M5.5 1.75V5.5m5-3.75V5.5m-7 0h9v2.25a4.5 4.5 0 0 1-9 0zM8 12.25v2"
            }
            Self::Runbooks => {
                "M3 2.5h3.5a.5.5 0 0 1 .5.5v2a.5.5 0 0 1-.5.5H3a.5.5 0 0 1-.5-.5V3a.5.5 0 0 1 .5-.5zm6.5 8H13a.5.5 0 0 1 .5.5v2a.5.5 0 0 1-.5.5H9.5A.5.5 0 0 1 9 13v-2a.5.5 0 0 1 .5-.5zM4.75 5.5v4.75a1.75 1.75 0 0 0 1.75 1.75H9M7 4h4.25v6.5"
            }
            Self::Runs => "M1.75 8.25h2.5l2-5 3.5 9.5 2-4.5h2.5",
            Self::Settings => {
                "M2.5 5H8m3.5 0h2m-11 6h2M8 11h5.5M9.75 3.25a1.75 1.75 0 1 1 0 3.5 1.75 1.75 0 0 1 0-3.5zm-3.5 6a1.75 1.75 0 1 1 0 3.5 1.75 1.75 0 0 1 0-3.5z"
            }
            Self::Plus => "M8 3v10M3 8h10",
            Self::Trash => {
                "M2.5 4.25h11M6 4.25V2.5h4v1.75m-6 0 .6 8.35a1 1 0 0 0 1 .9h4.8a1 1 0 0 0 1-.9l.6-8.35M6.75 7v3.75M9.25 7v3.75"
            }
            Self::Undo => "M5.5 3 2.75 5.75 5.5 8.5M3 5.75h6.25a3.5 3.5 0 0 1 0 7H6",
            Self::Redo => "m10.5 3 2.75 2.75L10.5 8.5M13 5.75H6.75a3.5 3.5 0 0 0 0 7H10",
            Self::ZoomIn => {
                "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm3.25 7.75L13.5 13.5M7 5v4M5 7h4"
            }
            Self::ZoomOut => {
                "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm3.25 7.75L13.5 13.5M5 7h4"
            }
            Self::Fit => "M2.75 6V2.75H6m4 0h3.25V6m0 4v3.25H10m-4 0H2.75V10",
            Self::Play => "M5 3.25v9.5L12.5 8z",
            Self::Stop => {
                "M4.5 4h7a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5h-7a.5.5 0 0 1-.5-.5v-7a.5.5 0 0 1 .5-.5z"
            }
            Self::Pause => "M5.5 3.5v9m5-9v9",
            Self::Check => "m3 8.5 3.25 3.25L13 4.75",
            Self::Cross => "m4 4 8 8m0-8-8 8",
            Self::Warning => "M8 2.25 14.25 13H1.75zM8 6.5V9.25m0 1.9v.1",
            Self::Info => "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zm0 5.5v3.25M8 5.1v.1",
            Self::Question => {
                "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM6.25 6.5a1.75 1.75 0 1 1 2.6 1.5c-.5.3-.85.6-.85 1.25m0 1.75v.1"
            }
            Self::Copy => {
                "M6.25 5.75h6.5a.5.5 0 0 1 .5.5v6.5a.5.5 0 0 1-.5.5h-6.5a.5.5 0 0 1-.5-.5v-6.5a.5.5 0 0 1 .5-.5zm4-.25V3.25a.5.5 0 0 0-.5-.5h-6.5a.5.5 0 0 0-.5.5v6.5a.5.5 0 0 0 .5.5H5.5"
            }
            Self::Search => "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm3.25 7.75L13.5 13.5",
            Self::Filter => "M2.5 4h11m-9 4h7m-5 4h3",
            Self::ChevronDown => "m4 6 4 4 4-4",
            Self::ChevronRight => "m6 4 4 4-4 4",
            Self::ArrowLeft => "M13 8H3m4-4L3 8l4 4",
            Self::ArrowRight => "M3 8h10M9 4l4 4-4 4",
            Self::ArrowUp => "M8 13V3M4 7l4-4 4 4",
            Self::ArrowDown => "M8 3v10m4-4-4 4-4-4",
            Self::External => {
                "M6.5 3.25h-3a.5.5 0 0 0-.5.5v8.75a.5.5 0 0 0 .5.5h8.75a.5.5 0 0 0 .5-.5v-3M9.5 2.75h3.75V6.5m-.25-3.5L7.5 8.5"
            }
            Self::Key => {
                "M5.25 8.25a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zm1.8.7L13 3m-2.75 2.75L12 7.5"
            }
            Self::Clock => "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zm0 2.75V8l2.25 1.5",
            Self::Condition => "M8 1.75 14.25 8 8 14.25 1.75 8z",
            Self::Method => "M2.5 5.25h11m-3-3 3 3-3 3m3 2.5h-11m3-3-3 3 3 3",
            Self::DeskAction => {
                "M3 4h10a1 1 0 0 1 1 1v1.4a1.6 1.6 0 0 0 0 3.2V11a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V9.6a1.6 1.6 0 0 0 0-3.2V5a1 1 0 0 1 1-1zm6.75 1.75v.5m0 1.5v.5m0 1.5v.5"
            }
            Self::Start => "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM6.75 5.5v5L10.5 8z",
            Self::End => "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM6.25 6.25h3.5v3.5h-3.5z",
            Self::Sun => {
                "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zm0-3.5v.75m0 11.5v.75M1.5 8h.75m11.5 0h.75M3.4 3.4l.55.55m8.1 8.1.55.55m-9.2 0 .55-.55m8.1-8.1.55-.55"
            }
            Self::Moon => "M13.25 9.5A5.75 5.75 0 0 1 6.5 2.75a5.5 5.5 0 1 0 6.75 6.75z",
            Self::Screen => {
                "M2.5 3h11a.5.5 0 0 1 .5.5V10a.5.5 0 0 1-.5.5h-11A.5.5 0 0 1 2 10V3.5a.5.5 0 0 1 .5-.5zM8 10.5v2.75m-2.5 0h5"
            }
            Self::Dots => {
                "M3.5 7.6a.4.4 0 1 1 0 .8.4.4 0 0 1 0-.8zm4.5 0a.4.4 0 1 1 0 .8.4.4 0 0 1 0-.8zm4.5 0a.4.4 0 1 1 0 .8.4.4 0 0 1 0-.8z"
            }
            Self::Lock => {
                "M4 7h8a.5.5 0 0 1 .5.5V13a.5.5 0 0 1-.5.5H4a.5.5 0 0 1-.5-.5V7.5A.5.5 0 0 1 4 7zm1.25 0V5a2.75 2.75 0 0 1 5.5 0v2"
            }
            Self::Link => {
                "M6.75 9.25a2.5 2.5 0 0 0 3.6 0l2.3-2.3a2.55 2.55 0 0 0-3.6-3.6L8 4.4m1.25 2.35a2.5 2.5 0 0 0-3.6 0l-2.3 2.3a2.55 2.55 0 0 0 3.6 3.6L8 11.6"
            }
            Self::Eye => {
                "M1.5 8S3.75 3.5 8 3.5 14.5 8 14.5 8 12.25 12.5 8 12.5 1.5 8 1.5 8zM8 6.25a1.75 1.75 0 1 1 0 3.5 1.75 1.75 0 0 1 0-3.5z"
            }
            Self::EyeOff => {
                "M6.2 3.75A6 6 0 0 1 8 3.5C12.25 3.5 14.5 8 14.5 8a11 11 0 0 1-1.7 2.3M4.2 4.9A9.6 9.6 0 0 0 1.5 8S3.75 12.5 8 12.5a6.2 6.2 0 0 0 3.1-.85M2.5 2.5l11 11"
            }
            Self::Edit => "m10.75 2.75 2.5 2.5-7.75 7.75-3.25.75.75-3.25zM9 4.5 11.5 7",
            Self::Refresh => "M13.25 8A5.25 5.25 0 1 1 11.5 4.1l1.5 1.4m.1-3.25V5.5H9.85",
            Self::Repeat => {
                "M2.75 7.5v-1a2 2 0 0 1 2-2h8.5m-2.25-2.25 2.25 2.25L11 6.75M13.25 8.5v1a2 2 0 0 1-2 2h-8.5M5 13.75 2.75 11.5 5 9.25"
            }
            Self::Note => {
                "M3 3h10a.5.5 0 0 1 .5.5v7a.5.5 0 0 1-.5.5H7l-3 2.5V11H3a.5.5 0 0 1-.5-.5v-7A.5.5 0 0 1 3 3z"
            }
            Self::User => {
                "M8 2.5A2.75 2.75 0 1 1 8 8a2.75 2.75 0 0 1 0-5.5zm-5.25 11c.4-2.5 2.5-3.75 5.25-3.75s4.85 1.25 5.25 3.75"
            }
            Self::SignOut => {
                "M6 2.75H3.5a.5.5 0 0 0-.5.5v9.5a.5.5 0 0 0 .5.5H6M10 5l3 3-3 3m3-3H6.5"
            }
            Self::Download => {
                "M8 2.5v7.25M4.75 6.5 8 9.75l3.25-3.25m-8.5 4.25v2a.5.5 0 0 0 .5.5h9.5a.5.5 0 0 0 .5-.5v-2"
            }
            Self::Upload => {
                "M8 9.75V2.5M4.75 5.75 8 2.5l3.25 3.25m-8.5 5v2a.5.5 0 0 0 .5.5h9.5a.5.5 0 0 0 .5-.5v-2"
            }
            Self::Text => "M2.5 4h11m-11 4h11m-11 4h6.5",
            Self::Circle => "M8 2.75a5.25 5.25 0 1 1 0 10.5 5.25 5.25 0 0 1 0-10.5z",
            Self::Half => "M8 2.75a5.25 5.25 0 1 0 5.25 5.25M8 5.25V8h2.5",
        }
    }
}

/// Draws an icon.
#[component]
pub fn IconView(
    /// Which one; may change while it is shown.
    #[prop(into)]
    icon: Signal<Icon>,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=move || icon.get().path()></path>
        </svg>
    }
    .into_any()
}
