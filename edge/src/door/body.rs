//! Bodies: JSON that says so. A form of another site cannot say so.

use futures_util::TryStreamExt as _;
use shared::model::strict::{self, Fields};
use worker::Request;

use crate::error::Failure;

/// The most that a request of the console may carry, in bytes.
pub const LIMIT_BYTES: usize = 8 * 1024 * 1024;

/// Reads a JSON body, strictly; an empty one is read as `{}`.
pub async fn read_json<T: serde::de::DeserializeOwned>(
    request: &mut Request,
) -> Result<T, Failure> {
    Ok(strict::from_slice(&read(request).await?)?)
}

/// Reads a body that must be a JSON object.
pub async fn read_object(request: &mut Request) -> Result<Fields, Failure> {
    read_json(request).await
}

/// Reads the bytes of a JSON body.
pub async fn read(request: &mut Request) -> Result<Vec<u8>, Failure> {
    let media_type = request.headers().get("Content-Type")?;
    let body = read_at_most(request, LIMIT_BYTES).await?;
    let body = body.ok_or_else(too_large)?;
    match media_type {
        Some(media_type) if is_json(&media_type) => {}
        None if body.is_empty() => return Ok(b"{}".to_vec()),
        _ => {
            return Err(Failure::new(
                415,
                "not_json",
                "The body must be JSON: send it with `Content-Type: application/json`.",
            ));
        }
    }
    Ok(if body.is_empty() {
        b"{}".to_vec()
    } else {
        body
    })
}

/// A body of this length comes to its end, or the connection breaks off: HTTP sees to it, unless the length is told
/// by its pieces.
pub const CONTENT_LENGTH: &str = "content-length";
pub const TRANSFER_ENCODING: &str = "transfer-encoding";

/// Many callers read an answer only when they have sent everything: of a body that is too large, so much
/// is taken in and dropped, in bytes, that they are told so.
const POLITENESS_BYTES: usize = 32 * 1024 * 1024;

/// Reads a body; there is `None` where it is larger than that.
pub async fn read_at_most(
    request: &mut Request,
    limit_bytes: usize,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut body = Vec::new();
    if request.inner().body().is_none() {
        return Ok(Some(body));
    }
    let headers = request.headers();
    let told = [CONTENT_LENGTH, TRANSFER_ENCODING].map(|name| headers.get(name).ok().flatten());
    if let [Some(length), None] = &told
        && length
            .parse()
            .is_ok_and(|length: usize| length <= limit_bytes)
    {
        // Each look at a stream costs as much as the whole of a small body.
        return Ok(Some(request.bytes().await?));
    }
    let mut stream = request.stream()?;
    let mut size = 0_usize;
    while let Some(piece) = stream.try_next().await? {
        size += piece.len();
        if size <= limit_bytes {
            body.extend_from_slice(&piece);
        } else if size <= limit_bytes + POLITENESS_BYTES {
            body = Vec::new();
        } else {
            break;
        }
    }
    Ok((size <= limit_bytes).then_some(body))
}

fn too_large() -> Failure {
    Failure::new(
        413,
        "too_large",
        "The body is larger than 8 MiB. Send less.",
    )
}

/// Whether a `Content-Type` says JSON.
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_json() {
        for (media_type, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("application/jsonp", false),
            ("text/plain;application/json", false),
            ("", false),
        ] {
            assert_eq!(is_json(media_type), expected, "{media_type}");
        }
    }
}
