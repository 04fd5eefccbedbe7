//! From a place in a body to a path: what somebody points at is offered as a path.

use super::{OutputPath, Segment};
use crate::json::scan::{Scanner, with_scanner};
use crate::json::{self, Expected, Fault, Limits};

/// The path of the innermost value at a byte of a body: of the value whose key, quotes
/// or digits are there, or of the object or array whose brackets, commas or white
/// space are.
///
/// `None` where there is no value, where no path leads to it (its key is empty, or a
/// later, equal key hides it), and for a body that is no JSON.
pub fn path_at(body: &[u8], offset: usize) -> Option<OutputPath> {
    let deepest = Limits::with_depth(Limits::MAX_DEPTH);
    let place = with_scanner(body, deepest, |scanner| {
        let place = find(scanner, offset)?;
        // What follows is checked when the path is tried.
        scanner.seek(body.len());
        Ok(place)
    });
    let place = place.ok()??;
    let reachable = place
        .segments
        .iter()
        .all(|segment| !matches!(segment, Segment::Child(name) if name.is_empty()));
    if !reachable {
        return None;
    }
    let path = OutputPath {
        root: "response".into(),
        segments: place.segments.into(),
        bare: false,
    };
    let value = path.extract_within(body, deepest).ok()?;
    let start = value.as_ptr().addr().checked_sub(body.as_ptr().addr())?;
    (start == place.start).then_some(path)
}

/// A value: how to get there, and where it begins.
struct Place {
    segments: Vec<Segment>,
    start: usize,
}

/// An object or array that is open, and what in it comes next.
struct Open<'a> {
    start: usize,
    member: Member<'a>,
}

#[derive(Clone, Copy)]
enum Member<'a> {
    Key(&'a str),
    Index(u64),
}

fn find(scanner: &mut Scanner<'_>, offset: usize) -> Result<Option<Place>, Fault> {
    if offset < scanner.position() {
        return Ok(None);
    }
    let mut open: Vec<Open<'_>> = Vec::new();
    loop {
        // At a value, which is not behind the offset.
        let start = scanner.position();
        if let Some(bracket @ (b'{' | b'[')) = scanner.peek() {
            scanner.check_depth(open.len() + 1)?;
            scanner.advance();
            open.push(Open {
                start,
                member: if bracket == b'{' {
                    Member::Key("")
                } else {
                    Member::Index(0)
                },
            });
            scanner.white_space();
            let empty = matches!(
                (bracket, scanner.peek()),
                (b'{', Some(b'}')) | (b'[', Some(b']'))
            );
            if offset < scanner.position() + usize::from(empty) {
                return Ok(container(&open));
            }
            if !empty {
                let key = next_key(scanner, &mut open, offset, Expected::KeyOrBrace)?;
                if key.is_some() {
                    return Ok(key);
                }
                continue;
            }
            scanner.advance();
            open.pop();
        } else {
            scanner.skip_value(open.len())?;
            if offset < scanner.position() {
                return Ok(Some(Place {
                    segments: segments(&open),
                    start,
                }));
            }
        }
        loop {
            let Some(innermost) = open.last_mut() else {
                return Ok(None);
            };
            scanner.white_space();
            let comma = match (scanner.peek(), innermost.member) {
                (Some(b','), _) => true,
                (Some(b'}'), Member::Key(_)) | (Some(b']'), Member::Index(_)) => false,
                (_, Member::Key(_)) => return Err(scanner.fault(Expected::CommaOrBrace)),
                (_, Member::Index(_)) => return Err(scanner.fault(Expected::CommaOrBracket)),
            };
            scanner.advance();
            if comma {
                if let Member::Index(index) = &mut innermost.member {
                    *index += 1;
                }
                scanner.white_space();
            }
            if offset < scanner.position() {
                return Ok(container(&open));
            }
            if comma {
                if let Some(place) = next_key(scanner, &mut open, offset, Expected::Key)? {
                    return Ok(Some(place));
                }
                break;
            }
            open.pop();
        }
    }
}

/// Steps over the key of the next member, if it has one. Returns the member's place
/// where the offset is in the key or behind it.
fn next_key<'a>(
    scanner: &mut Scanner<'a>,
    open: &mut [Open<'a>],
    offset: usize,
    otherwise: Expected,
) -> Result<Option<Place>, Fault> {
    let Some(innermost) = open.last_mut() else {
        return Ok(None);
    };
    if let Member::Key(key) = &mut innermost.member {
        *key = scanner.key(otherwise)?.raw;
        if offset < scanner.position() {
            return Ok(Some(Place {
                segments: segments(open),
                start: scanner.position(),
            }));
        }
    }
    Ok(None)
}

/// The innermost container itself.
fn container(open: &[Open<'_>]) -> Option<Place> {
    let (innermost, around) = open.split_last()?;
    Some(Place {
        segments: segments(around),
        start: innermost.start,
    })
}

fn segments(open: &[Open<'_>]) -> Vec<Segment> {
    open.iter()
        .map(|open| match open.member {
            Member::Key(raw) => Segment::Child(json::decode(raw).into()),
            Member::Index(index) => Segment::Index(index),
        })
        .collect()
}
