//! The addresses of the pages, written and read. Views never write a path by hand.

use std::fmt::{self, Display};

use leptos::prelude::*;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// A page, with what its address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Leads on to the desk.
    Start,
    Desk,
    Ticket(String),
    NewTicket,
    EditTicket(String),
    /// The records of a section of the desk.
    Records(String),
    /// One of them; also the places beside them, `new` and `import`.
    Record(String, String),
    Integrations,
    Integration(String),
    Method {
        integration: String,
        method: String,
    },
    Runbooks,
    Runbook(String),
    Runs,
    Run(String),
    Settings,
    /// What was deleted and can be brought back.
    Deleted,
    /// The actions and buttons of the desk.
    Actions,
    Action(String),
    NewAction,
    TicketRules,
    TicketRule(String),
    NewTicketRule,
    NewApplication,
    Application(String),
    EventTriggers,
    EventTrigger(String),
    NewEventTrigger,
    Schedules,
    Schedule(String),
    NewSchedule,
    /// Everything that starts runbooks by itself.
    EventLog,
    Workflows,
    Workflow(String),
    ServiceLevels,
    ServiceLevel(String),
    NewServiceLevel,
    /// Asks whether an application may act for who is signed in.
    Authorize,
    /// All parts side by side; in debug builds only.
    Gallery,
}

impl Route {
    /// The page at a path; `None` where there is none.
    pub fn parse(path: &str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        let text = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        let segments: Vec<&str> = path.split('/').collect();
        if segments.len() > 1 && segments.contains(&"") {
            return None;
        }
        Some(match *segments.as_slice() {
            [""] => Self::Start,
            // Whoever shortens the address of a ticket finds all of them.
            ["desk"] | ["desk", "tickets"] => Self::Desk,
            ["desk", "tickets", "new"] => Self::NewTicket,
            ["desk", "tickets", id] => Self::Ticket(text(id)),
            ["desk", "tickets", id, "edit"] => Self::EditTicket(text(id)),
            ["desk", section] => Self::Records(text(section)),
            ["desk", section, id] => Self::Record(text(section), text(id)),
            ["integrations"] => Self::Integrations,
            ["integrations", id] => Self::Integration(text(id)),
            ["integrations", integration, "methods", method] => Self::Method {
                integration: text(integration),
                method: text(method),
            },
            ["runbooks"] => Self::Runbooks,
            ["runbooks", id] => Self::Runbook(text(id)),
            ["runs"] => Self::Runs,
            ["runs", id] => Self::Run(text(id)),
            ["settings"] => Self::Settings,
            ["settings", "deleted"] => Self::Deleted,
            ["settings", "actions"] => Self::Actions,
            ["settings", "actions", name] => Self::Action(text(name)),
            ["settings", "new-action"] => Self::NewAction,
            ["settings", "ticket-rules"] => Self::TicketRules,
            ["settings", "ticket-rules", "new"] => Self::NewTicketRule,
            ["settings", "ticket-rules", id] => Self::TicketRule(text(id)),
            ["settings", "new-application"] => Self::NewApplication,
            ["settings", "applications", id] => Self::Application(text(id)),
            ["settings", "events"] => Self::EventTriggers,
            ["settings", "events", id] => Self::EventTrigger(text(id)),
            ["settings", "new-event"] => Self::NewEventTrigger,
            ["settings", "schedules"] => Self::Schedules,
            ["settings", "schedules", id] => Self::Schedule(text(id)),
            ["settings", "new-schedule"] => Self::NewSchedule,
            ["settings", "events-log"] => Self::EventLog,
            ["settings", "workflows"] => Self::Workflows,
            ["settings", "workflows", id] => Self::Workflow(text(id)),
            ["settings", "service-levels"] => Self::ServiceLevels,
            ["settings", "service-levels", "new"] => Self::NewServiceLevel,
            ["settings", "service-levels", id] => Self::ServiceLevel(text(id)),
            ["auth", "authorize"] => Self::Authorize,
            ["gallery"] => Self::Gallery,
            _ => return None,
        })
    }

    /// The id of what the page shows; empty where it shows no single thing.
    pub fn id(&self) -> &str {
        match self {
            Self::Ticket(id)
            | Self::EditTicket(id)
            | Self::Record(_, id)
            | Self::Integration(id)
            | Self::Method { method: id, .. }
            | Self::Runbook(id)
            | Self::Run(id)
            | Self::Action(id)
            | Self::TicketRule(id)
            | Self::Application(id)
            | Self::EventTrigger(id)
            | Self::Workflow(id)
            | Self::ServiceLevel(id)
            | Self::Schedule(id) => id,
            _ => "",
        }
    }
}

/// What a page's address says, as long as the page is shown.
#[derive(Debug, Clone, Copy)]
pub struct Here(pub Memo<Option<Route>>);

/// The route of the calling page. Another address of the same kind changes it; that of another page does not.
pub fn use_route() -> Memo<Option<Route>> {
    expect_context::<Here>().0
}

/// [`Route::id`] of the calling page.
pub fn use_id() -> Memo<String> {
    let route = use_route();
    Memo::new(move |_| {
        route.with(|route| {
            route
                .as_ref()
                .map(|route| route.id().to_owned())
                .unwrap_or_default()
        })
    })
}

impl Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("/"),
            Self::Desk => f.write_str("/desk"),
            Self::Ticket(id) => write!(f, "/desk/tickets/{}", segment(id)),
            Self::NewTicket => f.write_str("/desk/tickets/new"),
            Self::EditTicket(id) => write!(f, "/desk/tickets/{}/edit", segment(id)),
            Self::Records(section) => write!(f, "/desk/{}", segment(section)),
            Self::Record(section, id) => {
                write!(f, "/desk/{}/{}", segment(section), segment(id))
            }
            Self::Integrations => f.write_str("/integrations"),
            Self::Integration(id) => write!(f, "/integrations/{}", segment(id)),
            Self::Method {
                integration,
                method,
            } => {
                write!(
                    f,
                    "/integrations/{}/methods/{}",
                    segment(integration),
                    segment(method)
                )
            }
            Self::Runbooks => f.write_str("/runbooks"),
            Self::Runbook(id) => write!(f, "/runbooks/{}", segment(id)),
            Self::Runs => f.write_str("/runs"),
            Self::Run(id) => write!(f, "/runs/{}", segment(id)),
            Self::Settings => f.write_str("/settings"),
            Self::Deleted => f.write_str("/settings/deleted"),
            Self::Actions => f.write_str("/settings/actions"),
            Self::Action(name) => write!(f, "/settings/actions/{}", segment(name)),
            Self::NewAction => f.write_str("/settings/new-action"),
            Self::TicketRules => f.write_str("/settings/ticket-rules"),
            Self::TicketRule(id) => write!(f, "/settings/ticket-rules/{}", segment(id)),
            Self::NewTicketRule => f.write_str("/settings/ticket-rules/new"),
            Self::NewApplication => f.write_str("/settings/new-application"),
            Self::Application(id) => write!(f, "/settings/applications/{}", segment(id)),
            Self::EventTriggers => f.write_str("/settings/events"),
            Self::EventTrigger(id) => write!(f, "/settings/events/{}", segment(id)),
            Self::NewEventTrigger => f.write_str("/settings/new-event"),
            Self::Schedules => f.write_str("/settings/schedules"),
            Self::Schedule(id) => write!(f, "/settings/schedules/{}", segment(id)),
            Self::NewSchedule => f.write_str("/settings/new-schedule"),
            Self::EventLog => f.write_str("/settings/events-log"),
            Self::Workflows => f.write_str("/settings/workflows"),
            Self::Workflow(id) => write!(f, "/settings/workflows/{}", segment(id)),
            Self::ServiceLevels => f.write_str("/settings/service-levels"),
            Self::NewServiceLevel => f.write_str("/settings/service-levels/new"),
            Self::ServiceLevel(id) => write!(f, "/settings/service-levels/{}", segment(id)),
            Self::Authorize => f.write_str("/auth/authorize"),
            Self::Gallery => f.write_str("/gallery"),
        }
    }
}

/// What may stand in a segment as it is (RFC 3986, section 2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'~')
    .remove(b'.');

/// One segment of a path, percent-encoded so that no id can add a segment or a query.
pub fn segment(text: &str) -> impl Display {
    utf8_percent_encode(text, ENCODED)
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn an_id_stays_one_segment_and_is_read_again() {
        let cases = [
            (Route::Runbook("rb_1".to_owned()), "/runbooks/rb_1"),
            (Route::Run("a/b?c#d".to_owned()), "/runs/a%2Fb%3Fc%23d"),
            (
                Route::EventTrigger("log".to_owned()),
                "/settings/events/log",
            ),
            (Route::EventLog, "/settings/events-log"),
            (Route::Workflow("new".to_owned()), "/settings/workflows/new"),
            (Route::Workflows, "/settings/workflows"),
            (Route::NewServiceLevel, "/settings/service-levels/new"),
            (
                Route::ServiceLevel("3".to_owned()),
                "/settings/service-levels/3",
            ),
            (Route::Schedule("new".to_owned()), "/settings/schedules/new"),
            (Route::NewSchedule, "/settings/new-schedule"),
            (Route::Deleted, "/settings/deleted"),
            (Route::Ticket("é".to_owned()), "/desk/tickets/%C3%A9"),
            (Route::EditTicket("7".to_owned()), "/desk/tickets/7/edit"),
            (Route::Action("new".to_owned()), "/settings/actions/new"),
            (Route::NewAction, "/settings/new-action"),
            (
                Route::Action("Ask? now".to_owned()),
                "/settings/actions/Ask%3F%20now",
            ),
            (
                Route::Record("customers".to_owned(), "1/2".to_owned()),
                "/desk/customers/1%2F2",
            ),
            (
                Route::Method {
                    integration: "i".to_owned(),
                    method: "m m".to_owned(),
                },
                "/integrations/i/methods/m%20m",
            ),
        ];
        for (route, path) in cases {
            assert_eq!(route.to_string(), path);
            assert_eq!(Route::parse(path), Some(route));
        }
    }

    #[test]
    fn what_stands_beside_the_ids_is_told_from_them() {
        for (path, route) in [
            ("/", Some(Route::Start)),
            ("/desk", Some(Route::Desk)),
            ("/desk/", Some(Route::Desk)),
            ("/desk/tickets/new", Some(Route::NewTicket)),
            ("/desk/tickets", Some(Route::Desk)),
            ("/desk/sites", Some(Route::Records("sites".to_owned()))),
            ("/settings/ticket-rules/new", Some(Route::NewTicketRule)),
            (
                "/settings/ticket-rules/7",
                Some(Route::TicketRule("7".to_owned())),
            ),
            ("/settings/new-application", Some(Route::NewApplication)),
            ("/auth/authorize", Some(Route::Authorize)),
            ("/runs/%E4", Some(Route::Run("\u{fffd}".to_owned()))),
            ("", None),
            ("//", Some(Route::Start)),
            ("/desk//", None),
            ("/runs//a", None),
            ("/runs/a/b", None),
            ("/elsewhere", None),
        ] {
            assert_eq!(Route::parse(path), route, "{path}");
        }
    }
}
