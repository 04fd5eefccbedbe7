//! One pass over a body for any number of paths.
//!
//! A *target* is a path that is looked for. While the walk is inside an object or
//! array that some target leads into, that container is a *frame* on a stack of the
//! walk's own; the frame's *entries* say which targets (and which tests on an element)
//! go on inside it. Everything else is skipped by the scanner, checked on the way.
//!
//! Because every segment goes down one level, a target in a frame at depth *n* is
//! always at its segment *n*. Two kinds of segments cannot be decided while their
//! element is passed for the first time, and take a second look at that one element:
//! a test, whose answer is known at the element's end only (a later key may be equal to
//! an earlier one, and then counts), and an index from the end. A byte is therefore
//! looked at no more often than a path has segments, whatever the body.

use std::borrow::Cow;

use super::missing::{self, Missing};
use super::segment::{Segment, Test};
use super::{ExtractError, OutputPath};
use crate::json::scan::{Scanner, with_scanner};
use crate::json::{Expected, Fault, InvalidJson, Kind, Limits};

mod array;
mod target;

use target::{Outcome, Target};

pub(super) fn extract_one<'a>(
    path: &OutputPath,
    body: &'a [u8],
    limits: Limits,
) -> Result<Cow<'a, str>, ExtractError> {
    let results = extract_all(std::iter::once(path), body, limits)?;
    let only = results.into_iter().next();
    // One path in, one result out.
    Ok(only.unwrap_or(Ok(Cow::Borrowed("")))?)
}

/// What each path finds, in the order of the paths.
pub(super) fn extract_all<'p, 'a>(
    paths: impl Iterator<Item = &'p OutputPath>,
    body: &'a [u8],
    limits: Limits,
) -> Result<Vec<Result<Cow<'a, str>, Missing>>, InvalidJson> {
    with_scanner(body, limits, |scanner| {
        let targets = paths.map(Target::new).collect();
        let mut walk = Walk {
            scanner,
            targets,
            entries: Vec::new(),
            frames: Vec::new(),
        };
        walk.run()?;
        let Walk {
            scanner, targets, ..
        } = walk;
        Ok(targets
            .into_iter()
            .map(|target| finish(target, scanner))
            .collect())
    })
}

fn finish<'a>(target: Target<'_>, scanner: &Scanner<'a>) -> Result<Cow<'a, str>, Missing> {
    match target.outcome {
        Outcome::Found { start, end } => {
            let raw = scanner.slice(start, end);
            let inner = raw
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
                .filter(|_| target.path.is_bare());
            Ok(Cow::Borrowed(inner.unwrap_or(raw)))
        }
        Outcome::Collected => Ok(Cow::Owned(target.collected)),
        Outcome::Missing { segment, start } => Err(missing::explain(
            target.path,
            segment,
            scanner.text(),
            start,
        )),
    }
}

/// One target, or one of its tests, that goes on inside a frame.
#[derive(Debug, Clone, Copy)]
struct Entry<'p> {
    target: usize,
    test: Option<Asked<'p>>,
    /// The child it waits for, where it waits for one.
    name: Option<&'p str>,
    /// In an array: its element has been found.
    taken: bool,
}

/// A test that is being answered for an element.
#[derive(Debug, Clone, Copy)]
struct Asked<'p> {
    test: &'p Test,
    /// How many frames are around the element.
    depth: usize,
}

impl<'p> Entry<'p> {
    fn of_target(target: usize) -> Self {
        Self {
            target,
            test: None,
            name: None,
            taken: false,
        }
    }

    fn of_test(target: usize, test: &'p Test, depth: usize) -> Self {
        Self {
            test: Some(Asked { test, depth }),
            ..Self::of_target(target)
        }
    }

    /// The segment that the entry's target is at in the innermost of `depth` frames. A
    /// test is at none: it comes to an array only to be compared with it.
    fn segment(&self, target: &Target<'p>, depth: usize) -> Option<&'p Segment> {
        match self.test {
            None => target.segments().get(depth.checked_sub(1)?),
            Some(_) => None,
        }
    }
}

/// An object or array that the walk is inside of.
#[derive(Debug, Clone, Copy)]
struct Frame {
    phase: Phase,
    /// Where it begins in the body.
    start: usize,
    /// Its entries are those from here
    from: usize,
    /// to here; those of a value in it come behind.
    to: usize,
    /// Of the element that comes next.
    index: u64,
    /// Where the present element begins; behind the array, where it ends.
    mark: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Behind the opening brace
    ObjectStart,
    /// or behind a member.
    Member,
    /// Behind the opening bracket,
    ArrayStart,
    /// behind an element that some entry looked at,
    Element,
    /// behind one that passed its tests and was looked at again,
    SecondLook,
    /// behind one that is done with;
    Between,
    /// behind the closing bracket, looking again at elements counted from there.
    FromEnd,
}

struct Walk<'p, 'a, 's> {
    scanner: &'s mut Scanner<'a>,
    targets: Vec<Target<'p>>,
    entries: Vec<Entry<'p>>,
    frames: Vec<Frame>,
}

impl Walk<'_, '_, '_> {
    fn run(&mut self) -> Result<(), Fault> {
        self.entries
            .extend((0..self.targets.len()).map(Entry::of_target));
        self.value(0)?;
        while let Some(frame) = self.frames.last().copied() {
            match frame.phase {
                Phase::ObjectStart | Phase::Member => self.object(frame)?,
                _ => self.array(frame)?,
            }
        }
        Ok(())
    }

    /// Goes to the value here, which the entries from `from` on are about. Returns
    /// whether it is open as a frame now; otherwise it is behind the walk.
    fn value(&mut self, from: usize) -> Result<bool, Fault> {
        let start = self.scanner.position();
        let kind = self.scanner.kind()?;
        let depth = self.frames.len();
        let mut goes_on = false;
        for entry in self.entries.iter_mut().skip(from) {
            if let Some(target) = self.targets.get_mut(entry.target) {
                goes_on |= arrive(target, entry, kind, start, depth);
            }
        }
        if !goes_on {
            self.scanner.skip_value(depth)?;
            let end = self.scanner.position();
            self.settle(from, self.entries.len(), start, end);
            self.entries.truncate(from);
            return Ok(false);
        }
        self.scanner.check_depth(depth + 1)?;
        self.scanner.advance();
        self.frames.push(Frame {
            phase: if kind == Kind::Object {
                Phase::ObjectStart
            } else {
                Phase::ArrayStart
            },
            start,
            from,
            to: self.entries.len(),
            index: 0,
            mark: start,
        });
        Ok(true)
    }

    /// Gives the value from `start` to `end` to the entries that end with it.
    fn settle(&mut self, from: usize, to: usize, start: usize, end: usize) {
        let depth = self.frames.len();
        for entry in self.entries.get(from..to).unwrap_or_default() {
            let Some(target) = self.targets.get_mut(entry.target) else {
                continue;
            };
            match entry.test {
                Some(asked) if asked.depth + asked.test.property.len() == depth => {
                    let passes = asked.test.passes(self.scanner.slice(start, end));
                    target.answer(asked.test, passes);
                }
                None if target.segments().len() == depth => {
                    target.outcome = Outcome::Found { start, end };
                }
                _ => {}
            }
        }
    }

    /// Closes the innermost frame, whose value ends here.
    fn close(&mut self, frame: Frame) {
        let end = self.scanner.position();
        self.frames.pop();
        self.settle(frame.from, frame.to, frame.start, end);
        self.entries.truncate(frame.from);
    }

    fn set_phase(&mut self, phase: Phase) {
        if let Some(frame) = self.frames.last_mut() {
            frame.phase = phase;
        }
    }

    /// Puts a changed frame back.
    fn put(&mut self, frame: Frame) {
        if let Some(last) = self.frames.last_mut() {
            *last = frame;
        }
    }

    /// Goes on in an object until it ends or something in it becomes a frame.
    fn object(&mut self, frame: Frame) -> Result<(), Fault> {
        let depth = self.frames.len();
        let mut first = frame.phase == Phase::ObjectStart;
        self.set_phase(Phase::Member);
        loop {
            self.scanner.white_space();
            match self.scanner.peek() {
                Some(b'}') => {
                    self.scanner.advance();
                    self.close(frame);
                    return Ok(());
                }
                Some(b',') if !first => {
                    self.scanner.advance();
                    self.scanner.white_space();
                }
                _ if first => {}
                _ => return Err(self.scanner.fault(Expected::CommaOrBrace)),
            }
            let key = self.scanner.key(if first {
                Expected::KeyOrBrace
            } else {
                Expected::Key
            })?;
            first = false;
            for index in frame.from..frame.to {
                if let Some(entry) = self.entries.get(index).copied()
                    && entry.name.is_some_and(|name| key.is(name))
                {
                    self.entries.push(entry);
                }
            }
            if self.entries.len() == frame.to {
                self.scanner.skip_value(depth)?;
            } else if self.value(frame.to)? {
                return Ok(());
            }
        }
    }
}

/// Notes that an entry's target or test has come to a value. Returns whether it goes
/// on inside.
fn arrive<'p>(
    target: &mut Target<'p>,
    entry: &mut Entry<'p>,
    kind: Kind,
    start: usize,
    depth: usize,
) -> bool {
    entry.name = None;
    entry.taken = false;
    if let Some(asked) = entry.test {
        // Of equal keys the last counts, so an earlier answer is void.
        target.answer(asked.test, false);
        let names = asked.test.property.get(depth - asked.depth);
        entry.name = names.map(AsRef::as_ref).filter(|_| kind == Kind::Object);
        return entry.name.is_some();
    }
    let Some(segment) = target.segments().get(depth) else {
        return false;
    };
    target.outcome = Outcome::Missing {
        segment: depth,
        start,
    };
    match (segment, kind) {
        (Segment::Child(name), Kind::Object) => entry.name = Some(name),
        (Segment::Child(_), _) => return false,
        (Segment::Each(_), Kind::Array) => target.begin_collection(),
        (Segment::FromEnd(_), Kind::Array) => target.forget(),
        (_, Kind::Array) => {}
        _ => return false,
    }
    true
}
