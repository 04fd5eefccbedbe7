//! The addresses of the pages. Views never write a path by hand.

use std::fmt::{self, Display};

/// A page, with what its address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Desk,
    Ticket(String),
    Integrations,
    Integration(String),
    Method { integration: String, method: String },
    Runbooks,
    Runbook(String),
    Runs,
    Run(String),
    Settings,
    NewApplication,
    Application(String),
}

impl Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Desk => f.write_str("/desk"),
            Self::Ticket(id) => write!(f, "/desk/tickets/{}", Segment(id)),
            Self::Integrations => f.write_str("/integrations"),
            Self::Integration(id) => write!(f, "/integrations/{}", Segment(id)),
            Self::Method {
                integration,
                method,
            } => {
                write!(
                    f,
                    "/integrations/{}/methods/{}",
                    Segment(integration),
                    Segment(method)
                )
            }
            Self::Runbooks => f.write_str("/runbooks"),
            Self::Runbook(id) => write!(f, "/runbooks/{}", Segment(id)),
            Self::Runs => f.write_str("/runs"),
            Self::Run(id) => write!(f, "/runs/{}", Segment(id)),
            Self::Settings => f.write_str("/settings"),
            Self::NewApplication => f.write_str("/settings/new-application"),
            Self::Application(id) => write!(f, "/settings/applications/{}", Segment(id)),
        }
    }
}

/// One segment of a path, percent-encoded so that no id can add a segment or a query.
struct Segment<'a>(&'a str);

impl Display for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~' | b'.') {
                write!(f, "{}", char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn an_id_stays_one_segment() {
        let cases = [
            (Route::Runbook("rb_1".to_owned()), "/runbooks/rb_1"),
            (Route::Run("a/b?c#d".to_owned()), "/runs/a%2Fb%3Fc%23d"),
            (Route::Ticket("é".to_owned()), "/desk/tickets/%C3%A9"),
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
        }
    }
}
