//! What an address under `/api` means.

use percent_encoding::percent_decode_str;

use super::error::DeskError;
use super::record::LARGEST_INTEGER;
use super::resource::{AGENT, Resource, resource};

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Route {
    List(&'static Resource),
    One(&'static Resource, u64),
    /// The only record of a resource.
    Single(&'static Resource),
    /// The agent whom the caller is.
    Me,
    Write(&'static Resource),
    Delete(&'static Resource, u64),
}

/// Reads a method and a path such as `/api/Tickets/5`; the path's case does not count, nor
/// does a slash at its end.
pub(super) fn route(method: &str, path: &str) -> Result<Route, DeskError> {
    let path = path.split('/').filter(|segment| !segment.is_empty());
    let segments: Vec<_> = path
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy())
        .collect();
    let (name, id) = match segments.as_slice() {
        [api, name] if api.eq_ignore_ascii_case("api") => (name, None),
        [api, name, id] if api.eq_ignore_ascii_case("api") => (name, Some(id)),
        _ => {
            return Err(DeskError::NoResource {
                name: segments.get(1..).unwrap_or_default().join("/"),
            });
        }
    };
    let Some(resource) = resource(name) else {
        return Err(DeskError::NoResource {
            name: name.to_string(),
        });
    };
    let reads = matches!(method, "GET" | "HEAD");
    let Some(id) = id else {
        return match method {
            _ if reads && resource.single => Ok(Route::Single(resource)),
            _ if reads => Ok(Route::List(resource)),
            "POST" => Ok(Route::Write(resource)),
            _ => Err(DeskError::Method { allow: "GET, POST" }),
        };
    };
    if *resource == AGENT && id.eq_ignore_ascii_case("me") {
        return match method {
            _ if reads => Ok(Route::Me),
            _ => Err(DeskError::Method { allow: "GET" }),
        };
    }
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    let number = id
        .parse()
        .ok()
        .filter(|id| digits && *id <= LARGEST_INTEGER);
    let Some(number) = number else {
        return Err(DeskError::NotFound {
            singular: resource.singular,
            id: id.to_string(),
        });
    };
    match method {
        _ if reads => Ok(Route::One(resource, number)),
        "DELETE" if !resource.single => Ok(Route::Delete(resource, number)),
        _ => Err(DeskError::Method {
            allow: if resource.single {
                "GET"
            } else {
                "GET, DELETE"
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::resource::{ACTION, CONTROL, TICKET};

    #[test]
    fn an_address_says_what_it_takes() {
        for (method, path, expected) in [
            ("DELETE", "/api/Control/1", "GET"),
            ("POST", "/api/Tickets/1", "GET, DELETE"),
            ("DELETE", "/api/Tickets", "GET, POST"),
            ("DELETE", "/api/Agent/me", "GET"),
            ("PROPFIND", "/api/Tickets", "GET, POST"),
            ("PROPFIND", "/api/Tickets/1", "GET, DELETE"),
        ] {
            let allow = match route(method, path) {
                Err(DeskError::Method { allow }) => allow,
                other => panic!("{other:?}"),
            };
            assert_eq!(allow, expected, "{method} {path}");
        }
    }

    #[test]
    fn addresses_are_read_in_any_case() {
        for (method, path, expected) in [
            ("GET", "/api/Tickets", Ok(Route::List(&TICKET))),
            ("HEAD", "/API/tickets/", Ok(Route::List(&TICKET))),
            ("GET", "/api/TICKETS/12", Ok(Route::One(&TICKET, 12))),
            ("GET", "/api/%54ickets/12", Ok(Route::One(&TICKET, 12))),
            ("POST", "/api/actions", Ok(Route::Write(&ACTION))),
            ("DELETE", "/api/Actions/3", Ok(Route::Delete(&ACTION, 3))),
            ("GET", "/api/agent/ME", Ok(Route::Me)),
            ("GET", "/api/Control", Ok(Route::Single(&CONTROL))),
            ("GET", "/api/Nothing", Err(404)),
            ("GET", "/api", Err(404)),
            ("GET", "/api/Tickets/1/2", Err(404)),
            ("GET", "/api/Tickets/x", Err(404)),
            ("GET", "/api/Tickets/+1", Err(404)),
            ("GET", "/api/Tickets/-1", Err(404)),
            ("GET", "/api/Tickets/99999999999999999999", Err(404)),
            ("GET", "/api/Tickets/me", Err(404)),
            ("PUT", "/api/Tickets", Err(405)),
            ("POST", "/api/Tickets/1", Err(405)),
            ("DELETE", "/api/Tickets", Err(405)),
            ("DELETE", "/api/Agent/me", Err(405)),
            ("DELETE", "/api/Control/1", Err(405)),
        ] {
            let read = route(method, path).map_err(|error| error.status());
            assert_eq!(read, expected, "{method} {path}");
        }
    }
}
