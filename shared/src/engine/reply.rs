//! What a run answers its caller with, before it has ended.

use serde::{Deserialize, Serialize};

use super::view::Headers;
use crate::problem::ErrorDetail;
use crate::request::header::{self, HeaderError};
use crate::template::Context;

/// The largest body of a reply, in bytes.
pub const MAX_REPLY_BYTES: usize = 1024 * 1024;

/// An answer to the caller of a public start. It leaves by the console's own origin, so what it may say
/// is limited: [`check_name`], [`check_status`], [`Reply::headers_to_send`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub status: u16,
    /// As the step gives them.
    pub headers: Headers,
    /// Missing where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// What every reply says: a browser that shows it runs nothing of it, in no origin, and takes it for
/// nothing but what it is.
const ALWAYS: [(&str, &str); 2] = [
    ("Content-Security-Policy", "sandbox; default-src 'none'"),
    ("X-Content-Type-Options", "nosniff"),
];

impl Reply {
    /// All headers that it leaves with.
    pub fn headers_to_send(&self) -> Headers {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let mut headers: Headers = ALWAYS.into_iter().map(own).collect();
        if self.header("Cache-Control").is_none() {
            headers.push(own(("Cache-Control", "no-store")));
        }
        // Names were checked when the step was compiled; what was stored is not trusted for that.
        let allowed = self.headers.iter();
        headers.extend(
            allowed
                .filter(|(name, _)| check_name(name).is_ok())
                .cloned(),
        );
        headers
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let header = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }
}

/// Headers that the server sets by itself (RFC 9110, 7.6.1, and those that describe how the body travels).
const OF_THE_CONNECTION: [&str; 10] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "date",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers by which an answer acts on everything of its origin, or on the browser, not on itself alone.
/// The console lives at that origin.
const OF_THE_ORIGIN: [&str; 23] = [
    "accept-ch",
    "alt-svc",
    "authentication-info",
    "clear-site-data",
    "critical-ch",
    "document-policy",
    "expect-ct",
    "link",
    "nel",
    "origin-agent-cluster",
    "permissions-policy",
    "public-key-pins",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "service-worker-allowed",
    "set-cookie",
    "set-cookie2",
    "set-login",
    "sourcemap",
    "speculation-rules",
    "strict-transport-security",
    "www-authenticate",
];

/// The same, of which there are whole families.
const FAMILIES_OF_THE_ORIGIN: [&str; 8] = [
    "access-control-",
    "content-security-policy",
    "cross-origin-",
    "proxy-",
    "sec-",
    "use-as-dictionary",
    "x-content-type-",
    "x-frame-",
];

/// Whether a reply may carry a header of this name. `Location` is among those: a browser that follows it
/// leaves this answer behind, by a request that carries no cookie of the console's from another site.
pub(super) fn check_name(name: &str) -> Result<(), ErrorDetail> {
    let refused = |error: HeaderError| ErrorDetail::new(error.code(), error.to_string());
    header::check_token(name).map_err(refused)?;
    let name = name.to_ascii_lowercase();
    if OF_THE_CONNECTION.contains(&name.as_str()) {
        return Err(ErrorDetail::new(
            "header_reserved",
            format!("the header `{name}` is set by the connection itself: remove it"),
        ));
    }
    let is_of_origin = OF_THE_ORIGIN.contains(&name.as_str())
        || FAMILIES_OF_THE_ORIGIN
            .iter()
            .any(|family| name.starts_with(family));
    if is_of_origin {
        return Err(ErrorDetail::new(
            "header_not_allowed",
            format!(
                "an answer must not carry the header `{name}`: by it, it would act on the browser or on Nimbus itself, whose address it comes from; remove it"
            ),
        ));
    }
    Ok(())
}

/// Whether a reply may have this status: one that ends the request.
pub(super) fn check_status(status: u16) -> Result<(), ErrorDetail> {
    if (200..600).contains(&status) {
        return Ok(());
    }
    Err(ErrorDetail::new(
        "status",
        format!("{status} is no status of an answer: enter a number from 200 to 599, such as 200"),
    )
    .at_field("status"))
}

/// The type of a body where no header says it.
pub(super) const JSON: &str = "application/json";

/// How values are written into a body of this type; JSON where there is none.
pub fn body_context(content_type: Option<&str>) -> Context {
    let essence = content_type.unwrap_or(JSON).split(';').next();
    let essence = essence.unwrap_or_default().trim().to_ascii_lowercase();
    if essence.ends_with("/json") || essence.ends_with("+json") {
        Context::Json
    } else if essence.ends_with("/xml") || essence.ends_with("+xml") || essence == "text/html" {
        Context::Xml
    } else {
        Context::Text
    }
}

/// Whether an answer of this status can have a body (RFC 9110, 15.3.5, 15.3.6 and 15.4.5).
pub(super) fn permits_body(status: u16) -> bool {
    !matches!(status, 204 | 205 | 304)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_more_than_the_answer_is_refused() {
        for (name, code) in [
            ("Content-Type", None),
            ("X-Request-Id", None),
            ("Location", None),
            ("Retry-After", None),
            ("ETag", None),
            ("Content-Disposition", None),
            ("Content-Language", None),
            ("", Some("header_name")),
            ("X Y", Some("header_name")),
            ("<<Name>>", Some("header_name")),
            ("Set-Cookie", Some("header_not_allowed")),
            ("SET-COOKIE2", Some("header_not_allowed")),
            ("content-security-policy", Some("header_not_allowed")),
            (
                "Content-Security-Policy-Report-Only",
                Some("header_not_allowed"),
            ),
            ("X-Content-Type-Options", Some("header_not_allowed")),
            ("X-Frame-Options", Some("header_not_allowed")),
            ("Clear-Site-Data", Some("header_not_allowed")),
            ("Service-Worker-Allowed", Some("header_not_allowed")),
            ("Access-Control-Allow-Origin", Some("header_not_allowed")),
            ("Strict-Transport-Security", Some("header_not_allowed")),
            ("WWW-Authenticate", Some("header_not_allowed")),
            ("Proxy-Authenticate", Some("header_not_allowed")),
            ("Refresh", Some("header_not_allowed")),
            ("Connection", Some("header_reserved")),
            ("Keep-Alive", Some("header_reserved")),
            ("TE", Some("header_reserved")),
            ("Trailer", Some("header_reserved")),
            ("transfer-encoding", Some("header_reserved")),
            ("Upgrade", Some("header_reserved")),
            ("Content-Length", Some("header_reserved")),
            ("Content-Encoding", Some("header_reserved")),
        ] {
            let refused = check_name(name).err().map(|detail| detail.code);
            assert_eq!(refused.as_deref(), code, "{name:?}");
        }
        for (status, is_one) in [
            (199, false),
            (200, true),
            (599, true),
            (600, false),
            (0, false),
        ] {
            assert_eq!(check_status(status).is_ok(), is_one, "{status}");
        }
    }

    #[test]
    fn every_reply_is_shut_in() {
        let mut reply = Reply {
            status: 200,
            headers: vec![
                ("content-type".to_owned(), "text/html".to_owned()),
                ("Set-Cookie".to_owned(), "a=b".to_owned()),
                (
                    "content-security-policy".to_owned(),
                    "script-src *".to_owned(),
                ),
            ],
            body: Some("<script>".to_owned()),
        };
        let sent = |reply: &Reply| -> Vec<String> {
            let headers = reply.headers_to_send().into_iter();
            headers
                .map(|(name, value)| format!("{name}: {value}"))
                .collect()
        };
        let always = [
            "Content-Security-Policy: sandbox; default-src 'none'",
            "X-Content-Type-Options: nosniff",
        ];
        assert_eq!(
            sent(&reply),
            [
                always[0],
                always[1],
                "Cache-Control: no-store",
                "content-type: text/html"
            ]
        );
        reply.headers = vec![("cache-control".to_owned(), "max-age=60".to_owned())];
        assert_eq!(
            sent(&reply),
            [always[0], always[1], "cache-control: max-age=60"]
        );
    }
}
