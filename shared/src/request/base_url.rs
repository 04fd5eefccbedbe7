//! An integration's base URL: the one place that says where its requests may go.

use std::fmt;

use url::Url;

use super::Destination;
use super::origin::{self, AddressSyntaxError, Query};
use super::path::{self, PathError};
use crate::desk::resource::{Resource, resource};
use crate::model::Constant;
use crate::template::{Context, Template, Variables};

/// What stands at the beginning of a base URL that means the embedded desk.
const HALO_URL: &str = "halo_url";

/// An absolute base, from which scheme, host and port of every request come. Variables
/// cannot change it: only the integration's own constants and `<<halo_url>>` may stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    base: Base,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Base {
    /// What stands behind `<<halo_url>>`: empty, or a path that begins with a slash and does not end with one.
    Own {
        path: String,
    },
    Outside(Url),
}

impl BaseUrl {
    /// Reads the template of an integration.
    pub fn parse(text: &str, constants: &[Constant]) -> Result<Self, BaseUrlError> {
        if let Some(rest) = behind_halo_url(text) {
            let rest = fill(rest, constants)?;
            if !rest.is_empty() && !rest.starts_with('/') {
                return Err(BaseUrlError::BehindHaloUrl);
            }
            // The host is a stand-in: the desk's own address is known only when a request is built.
            let url = origin::parse(&format!("http://own.invalid{rest}"), Query::Refused)?;
            let path = url.path().trim_end_matches('/').to_owned();
            return Ok(Self {
                base: Base::Own { path },
            });
        }
        let url = origin::parse(&fill(text, constants)?, Query::Refused)?;
        Ok(Self {
            base: Base::Outside(url),
        })
    }

    /// The same without an `api` at its end: Halo calls that address its resource server, and the paths of its
    /// resources begin with it anyway.
    pub(super) fn without_api(mut self) -> Self {
        let shortened = |path: &str| {
            let path = path.trim_end_matches('/');
            let (rest, last) = path.rsplit_once('/')?;
            last.eq_ignore_ascii_case("api").then(|| rest.to_owned())
        };
        match &mut self.base {
            Base::Own { path } => {
                if let Some(shorter) = shortened(path) {
                    *path = shorter;
                }
            }
            Base::Outside(url) => {
                if let Some(shorter) = shortened(url.path()) {
                    url.set_path(&shorter);
                }
            }
        }
        self
    }

    /// Where requests below this base are carried.
    pub fn destination(&self) -> Destination {
        match self.base {
            Base::Own { .. } => Destination::Own,
            Base::Outside(_) => Destination::Outside,
        }
    }

    /// The resource of the own desk that a path below this base is about; nothing where it asks something else.
    pub(crate) fn desk_resource(&self, path: &str) -> Option<&'static Resource> {
        let Base::Own { path: base } = &self.base else {
            return None;
        };
        let whole = format!("{base}/{}", path.trim_start_matches('/'));
        let named = whole.strip_prefix("/api/")?.split(['/', '?']).next()?;
        resource(named)
    }

    /// The address of a rendered path: joined with exactly one slash, never resolved, and
    /// below this base whatever the path says. `halo_url` is the desk's own address.
    pub(super) fn join(&self, halo_url: &str, rendered: &str) -> Result<Url, JoinError> {
        let base = match &self.base {
            Base::Own { path } => {
                let mut url = own(halo_url).map_err(JoinError::HaloUrl)?;
                let whole = format!("{}{path}", url.path().trim_end_matches('/'));
                url.set_path(&whole);
                url
            }
            Base::Outside(url) => url.clone(),
        };
        path::join(&base, rendered).map_err(JoinError::Path)
    }

    /// The address of a token service; it may be the desk's own.
    pub(super) fn token_url(
        text: &str,
        halo_url: &str,
    ) -> Result<(Destination, Url), AddressSyntaxError> {
        match behind_halo_url(text) {
            Some(rest) => {
                let base = own(halo_url)?;
                let whole = format!("{}{rest}", base.as_str().trim_end_matches('/'));
                let url = origin::parse(&whole, Query::Permitted)?;
                if url.origin() != base.origin() {
                    return Err(AddressSyntaxError::Host);
                }
                Ok((Destination::Own, url))
            }
            None => Ok((Destination::Outside, origin::parse(text, Query::Permitted)?)),
        }
    }
}

fn own(halo_url: &str) -> Result<Url, AddressSyntaxError> {
    origin::parse(halo_url, Query::Refused)
}

/// The rest of a text that begins with `<<halo_url>>`.
fn behind_halo_url(text: &str) -> Option<&str> {
    let (token, rest) = text.strip_prefix("<<")?.split_once(">>")?;
    (token.trim().trim_end_matches('!') == HALO_URL).then_some(rest)
}

fn fill(text: &str, constants: &[Constant]) -> Result<String, BaseUrlError> {
    let template = Template::parse(text, Context::Text)
        .map_err(|error| BaseUrlError::Template(error.to_string()))?;
    let mut values = Variables::new();
    for constant in constants {
        super::insert_text(&mut values, &constant.name, &constant.value);
    }
    for token in template.tokens() {
        if token.variable() == HALO_URL {
            return Err(BaseUrlError::HaloUrlPlace);
        }
        if values.get(token.variable()).is_none() {
            return Err(BaseUrlError::NotConstant(token.variable().to_owned()));
        }
    }
    template
        .render(&values)
        .map_err(|error| BaseUrlError::Template(error.to_string()))
}

/// Why a text is not a base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// The address is not one.
    Syntax(AddressSyntaxError),
    /// The template is not one, or a constant cannot be written into it.
    Template(String),
    /// It names something other than a constant of the integration.
    NotConstant(String),
    /// `<<halo_url>>` stands elsewhere than at the beginning.
    HaloUrlPlace,
    /// `<<halo_url>>.example.com`.
    BehindHaloUrl,
}

impl BaseUrlError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax(error) => error.code(),
            Self::Template(_) => "syntax",
            Self::NotConstant(_) => "not_constant",
            Self::HaloUrlPlace | Self::BehindHaloUrl => "halo_url_place",
        }
    }
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => write!(f, "{error}"),
            Self::Template(error) => f.write_str(error),
            Self::NotConstant(name) => write!(
                f,
                "the base URL names `{name}`, which is not a constant of this integration: only constants and `<<halo_url>>` may stand here, so that no variable can send the login elsewhere"
            ),
            Self::HaloUrlPlace => f.write_str(
                "`<<halo_url>>` must stand at the very beginning of the base URL: it already holds `https://` and the host",
            ),
            Self::BehindHaloUrl => f.write_str(
                "`<<halo_url>>` must be followed by nothing, or by a path such as `/api`",
            ),
        }
    }
}

impl std::error::Error for BaseUrlError {}

impl From<AddressSyntaxError> for BaseUrlError {
    fn from(error: AddressSyntaxError) -> Self {
        Self::Syntax(error)
    }
}

/// Why a path cannot be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum JoinError {
    Path(PathError),
    /// The desk's own address is not one.
    HaloUrl(AddressSyntaxError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constant(name: &str, value: &str) -> Constant {
        Constant {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn what_is_asked_of_the_own_desk_is_known_by_its_resource() {
        for (base, path, expected) in [
            ("<<halo_url>>", "/api/Tickets/<<id>>", Some("Tickets")),
            ("<<halo_url>>/api", "tickets?count=1", Some("Tickets")),
            ("<<halo_url>>/api/", "/Status", Some("Status")),
            ("<<halo_url>>", "/api/automation/rb", None),
            ("<<halo_url>>/demo/v1", "/api/Tickets", None),
            ("https://api.example.com/api", "/Tickets", None),
        ] {
            let base = BaseUrl::parse(base, &[]).unwrap();
            let resource = base.desk_resource(path).map(|resource| resource.name);
            assert_eq!(resource, expected, "{path}");
        }
    }

    #[test]
    fn a_base_is_the_desk_or_an_outside_origin() {
        let constants = [constant("tenant", "acme"), constant("stage", "v2")];
        for (text, path, expected) in [
            (
                "https://api.example.com",
                "/x",
                Ok("https://api.example.com/x"),
            ),
            (
                "https://api.example.com/v1",
                "/completions",
                Ok("https://api.example.com/v1/completions"),
            ),
            (
                "https://api.example.com/v1/",
                "completions",
                Ok("https://api.example.com/v1/completions"),
            ),
            (
                "https://api.example.com/v1/",
                "",
                Ok("https://api.example.com/v1/"),
            ),
            (
                "https://api.example.com/v1",
                "",
                Ok("https://api.example.com/v1"),
            ),
            (
                "https://<<tenant>>.example.com/<<stage>>",
                "/x",
                Ok("https://acme.example.com/v2/x"),
            ),
            (
                "<<halo_url>>",
                "/api/actions",
                Ok("http://desk.test:8787/api/actions"),
            ),
            ("<<halo_url!>>/", "api", Ok("http://desk.test:8787/api")),
            (
                "<< halo_url >>/demo/v1",
                "/completions",
                Ok("http://desk.test:8787/demo/v1/completions"),
            ),
            ("<<halo_url>>", "", Ok("http://desk.test:8787/")),
            ("<<halo_url>>.evil.example", "", Err("halo_url_place")),
            ("<<halo_url>>@evil.example", "", Err("halo_url_place")),
            ("<<halo_url>>/x?y=1", "", Err("query")),
            ("https://<<halo_url>>", "", Err("halo_url_place")),
            ("https://<<Ticket Host>>/", "", Err("not_constant")),
            ("<<ticket^id>>", "", Err("not_constant")),
            ("https://<<tenant", "", Err("syntax")),
            ("https://api.example.com?x=1", "", Err("query")),
            ("api.example.com", "", Err("not_absolute")),
        ] {
            let base = BaseUrl::parse(text, &constants);
            let found = base
                .as_ref()
                .map(|base| {
                    base.join("http://desk.test:8787", path)
                        .unwrap()
                        .to_string()
                })
                .map_err(BaseUrlError::code);
            assert_eq!(found, expected.map(str::to_owned), "{text}");
            if let Ok(base) = base {
                let is_own = base.destination() == Destination::Own;
                assert_eq!(is_own, text.contains("halo_url"), "{text}");
            }
        }
    }

    #[test]
    fn the_desk_may_live_below_a_path() {
        let base = BaseUrl::parse("<<halo_url>>/api", &[]).unwrap();
        let url = base
            .join("https://example.com/nimbus/", "/Tickets")
            .unwrap();
        assert_eq!(url.as_str(), "https://example.com/nimbus/api/Tickets");
    }
}
