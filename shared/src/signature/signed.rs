//! What a signature is made over: the body, or a format around it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use url::form_urlencoded;

use super::{Delivery, SettingsError, SignatureError, content_type, header_name, only};
use crate::start::is_form;

/// Text, time stamp, headers, address and body in the order in which they are signed.
///
/// Not a [`Template`](crate::template): a body is bytes of any kind here, and
/// must reach the hash as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Body,
    Timestamp,
    Header(String),
    /// The address.
    Url,
    /// Names and values of a form, sorted, each of them once; nothing where the body is none.
    Form,
}

impl Signed {
    pub(crate) fn body_alone() -> Self {
        Self {
            parts: vec![Part::Body],
        }
    }

    pub(crate) fn parse(format: &str) -> Result<Self, SettingsError> {
        let mut parts = Vec::new();
        let mut rest = format;
        while let Some((text, after)) = rest.split_once("<<") {
            let open_byte = format.len() - after.len() - "<<".len();
            let at = format
                .get(..open_byte)
                .map_or(0, |before| before.chars().count());
            let (token, after) = after
                .split_once(">>")
                .ok_or(SettingsError::Unclosed { at })?;
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
            parts.push(Part::parse(token.trim(), at)?);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if !parts.contains(&Part::Body) && !parts.contains(&Part::Form) {
            return Err(SettingsError::NoBody);
        }
        Ok(Self { parts })
    }

    /// What people have set by hand: `<<form>>` alone would accept any body that is none.
    pub(crate) fn parse_by_hand(format: &str) -> Result<Self, SettingsError> {
        let signed = Self::parse(format)?;
        if let Some((before, _)) = format.split_once("<<form>>") {
            return Err(SettingsError::UnknownToken {
                token: "form".to_owned(),
                at: before.chars().count(),
            });
        }
        Ok(signed)
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The pieces to be hashed one after the other, or the header that is not there.
    pub(super) fn message<'a>(
        &'a self,
        delivery: &Delivery<'a>,
        url: &'a str,
        timestamp: &'a str,
    ) -> Result<Vec<Cow<'a, [u8]>>, SignatureError> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Ok(Cow::Borrowed(text.as_bytes())),
                Part::Body => Ok(Cow::Borrowed(delivery.body)),
                Part::Timestamp => Ok(Cow::Borrowed(timestamp.as_bytes())),
                Part::Header(name) => {
                    only(delivery.headers, name).map(|value| Cow::Borrowed(value.as_bytes()))
                }
                Part::Url => Ok(Cow::Borrowed(url.as_bytes())),
                Part::Form => Ok(Cow::Owned(sorted_form(delivery))),
            })
            .collect()
    }
}

impl Part {
    fn parse(token: &str, at: usize) -> Result<Self, SettingsError> {
        match token {
            "body" => Ok(Self::Body),
            "timestamp" => Ok(Self::Timestamp),
            "url" => Ok(Self::Url),
            "form" => Ok(Self::Form),
            _ => token
                .strip_prefix("request@header[")
                .and_then(|rest| rest.strip_suffix(']'))
                .ok_or_else(|| SettingsError::UnknownToken {
                    token: token.to_owned(),
                    at,
                })
                .and_then(|name| header_name(name).map(Self::Header)),
        }
    }
}

/// What the last word of a header's name is where its value belongs to one delivery alone.
const OF_ONE_DELIVERY: [&str; 8] = [
    "date",
    "delivery",
    "guid",
    "id",
    "nonce",
    "time",
    "timestamp",
    "uuid",
];

/// Before `id` and the like: whose it is, where that sends more than one delivery.
const OF_A_SENDER: [&str; 20] = [
    "account",
    "app",
    "application",
    "client",
    "company",
    "customer",
    "device",
    "hook",
    "key",
    "merchant",
    "org",
    "organization",
    "partner",
    "project",
    "shop",
    "site",
    "store",
    "team",
    "tenant",
    "user",
];

/// Whether the value of this header belongs to one delivery, as `X-Delivery` and `X-Request-Id` do and `X-Topic` and
/// `X-Account-Id` do not. Taking too much for an id would keep starts from starting; too little is told to the owner.
pub(crate) fn names_one_delivery(header: &str) -> bool {
    let name = header.to_ascii_lowercase();
    let mut words = name.rsplit(['-', '_', '.']);
    let is_its_own = words
        .next()
        .is_some_and(|word| OF_ONE_DELIVERY.contains(&word));
    is_its_own && !words.next().is_some_and(|word| OF_A_SENDER.contains(&word))
}

fn sorted_form(delivery: &Delivery<'_>) -> Vec<u8> {
    if !is_form(content_type(delivery.headers)) {
        return Vec::new();
    }
    let fields: BTreeSet<_> = form_urlencoded::parse(delivery.body).collect();
    fields
        .iter()
        .flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()])
        .flatten()
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_delivery_is_told_from_that_of_its_sender() {
        for (header, expected) in [
            ("X-Delivery", true),
            ("X-GitHub-Delivery", true),
            ("x-request-id", true),
            ("webhook-id", true),
            ("X_Message_Id", true),
            ("Idempotency-Nonce", true),
            ("X-Event-Uuid", true),
            ("X-Sent-Time", true),
            ("Date", true),
            ("X-Topic", false),
            ("X-Event", false),
            ("Content-Type", false),
            ("X-Account-Id", false),
            ("X-GitHub-Hook-ID", false),
            ("X-Paid", false),
            ("X-", false),
        ] {
            assert_eq!(names_one_delivery(header), expected, "{header}");
        }
    }
}
