//! What a signature is made over: the body, or a format around it.

use super::{Headers, SettingsError, SignatureError, header_name, only};

/// Text, time stamp, headers and body in the order in which they are signed.
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
        if !parts.contains(&Part::Body) {
            return Err(SettingsError::NoBody);
        }
        Ok(Self { parts })
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The pieces to be hashed one after the other, or the header that is not there.
    pub(super) fn message<'a>(
        &'a self,
        headers: Headers<'a>,
        body: &'a [u8],
        timestamp: &'a str,
    ) -> Result<Vec<&'a [u8]>, SignatureError> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Ok(text.as_bytes()),
                Part::Body => Ok(body),
                Part::Timestamp => Ok(timestamp.as_bytes()),
                Part::Header(name) => only(headers, name).map(str::as_bytes),
            })
            .collect()
    }
}

impl Part {
    fn parse(token: &str, at: usize) -> Result<Self, SettingsError> {
        match token {
            "body" => Ok(Self::Body),
            "timestamp" => Ok(Self::Timestamp),
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
